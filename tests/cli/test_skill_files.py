"""`koppel skills`: an organisation's own skills from a file, and to one."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from storage import skills
from storage.models import Organisation, OrganisationSkill
from tests import sealed
from tests.cli.command import Koppel

FILE = (
    "sleutel;Engels;Nederlands;afkortingen\n"
    "weirs;weir management|weirs;stuwbeheer|stuwen beheren;WBH\n"
    ";;peilbeheer;\n"
    ";bookkeeping;kasboek bijhouden;\n"
    ";;;XYZ\n"
    "dikes;dike watch;boekhouden|dijkwacht;\n"
)
ESCO = (
    "conceptType,conceptUri,preferredLabel,altLabels\n"
    'KnowledgeSkillCompetence,http://example.org/skill/abc-1,"{}","{}\n{}"\n'
)


@pytest.fixture
def waterkant(url: str) -> str:
    database = sealed.opened(url)
    with database.transaction() as session:
        session.add(Organisation(name="Waterkant"))
    database.close()
    return url


def kept(url: str) -> dict[str, tuple[dict[str, list[str]], list[str]]]:
    database = sealed.opened(url)
    with database.look() as session:
        rows = session.exec(select(OrganisationSkill)).all()
        found = {row.key: (row.labels, row.abbreviations) for row in rows}
    database.close()
    return found


def understood(url: str, words: str) -> str:
    database = sealed.opened(url)
    with database.look() as session:
        tag = skills.lexicon(session, 1).understand(words).tag
    database.close()
    return tag


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_good_lines_are_kept_and_bad_ones_named(
    koppel: Koppel, waterkant: str, encoding: str
) -> None:
    Path("skills.csv").write_bytes(FILE.encode(encoding))
    result = koppel("skills", "import", "skills.csv", "--database", waterkant)
    assert result.exit_code == 1
    assert "line 5: there is no name for a skill" in result.stdout
    assert "line 6: already a word for “accounting”, and left out" in result.stdout
    assert "Added 4, changed 0, unchanged 0." in result.stdout
    assert understood(waterkant, "WBH") == understood(waterkant, "stuwen beheren") == "weirs"
    assert understood(waterkant, "kasboek bijhouden") == "accounting"
    assert understood(waterkant, "dijkwacht") == "dikes"
    assert understood(waterkant, "boekhouden") == "accounting"


def test_the_same_file_again_changes_nothing_and_an_export_is_such_a_file(
    koppel: Koppel, waterkant: str
) -> None:
    Path("skills.csv").write_text(FILE, encoding="utf-8")
    koppel("skills", "import", "skills.csv", "--database", waterkant)
    before = kept(waterkant)
    again = koppel("skills", "import", "skills.csv", "--database", waterkant)
    assert "Added 0, changed 0, unchanged 4." in again.stdout
    assert kept(waterkant) == before
    assert koppel("skills", "export", "out.csv", "--database", waterkant).exit_code == 0
    back = koppel("skills", "import", "out.csv", "--database", waterkant)
    assert back.exit_code == 0
    assert "Added 0, changed 0, unchanged 4." in back.stdout
    assert kept(waterkant) == before


def test_a_dry_run_tells_the_same_and_writes_nothing(koppel: Koppel, waterkant: str) -> None:
    Path("skills.csv").write_text(FILE, encoding="utf-8")
    result = koppel("skills", "import", "skills.csv", "--dry-run", "--database", waterkant)
    assert "Added 4" in result.stdout
    assert kept(waterkant) == {}


def test_files_of_esco_in_two_languages_come_together_by_their_address(
    koppel: Koppel, waterkant: str
) -> None:
    Path("skills_en.csv").write_text(ESCO.format("tend weirs", "weir tending", "weir care"))
    Path("skills_nl.csv").write_text(ESCO.format("stuwen bedienen", "stuwbediening", "stuwwacht"))
    koppel("skills", "import", "skills_en.csv", "--database", waterkant)
    second = koppel("skills", "import", "skills_nl.csv", "--database", waterkant)
    assert "changed 1" in second.stdout
    assert understood(waterkant, "stuwwacht") == understood(waterkant, "weir care") == "abc-1"


def test_one_that_is_known_under_its_english_name_is_known_under_its_dutch_one_too(
    koppel: Koppel, waterkant: str
) -> None:
    Path("skills_en.csv").write_text(ESCO.format("bookkeeping", "ledger work", "ledgers"))
    Path("skills_nl.csv").write_text(ESCO.format("grootboek doen", "grootboeken", "kasboeken"))
    for name in ("skills_en.csv", "skills_nl.csv", "skills_en.csv", "skills_nl.csv"):
        last = koppel("skills", "import", name, "--database", waterkant)
        assert understood(waterkant, "ledger work") == "accounting"
    assert "changed 0, unchanged 1" in last.stdout
    assert understood(waterkant, "kasboeken") == "accounting"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", "", "The file is empty."),
        ("a.csv", "colour;size\nred;9\n", "should name the columns"),
        ("a.csv", "preferredLabel\nweirs\n", "Add --language nl or --language en."),
        ("a.csv", "PK\x03\x04", "a workbook"),
    ],
)
def test_what_is_no_file_with_skills_is_told(
    koppel: Koppel, waterkant: str, name: str, text: str, says: str
) -> None:
    Path(name).write_text(text, encoding="utf-8")
    result = koppel("skills", "import", name, "--database", waterkant)
    assert result.exit_code == 2
    assert says in result.stderr


def test_odd_words_go_in_and_out_as_they_are(koppel: Koppel, waterkant: str) -> None:
    Path("skills.csv").write_text(
        "key,English,Dutch\n1,=1+1|sum,<!channel>\n2,🎉🎉,مهارات\n3," + "x" * 81 + ",ok dan\n",
        encoding="utf-8",
    )
    result = koppel("skills", "import", "skills.csv", "--database", waterkant)
    assert "longer than 80 characters" in result.stdout
    before = kept(waterkant)
    koppel("skills", "export", "out.csv", "--database", waterkant)
    assert "'=1+1" in Path("out.csv").read_text(encoding="utf-8-sig")
    koppel("skills", "import", "out.csv", "--database", waterkant)
    assert kept(waterkant) == before
