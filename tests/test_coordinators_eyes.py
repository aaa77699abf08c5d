"""All that a coordinator can see, together, is the same whatever one person said in confidence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from bot.cards import digest, home, surveys
from bot.content import standard
from bot.matching.criteria import CRITERIA
from bot.matching.learning import lessons
from bot.texts import translator
from storage import erasing, exporting, figures, freezing, glances, learning, programmes
from storage.models import (
    CheckIn,
    CheckInAnswer,
    Fit,
    FitCheck,
    Invite,
    Member,
    Mentorship,
    Part,
    Participant,
    Person,
    Programme,
    Proposal,
    Round,
    Wave,
    WaveState,
)
from storage.surveys import Invited, answer
from tests.attacking import Everybody, Somebody, doubt
from tests.world import World

ALWAYS = frozenset({0, 1})
GOALS = {"joined": 10.0, "met_share": 75.0, "satisfaction": 4.0, "response_rate": 60.0}
MET = (CheckInAnswer.MET, CheckInAnswer.NOT_YET, CheckInAnswer.PLANNED, None)
FITS = (Fit.GOOD, Fit.NOT, Fit.DECIDING, None, Fit.GOOD)

people = st.lists(
    st.builds(
        Somebody,
        side=st.sampled_from(["mentor", "mentee"]),
        says=st.integers(1, 5) | st.just(5),
        waves=st.sampled_from([ALWAYS, ALWAYS, ALWAYS, frozenset({0}), frozenset({1})]),
        erased=st.sampled_from([False, False, False, True]),
    ),
    min_size=6,
    max_size=14,
).map(tuple)


@pytest.fixture
def grow(world: World) -> World:
    world.programme()
    world.coordinator("Thomas")
    return world


@given(everybody=people, k=st.integers(3, 5), one=st.integers(0, 13))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_coordinator_who_puts_everything_side_by_side_cannot_tell_what_one_person_said(
    grow: World, everybody: Everybody, k: int, one: int
) -> None:
    """Two stories of one programme: in the second somebody answered the survey otherwise, wrote
    another's words, planned no talk and is still deciding. Cards, pictures, goals, trends, the home
    page, exports and what was learnt are the same."""
    victim = one % len(everybody)
    assume(not everybody[victim].erased)
    other = doubt(everybody, victim, k, 2)
    assert other
    assert other[victim].says != everybody[victim].says
    told = seen(grow, everybody, k, victim, other=False)
    assert told == seen(grow, other, k, victim, other=True)


def test_what_is_seen_does_depend_on_what_people_say(grow: World) -> None:
    happy = tuple(Somebody("mentor", 4, ALWAYS) for _ in range(8))
    unhappy = tuple(Somebody("mentor", 2, ALWAYS) for _ in range(8))
    assert seen(grow, happy, 5, 0, other=False) != seen(grow, unhappy, 5, 0, other=False)


def seen(world: World, everybody: Everybody, k: int, victim: int, *, other: bool) -> list[str]:
    with _undone(world) as session:
        programme = session.get_one(Programme, 1)
        programme.smallest_group = k
        programmes.aim_at(session, programme, GOALS)
        them = _pairs(world, session, everybody, victim, other=other)
        found = []
        for number in (0, 1):
            wave = session.exec(select(Wave).order_by(col(Wave.id))).all()[number]
            _held(world, session, wave, programme, everybody, them, other=other)
            found += _looks(world, session, programme)
        return found


@contextmanager
def _undone(world: World) -> Iterator[Session]:
    class Undone(Exception):
        pass

    try:
        with world.database.transaction() as session:
            yield session
            raise Undone
    except Undone:
        return


def _pairs(
    world: World, session: Session, everybody: Everybody, victim: int, *, other: bool
) -> list[Person]:
    thomas = session.exec(select(Person.id)).first() or 0
    session.add(Round(id=900, programme_id=1, number=1, seed=1, requested_by=thomas,
                      requested_at=world.now))  # fmt: skip
    session.flush()
    beside = _takes_part(world, session, "Somebody else", 900)
    them = []
    for number, one in enumerate(everybody):
        joined = _takes_part(world, session, f"Person {number}", 1000 + number)
        reasons = [
            {"criterion": c.key, "value": (number * 7 + place) % 10 / 10, "weight": 0.1,
             "points": 0.0, "evidence": []}
            for place, c in enumerate(CRITERIA)
        ]  # fmt: skip
        made = Proposal(id=1000 + number, round_id=900, mentor_id=joined.id, mentee_id=beside.id,
                        score=0.5, contributions=reasons)  # fmt: skip
        session.add(made)
        session.flush()
        session.add(Mentorship(id=1000 + number, programme_id=1, proposal_id=made.id,
                               rhythm="weekly", started_on=world.now.date()))  # fmt: skip
        session.flush()
        member = Member(id=1000 + number, mentorship_id=1000 + number, person_id=joined.person_id,
                        participant_id=joined.id, part=Part(one.side))  # fmt: skip
        session.add(member)
        session.flush()
        met, fit = MET[number % len(MET)], FITS[number % len(FITS)]
        if number == victim:
            met = CheckInAnswer.NOT_YET if other else CheckInAnswer.PLANNED
            fit = Fit.DECIDING if other else Fit.GOOD
        told: dict[str, Any] = {"member_id": member.id, "mentorship_id": member.mentorship_id,
                "due_on": world.now.date(), "asked_at": world.now}  # fmt: skip
        session.add_all([CheckIn(**told, answer=met), FitCheck(**told, answer=fit)])
        them.append(session.get_one(Person, joined.person_id))
    session.flush()
    return them


def _takes_part(world: World, session: Session, name: str, id_: int) -> Participant:
    session.add(Person(id=id_, organisation_id=world.organisation, name=name))
    session.flush()
    joined = Participant(id=id_, programme_id=1, person_id=id_, consented_at=world.now)
    session.add(joined)
    session.flush()
    return joined


def _held(
    world: World,
    session: Session,
    wave: Wave,
    programme: Programme,
    everybody: Everybody,
    them: list[Person],
    *,
    other: bool,
) -> None:
    """A survey from its opening to its closing; every other person writes something."""
    number = wave.id - 1
    wave.state, wave.figures = WaveState.OPEN, {"at_least": programme.smallest_group}
    came = [at for at, one in enumerate(everybody) if number in one.waves]
    words = [f"words {at}" for at in came[::2]]
    if other:
        enough = len(words) >= programme.smallest_group
        words = words[::-1] if enough else [f"other {word}" for word in words]
    for place, at in enumerate(came):
        invite = Invite(wave_id=wave.id, person_id=them[at].id)
        session.add(invite)
        session.flush()
        says = (str(everybody[at].says),)
        tell = {"tell": (words[place // 2],)} if place % 2 == 0 else {}
        answer(
            session, Invited(invite, wave, programme), {"useful": says, "on_track": says, **tell}
        )
    for at, one in enumerate(everybody):
        if one.erased and number == 1:
            erasing.erase(session, them[at], world.now)
    freezing.close(session, wave, programme, standard().pulse)
    wave.figures = {**wave.figures, "comments": sorted(wave.figures["comments"])}
    wave.closes_at = world.now + timedelta(minutes=number)
    session.flush()


def _looks(world: World, session: Session, programme: Programme) -> list[str]:
    t, today = translator("en"), world.now.date() + timedelta(days=1)
    found = [digest.digest(t, figures.told(session, programme, today)).to_json()]
    for wave in session.exec(select(Wave).order_by(col(Wave.id))):
        results = freezing.results(programme, wave)
        if results:
            found.append(surveys.results(t, results, standard().pulse).to_json())
    looked = glances.glances(session, [programme], today)
    found.append(home.page(t, "Thomas", [home.runs(t, looked, 1)]).to_json())
    found += [str(table) for table in exporting.tables(session, programme)]
    outcomes = learning.of_programme(session, programme)
    counts = (len(outcomes.fit), len(outcomes.met), len(outcomes.all))
    return [*found, str((counts, lessons(outcomes.all)))]
