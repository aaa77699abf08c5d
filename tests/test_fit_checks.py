"""Is this a good match? Asked of each in private, once, and again of who is still deciding."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.cards.checkins import AnswerCheckIn
from bot.cards.fit import AnswerFit
from storage.models import Delivery, Fit, FitCheck, Member
from tests.asking import couple, days_pass, without_surveys
from tests.hands import Hands
from tests.reviewing import coordinator, goes_round, mentee, mentor
from tests.world import MENTOR, World

pytestmark = pytest.mark.any_database

MENTOR_WEEKLY = MENTOR | {"rhythm": ("weekly",)}


def met(person: Hands) -> None:
    [said] = {a for a in person.offers if isinstance(a, AnswerCheckIn) and a.answer == "met"}
    person.presses(said)


def says(person: Hands, answer: str) -> None:
    person.presses(
        next(a for a in person.offers if isinstance(a, AnswerFit) and a.answer == answer)
    )


def checks(world: World, person: Hands) -> list[FitCheck]:
    query = (
        select(FitCheck)
        .join(Member, Member.id == FitCheck.member_id)  # type: ignore[arg-type]
        .where(Member.person_id == person.row.id)
        .order_by(FitCheck.id)  # type: ignore[arg-type]
    )
    return list(world.rows(query))


def asks_fit(person: Hands) -> bool:
    return any(isinstance(action, AnswerFit) for action in person.offers)


def test_the_question_comes_with_the_first_talk_and_only_then(grow: World) -> None:
    bram, noor = couple(grow, locales=("en", "nl"))
    days_pass(grow, 8)
    received = len(noor.received)
    met(noor)
    assert asks_fit(noor)
    assert "ziet je antwoord nooit" in noor.sees
    assert len(noor.received) == received  # on the same card: no message of its own
    says(noor, "good")
    assert [one.answer for one in checks(grow, noor)] == [Fit.GOOD]
    days_pass(grow, 7)
    met(noor)
    assert not asks_fit(noor)
    assert checks(grow, bram) == []


def test_who_never_says_they_met_is_asked_after_four_weeks_with_what_else_is_due(
    world: World,
) -> None:
    world.programme(weeks=40)
    thomas = coordinator(world)
    mentor(world, "Bram", rhythm=("weekly",))
    noor = mentee(world, "Noor", rhythm=("weekly",))
    goes_round(world, thomas)
    with world.database.transaction() as session:
        moments = [member.fit_at for member in session.exec(select(Member))]
    assert all(moment and moment - world.now > timedelta(days=25) for moment in moments)
    without_surveys_only(world)
    days_pass(world, 27)
    assert not asks_fit(noor)
    days_pass(world, 3)
    [check] = checks(world, noor)
    key = f"nudge:{noor.row.id}:{check.due_on}"
    assert len(world.rows(select(Delivery).where(Delivery.key == key))) == 1
    days_pass(world, 30)
    assert len(checks(world, noor)) == 1


def without_surveys_only(world: World) -> None:
    """As in `asking`, but whether a match fits is still asked."""
    with world.database.transaction() as session:
        moments = {member.id: member.fit_at for member in session.exec(select(Member))}
    without_surveys(world)
    with world.database.transaction() as session:
        for member in session.exec(select(Member)):
            member.fit_at = moments[member.id]


def test_when_it_does_not_fit_the_coordinators_hear_it_once_and_the_partner_nothing(
    grow: World,
) -> None:
    bram, noor = couple(grow)
    thomas = grow.people["Thomas"]
    assert isinstance(thomas, Hands)
    days_pass(grow, 8)
    before = len(bram.received)
    met(noor)
    says(noor, "not")
    assert "no one’s fault" in noor.sees
    assert "does not fit" in thomas.sees
    assert "Bram has not been told" in thomas.sees
    heard = len(thomas.received)
    [check] = checks(grow, noor)
    noor.forges(AnswerFit(check.id, "good"))
    noor.forges(AnswerFit(check.id, "not"))
    assert len(thomas.received) == heard
    assert len(bram.received) == before


def test_a_coordinator_who_is_half_of_the_pair_hears_nothing(world: World) -> None:
    world.programme()
    thomas = coordinator(world)
    world.joins("Thomas", {**MENTOR_WEEKLY})
    noor = mentee(world, "Noor", rhythm=("weekly",))
    goes_round(world, thomas)
    without_surveys(world)
    days_pass(world, 8)
    met(noor)
    says(noor, "not")
    assert not any("does not fit" in message for message in thomas.received)


def test_who_is_still_deciding_is_asked_once_more_in_three_weeks(grow: World) -> None:
    _, noor = couple(grow)
    days_pass(grow, 8)
    met(noor)
    says(noor, "deciding")
    days_pass(grow, 20)
    assert len(checks(grow, noor)) == 1
    days_pass(grow, 3)
    assert [one.answer for one in checks(grow, noor)] == [Fit.DECIDING, None]
    assert asks_fit(noor)


def test_nobody_answers_for_another_nor_after_the_end(grow: World) -> None:
    bram, noor = couple(grow)
    days_pass(grow, 8)
    met(noor)
    [check] = checks(grow, noor)
    bram.forges(AnswerFit(check.id, "not"))
    bram.forges(AnswerFit(check.id + 99, "good"))
    noor.forges(AnswerFit(check.id, "splendid"))
    assert checks(grow, noor)[0].answer is None
    bram.types("/mentor leave")
    bram.clicks("Yes, leave")
    noor.forges(AnswerFit(check.id, "not"))
    assert checks(grow, noor)[0].answer is None
