"""After a programme its coordinators see what went with good matches; they alone change weights."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.cards.learning import TakeOver
from bot.core.actions import RunCommand
from bot.matching import CRITERIA
from storage.models import (
    CheckIn,
    CheckInAnswer,
    Fit,
    FitCheck,
    Member,
    Mentorship,
    Part,
    Participant,
    Person,
    Programme,
    Proposal,
    Round,
)
from tests.hands import Hands
from tests.reviewing import card_of
from tests.world import World


def lived(world: World, pairs: int) -> None:
    """So many pairs in which shared values go with a good match, told by fit checks alone for the
    first half and by meetings alone for the others."""
    chance = random.Random(1)
    with world.database.transaction() as session:
        asked_by = session.exec(select(Person.id)).first() or 0
        round_ = Round(
            programme_id=1, number=1, seed=1, requested_by=asked_by, requested_at=world.now
        )
        session.add(round_)
        session.flush()
        for number in range(pairs):
            value = chance.random()
            members = _pair(world, session, round_, value, number)
            good = value > 0.5
            if number < pairs // 2:
                _says(world, session, members[0], Fit.GOOD if good else Fit.NOT)
                _says(world, session, members[1], Fit.GOOD if good else Fit.DECIDING)
            else:
                _met(world, session, members[0], good=good)


def _pair(world: World, session: Session, round_: Round, value: float, number: int) -> list[Member]:
    chance = random.Random(number)
    parts: list[Participant] = []
    for name in (f"Mentor {number}", f"Mentee {number}"):
        person = Person(organisation_id=world.organisation, name=name)
        session.add(person)
        session.flush()
        part = Participant(programme_id=1, person_id=person.id, consented_at=world.now)
        session.add(part)
        session.flush()
        parts.append(part)
    proposal = Proposal(
        round_id=round_.id,
        mentor_id=parts[0].id,
        mentee_id=parts[1].id,
        score=0.5,
        contributions=[
            _contribution(c.key, value if c.key == "values" else chance.random()) for c in CRITERIA
        ],
    )
    session.add(proposal)
    session.flush()
    mentorship = Mentorship(
        programme_id=1, proposal_id=proposal.id, rhythm="weekly", started_on=world.now.date()
    )
    session.add(mentorship)
    session.flush()
    members = [
        Member(mentorship_id=mentorship.id, person_id=part.person_id, part=side)
        for part, side in zip(parts, (Part.MENTOR, Part.MENTEE), strict=True)
    ]
    session.add_all(members)
    session.flush()
    return members


def _contribution(key: str, value: float) -> dict[str, Any]:
    return {"criterion": key, "value": value, "weight": 0.1, "points": 0.0, "evidence": []}


def _says(world: World, session: Session, member: Member, fit: Fit) -> None:
    session.add(
        FitCheck(
            member_id=member.id,
            mentorship_id=member.mentorship_id,
            due_on=world.now.date(),
            asked_at=world.now,
            answer=fit,
        )
    )


def _met(world: World, session: Session, member: Member, *, good: bool) -> None:
    for week in range(4):
        answer = CheckInAnswer.MET if good or week == 0 else CheckInAnswer.NOT_YET
        session.add(
            CheckIn(
                member_id=member.id,
                mentorship_id=member.mentorship_id,
                due_on=world.now.date() + timedelta(weeks=week),
                asked_at=world.now,
                answer=answer,
                answered_at=world.now,
            )
        )


def importance(world: World) -> dict[str, str]:
    [programme] = world.rows(select(Programme))
    return programme.importance


@pytest.mark.parametrize("locale", ["en", "nl"])
def test_what_was_learned_is_shown_and_counts_only_when_it_is_taken_over(
    world: World, thomas: Hands, locale: str
) -> None:
    lived(world, 48)
    thomas.types(f"/mentor language {locale}")
    thomas.types("/mentor learn" if locale == "en" else "/mentor leren")
    assert {"en": "not what caused it", "nl": "niet waardoor"}[locale] in thomas.sees
    assert {"en": "“Important", "nl": "“Belangrijk"}[locale] in thomas.sees
    assert "Mentor 3" not in thomas.sees
    assert importance(world) == {}
    thomas.presses(TakeOver)
    assert importance(world) == {"values": "important"}
    assert RunCommand("weights", "grow") in thomas.offers


def test_few_pairs_are_a_warning_and_fewer_say_nothing(world: World, thomas: Hands) -> None:
    lived(world, 12)
    thomas.types("/mentor learn")
    assert "few pairs" in thomas.sees
    assert TakeOver not in {type(action) for action in thomas.offers}


def test_of_too_few_pairs_no_figure_is_told(world: World, thomas: Hands) -> None:
    lived(world, 9)
    thomas.types("/mentor learn")
    assert "too few to learn from" in thomas.sees
    assert "Values" not in thomas.sees


def test_what_is_known_only_since_the_card_was_shown_is_shown_first(
    world: World, thomas: Hands
) -> None:
    lived(world, 48)
    thomas.types("/mentor learn")
    [offered] = [action for action in thomas.offers if isinstance(action, TakeOver)]
    with world.database.transaction() as session:
        for check in session.exec(select(FitCheck)):
            check.answer = Fit.GOOD
        for asked in session.exec(select(CheckIn)):
            asked.answer = CheckInAnswer.MET
    thomas.presses(offered)
    assert importance(world) == {}
    assert "nothing to learn" in thomas.sees


def test_what_a_single_pair_said_of_its_fit_is_in_no_figure(world: World, thomas: Hands) -> None:
    lived(world, 26)
    cards = []
    for said in (Fit.GOOD, Fit.NOT):
        with world.database.transaction() as session:
            first, *others = session.exec(select(FitCheck).order_by(col(FitCheck.id))).all()
            first.answer = said
            for other in others:
                session.delete(other)
        thomas.types("/mentor learn")
        cards.append(card_of(thomas))
    assert "13 pairs: 0 said whether the match fits" in thomas.sees
    assert cards[0] == cards[1]


def test_no_figure_tells_who_is_still_deciding_nor_who_came_to_like_it(
    world: World, thomas: Hands
) -> None:
    """Coordinators heard of those who said that it does not fit: nothing else makes a difference."""
    lived(world, 40)
    thomas.types("/mentor learn")
    before = card_of(thomas)
    with world.database.transaction() as session:
        for check in session.exec(select(FitCheck).order_by(col(FitCheck.id))).all():
            if check.answer is Fit.NOT:
                asked_again = check.model_dump(exclude={"id", "answer", "due_on"})
                later = check.due_on + timedelta(weeks=3)
                session.add(FitCheck(**asked_again, due_on=later, answer=Fit.GOOD))
            else:
                check.answer = Fit.GOOD if check.answer is Fit.DECIDING else Fit.DECIDING
    thomas.types("/mentor learn")
    assert card_of(thomas) == before


def test_a_coordinator_learns_nothing_of_what_their_own_partner_said(
    world: World, thomas: Hands
) -> None:
    """They do not hear that it does not fit, so no figure may tell it either."""
    lived(world, 40)
    with world.database.transaction() as session:
        thomas_id = session.exec(select(Person.id).where(Person.name == "Thomas")).one()
        first, partner = session.exec(select(Member).order_by(col(Member.id)).limit(2)).all()
        first.person_id, partner_id = thomas_id, partner.id
    cards = []
    for said in (Fit.GOOD, Fit.NOT):
        with world.database.transaction() as session:
            found = session.exec(select(FitCheck).where(FitCheck.member_id == partner_id))
            found.one().answer = said
        thomas.types("/mentor learn")
        cards.append(card_of(thomas))
    assert cards[0] == cards[1]
    assert "19 said whether the match fits" in thomas.sees
