"""One address on two platforms: whether it is one person is for that person to say, in both."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage import merging
from storage.looking import Seldom, Waits
from storage.models import (
    Delivery,
    DeliveryState,
    Identity,
    Link,
    Person,
    PersonKind,
    Said,
    Workspace,
)
from storage.people import UNLINKED

_LED = ("name", "time_zone", "country")  # what the account that is preferred tells


@dataclass(frozen=True)
class Two:
    """Two people as we know them, who may be one: the one behind an account, and the owner of the
    address that it has."""

    link: Link
    account: Identity
    person: Person
    owner: Person

    def said_by(self, me: Person) -> Said:
        return self.link.owner_says if me.id == self.owner.id else self.link.account_says

    def other(self, me: Person) -> Person:
        return self.person if me.id == self.owner.id else self.owner

    def say(self, me: Person, said: Said) -> None:
        if me.id == self.owner.id:
            self.link.owner_says = said
        else:
            self.link.account_says = said


def notice(session: Session, account: Identity, person: Person, owner: Person | None) -> None:
    """A platform told whose address this account has. What was asked about another address counts
    no longer; the people are asked when they are colleagues with an account elsewhere."""
    another = owner if owner and owner.id != person.id else None
    link = session.exec(select(Link).where(Link.identity_id == account.id)).first()
    if link and (another is None or another.id != link.owner_id):
        session.delete(link)
        session.flush()
        link = None
    if link is None and another and _is_elsewhere(session, account, another):
        session.add(Link(identity_id=account.id, owner_id=another.id))
        session.info.pop(UNLINKED, None)
        session.flush()


def _is_elsewhere(session: Session, account: Identity, owner: Person) -> bool:
    """Whether somebody has an open account, and none in this workspace."""
    theirs = session.exec(select(Identity).where(Identity.person_id == owner.id)).all()
    here = any(each.workspace_id == account.workspace_id for each in theirs)
    return not here and any(not each.closed for each in theirs)


def forget(session: Session, owner: Person) -> None:
    """The address of this person is another one now."""
    session.execute(delete(Link).where(col(Link.owner_id) == owner.id))


_Owner = aliased(Person)
# Only colleagues who are there: what a guest's account is called was not told by their employer.
_TWO = (
    select(Link, Identity, Person, _Owner)
    .join(Identity, col(Identity.id) == Link.identity_id)
    .join(Person, col(Person.id) == Identity.person_id)
    .join(_Owner, col(_Owner.id) == Link.owner_id)
    .where(
        ~col(Identity.closed),
        col(Person.active),
        col(_Owner.active),
        Person.kind == PersonKind.EMPLOYEE,
        _Owner.kind == PersonKind.EMPLOYEE,
        Person.id != _Owner.id,
    )
    .order_by(col(Link.id))
)
_ACCOUNTS = select(Identity.id).where(Identity.person_id == bindparam("me"))
_MINE = _TWO.where(
    (col(Link.owner_id) == bindparam("me")) | col(Link.identity_id).in_(_ACCOUNTS.scalar_subquery())
)
_SELDOM_MINE = Seldom(_MINE)  # after every event, mostly to find nothing


def of(session: Session, me: Person) -> list[Two]:
    """Who may be this person too."""
    if me.id in session.info.get(UNLINKED, ()):  # seen when they were recognised
        return []
    return [Two(*row) for row in _SELDOM_MINE.found(session, me=me.id)]


def find(session: Session, me: Person, link_id: int) -> Two | None:
    """The same by the id of the link; held, so that of two answers at once each knows the other."""
    session.exec(select(Link.id).where(Link.id == link_id).with_for_update()).first()
    held = _MINE.where(Link.id == link_id).execution_options(populate_existing=True)
    row = session.exec(held, params={"me": me.id}).first()
    return Two(*row) if row else None


_CONFIRMED = _TWO.where(Link.account_says == Said.YES, Link.owner_says == Said.YES)
WAITS = Waits(_CONFIRMED)


def confirmed(session: Session) -> list[Two]:
    """Those of whom both have said that they are one."""
    return [Two(*row) for row in session.exec(_CONFIRMED)]


def still_confirmed(session: Session, two: Two) -> bool:
    """The same for these two, who can say nothing else until this transaction ends."""
    merging.hold(session, (two.person.id, two.owner.id))
    return session.exec(_CONFIRMED.where(Link.id == two.link.id)).first() is not None


def workspace(session: Session, two: Two, me: Person) -> Workspace:
    """Where the other one is known."""
    account = two.account if me.id == two.owner.id else preferred(session, two.owner)
    return session.get_one(Workspace, account.workspace_id)


def accounts(session: Session, person: Person) -> list[tuple[Identity, Workspace]]:
    """The open accounts of somebody, the one they prefer first."""
    return [
        (identity, place)
        for identity, place in session.exec(
            select(Identity, Workspace)
            .join(Workspace, col(Workspace.id) == Identity.workspace_id)
            .where(Identity.person_id == person.id, ~col(Identity.closed))
            .order_by(col(Identity.preferred).desc(), col(Identity.id))
        )
    ]


def preferred(session: Session, person: Person) -> Identity:
    """The account in which somebody hears from us."""
    order = (col(Identity.closed), col(Identity.preferred).desc(), col(Identity.id))
    mine = select(Identity).where(Identity.person_id == person.id).order_by(*order)
    return session.exec(mine.limit(1)).one()


def prefer(session: Session, account: Identity) -> None:
    """From now on messages go to this account of its owner, and it tells who they are."""
    session.execute(
        update(Identity)
        .where(col(Identity.person_id) == account.person_id)
        .values(preferred=col(Identity.id) == account.id),
        execution_options={"synchronize_session": "fetch"},
    )


def join(session: Session, two: Two) -> bool:
    """Make one person of the two: the owner of the address, reached at the account of the last yes.
    False, with nothing changed, when something is in the way."""
    owner, last = two.owner, session.get_one(Identity, two.link.via or two.account.id)
    known = _known(
        *((two.person, owner) if last.person_id == two.person.id else (owner, two.person))
    )
    link = two.link.id
    if not merging.absorb(session, two.person, owner):
        return False
    for name, value in known.items():
        setattr(owner, name, value)
    session.execute(delete(Link).where(col(Link.id) == link))
    prefer(session, last)
    session.flush()
    return True


def _known(lead: Person, other: Person) -> dict[str, object]:
    """What we know from now on: as on the platform of the one who leads, in a language that either
    of them chose."""
    speaks = lead if lead.locale_chosen or not other.locale_chosen else other
    known = {name: getattr(lead, name) for name in _LED}
    return known | {"locale": speaks.locale, "locale_chosen": speaks.locale_chosen}


def part(session: Session, account: Identity, person: Person, here: Identity) -> None:
    """An account turns out to be somebody else's: they are somebody new to us, what we know stays
    with the person, and what waits for the person goes to the account they act from."""
    stranger = Person(
        organisation_id=person.organisation_id,
        name=account.user,
        locale=person.locale,
        time_zone=person.time_zone,
        country=person.country,
    )
    session.add(stranger)
    session.flush()
    account.person_id = stranger.id
    session.info.pop(UNLINKED, None)
    session.add(
        Link(identity_id=account.id, owner_id=person.id, account_says=Said.NO, owner_says=Said.NO)
    )
    session.execute(
        update(Delivery)
        .where(
            col(Delivery.person_id) == person.id,
            col(Delivery.workspace_id) == account.workspace_id,
            col(Delivery.address) == account.address,
            col(Delivery.state) == DeliveryState.WAITING,
        )
        .values(workspace_id=here.workspace_id, address=here.address)
    )
    session.flush()
    prefer(session, account)
    prefer(session, here)
