"""Two accounts become one person: what is in the way, and how they live on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.core.messages import say
from bot.platforms.local.screen import LocalPerson
from storage import outbox, roles
from storage.models import (
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
    noor_twice,
    preferred,
    says_yes_in_both,
    tells,
)
from tests.world import MENTEE, MENTOR, World


@pytest.fixture
def noor(world: World) -> tuple[LocalPerson, LocalPerson]:
    """In Slack, and in Teams."""
    world.programme()
    return noor_twice(world)


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
