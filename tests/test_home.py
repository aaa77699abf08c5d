"""The page that always stands there: what is mine today, in my language, and looking changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.cards.checkins import AnswerCheckIn
from bot.cards.fit import AnswerFit
from bot.cards.home import ShowOpen
from bot.core.actions import RunCommand
from bot.core.messages import Ask, Button, Style
from bot.platforms.local.screen import draw
from storage import figures
from storage.glances import glances
from storage.models import (
    CheckIn,
    Dialogue,
    Participant,
    Person,
    PersonKind,
    Programme,
    SeenEvent,
)
from tests.hands import Hands, admin, appoint, commands, matched, meanings, opens_home
from tests.reviewing import changes, coordinator
from tests.world import MENTEE, MENTOR, World

pytestmark = pytest.mark.any_database


def test_a_newcomer_reads_who_the_bot_is_and_may_join(world: World) -> None:
    world.programme()
    noor = Hands(world, "Noor", "nl")
    changes(world, "Noor", introduced=False)
    page = opens_home(noor)
    assert "Hallo Noor" in draw(page)
    assert "Koppel" in draw(page)
    assert commands(page)[0] == ("join", "")
    opens_home(noor)
    assert not noor.row.introduced  # looking is no acquaintance


def test_who_began_to_join_finds_the_way_back_first(world: World) -> None:
    world.programme()
    noor = Hands(world, "Noor")
    noor.types("/mentor join")
    noor.chooses("mentee")
    page = opens_home(noor)
    assert commands(page)[0] == ("join", "grow")
    assert next(one for one in page.all(Button)).style is Style.PRIMARY
    noor.types("stop")
    assert commands(opens_home(noor))[0] == ("join", "grow")


def test_partners_see_each_other_and_what_comes_next(world: World) -> None:
    bram, noor = matched(world)
    assert "Your mentee: Noor" in draw(opens_home(bram))
    assert "Je mentor: Bram" in draw(opens_home(noor))
    assert "Volgende check-in" in draw(opens_home(noor))


def test_who_waits_sees_the_day_of_the_next_round(world: World) -> None:
    world.programme()
    noor = Hands(world, "Noor")
    world.joins("Noor", MENTEE)
    assert "Next matching round: Monday 16 March" in draw(opens_home(noor))


def test_a_pause_is_shown_with_its_end(world: World) -> None:
    world.programme()
    noor = Hands(world, "Noor")
    world.joins("Noor", MENTEE)
    assert ("pause", "") in commands(opens_home(noor))
    noor.types("/mentor pause 2 weeks")
    page = opens_home(noor)
    assert "You are paused until" in draw(page)
    assert ("resume", "") in commands(page)
    assert ("pause", "") not in commands(page)


def test_a_question_that_waits_stands_first_and_is_gone_when_it_is_answered(world: World) -> None:
    _, noor = matched(world)
    assert ShowOpen() not in meanings(opens_home(noor))
    world.passes(timedelta(hours=3), days=16)
    assert world.rows(select(CheckIn))
    page = opens_home(noor)
    assert meanings(page)[0] == ShowOpen()
    shown = noor.forges(ShowOpen())
    assert shown is not None
    assert not shown.form  # one tap is enough
    noor.forges(next(a for a in meanings(shown) if isinstance(a, AnswerCheckIn)))
    shown = noor.forges(ShowOpen())
    assert shown is not None
    noor.forges(next(a for a in meanings(shown) if isinstance(a, AnswerFit)))
    assert meanings(opens_home(noor))[0] == ShowOpen()  # the survey is still there
    shown = noor.forges(ShowOpen())
    assert shown is not None
    assert shown.form
    [send] = meanings(shown)
    answers = {ask.name: filled(ask) for ask in shown.all(Ask)}
    noor.forges(send, id="answers", **answers)
    assert ShowOpen() not in meanings(opens_home(noor))
    again = noor.forges(ShowOpen())
    assert again is not None
    assert "geen enkele vraag" in draw(again)


def filled(ask: Ask) -> tuple[str, ...]:
    return (ask.options[0][0] if ask.options else "Thank you",)


def test_nobody_elses_question_is_shown(world: World) -> None:
    matched(world)
    world.passes(timedelta(hours=3), days=16)
    eva = Hands(world, "Eva")
    assert ShowOpen() not in meanings(opens_home(eva))


# --- who runs programmes ---


def test_a_coordinator_sees_the_figures_that_the_digest_has(world: World) -> None:
    bram, noor = matched(world)
    world.passes(timedelta(hours=3), days=16)
    for person in (bram, noor):
        person.clicks("Yes, we met" if person is bram else "Ja, gesproken")
    Hands(world, "Eva")
    world.joins("Eva", MENTOR)
    with world.database.look() as session:
        [programme] = session.exec(select(Programme)).all()
        today = figures.day(programme, world.now)
        [glance] = glances(session, [programme], today)
        told = figures.told(session, programme, today)
    assert (glance.joined, glance.mentors, glance.mentees) == (3, 2, 1)
    assert (glance.joined, glance.waiting) == (told.digest.joined, 3 - told.digest.matched)
    assert (glance.pairs, glance.met) == (1, 1.0)
    page = opens_home(coordinator(world, "Tess"))
    assert "Taking part: 3 (2 mentors, 1 mentee)" in draw(page)
    assert "Met in the past four weeks: 100%" in draw(page)
    assert {("match", "grow"), ("review", "grow"), ("digest", "grow")} <= set(commands(page))


def test_stuck_pairs_and_lost_messages_ask_for_attention(world: World) -> None:
    matched(world)
    world.chat.farewell("noor")
    world.passes(timedelta(hours=3), days=45)
    page = opens_home(coordinator(world, "Tess"))
    assert "Needs you: 1 pair is stuck, 1 person is not reached" in draw(page)


def test_nobody_sees_the_figures_of_a_programme_they_do_not_run(world: World) -> None:
    world.programme("Grow")
    world.programme("Lead")
    tess = coordinator(world, "Tess")
    page = opens_home(tess)
    assert ("digest", "grow") in commands(page)
    assert "Lead" not in draw(page)


def test_an_admin_without_a_programme_is_offered_to_make_one(world: World) -> None:
    assert ("programme", "create") in commands(opens_home(admin(world, "Ada")))


# --- where there is no page: the same as a card ---


@pytest.mark.parametrize("word", ["home", "start", "begin", "/mentor", "mentor home"])
def test_who_types_it_gets_what_the_page_shows(world: World, word: str) -> None:
    _, noor = matched(world)
    world.passes(timedelta(hours=3), days=16)
    appoint(noor, programme=1)
    page = opens_home(noor)
    noor.types(word)
    assert noor.card is not None
    assert noor.card.parts[:-1] == page.parts[:-1]
    assert ShowOpen() in noor.offers
    assert ("match", "grow") in commands(noor.card)
    assert "Typ “home”" in noor.sees


# --- guests, and looking ---


@pytest.mark.parametrize("kind", [PersonKind.GUEST, PersonKind.STRANGER])
def test_a_guest_reads_kindly_that_this_is_not_for_them(world: World, kind: PersonKind) -> None:
    world.programme()
    eva = Hands(world, "Eva", kind=kind)
    page = opens_home(eva)
    assert "for employees of the organisation" in draw(page)
    assert "join" not in {name for name, _ in commands(page)}


def test_looking_changes_nothing_not_even_for_who_was_never_met(world: World) -> None:
    world.programme()
    before = everything(world)
    stranger = Hands.__new__(Hands)
    stranger.world, stranger.user = world, "unknown"
    assert "# Hello!\n" in draw(opens_home(stranger))  # and not an id
    assert everything(world) == before


def everything(world: World) -> list[int]:
    kinds = (Person, Participant, Dialogue, SeenEvent)
    return [len(world.rows(select(kind))) for kind in kinds]


def test_every_button_of_the_page_does_something(world: World) -> None:
    matched(world)
    world.passes(timedelta(hours=3), days=16)
    appoint(Hands(world, "Eva"), programme=1)
    for name in ("Noor", "Eva"):
        person = world.people[name]
        assert isinstance(person, Hands)
        for action in meanings(opens_home(person)):
            answer = person.forges(action)
            assert answer is not None
            assert isinstance(action, RunCommand | ShowOpen)
