"""A whole programme in Slack: three people join, are matched and asked how it goes; others read it."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from bot.cards.questions import Choose, Confirm
from bot.cards.surveys import SendPulse
from bot.core.questions import Values
from storage.models import CheckIn, Mentorship, Participant, Programme, SurveyAnswer
from tests import hands
from tests.backstage import until
from tests.slack.emulator.backstage import Json
from tests.slack.emulator.bots import Bot, at_work
from tests.slack.emulator.config import CHANNEL
from tests.slack.emulator.people import asked, read

PROGRAMME: dict[str, Values] = hands.FORM | {
    "starts_on": ("2026-03-02",),
    "ends_on": ("2026-09-01",),
    "rhythm": ("every_two_weeks",),
    "channel": ("mentoring",),
}


def test_three_people_go_through_a_programme(file: str) -> None:
    with at_work(file) as bot:
        _makes_a_programme(bot)
        _join(bot)
        _are_matched(bot)
        _are_asked_how_it_goes(bot)
        _is_read_by_all(bot)


def test_over_a_socket_it_goes_the_same_way(file: str) -> None:
    with at_work(file, socket=True) as bot:
        _makes_a_programme(bot)
        _join(bot)
        _are_matched(bot)
        _is_read_by_all(bot)


def _makes_a_programme(bot: Bot) -> None:
    thomas = bot["Thomas"]
    thomas.types("/mentor programme create")
    while key := bot.is_asked(thomas):
        thomas.answers(PROGRAMME, key)
    thomas.clicks("Tell more (optional)")
    thomas.answers(PROGRAMME, "channel")
    thomas.clicks("Enough for now")
    thomas.clicks(Confirm)
    thomas.sees("Growing together is open for enrolment")
    [made] = bot.rows(select(Programme))
    assert made.channel_address == "#mentoring"


def _join(bot: Bot) -> None:
    """Noor in Dutch, by buttons; Bram in English, in words; Aylin finds Dutch first."""
    noor, bram, aylin = bot["Noor"], bot["Bram"], bot["Aylin"]
    noor.types("/mentor meedoen", CHANNEL)
    noor.sees("vraag 1 van 7")
    bot.walks(noor, hands.MENTEE)
    noor.sees("Je doet mee!")
    assert bot.answers(noor) == hands.MENTEE
    bram.types("/mentor join")
    while key := bot.is_asked(bram):
        bram.types(", ".join(hands.MENTOR[key]))
    bram.clicks(Confirm)
    bram.sees("You are in!")
    assert bot.answers(bram) == hands.MENTOR
    aylin.types("/mentor language nl")
    aylin.types("meedoen")
    aylin.clicks(Choose(bot.dialogue(aylin).id, bot.dialogue(aylin).step, "mentee"))
    bot.walks(aylin, hands.MENTEE | {"capacity": ("1",)})
    aylin.sees("Je doet mee!")
    assert {p.person_id for p in bot.rows(select(Participant))} == {
        bot.person(each).id for each in (noor, bram, aylin)
    }


def _are_matched(bot: Bot) -> None:
    thomas = bot["Thomas"]
    thomas.types("/mentor match")
    thomas.sees("Dry run of Growing together, round 1")
    for label in ("Approve all", "Announce…", "Announce now"):
        thomas.clicks(label)
    bot["Bram"].sees("Meet your mentee")
    [pair] = bot.rows(select(Mentorship))
    matched = {bot.person(bot[name]).id: bot[name] for name in ("Noor", "Aylin")}
    [mentee] = [matched[m.person_id] for m in bot.members(pair) if m.person_id in matched]
    mentee.sees("Maak kennis met je mentor: Bram Jansen")


def _are_asked_how_it_goes(bot: Bot) -> None:
    bot.passes(days=15, step=timedelta(hours=3))
    bram = bot["Bram"]
    bram.sees("have you met in the past 14 days?")
    bram.clicks("Yes, we met")
    [answered] = [row for row in bot.rows(select(CheckIn)) if row.answer]
    assert answered.answer == "met"
    card, _ = bram.finds(SendPulse)
    given = {"useful": "4", "on_track": "3", "tell": "It is *good* to <talk>."}
    bram.clicks(SendPulse, **{name: given[name.split("_", 2)[2]] for name in asked(card)})
    assert {row.question: row.value for row in bot.rows(select(SurveyAnswer))} == given


def _is_read_by_all(bot: Bot) -> None:
    thomas = bot["Thomas"]
    thomas.types("/mentor digest", CHANNEL)

    def pictures() -> list[Json]:
        return [file for m in bot.slack.messages(CHANNEL) for file in m.get("files", ())]

    until(pictures, lambda: "no picture")
    assert {file["mimetype"] for file in pictures()} == {"image/png"}
    posted = [read(m) for m in bot.slack.messages(CHANNEL) if "ephemeral_to" not in m]
    assert any("Growing together" in words for words in posted)
