"""The status overview on its way: on request, every Friday, and names only where they belong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from bot.cards import digest as cards
from bot.core.messages import Message
from bot.core.platform import Letter, Unreachable, Why
from bot.platforms.local.platform import LocalPlatform
from bot.texts import translator
from scheduler.digest import weekly_digests
from storage import figures
from storage.models import (
    AuditEntry,
    Delivery,
    DeliveryState,
    Mentorship,
    Person,
    Programme,
    ProgrammeState,
)
from tests.cohort import cohort, fails, told
from tests.world import MONDAY, World

WEEK = timedelta(weeks=1)
FRIDAY = datetime(2026, 3, 6, 8, tzinfo=UTC)  # nine o'clock in Amsterdam


def run(world: World, now: datetime) -> int:
    """The weekly job at this moment, and the post."""
    world.now = now
    with world.database.transaction() as session:
        done = weekly_digests(session, now)
    world.deliver()
    return done


def digests(world: World) -> list[str]:
    """The weekly digests that were promised."""
    found = world.rows(select(Delivery).where(col(Delivery.key).startswith("digest:")))
    return [delivery.key for delivery in found if ":names:" not in delivery.key]


# --- asked for ---


def test_in_private_a_coordinator_gets_the_digest_and_the_names(world: World) -> None:
    people = cohort(world, 2, 2)
    thomas = world.coordinator("Thomas")
    with world.database.transaction() as session:
        session.get_one(Mentorship, 2).stuck_since = MONDAY - WEEK
    fails(world, people[0], DeliveryState.UNREACHABLE, "x")
    thomas.types("/mentor digest")
    digest, names = sorted(thomas.all_seen, key=lambda seen: "who needs you" in seen)
    assert "# Grow: status overview of week 10" in digest
    assert "**" not in digest
    assert "4 people take part; 4 have a match. 0 of 2 pairs have met at least once." in digest
    assert "Stuck: 1. Not reached: 1." in digest
    assert not any(person.name in digest for person in world.rows(select(Person)))
    assert "Mentor2 and Mentee2, since 23 February 2026: ask both" in names
    assert "Mentor1: my messages do not arrive." in names
    assert [entry.did for entry in world.rows(select(AuditEntry))] == ["digest"]


def test_in_a_channel_everyone_reads_the_figures_and_only_the_coordinator_the_names(
    world: World,
) -> None:
    people = cohort(world, 2, 2)
    thomas = world.coordinator("Thomas", "en")
    with world.database.transaction() as session:
        session.get_one(Programme, 1).languages = ["en"]
        session.get_one(Mentorship, 2).stuck_since = MONDAY
    thomas.types("/mentor overzicht grow", "#mentoring")
    seen = people[0].sees_in("#mentoring")
    assert "# Grow: status overview of week 10" in seen
    assert "Stuck: 1" in seen
    assert not any(person.name in seen for person in world.rows(select(Person)))
    assert "Mentor2 and Mentee2" in thomas.sees
    assert all(person.sees == "" for person in people)
    assert "private message" in thomas.sees_in("#mentoring") or "Grow" in thomas.sees_in(
        "#mentoring"
    )


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", "so I show it to you here"), ("nl", "dus laat ik het je hier zien")],
)
def test_where_the_bot_cannot_write_who_asked_gets_the_figures_once_and_hears_why(
    world: World, locale: str, words: str
) -> None:
    people = cohort(world, 2, 2)
    thomas = world.coordinator("Thomas", locale)
    world.local = _KeptOut(world.chat)
    thomas.types("/mentor digest", "#mentoring")
    world.tick()
    [seen] = [text for text in thomas.all_seen if words in text]
    assert "week 10" in seen
    assert "week 10" not in people[0].sees_in("#mentoring")
    assert all(person.all_seen == [] for person in people)


def test_a_weekly_digest_that_cannot_arrive_is_shown_to_nobody_in_particular(world: World) -> None:
    cohort(world, 1, 1)
    thomas = world.coordinator("Thomas")
    world.local = _KeptOut(world.chat)
    run(world, FRIDAY)
    assert not any("so I show it" in text for text in thomas.all_seen)


class _KeptOut(LocalPlatform):
    """A workspace where nobody has let the bot into a channel."""

    async def send(self, letter: Letter) -> None:
        if letter.address.startswith("#"):
            raise Unreachable(Why.NOT_INVITED)
        await super().send(letter)


def test_the_channel_is_spoken_to_in_the_programmes_language(world: World) -> None:
    world.programme(languages=["nl"])
    thomas = world.coordinator("Thomas", "en")
    thomas.types("/mentor digest", "#mentoring")
    [posted] = [d for d in world.rows(select(Delivery)) if d.address == "#mentoring"]
    with world.database.look() as session:
        programme = session.get_one(Programme, 1)
        dutch = cards.digest(translator("nl"), figures.told(session, programme, MONDAY.date()))
    assert Message.from_json(posted.message) == dutch
    assert "6 mrt" in posted.message or "2 mrt" in posted.message


def test_when_nobody_needs_anything_that_is_said(world: World) -> None:
    cohort(world, 1, 1)
    thomas = world.coordinator("Thomas")
    thomas.types("/mentor digest")
    assert "Nobody is stuck, and all messages arrived." in thomas.sees
    assert len(thomas.all_seen) == 1
    thomas.types("/mentor digest", "#mentoring")
    assert "Nobody in Grow needs you right now." in thomas.sees


def test_others_are_refused(world: World) -> None:
    people = cohort(world, 1, 1)
    other = world.programme("Lead")
    lead = world.coordinator("Lena")
    assert other == 2
    people[0].types("/mentor digest")
    assert "Only a coordinator" in people[0].sees
    lead.types("/mentor digest grow")
    assert "status overview" not in lead.sees
    people[1].types("/mentor digest grow", "#mentoring")
    world.deliver()
    assert "status overview" not in people[1].sees_in("#mentoring")


def test_a_channel_that_nothing_reaches_is_named_until_something_arrives(world: World) -> None:
    world.programme()
    thomas = world.coordinator("Thomas")
    fails(world, None, DeliveryState.UNREACHABLE, "x")
    thomas.types("/mentor digest")
    assert any("My messages in #mentoring do not arrive." in seen for seen in thomas.all_seen)
    assert told(world).digest.undelivered == 1
    fails(world, None, DeliveryState.SENT, "y")
    assert told(world).digest.undelivered == 0


def test_a_long_list_of_names_is_cut_and_says_how_many_there_are(world: World) -> None:
    cohort(world, 1, 25)
    thomas = world.coordinator("Thomas")
    with world.database.transaction() as session:
        for mentorship in session.exec(select(Mentorship)):
            mentorship.stuck_since = MONDAY
    thomas.types("/mentor digest")
    names = next(seen for seen in thomas.all_seen if "who needs you" in seen)
    assert "Stuck: 25" in names
    assert names.count("Mentor1 and") == 20
    assert "and 5 more" in names


# --- by itself ---


def test_every_friday_morning_the_channel_gets_one_digest(world: World) -> None:
    cohort(world, 1, 1)
    world.coordinator("Thomas")
    assert run(world, FRIDAY - timedelta(seconds=1)) == 0
    for minute in range(20):
        run(world, FRIDAY + timedelta(minutes=minute))
    assert digests(world) == ["digest:1:2026-03-06"]
    assert world.people["Thomas"].sees == ""  # nobody needs anything
    [posted] = [d for d in world.rows(select(Delivery)) if d.address == "#mentoring"]
    in_dutch = cards.digest(translator("nl"), told(world, FRIDAY.date()))
    assert Message.from_json(posted.message) == in_dutch  # the programme's first language
    run(world, FRIDAY + WEEK)
    assert digests(world) == ["digest:1:2026-03-06", "digest:1:2026-03-13"]


def test_names_go_to_each_coordinator_and_never_to_the_channel(world: World) -> None:
    cohort(world, 1, 1)
    thomas, ada = world.coordinator("Thomas"), world.coordinator("Ada")
    with world.database.transaction() as session:
        session.get_one(Mentorship, 1).stuck_since = MONDAY
    run(world, FRIDAY)
    assert "Mentor1 and Mentee1" in thomas.sees
    assert "Mentor1 and Mentee1" in ada.sees
    channel = [d.message for d in world.rows(select(Delivery)) if d.person_id is None]
    assert len(channel) == 1
    assert not any(person.name in channel[0] for person in world.rows(select(Person)))


def test_three_missed_weeks_give_one_digest_and_the_next_on_friday(world: World) -> None:
    cohort(world, 1, 1)
    monday = MONDAY + 4 * WEEK
    for minute in range(20):
        run(world, monday + timedelta(minutes=minute))
    assert digests(world) == ["digest:1:2026-03-27"]
    assert "week 13" in world.people["Mentor1"].sees_in("#mentoring")
    run(world, datetime(2026, 4, 3, 6, 59, tzinfo=UTC))
    assert len(digests(world)) == 1
    run(world, datetime(2026, 4, 3, 7, tzinfo=UTC))  # nine o'clock, in summer time now
    assert digests(world)[1:] == ["digest:1:2026-04-03"]


def test_a_digest_missed_until_an_hour_before_the_next_does_not_swallow_it(world: World) -> None:
    cohort(world, 1, 1)
    run(world, FRIDAY + WEEK - timedelta(hours=1))
    run(world, FRIDAY + WEEK)
    assert digests(world) == ["digest:1:2026-03-06", "digest:1:2026-03-13"]


def test_without_a_channel_each_coordinator_gets_the_digest_in_their_own_language(
    world: World,
) -> None:
    world.programme(channel_address="", channel_workspace_id=None)
    thomas, noor = world.coordinator("Thomas", "en"), world.coordinator("Noor", "nl")
    run(world, FRIDAY)
    assert len(thomas.all_seen) == len(noor.all_seen) == 1
    assert "2 Mar to 6 Mar" in str(thomas.card)
    assert "2 mrt" in str(noor.card)


def test_a_programme_without_a_date_for_its_digest_gets_one_first(world: World) -> None:
    world.programme(next_digest_at=None, time_zone="America/New_York")
    assert run(world, FRIDAY) == 1
    assert digests(world) == []
    [programme] = world.rows(select(Programme))
    assert programme.next_digest_at == datetime(2026, 3, 6, 9, tzinfo=ZoneInfo("America/New_York"))


def test_an_archived_programme_tells_nothing(world: World) -> None:
    world.programme(state=ProgrammeState.ARCHIVED)
    assert run(world, FRIDAY) == 0
    assert digests(world) == []


def test_a_programme_that_ended_a_month_ago_falls_silent(world: World) -> None:
    world.programme(weeks=4)
    for week in range(12):
        run(world, FRIDAY + week * WEEK)
    assert digests(world)[-1] == "digest:1:2026-04-24"
    assert len(digests(world)) == 8


def test_a_hundred_programmes_are_told_in_batches(world: World) -> None:
    for number in range(25):
        world.programme(f"Programme {number}")
    assert [run(world, FRIDAY) for _ in range(4)] == [10, 10, 5, 0]
    assert len(set(digests(world))) == 25


def test_the_digest_asks_the_database_as_often_for_many_people_as_for_few(world: World) -> None:
    def queries(session: Session) -> int:
        seen: list[str] = []
        from sqlalchemy import event

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *a: seen.append(a[2]))
        figures.told(session, session.get_one(Programme, 1), world.now.date())
        return len(seen)

    cohort(world, 2, 2)
    with world.database.look() as session:
        few = queries(session)
    cohort(world, 6, 6, programme=1, name="More")
    with world.database.look() as session:
        assert queries(session) == few <= 12
