"""One person on two platforms: asked in each whether it is them, and joined when both said yes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.core.news import Kind
from bot.platforms.local.screen import LocalPerson
from scheduler.linking import join_confirmed
from storage.models import (
    AuditEntry,
)
from tests.twice import (
    acts,
    is_asked,
    known,
    links,
    noor_twice,
    preferred,
    says_yes_in_both,
    tells,
    times_asked,
)
from tests.world import MENTEE, World


@pytest.fixture
def noor(world: World) -> tuple[LocalPerson, LocalPerson]:
    """In Slack, and in Teams."""
    world.programme()
    return noor_twice(world)


# --- asking ---


def test_nobody_is_asked_anything_until_they_act(
    world: World, noor: tuple[LocalPerson, LocalPerson]
) -> None:
    world.passes(timedelta(hours=3), days=7)
    assert [person.all_seen for person in noor] == [[], []]


@pytest.mark.parametrize("first", [0, 1])
def test_who_acts_is_asked_after_their_answer_and_the_other_only_after_a_yes(
    world: World, noor: tuple[LocalPerson, LocalPerson], first: int
) -> None:
    here, there = noor[first], noor[1 - first]
    acts(here, world)
    assert ["Where you are" in seen for seen in here.all_seen] == [True, False]
    assert is_asked(here)
    world.passes(timedelta(hours=3), days=2)
    assert there.all_seen == []
    here.clicks("Yes, that is me")
    world.tick()
    assert is_asked(there)
    assert len(known(world)) == 2


def test_the_question_names_the_other_account_and_nothing_it_did(
    world: World, noor: tuple[LocalPerson, LocalPerson]
) -> None:
    world.joins("Noor Visser", MENTEE)
    _, in_teams = noor
    acts(in_teams, world)
    assert "In Slack (Waterkant) I know Noor Visser" in in_teams.sees
    in_teams.clicks("Yes, that is me")
    acts(in_teams, world)
    in_teams.types("/mentor accounts")
    assert not any("Grow" in seen or "mentee" in seen for seen in in_teams.all_seen)


def test_who_is_not_at_work_in_the_other_account_is_asked_the_next_morning(
    world: World, noor: tuple[LocalPerson, LocalPerson]
) -> None:
    in_slack, in_teams = noor
    world.now = world.now.replace(hour=21)
    acts(in_teams, world)
    in_teams.clicks("Yes, that is me")
    world.tick()
    assert in_slack.all_seen == []
    world.passes(timedelta(hours=1), hours=11)
    assert is_asked(in_slack)


def test_nobody_is_asked_twice_however_often_they_act_or_are_told_of(
    world: World, noor: tuple[LocalPerson, LocalPerson]
) -> None:
    in_slack, in_teams = noor
    for _ in range(3):
        acts(in_teams, world)
        tells(world, "teams")
        tells(world, "slack")
    in_teams.clicks("Yes, that is me")
    for _ in range(3):
        world.tick()
        acts(in_slack, world)
        tells(world, "teams")
    assert (times_asked(in_slack), times_asked(in_teams)) == (1, 0)  # the yes replaced the question


@pytest.mark.parametrize("kind", [Kind.GUEST, Kind.STRANGER])
@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_the_address_of_who_is_no_colleague_asks_nobody(
    world: World, platform: str, kind: Kind
) -> None:
    noor = noor_twice(world)
    tells(world, platform, kind=kind)
    for person in noor:
        acts(person, world)
        assert not is_asked(person)


def test_a_guest_whose_address_is_somebodys_was_never_noticed(world: World) -> None:
    world.opens("slack")
    world.opens("teams")
    tells(world, "slack")
    tells(world, "teams", kind=Kind.GUEST)
    assert links(world) == []


@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_when_an_address_changes_what_was_said_about_it_counts_no_longer(
    world: World, noor: tuple[LocalPerson, LocalPerson], platform: str
) -> None:
    in_slack, in_teams = noor
    acts(in_teams, world)
    in_teams.clicks("Yes, that is me")
    world.tick()
    tells(world, platform, email="another@example.com")
    assert links(world) == []
    in_slack.clicks("Yes, that is me")
    assert "out of date" in in_slack.sees
    world.tick()
    assert len(known(world)) == 2


# --- answering ---


@pytest.mark.parametrize(("first", "name"), [(0, "N. Visser"), (1, "Noor Visser")])
def test_two_yeses_make_one_person_who_hears_where_they_said_it_last(
    world: World, noor: tuple[LocalPerson, LocalPerson], first: int, name: str
) -> None:
    world.joins("N. Visser", MENTEE)
    last = noor[1 - first]
    says_yes_in_both(world, noor[first], last)
    assert known(world) == [name]
    assert links(world) == []
    assert "You are one person to me now" in last.sees
    assert preferred(world) == {"slack": first == 1, "teams": first == 0}
    for person in noor:
        acts(person, world)
        assert "Grow" in person.sees
    [entry] = world.rows(select(AuditEntry))
    assert entry.did == "joined accounts"


@pytest.mark.parametrize("first", [0, 1])
def test_one_no_keeps_them_apart_and_nobody_is_asked_again(
    world: World, noor: tuple[LocalPerson, LocalPerson], first: int
) -> None:
    here, there = noor[first], noor[1 - first]
    acts(here, world)
    here.clicks("No, somebody else")
    for person in (there, here, there):
        acts(person, world)
    world.passes(timedelta(hours=3), days=3)
    assert times_asked(here) == times_asked(there) == 0
    assert len(known(world)) == 2


def test_who_said_yes_hears_that_the_other_said_no(
    world: World, noor: tuple[LocalPerson, LocalPerson]
) -> None:
    in_slack, in_teams = noor
    acts(in_teams, world)
    in_teams.clicks("Yes, that is me")
    world.tick()
    in_slack.clicks("No, somebody else")
    assert "In Slack (Waterkant) the answer was that this is somebody else" in in_teams.sees
    assert [entry.did for entry in world.rows(select(AuditEntry))] == [
        "said that an account is not theirs"
    ]


def test_a_no_can_be_taken_back_by_who_said_it_and_by_nobody_else(
    world: World, noor: tuple[LocalPerson, LocalPerson]
) -> None:
    in_slack, in_teams = noor
    acts(in_slack, world)
    in_slack.clicks("No, somebody else")
    for _ in range(2):
        in_teams.types("accounts")
        world.tick()
        in_teams.clicks("Is this also you?")
        if is_asked(in_teams):
            in_teams.clicks("Yes, that is me")
        assert "this is somebody else" in in_teams.sees
        world.tick()
    assert times_asked(in_slack) == 0
    in_slack.types("koppelingen")
    in_slack.clicks("Is this also you?")
    in_slack.clicks("Yes, that is me")
    world.tick()
    assert known(world) == ["Noor Visser"]


def test_who_acts_at_the_moment_they_become_one_person_is_answered(
    world: World, noor: tuple[LocalPerson, LocalPerson]
) -> None:
    in_slack, in_teams = noor
    acts(in_slack, world)
    in_slack.clicks("Yes, that is me")
    world.tick()
    in_teams.clicks("Yes, that is me")
    with ThreadPoolExecutor() as elsewhere:
        with world.database.transaction() as session:
            assert join_confirmed(session, world.now) == 1
            acting = elsewhere.submit(in_teams.types, "/mentor accounts")
            with pytest.raises(TimeoutError):
                acting.result(timeout=0.5)
        acting.result(timeout=20)
    assert "Your accounts" in in_teams.sees
