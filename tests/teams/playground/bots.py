"""The real bot in the Playground: in this process with a clock of ours, or `koppel run` as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from structlog.testing import capture_logs

from bot.cards.questions import Confirm
from bot.core.questions import Values
from tests import hands
from tests.at_work import Working
from tests.backstage import Loop
from tests.cage import HOST
from tests.teams import rules
from tests.teams.playground.backstage import running
from tests.teams.playground.client import CARD, sitting
from tests.teams.playground.config import PEOPLE, Json, Member
from tests.teams.playground.people import Colleague

NOOR, THOMAS, BRAM = PEOPLE[:3]
PROGRAMME: dict[str, Values] = hands.FORM | {
    "starts_on": ("2026-03-02",),
    "ends_on": ("2026-09-01",),
    "rhythm": ("every_two_weeks",),
    "channel": ("Mentoraat",),
}


def environment(url: str, port: int = 0) -> dict[str, str]:
    """The settings of an installation in the Playground; who comes first is its administrator."""
    return {
        "TEAMS_PLAYGROUND": "true",
        "KOPPEL_DATABASE_URL": url,
        "KOPPEL_ORGANISATION": "Waterkant",
        "KOPPEL_HOST": HOST,
        "KOPPEL_PORT": str(port),
    }


class People:
    """Who sits in front of a bot, each with a Playground of their own."""

    def __init__(self, bot: Working) -> None:
        self._bot = bot
        self.found: dict[str, Colleague] = {}

    def __getitem__(self, first: str) -> Colleague:
        return self.found[first]

    @contextmanager
    def meets(self, *members: Member) -> Iterator[None]:
        """These people sit down, and have not said anything yet."""
        loop = self._bot.loop
        with ExitStack() as stack:
            for member in members:
                address = stack.enter_context(running(loop, member, self._bot.port))
                seat = sitting(address, member)
                client = loop(seat.__aenter__)
                stack.callback(loop, partial(seat.__aexit__, None, None, None))
                self.found[member.first] = Colleague(loop, client)
            yield

    def walks(self, somebody: Colleague, given: Mapping[str, Values]) -> None:
        """Somebody answers whatever is asked by buttons, and confirms."""
        while key := self._bot.is_asked(somebody):
            somebody.answers(given, key)
        somebody.clicks(Confirm)


class Bot(Working):
    """In Teams."""

    def __init__(self, loop: Loop, names: Mapping[str, str]) -> None:
        super().__init__(loop, names)
        self.people = People(self)
        self.expected: set[str] = set()  # what goes wrong because the story wants it

    def __getitem__(self, first: str) -> Colleague:
        return self.people[first]

    def walks(self, somebody: Colleague, given: Mapping[str, Values]) -> None:
        self.people.walks(somebody, given)

    def makes(self, somebody: Colleague, programme: Mapping[str, Values]) -> None:
        """Somebody makes a programme by its card, and tells of its channel too."""
        somebody.clicks("Make a programme")
        while key := self.is_asked(somebody):
            somebody.answers(programme, key)
        somebody.clicks("Tell more (optional)")
        somebody.answers(programme, "channel")
        somebody.clicks("Enough for now")
        somebody.clicks(Confirm)
        somebody.sees("Growing together is open for enrolment")


@contextmanager
def at_work(url: str, *members: Member) -> Iterator[Bot]:
    """The bot in Teams; at the end Teams would have taken every card, and nothing went wrong."""
    people = members or (THOMAS, NOOR, BRAM)
    with (
        capture_logs() as log,
        Loop() as loop,
        Bot(loop, environment(url)) as bot,
        bot.people.meets(*people),
    ):
        yield bot
        bot.stops()  # before those to whom it speaks
        for somebody in bot.people.found.values():
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
