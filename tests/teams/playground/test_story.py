"""A whole programme in Teams: three people join, are matched and asked how it goes; others read it."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from bot.cards.questions import Confirm
from bot.cards.surveys import SendPulse
from storage.models import CheckIn, Participant, Programme, SurveyAnswer
from tests import hands
from tests.backstage import until
from tests.teams.playground.bots import PROGRAMME, Bot, at_work
from tests.teams.playground.config import CHANNEL
from tests.teams.playground.people import asked


def test_three_people_go_through_a_programme(file: str) -> None:
    with at_work(file) as bot:
        _come(bot)
        _makes_a_programme(bot)
        _join(bot)
        _are_matched(bot)
        _are_asked_how_it_goes(bot)
        _is_read_by_all(bot)
        _leaves(bot)


def _come(bot: Bot) -> None:
    """Who comes first is administrator; each is welcomed by name."""
    for name in ("Thomas", "Noor", "Bram"):
        bot[name].installs()
        bot[name].sees(f"Hello {name}!")
    bot["Thomas"].installs(CHANNEL)


def _makes_a_programme(bot: Bot) -> None:
    bot.makes(bot["Thomas"], PROGRAMME)
    [made] = bot.rows(select(Programme))
    assert made.channel_address == "#Mentoraat"


def _join(bot: Bot) -> None:
    """Noor in Dutch, by buttons and inputs; Bram in English, in words."""
    noor, bram = bot["Noor"], bot["Bram"]
    noor.types("mentor language nl")
    noor.types("mentor meedoen")
    noor.sees("vraag 1 van 7")
    bot.walks(noor, hands.MENTEE)
    noor.sees("Je doet mee!")
    assert bot.answers(noor) == hands.MENTEE
    bram.types("join")
    while key := bot.is_asked(bram):
        bram.types(", ".join(hands.MENTOR[key]))
    bram.clicks(Confirm)
    bram.sees("You are in!")
    assert bot.answers(bram) == hands.MENTOR
    assert {p.person_id for p in bot.rows(select(Participant))} == {
        bot.person(each).id for each in (noor, bram)
    }


def _are_matched(bot: Bot) -> None:
    """The coordinator reads why, and only then do the two hear of it, each in their own chat."""
    thomas, noor, bram = bot["Thomas"], bot["Noor"], bot["Bram"]
    thomas.types("mentor match")
    thomas.sees("Dry run of Growing together, round 1")
    for label in ("Approve all", "Announce…"):
        thomas.clicks(label)
    assert "Noor" not in bram.screen
    thomas.clicks("Announce now")
    bram.sees("Meet your mentee")
    noor.sees("Maak kennis met je mentor: Bram Jansen")


def _are_asked_how_it_goes(bot: Bot) -> None:
    bot.passes(days=15, step=timedelta(hours=6))
    bram = bot["Bram"]
    bram.sees("have you met in the past 14 days?")
    bot["Noor"].sees("afgelopen 14 dagen")
    bram.clicks("Yes, we met")
    [answered] = [row for row in bot.rows(select(CheckIn)) if row.answer]
    assert answered.answer == "met"
    seen, _ = bram.finds(SendPulse)
    given = {"useful": "4", "on_track": "3", "tell": "It is *good* to <talk>."}
    bram.clicks(SendPulse, **{name: given[name.split("_", 2)[2]] for name in asked(seen.card)})
    assert {row.question: row.value for row in bot.rows(select(SurveyAnswer))} == given


def _is_read_by_all(bot: Bot) -> None:
    """A digest in the channel, with its picture."""
    thomas = bot["Thomas"]
    before = {each.id for each in thomas.in_channel}
    thomas.mentions("digest")
    pictures = until(
        lambda: [
            picture
            for each in thomas.in_channel
            if each.id not in before
            for picture in each.pictures
        ],
        lambda: f"no picture:\n{thomas.screen}",
    )
    assert pictures[0]["url"].startswith("data:image/png;base64,")
    assert any("Growing together" in each.reads for each in thomas.in_channel)


def _leaves(bot: Bot) -> None:
    """Noor takes the bot out; what cannot reach her, the coordinator hears of."""
    noor, thomas = bot["Noor"], bot["Thomas"]
    noor.removes()
    bot.expected.add("delivery.unreachable")
    bot.passes(days=15, step=timedelta(hours=6))
    thomas.types("mentor digest")
    thomas.sees("Noor de Vries: my messages do not arrive")
