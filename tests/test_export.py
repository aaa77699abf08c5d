"""`koppel export`: coordinators take facts and frozen figures along, and nothing else."""

from __future__ import annotations

import csv
import io
import stat
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from storage import exporting
from storage.exporting import Table, harmless, tables, write
from storage.models import (
    CheckIn,
    CheckInAnswer,
    Invite,
    InviteState,
    Member,
    Moment,
    Part,
    Person,
    SurveyAnswer,
    Wave,
    WaveState,
)
from tests.world import MENTEE, MENTOR, World

SECRET = "GEHEIM"


def exported(world: World, slug: str = "grow") -> dict[str, list[dict[str, Any]]]:
    with world.database.look() as session:
        (programme,) = exporting.find(session, slug)
        return {
            table.name: [dict(zip(table.header, row, strict=True)) for row in table.rows]
            for table in tables(session, programme)
        }


def written(folder: Path, name: str, delimiter: str = ",") -> list[list[str]]:
    text = (folder / f"{name}.csv").read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def test_who_takes_part_and_who_is_paired(world: World) -> None:
    world.pair("Noor", "Piet")
    about = {"department": "HR", "team": "Benefits", "function": "Adviser", "location": "Utrecht"}
    world.person("Els", email="els@x.nl", **about)
    world.joins("Els", MENTOR | {"capacity": ("3",)})
    found = exported(world)
    assert [row["name"] for row in found["participants"]] == ["Noor", "Piet", "Els"]
    assert found["participants"][2] == {
        "name": "Els",
        "e-mail": "els@x.nl",
        "department": "HR",
        "team": "Benefits",
        "function": "Adviser",
        "location": "Utrecht",
        "state": "active",
        "mentor": "yes",
        "mentee": "no",
        "capacity": 3,
        "rhythm": "every_two_weeks",
        "joined on": world.now.date(),
        "left on": None,
        "rounds waited": 0,
    }
    (pair,) = found["mentorships"]
    assert (pair["mentor"], pair["mentee"], pair["state"]) == ("Noor", "Piet", "active")
    assert (pair["started on"], pair["ended on"], pair["stuck since"]) == (
        world.now.date(),
        None,
        None,
    )


def noor_is_asked(world: World, *answers: CheckInAnswer | None) -> int:
    """The only mentor there is has these check-ins, from New Year's Day 2027 on; the mentorship."""
    with world.database.transaction() as session:
        noor = session.exec(select(Member).where(Member.part == Part.MENTOR)).one()
        for number, answer in enumerate(answers):
            session.add(
                CheckIn(
                    member_id=noor.id,
                    mentorship_id=noor.mentorship_id,
                    due_on=date(2027, 1, 1) + timedelta(days=number),
                    asked_at=world.now,
                    answer=answer,
                )
            )
        return noor.mentorship_id


def test_a_check_in_tells_answered_and_met_and_no_more(world: World) -> None:
    world.pair("Noor", "Piet")
    pair = noor_is_asked(
        world, CheckInAnswer.MET, CheckInAnswer.PLANNED, CheckInAnswer.NOT_YET, None
    )
    told = [tuple(row.values()) for row in exported(world)["check_ins"]]
    assert told == [
        (pair, "Noor", "mentor", date(2027, 1, 1), "yes", "yes"),
        (pair, "Noor", "mentor", date(2027, 1, 2), "yes", "no"),
        (pair, "Noor", "mentor", date(2027, 1, 3), "yes", "no"),
        (pair, "Noor", "mentor", date(2027, 1, 4), "no", None),
    ]


FROZEN = {
    "at_least": 5,
    "invited": 14,
    "answered": 11,
    "questions": {"useful": {"all": [4.1, 11], "mentor": None, "mentee": [4.2, 7, "high"]}},
    "comments": [f"{SECRET} a comment"],
}


def test_figures_come_from_closed_waves_only_and_hidden_ones_stay_hidden(world: World) -> None:
    world.programme()
    with world.database.transaction() as session:
        for wave in session.exec(select(Wave)):
            wave.figures = FROZEN
            wave.state = {
                Moment.START: WaveState.CLOSED,
                Moment.MIDDLE: WaveState.OPEN,
                Moment.END: WaveState.PLANNED,
            }[wave.moment]
    rows = exported(world)["surveys"]
    assert {row["wave"] for row in rows} == {"start"}
    assert [tuple(row.values())[2:6] for row in rows] == [
        ("useful", "all", 4.1, ""),
        ("useful", "mentor", None, None),
        ("useful", "mentee", 4.2, "or more"),
    ]
    assert [row["answers"] for row in rows] == [11, None, 7]
    assert {(row["invited"], row["answered"]) for row in rows} == {(14, 11)}


def test_a_wave_that_closed_without_being_held_says_nothing(world: World) -> None:
    world.programme()
    with world.database.transaction() as session:
        for wave in session.exec(select(Wave)):
            wave.state = WaveState.CLOSED
    assert exported(world)["surveys"] == []


def test_nothing_that_people_wrote_or_only_the_solver_reads_is_in_any_file(
    world: World, tmp_path: Path
) -> None:
    world.pair("Noor", "Piet")
    world.person("Anna"), world.person("Bob")
    private = {
        question: (f"{SECRET} {question}",)
        for question in ("goal", "offer", "avoid", "limits", "motivation", "interests", "ambitions")
    }
    world.joins("Anna", MENTOR | private)
    world.joins("Bob", MENTEE | private)
    with world.database.transaction() as session:
        for person in session.exec(select(Person)):
            person.paused_until = world.now + timedelta(days=4321)
        for wave in session.exec(select(Wave)):
            wave.figures, wave.state = FROZEN, WaveState.CLOSED
            bob = session.exec(select(Person).where(Person.name == "Bob")).one()
            session.add(Invite(wave_id=wave.id, person_id=bob.id, state=InviteState.ANSWERED))
            session.add(
                SurveyAnswer(wave_id=wave.id, question="tell", part="mentee", value=f"{SECRET} x")
            )
    with world.database.look() as session:
        write(tables(session, exporting.find(session, "grow")[0]), tmp_path)
    everything = "".join(path.read_text("utf-8-sig") for path in tmp_path.iterdir())
    assert SECRET not in everything
    pause = (world.now + timedelta(days=4321)).date()
    assert pause.isoformat() not in everything
    assert len(written(tmp_path, "participants")) == 5


def test_another_programme_is_not_in_it(world: World) -> None:
    world.pair("Noor", "Piet")
    noor_is_asked(world, CheckInAnswer.MET)
    world.programme(name="Other")
    world.person("Els")
    world.joins("Els", MENTOR, programme=2)
    assert [row["name"] for row in exported(world, "other")["participants"]] == ["Els"]
    assert exported(world, "other")["mentorships"] == []
    assert exported(world, "other")["check_ins"] == []
    assert [row["name"] for row in exported(world)["participants"]] == ["Noor", "Piet"]


def test_a_programme_is_found_by_its_word_within_an_organisation(world: World) -> None:
    world.programme()
    with world.database.look() as session:
        assert len(exporting.find(session, "GROW")) == 1
        assert len(exporting.find(session, "grow", "waterkant")) == 1
        assert exporting.find(session, "grow", "Zandkust") == []
        assert "there are: grow" in exporting.which(session, [])
        twice = [*exporting.find(session, "grow")] * 2
        assert "--organisation" in exporting.which(session, twice)


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_spreadsheet_reads_the_files_and_runs_nothing(tmp_path: Path, separator: str) -> None:
    nasty = ["=1+1", "+31", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "＝1+1"]  # noqa: RUF001
    harmless_words = ["Zoë; «van» Dam", 'She said "=1"', "שלום", "a=b", "", "line\nbreak"]
    rows = [(word, 1.5, None) for word in nasty + harmless_words]
    (path,) = write([Table("x", ("words", "mean", "n"), rows)], tmp_path / "new" / "out", separator)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    header, *found = written(path.parent, "x", separator)
    assert header == ["words", "mean", "n"]
    assert [row[0] for row in found] == [f"'{word}" for word in nasty] + harmless_words
    assert {tuple(row[1:]) for row in found} == {("1.5", "")}


@given(st.text(max_size=20))
def test_no_cell_begins_like_a_formula(words: str) -> None:
    shown = harmless(words)
    assert isinstance(shown, str)
    assert not shown.lstrip(" ").startswith(tuple("=+-@\t\r\n"))
    assert shown in (words, f"'{words}")


def test_only_their_owner_may_read_the_files_and_they_are_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for number in (1, 2):
        (path,) = write([Table("x", ("n",), [(number,)])], folder)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert written(folder, "x") == [["n"], ["2"]]
