"""Who may be paired in a round: every hard rule in a story, and the avoid list that nobody can tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.cards.matching import LeftOut, RoundSummary
from bot.cards.pairs import ListPairs, OpenPair
from bot.cards.questions import Confirm
from storage import dialogues, exclusions
from storage.models import (
    AuditEntry,
    Delivery,
    Dialogue,
    Participant,
    Person,
    PersonKind,
    Programme,
    Proposal,
)
from tests.hands import Hands
from tests.reviewing import (
    announces,
    both,
    by_participant,
    card_of,
    changes,
    coordinator,
    decides,
    left_over,
    matches,
    mentee,
    mentor,
    paired,
    proposed,
)
from tests.world import World

pytestmark = pytest.mark.any_database


def test_the_own_manager_and_the_own_report_are_never_proposed(world: World, thomas: Hands) -> None:
    for who, boss in (("Bram", "Noor"), ("Noor", "Bram")):
        if boss == "Noor":
            mentor(world, "Bram")
            noor = mentee(world, "Noor")
        changes(world, "Bram", manager_id=None)
        changes(world, "Noor", manager_id=None)
        ids = {person.name: person.id for person in world.rows(select(Person))}
        changes(world, who, manager_id=ids[boss])
        matches(world, thomas)
        assert proposed(world) == set()
        assert left_over(world)[noor.name] == {"reporting_line": 1}


@pytest.mark.parametrize(
    ("why", "about"),
    [
        ("guest_or_bot", {"kind": PersonKind.GUEST}),
        ("guest_or_bot", {"kind": PersonKind.BOT}),
        ("paused", {"paused_until": timedelta(days=9)}),
        ("same_team", {"department": "Sales"}),
    ],
)
def test_a_guest_a_bot_the_paused_and_the_own_team_are_not_proposed(
    world: World, thomas: Hands, why: str, about: dict[str, Any]
) -> None:
    with world.database.transaction() as session:
        session.get_one(Programme, 1).allow_same_team = False
    mentor(world, "Bram")
    mentor(world, "Eva", languages=("de",))  # so that there is a round at all
    mentee(world, "Noor")
    changes(world, "Noor", department="Sales")
    if "paused_until" in about:
        about = {"paused_from": world.now, "paused_until": world.now + about["paused_until"]}
    changes(world, "Bram", **about)
    matches(world, thomas)
    assert proposed(world) == set()
    assert left_over(world)["Noor"] == {why: 1, "no_common_language": 1}


def test_who_left_or_was_deactivated_is_not_even_counted(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    mentor(world, "Eva")
    gone = mentor(world, "Max")
    mentee(world, "Noor")
    changes(world, "Eva", active=False)
    gone.types("/mentor leave")
    gone.clicks("Yes, leave")
    matches(world, thomas)
    assert proposed(world) == {("Bram", "Noor")}


def test_a_past_pair_is_not_proposed_again_whoever_was_the_mentor(
    world: World, thomas: Hands
) -> None:
    both(world, "Bram")
    noor = both(world, "Noor")
    announces(world, _matched(world, thomas))
    assert len(paired(world)) == 1
    noor.types("/mentor leave")
    noor.clicks("Yes, leave")
    noor.types("/mentor join")
    noor.presses(Confirm)
    matches(world, thomas)
    assert proposed(world) == set()
    assert left_over(world)["Noor"] == {"past_pair": 1}


def test_capacity_is_kept_across_rounds(world: World, thomas: Hands) -> None:
    mentor(world, "Bram", capacity=("2",))
    for name in ("Noor", "Sem", "Kim"):
        mentee(world, name)
    announces(world, _matched(world, thomas))
    assert len(paired(world)) == 2
    mentor(world, "Eva", languages=("de",))
    matches(world, thomas)
    assert proposed(world) == set()
    [(_, reasons)] = [(name, why) for name, why in left_over(world).items() if name != "Eva"]
    assert reasons == {"capacity": 1, "no_common_language": 1}


def test_nobody_is_paired_below_the_floor(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    with world.database.transaction() as session:
        session.get_one(Programme, 1).floor = 1.0
    matches(world, thomas)
    assert proposed(world) == set()
    assert left_over(world) == {"Noor": {"other": 1}, "Bram": {"other": 1}}


def test_who_waited_goes_before_who_fits_better(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor", skills_wanted=("presenting", "coaching"))
    mentee(world, "Sem", skills_wanted=("python",))
    matches(world, thomas)
    assert proposed(world) == {("Bram", "Noor")}
    with world.database.transaction() as session:
        ids = {name: id_ for id_, name in by_participant(world).items()}
        session.get_one(Participant, ids["Sem"]).priority = 1
    matches(world, thomas)
    assert proposed(world) == {("Bram", "Sem")}


# --- the avoid list ---


def avoids(world: World, one: str, other: str) -> None:
    """What somebody told nobody but the solver."""
    with world.database.transaction() as session:
        ids = {person.name: person.id for person in session.exec(select(Person))}
        mine = session.exec(select(Dialogue).where(Dialogue.person_id == ids[one])).one()
        dialogues.keep(session, mine, "avoid", (str(ids[other]),))


def told(world: World, thomas: Hands) -> list[str]:
    """Everything that a coordinator can look at in a round, and what is written about it."""
    matches(world, thomas)
    cards = [card_of(thomas)]
    pairs = [row.id for row in world.rows(select(Proposal))]
    for action in [*map(OpenPair, pairs), ListPairs(1), LeftOut(1), RoundSummary(1)]:
        cards.append(repr(thomas.forges(action)))
    cards += [repr((row.key, row.message)) for row in world.rows(select(Delivery))]
    cards += [repr((row.did, row.subject)) for row in world.rows(select(AuditEntry))]
    return cards


@pytest.mark.parametrize("whose", [("Noor", "Bram"), ("Bram", "Noor")])
def test_an_avoid_list_that_changes_no_pair_changes_nothing_a_coordinator_sees(
    worlds: Callable[[], World], whose: tuple[str, str]
) -> None:
    seen = []
    for wish in (False, True):
        world = worlds()
        thomas = coordinator(world)
        mentor(world, "Bram", skills_offered=("python",))
        mentor(world, "Eva", skills_offered=("presenting", "coaching"))
        mentee(world, "Noor", skills_wanted=("presenting", "coaching"))
        mentee(world, "Sem", skills_wanted=("python",))
        mentee(world, "Kim", skills_wanted=("python",), goal=("",))
        if wish:
            avoids(world, *whose)
        seen.append(told(world, thomas))
        assert {("Eva", "Noor"), ("Bram", "Sem")} & proposed(world)
    assert seen[0] == seen[1]


@pytest.mark.parametrize("whose", [("Noor", "Bram"), ("Bram", "Noor"), ("Sem", "Eva")])
def test_with_every_rule_that_a_programme_may_set_an_avoid_list_shows_no_more(
    worlds: Callable[[], World], whose: tuple[str, str]
) -> None:
    seen = []
    for wish in (False, True):
        world = worlds()
        thomas = coordinator(world)
        decides(world, allow_same_team=False, mixed_departments=["Legal"], most_mentees=1)
        for name, department in (("Bram", "Legal"), ("Eva", "Sales"), ("Max", "HR")):
            mentor(world, name)
            changes(world, name, department=department, team=f"{name}s")
        for name in ("Noor", "Sem"):
            mentee(world, name)
            changes(world, name, department="Legal", team="Max" + "s")
        with world.database.transaction() as session:
            exclusions.replace(session, session.get_one(Programme, 1), [("Sales", "Legal")])
        if wish:
            avoids(world, *whose)
        seen.append(told(world, thomas))
        assert proposed(world) == set()
        assert left_over(world)["Noor"] == {"same_team": 1, "same_department": 1, "excluded": 1}
    assert seen[0] == seen[1]


@pytest.mark.parametrize("whose", [("Noor", "Bram"), ("Bram", "Noor")])
@pytest.mark.parametrize("locale", ["nl", "en"])
def test_two_whom_an_avoid_list_keeps_apart_look_like_two_who_do_not_fit_well_enough(
    worlds: Callable[[], World], whose: tuple[str, str], locale: str
) -> None:
    seen = []
    for wish in (False, True):
        world = worlds()
        thomas = coordinator(world, locale=locale)
        mentor(world, "Bram")
        mentee(world, "Noor")
        if wish:
            avoids(world, *whose)
        else:
            with world.database.transaction() as session:
                session.get_one(Programme, 1).floor = 1.0
        seen.append(told(world, thomas))
        assert proposed(world) == set()
    assert seen[0] == seen[1]
    assert not any("avoid" in card.casefold() for card in seen[1])


def test_what_the_avoided_and_the_avoider_hear_in_the_end_tells_nothing_either(
    worlds: Callable[[], World],
) -> None:
    seen = []
    for wish in (False, True):
        world = worlds()
        thomas = coordinator(world)
        mentor(world, "Bram")
        mentor(world, "Eva")
        mentee(world, "Noor")
        if wish:
            avoids(world, "Noor", "Bram")
        else:
            with world.database.transaction() as session:  # Eva it is, for another reason
                ids = {person.name: person.id for person in session.exec(select(Person))}
                session.get_one(Person, ids["Noor"]).manager_id = ids["Bram"]
        announces(world, _matched(world, thomas))
        assert paired(world) == {("Eva", "Noor")}
        seen.append([world.people[name].all_seen for name in ("Bram", "Eva", "Noor")])
    assert seen[0] == seen[1]


def _matched(world: World, thomas: Hands) -> Hands:
    matches(world, thomas)
    return thomas
