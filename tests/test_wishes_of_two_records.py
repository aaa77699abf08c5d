"""Two records turn out to be one person: of their wishes one of each is left, and none for themself."""

from __future__ import annotations

from sqlmodel import Session, select

from storage import merging
from storage.models import (
    Part,
    Participant,
    ParticipantState,
    Person,
    Suggestion,
    TrialTalk,
    TrialVoice,
    Verdict,
    Wish,
    Wisher,
)
from tests.hands import Hands
from tests.reviewing import coordinator, mentee, mentor
from tests.wishing import asks, kept, participant, wishes
from tests.world import World


def joins_records(world: World, bare: str, owner: str) -> bool:
    with world.database.transaction() as session:
        return merging.absorb(session, _named(session, bare), _named(session, owner))


def _named(session: Session, name: str) -> Person:
    return session.exec(select(Person).where(Person.name == name)).one()


def test_two_wishes_for_one_person_are_one_the_dearer(world: World) -> None:
    world.programme()
    thomas = coordinator(world)
    mentor(world, "Eva Smit")
    Hands(world, "E. Smit-Bos")
    noor = mentee(world, "Noor")
    asks(thomas)
    wishes(noor, "Eva Smit", colleague="E. Smit-Bos", rank_colleague="2")
    with world.database.transaction() as session:
        for wish in session.exec(select(Wish)):
            wish.own = True
    assert joins_records(world, "E. Smit-Bos", "Eva Smit")
    assert kept(world, "Noor") == [("Eva Smit", 1, "")]


def test_nobody_wishes_for_is_shown_to_or_talks_with_themself(world: World) -> None:
    world.programme()
    thomas = coordinator(world)
    mentor(world, "Eva Smit")
    noor = mentee(world, "Noor")
    asks(thomas, trial_talks="yes")
    wishes(noor, "Eva Smit")
    eva, own = participant(world, "Eva Smit"), participant(world, "Noor")
    with world.database.transaction() as session:
        talk = TrialTalk(programme_id=1, mentor_id=eva.id, mentee_id=own.id)
        session.add(talk)
        session.flush()
        session.add(TrialVoice(talk_id=talk.id, participant_id=eva.id))
        session.add(TrialVoice(talk_id=talk.id, participant_id=own.id, says=Verdict.YES))
        # Two who both take part are never joined.
        session.get_one(Participant, own.id).state = ParticipantState.LEFT
    assert joins_records(world, "Noor", "Eva Smit")
    assert list(world.rows(select(Wish))) == []
    assert list(world.rows(select(Suggestion))) == []
    assert list(world.rows(select(TrialTalk))) == []
    assert list(world.rows(select(TrialVoice))) == []


def test_of_two_who_were_asked_the_answer_stays(world: World) -> None:
    world.programme()
    thomas = coordinator(world)
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    mentee(world, "N. Visser")
    asks(thomas)
    wishes(noor, "Bram")
    with world.database.transaction() as session:
        other = participant(world, "N. Visser")
        session.get_one(Participant, other.id).state = ParticipantState.LEFT
    assert joins_records(world, "N. Visser", "Noor")
    [wisher] = world.rows(select(Wisher))
    assert wisher.answered_at
    assert wisher.part is Part.MENTEE
    assert kept(world, "Noor") == [("Bram", 1, "")]
