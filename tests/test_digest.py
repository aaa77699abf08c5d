"""The status overview: figures that are right, and words that fit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from bot.cards import digest as cards
from bot.cards.digest import Told
from bot.cards.means import Survey
from bot.core.charts import Overview
from bot.core.insights import Digest, GoalFigure, Trend, Week
from bot.core.messages import Message, Picture
from bot.pictures import png
from bot.platforms.local.screen import draw
from bot.texts import translator
from storage.models import (
    CheckInAnswer,
    DeliveryState,
    Mentorship,
    MentorshipState,
    Person,
    ProgrammeGoal,
    Wave,
    WaveState,
)
from tests.cohort import closed_survey, cohort, fails, says, told
from tests.world import MONDAY, World

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MET, PLANNED, NOT_YET = CheckInAnswer.MET, CheckInAnswer.PLANNED, CheckInAnswer.NOT_YET


# --- the figures ---


def test_the_numbers_equal_those_counted_by_hand(world: World) -> None:
    people = cohort(world, 4, 4)
    world.person("Waiting")
    world.joins("Waiting", {"role": ("mentee",), "rhythm": ("weekly",)})
    world.person("Gone")
    world.joins("Gone", {"role": ("mentee",), "rhythm": ("weekly",)})
    today = MONDAY.date()
    says(world, 1, today, MET, MET)
    says(world, 2, today, NOT_YET, MET)  # they disagree; it counts as met
    says(world, 3, today, PLANNED, None)
    says(world, 4, today, None, None)
    says(world, 1, today - 3 * WEEK, NOT_YET, None)
    says(world, 1, today - 4 * WEEK, MET, MET)
    says(world, 2, today - 4 * WEEK, NOT_YET, NOT_YET)
    says(world, 4, today - 30 * WEEK, MET, None)  # long ago: only "ever met" knows
    says(world, 3, today + WEEK, MET, MET)  # not yet
    with world.database.transaction() as session:
        session.get_one(Mentorship, 3).stuck_since = MONDAY
        session.get_one(Mentorship, 4).stuck_since = MONDAY
        session.get_one(Mentorship, 4).state = MentorshipState.ENDED
        gone = session.exec(select(Person).where(Person.name == "Gone")).one()
        gone.active = False
    fails(world, people[0], DeliveryState.SENT, "before")
    fails(world, people[0], DeliveryState.UNREACHABLE, "a")
    fails(world, people[0], DeliveryState.FAILED, "b")
    fails(world, people[1], DeliveryState.FAILED, "c")
    fails(world, people[1], DeliveryState.SENT, "d")  # reached since
    fails(world, world.people["Gone"], DeliveryState.UNREACHABLE, "e")

    found = told(world)
    digest = found.digest
    assert (digest.joined, digest.matched) == (9, 6)
    assert (found.pairs, digest.met) == (4, 4)
    assert digest.meeting_rate == Trend(0.5, 0.5)  # 2 of 4 answers; 1 of 2
    assert digest.response_rate == 0.6  # 6 of 10
    assert (digest.stuck, digest.undelivered, digest.disagreements) == (1, 1, 1)
    assert digest.weeks[-1] == Week(today, met=2, not_met=1, silent=1, disagreements=1)
    assert digest.weeks[-4] == Week(today - 3 * WEEK, not_met=1)


def test_another_programme_counts_for_nothing(world: World) -> None:
    cohort(world, 2, 2)
    cohort(world, 3, 3, programme=world.programme("Lead"), name="Lead")
    says(world, 3, MONDAY.date(), MET, MET)
    with world.database.transaction() as session:
        session.get_one(Mentorship, 4).stuck_since = MONDAY
    fails(world, world.people["MentorLead1"], DeliveryState.FAILED, "x")
    found = told(world)
    assert (found.digest.joined, found.digest.matched, found.pairs) == (4, 4, 2)
    assert (found.digest.met, found.digest.stuck, found.digest.undelivered) == (0, 0, 0)
    assert found.digest.response_rate is None


def test_each_goal_stands_beside_its_target(world: World) -> None:
    cohort(world, 5, 5)
    today = MONDAY.date()
    for mentorship, answer in ((1, MET), (2, MET), (3, MET), (4, NOT_YET)):
        says(world, mentorship, today - 2 * WEEK, answer, None)
    says(world, 5, today - 5 * WEEK, MET, MET)  # more than four weeks ago
    closed_survey(world, 1, 4.0, 6)
    closed_survey(world, 2, 4.4, 8)
    with world.database.transaction() as session:
        for measure, target in (
            ("joined", 60), ("met_share", 80), ("satisfaction", 4.5), ("response_rate", 70),
        ):  # fmt: skip
            session.add(ProgrammeGoal(programme_id=1, measure=measure, target=target))
    assert told(world).digest.goals == (
        GoalFigure("joined", 10, 60.0),
        GoalFigure("met_share", 75, 80.0, "%"),
        GoalFigure("satisfaction", 4.4, 4.5),
        GoalFigure("response_rate", 80, 70.0, "%"),
    )
    words = draw(cards.digest(translator("en"), told(world)))
    assert "People taking part: 10; the target is 60" in words
    assert "Pairs that met in the last four weeks: 75%; the target is 80%" in words
    assert "How useful people find it: 4.4 out of 5; the target is 4.5 out of 5" in words
    assert "People who answered the last survey: 80%; the target is 70%" in words
    assert "How useful people find it: 4.4 out of 5, up from 4 out of 5" in words


@pytest.mark.parametrize(
    ("surveys", "words"),
    [
        ((), "no survey has closed yet"),
        ((None,), "too few answers to show (fewer than 5)"),
        ((4.1, None), "too few answers to show (fewer than 5)"),
        ((None, 4.1), "4.1 out of 5"),
        ((4.4, 4.1), "4.1 out of 5, down from 4.4 out of 5"),
        ((4.1, 4.1), "4.1 out of 5, the same as before"),
    ],
)
def test_satisfaction_is_told_with_its_trend_or_why_it_is_not(
    world: World, surveys: tuple[float | None, ...], words: str
) -> None:
    cohort(world, 1, 1)
    for number, mean in enumerate(surveys, 1):
        closed_survey(world, number, mean, 8 if mean else 4)
    drawn = draw(cards.digest(translator("en"), told(world)))
    assert f"How useful people find it: {words}\n" in drawn


def test_a_survey_that_was_skipped_or_reached_nobody_says_nothing(world: World) -> None:
    cohort(world, 1, 1)
    closed_survey(world, 1, 4.2)
    with world.database.transaction() as session:
        session.get_one(Wave, 2).state = WaveState.CLOSED
    closed_survey(world, 3, None, 0, invited=0)
    assert told(world).digest.satisfaction == Trend(4.2)


def test_a_programme_without_anybody_has_a_digest_too(world: World) -> None:
    world.programme()
    drawn = draw(cards.digest(translator("en"), told(world)))
    assert "Nobody takes part yet." in drawn
    assert "no check-ins answered yet" in drawn


# --- the card ---


def some_digest(programme: str = "Grow **big** [x]", joined: int = 24) -> Told:
    weeks = tuple(
        Week(date(2026, 3, 2) - ago * WEEK, met=ago, not_met=3, silent=0)
        for ago in range(7, -1, -1)
    )
    goals = (GoalFigure("joined", 24, 60), GoalFigure("met_share", None, 80, "%"))
    found = Digest(
        programme, date(2026, 3, 2), date(2026, 3, 6), joined, 20, 8, Trend(0.62, 0.54),
        Trend(4.2), 0.75, goals, 3, 1, 2, weeks,
    )  # fmt: skip
    return Told(found, pairs=10, survey=Survey.SHOWN, at_least=5)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_picture_says_the_same_as_the_words_and_can_be_drawn(language: str) -> None:
    card = cards.digest(translator(language), some_digest())
    assert Message.from_json(card.to_json()) == card
    (picture,) = card.all(Picture)
    assert isinstance(picture.chart, Overview)
    assert png(picture.chart).startswith(b"\x89PNG")
    assert picture.chart.title.startswith("Grow **big** [x]")
    values = [figure.value for figure in picture.chart.figures]
    assert [value.replace("\xa0", "").replace(",", ".") for value in values] == [
        "24", "20", "8", "62%", "4.2", "75%",
    ]  # fmt: skip
    directions = [figure.direction for figure in picture.chart.figures]
    assert directions == ["unknown"] * 3 + ["up", "unknown", "unknown"]
    for value in (*values, "54"):
        assert value in picture.alt
        assert value in draw(card).split("[picture")[0]
    assert picture.chart.weeks is not None
    assert picture.chart.weeks.values[0] == (7, 6, 5, 4, 3, 2, 1, 0)


def test_the_picture_begins_with_the_first_week_in_which_anybody_was_asked(world: World) -> None:
    cohort(world, 3, 3)
    for days, said in ((-14, MET), (-7, None), (0, NOT_YET)):
        says(world, 1, MONDAY.date() + days * DAY, said, None)
        for other in (2, 3):
            says(world, other, MONDAY.date() + days * DAY, None, None)
    says(world, 1, MONDAY.date() - 12 * WEEK, MET, None)  # further back than the picture goes
    (picture,) = cards.digest(translator("en"), told(world)).all(Picture)
    assert isinstance(picture.chart, Overview)
    assert picture.chart.weeks is not None
    assert picture.chart.weeks.weeks == ("16 Feb", "23 Feb", "2 Mar")
    assert picture.chart.weeks.tops == ("100%", "", "0%")
    assert png(picture.chart)


@pytest.mark.parametrize("pairs", [1, 2])
def test_what_one_or_two_pairs_answered_is_no_figure(world: World, pairs: int) -> None:
    cohort(world, pairs, pairs)
    for pair in range(1, pairs + 1):
        says(world, pair, MONDAY.date(), MET, MET)
    card = draw(cards.digest(translator("en"), told(world)))
    assert "too few pairs to show (fewer than 3)" in card
    assert "100%" not in card
    assert "has met at least once" not in card


def test_a_programmes_name_cannot_bring_mark_up_into_the_card() -> None:
    card = cards.digest(translator("en"), some_digest("**<!channel>** _x_"))
    assert draw(card).startswith("# **<!channel>** _x_: status overview of week 10\n")
