"""`koppel import` and `koppel export`: what they tell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from bot import importing
from storage.models import Organisation, Person, Programme
from tests import sealed
from tests.cli.command import Koppel

ROOT = Path(__file__).parent.parent.parent

PEOPLE = (
    "chat id;e-mail;naam;leidinggevende;schoenmaat\nU1;a@x.nl;Aad;b@x.nl;42\nU2;b@x.nl;Bo;;43\n"
)


def imported(*more: str) -> list[str]:
    return ["import", "people.csv", "--organisation", "Waterkant", "--workspace", "slack:T1", *more]


def names(url: str) -> list[str]:
    database = sealed.opened(url)
    with database.look() as session:
        found = session.exec(select(Person.name).order_by(Person.name)).all()
    database.close()
    return list(found)


def test_import_tells_what_it_did_and_is_the_same_twice(koppel: Koppel, url: str) -> None:
    Path("people.csv").write_bytes(PEOPLE.encode("utf-8-sig"))
    result = koppel(*imported("--database", url))
    assert result.stdout.splitlines() == [
        "people.csv: 2 lines with people, in UTF-8, separated by a semicolon",
        "Columns: chat id, e-mail, naam, leidinggevende",
        "Not understood, and left out: schoenmaat",
        "Added 2, changed 0, unchanged 0, refused 0. Whoever is not in the file is left as they are.",
    ]
    assert (result.exit_code, result.stderr) == (0, "")
    again = koppel("import", "people.csv", "--database", url)
    assert "Added 0, changed 0, unchanged 2, refused 0" in again.output
    assert names(url) == ["Aad", "Bo"]


def test_a_dry_run_tells_the_same_and_writes_nothing(koppel: Koppel, url: str) -> None:
    Path("people.csv").write_text(PEOPLE)
    result = koppel(*imported("--dry-run", "--database", url))
    assert "Added 2, changed 0" in result.output
    assert "nothing was written" in result.output
    assert names(url) == []
    database = sealed.opened(url)
    with database.look() as session:
        assert session.exec(select(Organisation)).all() == []
    database.close()


def test_refused_lines_are_told_and_end_with_1_and_good_ones_are_kept(
    koppel: Koppel, url: str
) -> None:
    Path("people.csv").write_text(PEOPLE + "U3;no\x1b[31m;Cees;;\nU1;d@x.nl;Dirk;;\n")
    result = koppel(*imported("--database", url))
    assert result.exit_code == 1
    told = [line for line in result.output.splitlines() if line.startswith("✗")]
    assert told == [
        "✗ line 4, e-mail: there is a character in it that cannot be shown (it says “no�[31m”)",
        "✗ line 5, chat id: line 2 has it too (it says “U1”)",
    ]
    assert "Added 2, changed 0, unchanged 0, refused 2" in result.output
    assert names(url) == ["Aad", "Bo"]


@pytest.mark.parametrize(
    ("data", "more", "words"),
    [
        (b"PK\x03\x04", [], "Save as"),
        (b"", [], "The file is empty"),
        (b"name\nNoor\n", [], "one of them must be e-mail"),
        (b"email\na@x.nl\n", ["--workspace", "slack"], "write a platform and its id"),
        (b"email\na@x.nl\n", ["--encoding", "klingon"], "no encoding called"),
        (b"email\na@x.nl\n", [], "name it with --organisation"),
        (b"chat id\nU1\n", ["--organisation", "W"], "--workspace slack:"),
    ],
)
def test_what_cannot_be_imported_ends_with_2_and_a_word_of_advice(
    koppel: Koppel, data: bytes, more: list[str], words: str
) -> None:
    Path("people.csv").write_bytes(data)
    result = koppel("import", "people.csv", *more)
    assert (result.exit_code, words in result.output) == (2, True), result.output


def test_a_file_that_is_not_there_is_told(koppel: Koppel) -> None:
    assert koppel("import", "nobody.csv").exit_code == 2


def test_chat_ids_of_the_simulated_workspace_are_reached_in_their_private_chats() -> None:
    assert importing._address("local")("noor") == "dm:noor"
    assert importing._address("slack")("U1") == "U1"


def test_export_writes_four_files_and_names_the_programmes_there_are(
    koppel: Koppel, url: str
) -> None:
    export = ("export", "--out", "out", "--database", url, "--programme")
    assert "There is no programme yet" in koppel(*export, "lead").output
    database = sealed.opened(url)
    with database.transaction() as session:
        waterkant = Organisation(name="Waterkant")
        session.add(waterkant)
        session.flush()
        today = date(2026, 1, 5)
        session.add(
            Programme(
                organisation_id=waterkant.id, name="L", slug="lead", starts_on=today, ends_on=today
            )
        )
    database.close()
    result = koppel(*export, "leed")
    assert (result.exit_code, "there are: lead." in result.output) == (2, True)
    assert not Path("out").exists()
    result = koppel(*export, "lead", "--semicolons")
    assert result.exit_code == 0, result.output
    assert {Path(line).name for line in result.output.splitlines()} == {
        "participants.csv",
        "mentorships.csv",
        "check_ins.csv",
        "surveys.csv",
    }
    assert Path("out/surveys.csv").read_text("utf-8-sig").startswith("wave;closed on;question;")
