"""`koppel own-data` and `koppel erasures`: for whoever answers for people's data."""

from __future__ import annotations

import json
from pathlib import Path

from storage import schema
from storage.database import beside
from storage.erasures import own_mark
from storage.models import Organisation, Person
from tests.cli.command import Koppel
from tests.sealed import opened

URL = "sqlite:///koppel.db"


def noor() -> int:
    schema.upgrade(URL)
    database = opened(URL)
    with database.transaction() as session:
        organisation = Organisation(name="Waterkant")
        session.add(organisation)
        session.flush()
        person = Person(
            organisation_id=organisation.id, name="Noor", email="noor@example.com", locale="nl"
        )
        session.add(person)
        session.flush()
        number = person.id
    database.close()
    return number


def test_what_is_held_is_written_for_the_owner_of_the_files_only(koppel: Koppel) -> None:
    noor()
    result = koppel("own-data", "Noor@Example.com", "--out", "noor", "--database", URL)
    assert result.exit_code == 0
    readable, data = Path("noor/my-data.txt"), Path("noor/my-data.json")
    assert "Naam: Noor" in readable.read_text(encoding="utf-8")
    assert json.loads(data.read_text(encoding="utf-8"))["about"][0]["email"] == "noor@example.com"
    assert readable.stat().st_mode & 0o077 == data.stat().st_mode & 0o077 == 0


def test_an_address_that_nobody_has_is_named_as_a_mistake(koppel: Koppel) -> None:
    noor()
    result = koppel("own-data", "bram@example.com", "--out", "bram", "--database", URL)
    assert (result.exit_code, result.output.startswith("0 people")) == (2, True)
    assert not Path("bram").exists()


def test_whoever_a_backup_brought_back_is_erased_again(koppel: Koppel) -> None:
    number = noor()
    assert "On the list: 0." in koppel("erasures", "apply", "--database", URL).output
    database = opened(URL)
    with database.look() as session:
        mark = own_mark(session)
    database.close()
    listed = beside(URL, ".erased")
    assert listed is not None
    listed.write_text(f"{mark} {number} 2026-03-02T09:00:00+00:00\n", encoding="utf-8")
    assert "On the list: 1." in koppel("erasures", "apply", "--database", URL).output
    assert b"noor@example.com" not in Path("koppel.db").read_bytes()
