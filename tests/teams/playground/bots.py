"""The real bot in the Playground: in this process with a clock of ours, or `koppel run` as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from structlog.testing import capture_logs

from bot.cards.questions import Confirm
from bot.core.questions import Values
from tests.at_work import Working
from tests.backstage import Loop
from tests.cage import HOST
from tests.teams import rules
from tests.teams.playground.backstage import running
from tests.teams.playground.client import CARD, sitting
from tests.teams.playground.config import PEOPLE, Json, Member
from tests.teams.playground.people import Colleague

NOOR, THOMAS, BRAM = PEOPLE[:3]


def environment(url: str, port: int = 0) -> dict[str, str]:
    """The settings of an installation in the Playground; who comes first is its administrator."""
    return {
        "TEAMS_PLAYGROUND": "true",
        "KOPPEL_DATABASE_URL": url,
        "KOPPEL_ORGANISATION": "Waterkant",
        "KOPPEL_HOST": HOST,
        "KOPPEL_PORT": str(port),
    }


class Bot(Working):
    """In front of which people sit, each with a Playground of their own."""

    def __init__(self, loop: Loop, names: Mapping[str, str]) -> None:
        super().__init__(loop, names)
        self.people: dict[str, Colleague] = {}
        self.expected: set[str] = set()  # what goes wrong because the story wants it

    def __getitem__(self, first: str) -> Colleague:
        return self.people[first]

    @contextmanager
    def meets(self, *members: Member) -> Iterator[None]:
        """These people sit down, and have not said anything yet."""
        with ExitStack() as stack:
            for member in members:
                address = stack.enter_context(running(self.loop, member, self.port))
                seat = sitting(address, member)
                client = self.loop(seat.__aenter__)
                stack.callback(self.loop, lambda seat=seat: seat.__aexit__(None, None, None))
                self.people[member.first] = Colleague(self.loop, client)
            yield

    def walks(self, somebody: Colleague, given: Mapping[str, Values]) -> None:
        """Somebody answers whatever is asked by buttons, and confirms."""
        while key := self.is_asked(somebody):
            somebody.answers(given, key)
        somebody.clicks(Confirm)


@contextmanager
def at_work(url: str, *members: Member) -> Iterator[Bot]:
    """The bot in Teams; at the end Teams would have taken every card, and nothing went wrong."""
    people = members or (THOMAS, NOOR, BRAM)
    with (
        capture_logs() as log,
        Loop() as loop,
        Bot(loop, environment(url)) as bot,
        bot.meets(*people),
    ):
        yield bot
        bot.stops()  # before those to whom it speaks
        for somebody in bot.people.values():
            check_all(somebody.frames)
    loud = [entry for entry in log if entry["log_level"] in ("warning", "error")]
    wrong = [entry for entry in loud if entry["event"] not in bot.expected]
    assert not wrong, wrong


def check_all(frames: Sequence[Json]) -> None:
    """Teams would draw every card that was on a screen."""
    for frame in frames:
        for each in (frame.get("message") or {}).get("attachments") or ():
            if each["contentType"] == CARD and "data:image" not in str(each["content"]):
                rules.check_card(each["content"])
