"""People come in, change, and stay; on both databases."""

from __future__ import annotations

from datetime import time

import pytest
from sqlmodel import select

from bot.roster import parse
from storage import roles, roster
from storage.database import Database
from storage.models import Duty, Identity, Organisation, Person, PersonKind, Role
from storage.models import Workspace as Place
from storage.roster import Defaults, Unclear
from tests.importing.lines import FILE, HEADER, Import, counts, everything, people, told


def test_people_come_in_with_what_the_file_says_of_them(
    database: Database, imports: Import
) -> None:
    outcome = imports(FILE, address=lambda user: f"D-{user}")
    assert (counts(outcome), outcome.problems) == ((4, 0, 0, 0), [])
    found = people(database)
    noor, piet, bo = found["Noor"], found["Piet"], found["Bo"]
    assert (noor.email, noor.department, noor.country) == ("noor@x.nl", "HR", "NL")
    assert (noor.languages, found["Ingrid"].languages, piet.languages) == (["nl"], ["nl", "en"], [])
    assert noor.manager_id == found["Ingrid"].id
    assert (piet.manager_id, bo.manager_id) == (noor.id, piet.id)
    assert (piet.email, piet.time_zone) == (None, "Europe/Brussels")
    assert (bo.country, bo.time_zone) == ("GB", "Europe/London")
    assert (noor.kind, noor.active, noor.introduced) == (PersonKind.EMPLOYEE, True, False)
    assert (noor.work_start, noor.work_end, noor.working_days) == (time(9), time(17, 30), "12345")
    with database.look() as session:
        accounts = session.exec(select(Identity).order_by(Identity.user)).all()
        assert [(a.user, a.address, a.person_id, a.preferred) for a in accounts] == [
            ("U1", "D-U1", found["Ingrid"].id, True),
            ("U2", "D-U2", noor.id, True),
            ("U3", "D-U3", piet.id, True),
        ]
        held = {
            (role.person_id, role.duty, role.programme_id) for role in session.exec(select(Role))
        }
        assert held == {
            (found["Ingrid"].id, Duty.ADMIN, None),
            (piet.id, Duty.COORDINATOR, None),
        }
        assert roles.coordinates_any(session, session.get_one(Person, piet.id))
        assert not roles.is_admin(session, session.get_one(Person, piet.id))
    assert outcome.appointed == ["Ingrid: admin", "Piet: coordinator"]


def test_the_same_file_again_changes_nothing(database: Database, imports: Import) -> None:
    imports(FILE)
    before = everything(database)
    outcome = imports(FILE)
    assert (counts(outcome), outcome.problems, outcome.appointed) == ((0, 0, 4, 0), [], [])
    assert everything(database) == before


def test_what_changed_is_changed_and_nobody_else_is_touched(
    database: Database, imports: Import
) -> None:
    imports(FILE)
    before = people(database)
    outcome = imports("U2,NOOR@x.nl,Noor van Dam,-,-,,,en;de,\n,bo@x.nl,,,,,,,\n")
    assert counts(outcome) == (0, 1, 1, 0)
    after = people(database)
    noor = after.pop("Noor van Dam")
    assert (noor.department, noor.manager_id, noor.languages) == ("", None, ["en", "de"])
    assert (noor.country, noor.time_zone) == ("NL", "Europe/Amsterdam")
    del before["Noor"]
    assert {n: p.model_dump() for n, p in after.items()} == {
        n: p.model_dump() for n, p in before.items()
    }


def test_address_and_chat_id_of_two_people_are_refused(database: Database, imports: Import) -> None:
    imports(FILE)
    before = everything(database)
    outcome = imports("U3,noor@x.nl,Noor,,,,,,\n")
    assert counts(outcome) == (0, 0, 0, 1)
    assert told(outcome) == [
        "line 2: two people are meant: Noor has this address, Piet this chat id "
        "(it says “noor@x.nl”)"
    ]
    assert everything(database) == before


def test_two_lines_about_one_person_are_told(imports: Import) -> None:
    imports(FILE)
    outcome = imports("U2,,Noor,,,,,,\n,noor@x.nl,Noor,,,,,,\n")
    assert counts(outcome) == (0, 0, 1, 1)
    assert told(outcome) == ["line 3: this is the same person as on line 2 (it says “noor@x.nl”)"]


def test_somebody_met_in_the_chat_before_gets_an_address(
    database: Database, imports: Import
) -> None:
    imports("U9,,,,,,,,\n")
    assert list(people(database)) == ["U9"]
    assert counts(imports("U9,new@x.nl,New,,,,,,\n")) == (0, 1, 0, 0)
    assert people(database)["New"].email == "new@x.nl"


def test_an_address_that_somebody_lets_go_of_can_go_to_somebody_else(
    database: Database, imports: Import
) -> None:
    imports("U1,jan@x.nl,Jan,,,,,,\nU2,old@x.nl,Old,,,,,,\n")
    outcome = imports("U1,jan.smit@x.nl,,,,,,,\nU2,jan@x.nl,,,,,,,\nU3,old@x.nl,New,,,,,,\n")
    assert (counts(outcome), outcome.problems) == ((1, 2, 0, 0), [])
    emails = {name: person.email for name, person in people(database).items()}
    assert emails == {"Jan": "jan.smit@x.nl", "Old": "jan@x.nl", "New": "old@x.nl"}


def test_once_somebody_has_met_koppel_the_language_is_theirs(
    database: Database, imports: Import
) -> None:
    header = "e-mail,name,taal\n"
    imports("a@x.nl,Aad,Engels\nb@x.nl,Bo,nl\n", header)
    with database.transaction() as session:
        session.exec(select(Person).where(Person.name == "Bo")).one().introduced = True
    assert counts(imports("a@x.nl,Aad,nl\nb@x.nl,Bo,en\n", header)) == (0, 1, 1, 0)
    assert {name: person.locale for name, person in people(database).items()} == {
        "Aad": "nl",
        "Bo": "nl",
    }


def test_the_language_that_was_imported_counts_for_more_than_what_a_platform_thinks(
    database: Database, imports: Import
) -> None:
    imports("a@x.nl,Aad,nl\nb@x.nl,Bo,\n", "e-mail,name,taal\n")
    assert {name: person.locale_chosen for name, person in people(database).items()} == {
        "Aad": True,
        "Bo": False,
    }


def test_people_of_another_organisation_are_never_found_or_changed(
    database: Database, imports: Import
) -> None:
    imports(FILE)
    before = people(database)
    read = parse((HEADER + "U1,noor@x.nl,Double,HR,ingrid@x.nl,,,,admin\n").encode())
    with database.transaction() as session:
        session.add(Organisation(name="Zandkust"))
        session.flush()
        with pytest.raises(Unclear, match="Waterkant, Zandkust"):
            roster.organisation(session, "", must_match=False)
        with pytest.raises(Unclear, match="Waterkant, Zandkust"):
            roster.organisation(session, "Heuvelrug", must_match=True)
        other = roster.organisation(session, "zandkust", must_match=True)
        with pytest.raises(Unclear, match="another organisation"):
            roster.workspace(session, other, ("slack", "T1"))
        place = roster.workspace(session, other, ("slack", "T2"))
        outcome = roster.bring_up_to_date(session, read.rows, other, place)
    assert (outcome.added, len(outcome.problems)) == (1, 1)
    after = people(database)
    double = after.pop("Double")
    assert (double.email, double.manager_id) == ("noor@x.nl", None)
    assert {n: p.model_dump() for n, p in after.items()} == {
        n: p.model_dump() for n, p in before.items()
    }


def test_chat_ids_need_a_workspace_and_the_only_one_is_taken(database: Database) -> None:
    read = parse((HEADER + FILE).encode())
    with database.transaction() as session:
        with pytest.raises(Unclear, match="name it with --organisation"):
            roster.organisation(session, "", must_match=False)
        whose = roster.organisation(session, "Waterkant", must_match=False)
        assert roster.workspace(session, whose, None) is None
        with pytest.raises(Unclear, match="--workspace"):
            roster.bring_up_to_date(session, read.rows, whose, None)
        made = roster.workspace(session, whose, ("slack", "T1"))
        assert roster.workspace(session, whose, None) is made
        assert roster.organisation(session, "Other", must_match=False) is whose
        with pytest.raises(Unclear):
            roster.organisation(session, "Other", must_match=True)
        assert session.exec(select(Place)).all() == [made]


def test_somebody_new_gets_the_defaults_of_the_installation(database: Database) -> None:
    read = parse(b"email\na@x.nl\n")
    with database.transaction() as session:
        whose = roster.organisation(session, "Waterkant", must_match=True)
        defaults = Defaults("nl", "Europe/Brussels", "BE")
        roster.bring_up_to_date(session, read.rows, whose, defaults=defaults)
    aad = people(database)["a@x.nl"]
    assert (aad.locale, aad.time_zone, aad.country) == ("nl", "Europe/Brussels", "BE")


def test_people_s_words_reach_the_database_as_they_are(database: Database, imports: Import) -> None:
    words = ["=1+1", "שלום עולם", "Zoë 👩‍👩‍👧", "Robert'); DROP TABLE person;--", "100%s {x} \\N"]
    imports("".join(f",p{n}@x.nl,{word},{word},,,,,\n" for n, word in enumerate(words)))
    assert sorted(people(database)) == sorted(words)
    assert {person.department for person in people(database).values()} == set(words)
