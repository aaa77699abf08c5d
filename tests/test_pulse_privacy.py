"""Anonymous means anonymous in what is stored, in what is shown, and in what is written elsewhere."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, make_url, text
from sqlmodel import select

from bot.core.messages import Message
from scheduler.surveys import open_and_close_waves
from storage import figures
from storage.models import Delivery, Invite, Programme, SurveyAnswer, Wave
from tests.cohort import AFTER_IT, FIRST_SURVEY, answers, at, cohort, coordinator_sees, survey
from tests.world import World

DAY = timedelta(days=1)


# --- what is stored ---


def test_an_anonymous_answer_is_stored_without_person_and_time(world: World) -> None:
    people = cohort(world)
    at(world, FIRST_SURVEY)
    for person in people:
        answers(person, tell="words")
    with world.database.look() as session:
        columns = {
            column["name"] for column in inspect(session.connection()).get_columns("surveyanswer")
        }
        assert columns == {"id", "wave_id", "question", "part", "value", "person_id"}
        rows = session.connection().execute(text("SELECT * FROM surveyanswer")).mappings().all()
        assert len(rows) == 30
        assert {row["person_id"] for row in rows} == {None}
        assert {(row["wave_id"], row["part"]) for row in rows} == {(1, "mentor"), (1, "mentee")}
        invites = session.connection().execute(text("SELECT * FROM invite")).mappings().all()
        assert {row["state"] for row in invites} == {"answered"}
        assert {row["ask_at"] for row in invites} == {None}


def test_the_order_of_the_rows_does_not_tell_the_order_of_the_answers(world: World) -> None:
    people = cohort(world, 6, 6)
    at(world, FIRST_SURVEY)
    arrived = []
    for number, person in enumerate(people):
        answers(person, tell=f"number {number}")
        arrived.append(f"number {number}")
    with world.database.look() as session:
        ids = session.exec(
            select(SurveyAnswer.id, SurveyAnswer.value).where(SurveyAnswer.question == "tell")
        ).all()
        by_id = [value for _, value in sorted(ids)]
        assert by_id not in (arrived, arrived[::-1])
        if world.database.is_sqlite:
            made = "SELECT sql FROM sqlite_master WHERE name = 'surveyanswer'"
            assert "WITHOUT ROWID" in session.connection().execute(text(made)).scalar_one()


def test_nothing_links_the_answers_of_one_person_to_each_other(world: World) -> None:
    people = cohort(world, 6, 6)
    at(world, FIRST_SURVEY)
    for person in people:
        answers(person, tell="words")
    ids = [row.id for row in world.rows(select(SurveyAnswer))]
    assert len({id_[:6] for id_ in ids}) == len(ids) == 36


def test_when_the_survey_closes_single_answers_are_gone_from_the_tables_and_the_file(
    world: World,
) -> None:
    survey(world, "543", comments=["a secret nobody may read"] * 3)
    assert world.rows(select(SurveyAnswer)) == []
    if not world.database.is_sqlite:
        return
    with world.database.transaction() as session:
        session.connection().execute(text("SELECT 1"))
    world.database.engine.dispose()  # the last connection writes everything into the file
    file = Path(make_url(world.database.url).database or "")
    remains = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert b"surveyanswer" in remains
    assert b"a secret nobody may read" not in remains


def test_a_confidential_survey_keeps_its_answers_and_still_hides_small_figures(
    world: World,
) -> None:
    people = cohort(world)
    world.coordinator("Thomas")
    with world.database.transaction() as session:
        session.get_one(Wave, 1).anonymous = False
    at(world, FIRST_SURVEY)
    for person in people[:4]:
        answers(person)
    at(world, AFTER_IT)
    assert len(world.rows(select(SurveyAnswer))) == 8
    assert "too few answers to show (fewer than 5)" in world.people["Thomas"].sees


def test_a_confidential_survey_never_claims_that_no_name_was_stored(world: World) -> None:
    people = cohort(world)
    thomas = world.coordinator("Thomas")
    with world.database.transaction() as session:
        session.get_one(Wave, 1).anonymous = False
    at(world, FIRST_SURVEY)
    for person in people:
        answers(person, tell="words")
    at(world, AFTER_IT)
    seen = "".join(thomas.all_seen)
    assert "“words”" in seen
    assert "name was stored" not in seen


# --- what is shown ---


def test_four_answers_are_hidden(world: World) -> None:
    survey(world, "5555")
    seen = coordinator_sees(world)
    assert "4 of 10 people answered" in seen
    assert "too few answers to show (fewer than 5)" in seen
    assert "out of 5, from" not in seen
    assert "4.8" not in seen


def test_five_answers_are_shown(world: World) -> None:
    survey(world, "54325")
    seen = coordinator_sees(world)
    assert "Everyone: 3.8 out of 5, from 5 answers" in seen
    assert "How useful people find it: 3.8 out of 5" in seen


def test_a_small_group_is_hidden_and_so_is_the_other_from_which_it_would_follow(
    world: World,
) -> None:
    survey(world, "1155555555", mentors=2)
    seen = coordinator_sees(world)
    assert "Everyone: 4.2 out of 5, from 10 answers" in seen
    assert "Mentors: hidden" in seen
    assert "Mentees: hidden" in seen


def test_when_everyone_agrees_the_figure_says_nearly_all(world: World) -> None:
    survey(world, "5555555555")
    seen = coordinator_sees(world)
    assert "Everyone: nearly all high: 4.5 out of 5 or more, from 10 answers" in seen
    assert "How useful people find it: nearly all high: 4.5 out of 5 or more" in seen
    assert "Mentors: hidden" in seen


def test_nothing_is_shown_of_a_survey_that_is_still_open(world: World) -> None:
    people = cohort(world)
    world.coordinator("Thomas")
    at(world, FIRST_SURVEY)
    thomas = world.people["Thomas"]
    thomas.types("/mentor digest")
    before = thomas.sees
    assert "no survey has closed yet" in before
    for person in people:
        answers(person, useful="1", tell="I am not happy.")
    thomas.types("/mentor digest")
    assert thomas.sees == before
    assert thomas.all_seen.count(before) == 2  # the second digest is one of its own


def test_a_promise_made_on_the_card_is_kept_when_the_programme_becomes_less_strict(
    world: World,
) -> None:
    people = cohort(world)
    world.coordinator("Thomas")
    at(world, FIRST_SURVEY)
    assert "at least 5 people have answered" in people[0].sees
    with world.database.transaction() as session:
        session.get_one(Programme, 1).smallest_group = 3
    at(world, FIRST_SURVEY + DAY)
    for person in people[:4]:
        answers(person)
    at(world, AFTER_IT)
    assert "out of 5, from" not in coordinator_sees(world)


def test_a_programme_that_becomes_stricter_is_stricter_at_once(world: World) -> None:
    people = cohort(world)
    world.coordinator("Thomas")
    at(world, FIRST_SURVEY)
    with world.database.transaction() as session:
        session.get_one(Programme, 1).smallest_group = 7
    for person in people[:6]:
        answers(person)
    at(world, AFTER_IT)
    assert "too few answers to show (fewer than 7)" in coordinator_sees(world)


def test_frozen_figures_stay_when_somebody_is_erased_and_the_rules_change(world: World) -> None:
    survey(world, "54325", smallest_group=3)
    with world.database.transaction() as session:
        programme = session.get_one(Programme, 1)
        before = figures.told(session, programme, world.now.date())
        programme.smallest_group = 9
        for invite in session.exec(select(Invite)).all()[:3]:
            session.delete(invite)
        session.flush()
        assert figures.told(session, programme, world.now.date()) == before
        assert before.digest.satisfaction.now == 3.8


def test_the_threshold_is_never_below_three_whatever_the_programme_says(world: World) -> None:
    people = survey(world, "55", smallest_group=1)
    assert "at least 3 people have answered" in "".join(people[9].all_seen)
    seen = coordinator_sees(world)
    assert "too few answers to show (fewer than 3)" in seen


# --- comments ---


def test_four_comments_are_hidden_although_ten_people_answered(world: World) -> None:
    survey(world, "5" * 10, comments=[f"secret {number}" for number in range(4)])
    seen = coordinator_sees(world)
    assert "secret" not in seen
    assert "only when at least 5 people wrote one" in seen
    with world.database.look() as session:
        assert "secret" not in json.dumps(session.get_one(Wave, 1).figures)


def test_five_comments_are_shown_in_private_in_no_telling_order(world: World) -> None:
    comments = [f"comment {number}" for number in range(10)]
    survey(world, "5" * 10, comments=comments)
    with world.database.look() as session:
        kept = session.get_one(Wave, 1).figures["comments"]
    assert sorted(kept) == comments
    assert kept not in (comments, comments[::-1])
    thomas = world.people["Thomas"]
    assert all(one in "\n".join(thomas.all_seen) for one in comments)
    coordinator_sees(world)
    assert "comment" not in thomas.sees_in("#mentoring")


def test_a_comment_cannot_shout_or_plant_a_link(world: World) -> None:
    survey(world, "5" * 5, comments=["<!channel> **loud** _x_ [a](http://b)"] * 5)
    assert "“<!channel> **loud** _x_ [a](http://b)”" in "\n".join(world.people["Thomas"].all_seen)


def test_a_hundred_long_comments_fit_one_card_that_says_how_many_there_are(world: World) -> None:
    people = cohort(world, 7, 7)
    world.coordinator("Thomas")
    at(world, FIRST_SURVEY)
    for person in people:
        answers(person, tell="x" * 1000)
    at(world, AFTER_IT)
    assert "You see 12 of 14." in world.people["Thomas"].sees


# --- what is written down elsewhere ---


def test_no_message_log_or_trail_repeats_what_somebody_answered(
    world: World, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    survey(world, "1234", comments=["my very own words"] * 4)
    coordinator_sees(world)
    printed = capfd.readouterr()
    assert "my very own words" not in printed.out + printed.err + caplog.text
    with world.database.look() as session:
        tables = inspect(session.connection()).get_table_names()
        for table in tables:
            rows = session.connection().execute(text(f'SELECT * FROM "{table}"')).all()
            assert "my very own words" not in str(rows), table


def test_two_processes_that_close_a_wave_freeze_it_once(world: World) -> None:
    cohort(world)
    world.coordinator("Thomas")
    at(world, FIRST_SURVEY)
    with world.database.transaction() as session:
        assert open_and_close_waves(session, AFTER_IT) == 1
        assert open_and_close_waves(session, AFTER_IT) == 0
    results = [d.message for d in world.rows(select(Delivery)) if ":results:" in d.key]
    assert len(results) == 1
    assert Message.from_json(results[0]).summary == "Grow: what people told us"
