"""One file's worth of changes to the people of an organisation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, SQLModel, col, select

from bot.roster import Problem, Row
from bot.roster.cells import safe
from storage.models import Identity, Organisation, Person, Workspace
from storage.people import Defaults
from storage.roster.links import give_managers, give_roles
from storage.roster.someone import Someone


@dataclass
class Outcome:
    """What came of it. A problem leaves somebody out (`refused`), or only what it names."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)
    appointed: list[str] = field(default_factory=list)


class Update:
    """Takes row after row, with everyone of the organisation at hand; then `finish`."""

    def __init__(
        self,
        session: Session,
        organisation: Organisation,
        workspace: Workspace | None,
        address: Callable[[str], str],
        defaults: Defaults,
    ) -> None:
        self.outcome = Outcome()
        self._session, self._organisation, self._workspace = session, organisation, workspace
        self._address = address
        self._nobody = Person(
            organisation_id=organisation.id,
            locale=defaults.locale,
            time_zone=defaults.time_zone,
            country=defaults.country,
        ).model_dump(exclude={"id"})
        self._people = _everyone(session, organisation)
        self._by_email = {each.email: each for each in self._people if each.email}
        self._by_user: dict[str, Someone] = {}
        self._accounts: defaultdict[int, list[Identity]] = defaultdict(list)
        self._reached_elsewhere: set[int] = set()
        self._moved: list[tuple[Someone, str]] = []
        self._find_accounts()

    def _find_accounts(self) -> None:
        here = self._workspace.id if self._workspace else None
        by_id = {each.id: each for each in self._people}
        accounts = self._session.exec(
            select(Identity)
            .join(Person, col(Person.id) == Identity.person_id)
            .where(Person.organisation_id == self._organisation.id)
        )
        for account in accounts:
            if account.workspace_id == here:
                self._by_user[account.user] = by_id[account.person_id]
                self._accounts[account.person_id].append(account)
            elif account.preferred:
                self._reached_elsewhere.add(account.person_id)

    def take(self, row: Row) -> None:
        """Fill in what a row says, or refuse it with the reason."""
        by_email = self._by_email.get(row.email or "")
        by_user = self._by_user.get(row.user or "")
        someone = by_email or by_user
        if by_email and by_user and by_email is not by_user:
            names = f"{safe(by_email.name)} has this address, {safe(by_user.name)} this chat id"
            self._refuse(row, f"two people are meant: {names}")
        elif someone and someone.row:
            self._refuse(row, f"this is the same person as on line {someone.row.line}")
        else:
            someone = someone or self._new(row)
            someone.fill(row)
            self._give_email(someone, row.email)
            if row.user:
                self._by_user[row.user] = someone

    def finish(self) -> None:
        """What needs everyone to be there: accounts, managers and roles; then the count."""
        out, taken = self.outcome, [each for each in self._people if each.row]
        self._write_people(taken)
        self._give_accounts(taken)
        out.problems += give_managers(taken, self._people, self._by_email, self._by_user)
        problems, out.appointed = give_roles(self._session, taken, self._organisation)
        out.problems = sorted(out.problems + problems, key=lambda problem: problem.line)
        changed = [each for each in taken if each.changed]
        _write(self._session, changed)
        self._session.expire_all()  # what the caller had read is old now
        out.added = sum(each.new for each in taken)
        out.changed = sum(not each.new for each in changed)
        out.unchanged = len(taken) - out.added - out.changed

    def _refuse(self, row: Row, reason: str) -> None:
        self.outcome.refused += 1
        who = safe(row.email or row.user or "")
        self.outcome.problems.append(Problem(row.line, "", who, reason))

    def _new(self, row: Row) -> Someone:
        values = {**self._nobody, "name": row.email or row.user, "languages": []}
        values["time_zone"] = row.likely_time_zone or values["time_zone"]
        values["country"] = row.likely_country or values["country"]
        someone = Someone(values, new=True)
        self._people.append(someone)
        return someone

    def _give_email(self, someone: Someone, email: str | None) -> None:
        if not email or email == someone.email:
            return
        if someone.email:
            # Let go of first, since somebody else in the file may get this address.
            del self._by_email[someone.email]
            self._moved.append((someone, email))
        someone.write(email=email)
        self._by_email[email] = someone

    def _write_people(self, taken: Iterable[Someone]) -> None:
        """Put in whoever is new, and give them their numbers."""
        if self._moved:
            letting_go = [{"id": someone.id, "email": None} for someone, _ in self._moved]
            self._session.execute(update(Person), letting_go)
        new = [each for each in taken if each.new]
        if new:
            adding = insert(Person).returning(col(Person.id), sort_by_parameter_order=True)
            ids = self._session.scalars(adding, [each.values for each in new])
            for each, number in zip(new, ids, strict=True):
                each.values["id"] = number
                each.changes.clear()

    def _give_accounts(self, taken: Iterable[Someone]) -> None:
        if self._workspace is None:
            return
        made: list[dict[str, Any]] = []
        for each in taken:
            user = each.row.user if each.row else None
            if user and self._make_preferred(each, user):
                made.append(
                    {
                        "person_id": each.id,
                        "workspace_id": self._workspace.id,
                        "user": user,
                        "address": self._address(user),
                        "preferred": each.id not in self._reached_elsewhere,
                    }
                )
        if made:
            self._session.execute(insert(Identity), made)

    def _make_preferred(self, someone: Someone, user: str) -> bool:
        """The account in the file is the one this person is reached on here. True when it is new."""
        here = self._accounts.get(someone.id, [])
        account = next((each for each in here if each.user == user), None)
        if account and (account.preferred or someone.id in self._reached_elsewhere):
            return False
        someone.tied = True
        for other in here:
            other.preferred = other is account
        return account is None


def _everyone(session: Session, organisation: Organisation) -> list[Someone]:
    table = SQLModel.metadata.tables["person"]
    own = table.select().where(table.c.organisation_id == organisation.id).order_by(table.c.id)
    return [Someone(dict(row._mapping)) for row in session.execute(own)]


def _write(session: Session, changed: Iterable[Someone]) -> None:
    """Those with the same columns to write go together, which is many times faster."""
    groups: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for each in changed:
        if each.changes:
            groups[tuple(sorted(each.changes))].append({"id": each.id, **each.changes})
    for rows in groups.values():
        session.execute(update(Person), rows)
