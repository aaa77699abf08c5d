"""A mentor in Slack and a mentee in Teams: one bot, both real clients, each in their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from sqlmodel import col, select
from structlog.testing import capture_logs

from storage.models import CheckIn, Delivery, Person, Workspace
from tests import hands
from tests.slack.emulator import bots as in_slack
from tests.slack.emulator.config import Member
from tests.slack.emulator.story import Slack, slack
from tests.teams.playground import bots as in_teams
from tests.teams.playground.bots import NOOR

COLLEAGUES = (Member("Thomas Berg"), Member("Bram Jansen"))
PROGRAMME = hands.FORM | {
    "starts_on": ("2026-03-02",),
    "ends_on": ("2026-09-01",),
    "rhythm": ("every_two_weeks",),
}


class Both(in_slack.Bot):
    """One process; Slack's people by `slack`, Teams' by `teams`."""

    def __init__(self, slack: Slack, names: Mapping[str, str]) -> None:
        super().__init__(slack, names)
        self.teams = in_teams.People(self)


@contextmanager
def at_work(url: str) -> Iterator[Both]:
    with capture_logs() as log, slack(people=COLLEAGUES) as workspace:
        names = in_teams.environment(url) | in_slack.environment(workspace, url, 0)
        with Both(workspace, names) as bot, bot.teams.meets(NOOR):
            yield bot
            bot.stops()
    assert not [entry for entry in log if entry["log_level"] in ("warning", "error")]


def arrived_on(bot: Both, name: str) -> set[str]:
    """The platforms on which something was sent to somebody."""
    query = (
        select(Workspace)
        .join(Delivery, col(Delivery.workspace_id) == Workspace.id)
        .join(Person, col(Person.id) == Delivery.person_id)
        .where(Person.name == name)
    )
    return {workspace.platform for workspace in bot.rows(query)}


def test_a_pair_across_slack_and_teams_is_matched_announced_and_asked(file: str) -> None:
    with at_work(file) as bot:
        thomas, bram, noor = bot["Thomas"], bot["Bram"], bot.teams["Noor"]
        thomas.types("/mentor programme create")
        bot.walks(thomas, PROGRAMME)
        bram.types("/mentor join")
        bot.walks(bram, hands.MENTOR)
        noor.installs()
        noor.types("mentor language nl")
        noor.types("meedoen")
        bot.teams.walks(noor, hands.MENTEE)
        noor.sees("Je doet mee!")
        thomas.types("/mentor match")
        thomas.sees("Dry run of Growing together, round 1")
        for label in ("Approve all", "Announce…", "Announce now"):
            thomas.clicks(label)
        bram.sees("Meet your mentee: Noor de Vries")
        noor.sees("Maak kennis met je mentor: Bram Jansen")
        bot.passes(days=15, step=timedelta(hours=6))
        bram.clicks("Yes, we met")
        noor.clicks("Ja, gesproken")
        answers = [one.answer for one in bot.rows(select(CheckIn))]
        assert [answer and answer.value for answer in answers] == ["met", "met"]
        assert arrived_on(bot, "Bram Jansen") == {"slack"}
        assert arrived_on(bot, "Noor de Vries") == {"teams"}
