"""«What do you hold of me?»: everything that is mine, to me alone, and nothing of what others trusted
the bot with."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

from sqlmodel import SQLModel, select

from bot.cards.own_data import SendMyData
from bot.core.messages import File, Message
from storage import erasing, own_data, retention
from storage.models import (
    Answer,
    CheckIn,
    Delivery,
    Dialogue,
    Member,
    Mentorship,
    Participant,
    Programme,
    ProgrammeGoal,
    Ruling,
    RulingKind,
    Wave,
)
from tests.hands import Hands, matched
from tests.world import MENTEE, MENTOR, World

SECRET = "Een eerlijke twijfel over dit koppel."


def files(someone: Hands) -> list[File]:
    """What was sent to keep, in the last message."""
    found = [Message.from_json(words).all(File) for words in someone.received]
    return list(next(each for each in reversed(found) if each))


def taken_along(someone: Hands) -> tuple[str, dict[str, list[dict[str, object]]]]:
    someone.types("/mentor my-data")
    someone.presses(SendMyData)
    readable, data = files(someone)
    return readable.words, json.loads(data.words)


def test_the_card_says_what_why_who_and_until_when(world: World) -> None:
    _, noor = matched(world)
    noor.types("/mentor mijn-gegevens")
    for words in "Wat ik van je bewaar", "Je antwoorden", "Waarvoor", "Wie leest het", "12 maanden":
        assert words in noor.sees
    assert "beoordeling" in noor.sees


def test_all_of_it_comes_as_two_files(world: World) -> None:
    _, noor = matched(world)
    world.passes(days=15)
    readable, data = taken_along(noor)
    assert [file.name for file in files(noor)] == ["mijn-gegevens.txt", "mijn-gegevens.json"]
    assert MENTEE["goal"][0] in readable and "Bram" in readable
    assert "Om de week" in readable
    [about] = data["about"]
    assert about["name"] == "Noor"
    assert {row["question"] for row in data["answers"]} >= {"goal", "skills_wanted", "consent"}
    assert [pair["partner"] for pair in data["pairs"]] == ["Bram"]
    assert data["check_ins"] and data["messages"]


def test_whom_somebody_would_rather_avoid_has_a_name_in_their_own_file(world: World) -> None:
    world.programme()
    bram, noor = Hands(world, "Bram"), Hands(world, "Noor", "nl")
    world.joins("Noor", MENTEE | {"avoid": (str(bram.row.id),)})
    world.joins("Bram", MENTOR)
    assert "Bram" in taken_along(noor)[0]
    readable, data = taken_along(bram)
    assert "Noor" not in readable + json.dumps(data)


def test_what_coordinators_and_others_said_in_confidence_is_not_in_it(world: World) -> None:
    bram, noor = matched(world)
    mentor, mentee = bram.takes_part(), noor.takes_part()
    assert mentor and mentee
    with world.database.transaction() as session:
        session.add(
            Ruling(
                programme_id=1,
                mentor_id=mentor.id,
                mentee_id=mentee.id,
                kind=RulingKind.FORBID,
                reason=SECRET,
            )
        )
    for someone in bram, noor:
        readable, data = taken_along(someone)
        assert SECRET not in readable + json.dumps(data)
    assert MENTOR["offer"][0] not in taken_along(noor)[0]


def test_every_table_with_something_of_people_is_told_or_says_why_not() -> None:
    theirs = {name for name, fate in erasing.FATES.items() if fate is not None}
    theirs |= {"auditentry", "mentorship", "vote"}  # numbers, that are read through others
    assert own_data.TOLD | own_data.WITHHELD.keys() == theirs
    assert not own_data.TOLD & own_data.WITHHELD.keys()


# --- no longer than was decided ---


def test_every_table_says_what_happens_when_a_programme_is_forgotten() -> None:
    assert retention.OF_A_PROGRAMME.keys() == SQLModel.metadata.tables.keys()


def goes_on(world: World, day: date) -> None:
    world.now = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    world.tick()


def test_a_year_after_its_end_what_people_told_goes_and_figures_stay(world: World) -> None:
    _, noor = matched(world)
    world.passes(days=15)
    [programme] = world.rows(select(Programme))
    thomas = world.people["Thomas"]
    day = retention.day_of(programme)
    assert day == date(programme.ends_on.year + 1, programme.ends_on.month, programme.ends_on.day)
    goes_on(world, programme.ends_on + timedelta(days=20))
    goes_on(world, day - timedelta(days=31))
    assert "erase what people told" not in thomas.sees
    goes_on(world, day - timedelta(days=30))
    goes_on(world, day - timedelta(days=29))
    assert "erase what people told in Grow" in thomas.sees
    goes_on(world, day - timedelta(days=1))
    assert noor.takes_part() and world.rows(select(Answer))
    waves = len(world.rows(select(Wave)))
    goes_on(world, day)
    for model in Answer, Dialogue, Participant, Member, Mentorship, CheckIn:
        assert world.rows(select(model)) == [], model
    assert len(world.rows(select(Wave))) == waves > 0
    assert world.rows(select(ProgrammeGoal)) is not None
    [programme] = world.rows(select(Programme))
    assert programme.forgotten_on == day
    told = [d for d in world.rows(select(Delivery)) if d.key.startswith("forgetting:")]
    assert len(told) == 1


def test_who_keeps_it_longer_after_all_is_told_again(world: World) -> None:
    matched(world)
    [programme] = world.rows(select(Programme))
    goes_on(world, programme.ends_on + timedelta(days=20))
    goes_on(world, retention.day_of(programme) - timedelta(days=30))
    with world.database.transaction() as session:
        session.get_one(Programme, programme.id).kept_months = 24
    goes_on(world, retention.day_of(programme) + timedelta(days=1))
    assert world.rows(select(Answer))
    [programme] = world.rows(select(Programme))
    assert programme.forgetting_told_on is None
    goes_on(world, retention.day_of(programme) - timedelta(days=10))
    goes_on(world, retention.day_of(programme))
    assert world.rows(select(Answer)), "they heard of it less than a month ago"
    goes_on(world, retention.day_of(programme) + timedelta(days=20))
    assert not world.rows(select(Answer))
