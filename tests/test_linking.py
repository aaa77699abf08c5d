"""One person on two platforms: asked in each whether it is them, and joined when both said yes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.core.messages import say
from bot.core.news import Kind
from bot.platforms.local.screen import LocalPerson
from scheduler.linking import join_confirmed
from storage import outbox, roles
from storage.models import (
    AuditEntry,
    Invite,
    InviteState,
    Leftover,
    Participant,
    ParticipantState,
    Person,
    Programme,
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
from tests.world import MENTEE, MENTOR, World


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


# --- what is in the way ---


def test_who_takes_part_with_both_hears_in_what_and_is_joined_after_leaving_one(
    world: World, noor: tuple[LocalPerson, LocalPerson]
) -> None:
    world.joins("Noor Visser", MENTEE)
    world.joins("N. Visser", MENTOR)
    in_slack, in_teams = noor
    says_yes_in_both(world, in_slack, in_teams)
    assert "with both you take part in Grow" in in_teams.sees
    heard = len(in_teams.all_seen)
    world.passes(timedelta(hours=3), days=1)
    assert len(in_teams.all_seen) == heard
    assert len(known(world)) == 2
    in_slack.types("leave")
    in_slack.clicks("Yes, leave")
    world.tick()
    assert known(world) == ["N. Visser"]
    [part] = world.rows(select(Participant))
    assert (part.state.value, part.mentor, part.mentee) == ("active", True, False)
    in_slack.types("/mentor profile")
    assert "I led three teams" in in_slack.sees


def whole(world: World) -> int:
    """The one person that Noor is now."""
    [person] = [p for p in world.rows(select(Person)) if p.email]
    return person.id


def test_what_was_asked_and_worked_out_for_both_is_had_once(world: World) -> None:
    """Both told their goal, waited after the same round and were asked in the same survey."""
    in_slack, in_teams = noor_twice(world)
    world.pair("Bram", "Mo")
    world.joins("Noor Visser", MENTEE)
    world.joins("N. Visser", MENTEE | {"goal": ("I want to find my own way in this company.",)})
    with world.database.transaction() as session:
        both = session.exec(select(Participant).order_by(col(Participant.id))).all()[2:]
        for part, state in zip(both, (InviteState.ANSWERED, InviteState.ASKED), strict=True):
            session.add(Leftover(round_id=1, participant_id=part.id, reasons={}))
            session.add(Invite(wave_id=1, person_id=part.person_id, state=state))
    in_slack.types("leave")
    in_slack.clicks("Yes, leave")
    says_yes_in_both(world, in_teams, in_slack)
    assert known(world) == ["Noor Visser"]
    [part] = [
        p for p in world.rows(select(Participant)) if p.mentee and p.person_id == whole(world)
    ]
    assert part.state is ParticipantState.ACTIVE
    assert [one.participant_id for one in world.rows(select(Leftover))].count(part.id) == 1
    [invite] = world.rows(select(Invite))
    assert (invite.person_id, invite.state) == (part.person_id, InviteState.ANSWERED)
    in_slack.types("/mentor profile")
    assert "find my own way" in in_slack.sees


# --- afterwards ---


@pytest.fixture
def joined(world: World, noor: tuple[LocalPerson, LocalPerson]) -> tuple[LocalPerson, LocalPerson]:
    """Joined, and heard in Teams."""
    says_yes_in_both(world, *noor)
    return noor


def about(world: World) -> tuple[Any, ...]:
    [person] = [p for p in world.rows(select(Person)) if p.email]
    return person.name, person.locale, person.time_zone, person.country


@pytest.mark.parametrize("order", [("slack", "teams"), ("teams", "slack")])
def test_the_preferred_platform_says_who_somebody_is_and_the_other_does_not_contradict_it(
    world: World, joined: tuple[LocalPerson, LocalPerson], order: tuple[str, str]
) -> None:
    assert joined
    for platform in order:
        zone = {"slack": "Europe/Paris", "teams": "Europe/Berlin"}[platform]
        tells(world, platform, time_zone=zone, locale="nl" if platform == "teams" else "en")
    assert about(world) == ("N. Visser", "nl", "Europe/Berlin", "DE")
    tells(world, "teams", active=False)
    tells(world, "slack", time_zone="Europe/Paris", locale="en")
    assert about(world) == ("Noor Visser", "en", "Europe/Paris", "FR")
    assert all(person.active for person in world.rows(select(Person)))


def test_another_address_on_the_other_platform_is_not_taken_over(
    world: World, joined: tuple[LocalPerson, LocalPerson]
) -> None:
    assert joined
    tells(world, "slack", email="n.visser@example.com")
    [person] = world.rows(select(Person))
    assert person.email == "noor@example.com"


def test_accounts_shows_where_messages_come_and_changes_it(
    world: World, joined: tuple[LocalPerson, LocalPerson]
) -> None:
    in_slack, in_teams = joined
    in_teams.types("/mentor accounts")
    assert "Microsoft Teams (Waterkant): my messages come here." in in_teams.sees
    in_teams.clicks("Rather in Slack (Waterkant)")
    assert "Slack (Waterkant): my messages come here." in in_teams.sees
    assert preferred(world) == {"slack": True, "teams": False}
    with world.database.transaction() as session:
        person = session.exec(select(Person)).one()
        outbox.promise(session, person, say("News for you"), key="news", now=world.now)
    world.deliver()
    assert (in_slack.sees, "News for you" in in_teams.sees) == ("News for you", False)


def test_an_account_that_is_somebody_elses_is_taken_apart_and_the_administrators_hear_it(
    world: World, joined: tuple[LocalPerson, LocalPerson]
) -> None:
    in_slack, in_teams = joined
    ada = world.admin("Ada")
    world.joins("N. Visser", MENTEE)
    in_slack.types("accounts")
    in_slack.clicks("Microsoft Teams (Waterkant) is not mine")
    assert "N. Visser says that the account in Microsoft Teams" in ada.sees
    assert preferred(world) == {"slack": True, "teams": True}
    tells(world, "teams")
    acts(in_teams, world)
    assert "You do not take part" in in_teams.sees
    assert not is_asked(in_teams)
    acts(in_slack, world)
    assert "Grow" in in_slack.sees
    world.passes(timedelta(hours=3), days=2)
    assert len(known(world)) == 2


def test_who_has_one_account_reads_so_and_has_nothing_to_press(world: World) -> None:
    noor = world.person("Noor")
    noor.types("accounts")
    assert "my messages come here" in noor.sees
    assert noor.buttons == []


def test_a_button_for_somebody_elses_account_does_nothing(
    world: World, joined: tuple[LocalPerson, LocalPerson]
) -> None:
    _, in_teams = joined
    mo = world.person("Mo")
    in_teams.types("accounts")
    card = in_teams.card
    assert card is not None
    for number, label in enumerate(in_teams.buttons):
        world.chat.post("dm:mo", "bot", card, key=f"stolen-{number}")
        mo.clicks(label)
        assert "out of date" in mo.sees
    assert preferred(world) == {"slack": False, "teams": True}


def test_an_administrator_of_both_stays_one(
    world: World, noor: tuple[LocalPerson, LocalPerson]
) -> None:
    with world.database.transaction() as session:
        for person in session.exec(select(Person)).all():
            roles.appoint(session, person, None)
            roles.appoint(session, person, session.get_one(Programme, 1))
    says_yes_in_both(world, *noor)
    assert len(known(world)) == 1
    with world.database.look() as session:
        assert len(roles.admins(session, world.organisation)) == 1
