"""The bench on real cohorts, with cohorts that nobody ever took part in."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.__main__ import main
from tests.benchmarks.cohorts import Cohort, NotRead, Project, Someone, read, tags
from tests.benchmarks.ols import bench_ols
from tests.benchmarks.ranking import Placed, mean_auc, mean_gain, placed
from tests.benchmarks.ways import (
    WAYS,
    beside_others,
    expertise,
    expertise_and_past,
    keywords,
    near_in_time,
    rare_words,
    shared_words,
)

MATCHES = """cohort,project,mentor,mentee,status
spring-9,bread,anna,bert,graduated
spring-9,bread,anna,bert,graduated
spring-9,bread,anna,bea,graduated
spring-9,soup,carl,dora,
spring-10,cake,carl,emma,graduated
spring-10,cake,finn,emma,graduated
spring-10,roof,anna,gina,graduated
spring-10,wall,hugo,,graduated
spring-10,door,,ivar,graduated
"""
PEOPLE = """person,utc_offset_estimate,expertise,shoe
anna,1,Baking|Yeast,41
carl,x,"Soups; Broth, Stock",42
carl,2,,
finn,-8,,
hugo,99,Bricks
"""
PROJECTS = """cohort,project,keywords,status
spring-9,bread,yeast|Rye,graduated
spring-9,soup,,graduated
spring-10,cake,Baking|Broth,graduated
spring-10,roof,Tiles,graduated
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("matches", MATCHES), ("people", PEOPLE), ("projects", PROJECTS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8-sig")
    return tmp_path


def cohort(*projects: Project, before: tuple[Project, ...] = (), **people: Someone) -> Cohort:
    mentors = sorted(set[str]().union(*(one.mentors for one in projects)))
    return Cohort("invented", projects, tuple(mentors), before, people)


def project(words: str, mentor: str, mentee: str = "") -> Project:
    return Project(tags(words), set(mentor.split()), set(mentee.split()))


def knows(words: str, offset: float | None = None) -> Someone:
    return Someone(tags(words), offset)


# --- reading ---


def test_the_ninth_cohort_comes_before_the_tenth_and_knows_nothing_of_it(folder: Path) -> None:
    ninth, tenth = read(folder)
    assert (ninth.name, tenth.name) == ("spring-9", "spring-10")
    assert ninth.before == ()
    assert tenth.before == ninth.projects


def test_a_project_is_read_once_with_all_who_belong_to_it(folder: Path) -> None:
    ninth, tenth = read(folder)
    assert ninth.projects[0] == Project(("yeast", "Rye"), {"anna"}, {"bert", "bea"})
    assert tenth.projects[0].mentors == {"carl", "finn"}
    assert tenth.mentors == ("anna", "carl", "finn", "hugo")  # a project without a mentor is none


def test_what_is_missing_or_odd_is_not_known_and_two_rows_of_one_person_are_one(
    folder: Path,
) -> None:
    [cohort, _] = read(folder)
    assert cohort.who("carl") == Someone(("Soups", "Broth", "Stock"), 2.0)
    assert cohort.who("finn") == Someone((), -8.0)
    assert cohort.who("hugo").offset is None
    assert cohort.who("nobody here") == Someone()


def test_what_cannot_be_read_is_said_in_a_line(folder: Path) -> None:
    (folder / "projects.csv").write_text("cohort,project\n")
    with pytest.raises(NotRead, match=r"projects\.csv has no column keywords"):
        read(folder)
    (folder / "matches.csv").unlink()
    (folder / "projects.csv").write_text(PROJECTS)
    assert [line.split("/")[-1] for line in bench_ols(folder)] == ["matches.csv is not there"]


# --- ranking ---


@pytest.mark.parametrize(
    ("marks", "rank", "auc"),
    [([3, 2, 1], 1, 1.0), ([1, 2, 3], 3, 0.0), ([2, 2, 1], 1.5, 0.75), ([0, 0, 0], 2, 0.5)],
)
def test_a_match_stands_where_its_mark_puts_it_and_equals_share_a_place(
    marks: list[float], rank: float, auc: float
) -> None:
    one = cohort(project("x", "a"), project("y", "b"), project("z", "c"))
    first = placed(one, lambda _: np.array([marks, [0, 0, 0], [0, 0, 0]], float))[0]
    assert (first.rank, first.auc, first.among) == (rank, auc, 3)


def test_two_mentors_of_one_project_are_no_rivals_of_each_other() -> None:
    one = cohort(project("x", "a b"), project("y", "c"))
    found = placed(one, lambda _: np.array([[1, 5, 3], [0, 0, 0]], float))
    assert [(match.rank, match.among) for match in found[:2]] == [(2, 2), (1, 2)]


def test_a_cohort_with_one_mentor_has_nothing_to_compare() -> None:
    assert placed(cohort(project("x", "a"), project("y", "a")), shared_words) == []


def matches(*aucs: float, cohort: str = "c") -> list[Placed]:
    return [Placed(cohort, k, True, 1 + 10 * (1 - auc), 11) for k, auc in enumerate(aucs)]


def test_the_mean_lies_between_its_bounds_and_they_close_with_more_projects() -> None:
    random = np.random.default_rng(5)
    few, many = (mean_auc(matches(*random.uniform(0, 1, size=count))) for count in (10, 1000))
    for mean in (few, many):
        assert mean.low < mean.value < mean.high
    assert many.high - many.low < 0.05 < few.high - few.low
    assert 0.45 < many.value < 0.55


def test_cohorts_that_differ_make_the_bounds_wider_than_projects_alone() -> None:
    one = matches(*[0.9] * 50, *[0.5] * 50)
    two = matches(*[0.9] * 50) + matches(*[0.5] * 50, cohort="d")
    wide, narrow = mean_auc(two), mean_auc(one)
    assert wide.value == narrow.value
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_many_cohorts_are_surer_than_two() -> None:
    def cohorts(count: int) -> list[Placed]:
        levels = (0.9, 0.5) * (count // 2)
        return [one for k, level in enumerate(levels) for one in matches(level, cohort=f"c{k}")]

    two, many = mean_auc(cohorts(2)), mean_auc(cohorts(40))
    assert many.value == pytest.approx(two.value)
    assert many.high - many.low < 0.2 < two.high - two.low


def test_a_gain_is_measured_on_the_same_matches() -> None:
    random = np.random.default_rng(6)
    base = random.uniform(0, 0.9, size=80)
    gain = mean_gain(matches(*(base + 0.1)), matches(*base))
    assert gain.low == pytest.approx(0.1)
    assert gain.high == pytest.approx(0.1)


# --- ways ---


def test_the_baseline_counts_words_as_typed() -> None:
    one = cohort(
        project("Open data | baking", "a"), a=knows("open Data; Baker"), b=knows("Bakings")
    )
    assert shared_words(one).tolist() == [[2]]


def test_sharing_a_rare_word_says_more_than_sharing_a_common_one() -> None:
    others = [project("data", f"m{k}") for k in range(6)]
    one = cohort(
        project("data | falconry", "a"),
        project("data", "b"),
        *others,
        a=knows("falconry"),
        b=knows("data"),
    )
    rare = rare_words(keywords, expertise, one)
    assert rare[0, 0] > rare[0, 1] > 0
    assert shared_words(one)[0, 0] == shared_words(one)[0, 1]


def test_what_a_mentor_did_before_counts_and_what_comes_later_does_not() -> None:
    past = (project("glazing", "a", "z"), project("firing", "y", "b"))
    now = (project("glazing | firing", "a"), project("weaving", "b"))
    one = cohort(*now, before=past)
    assert expertise_and_past(one, "a") == keywords(one, past[0], "")
    assert expertise_and_past(one, "b") == keywords(one, past[1], "")
    assert expertise_and_past(cohort(*now), "a") == frozenset()


def test_hours_go_round_the_world_and_who_did_not_say_is_in_the_middle() -> None:
    one = cohort(
        project("x", "near", "me"),
        project("y", "far"),
        project("z", "silent"),
        me=knows("", 11),
        near=knows("", -12),
        far=knows("", 2),
    )
    assert near_in_time(one)[0].tolist() == [-9, -1, -5]  # far, near, silent


def test_a_mentor_whom_everything_suits_is_nobodys_first() -> None:
    one = cohort(project("x", "a"), project("y", "b"))
    marks = beside_others(lambda _: np.array([[9, 5], [9, 1]], float))(one)
    assert marks.tolist() == [[0, 2], [0, -2]]


@pytest.mark.parametrize("name", sorted(WAYS.keys() - {n for n in WAYS if "meaning" in n}))
def test_every_way_ranks_a_clear_case_and_bears_a_cohort_that_says_nothing(name: str) -> None:
    clear = cohort(
        project("baking | yeast", "anna", "ann"),
        project("bricks | mortar", "hugo", "gus"),
        project("weaving | looms", "iris", "ida"),
        anna=knows("Yeast, Baking", 1),
        ann=knows("Baking", 1),
        hugo=knows("Mortar, Bricks", 6),
        gus=knows("", 6),
        iris=knows("Looms", -7),
        ida=knows("", -8),
    )
    assert [match.rank for match in placed(clear, WAYS[name])] == [1, 1, 1]
    silent = cohort(project("", "a"), project("", "b c", "b"))
    assert {match.auc for match in placed(silent, WAYS[name])} == {0.5}


def test_the_same_folder_gives_the_same_figures_in_any_order(folder: Path) -> None:
    first = list(bench_ols(folder))
    for name, text in (("people", PEOPLE), ("projects", PROJECTS)):
        head, *rows = text.splitlines()
        (folder / f"{name}.csv").write_text("\n".join([head, *reversed(rows)]))
    assert list(bench_ols(folder)) == first
    assert any("| spring-10 | 4 | 4 |" in line for line in first)
    assert not any("nan" in line for line in first)


def test_a_folder_of_headers_alone_is_no_crash(folder: Path) -> None:
    for name in ("matches", "people", "projects"):
        path = folder / f"{name}.csv"
        path.write_text(path.read_text("utf-8-sig").splitlines()[0])
    assert list(bench_ols(folder)) == [
        "ols: no cohort has a match and another mentor to compare with"
    ]


def test_the_command_prints_the_tables(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "ols", str(folder)])
    main()
    told = capsys.readouterr().out
    assert "Open Life Science, CC BY-SA 4.0" in told
    assert told.count("| shared words (baseline) |") == 1
    assert told.count("| spring-") == 2


def test_an_unknown_bench_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "olz"])
    with pytest.raises(SystemExit):
        main()
    assert "there is no bench olz" in capsys.readouterr().err
