"""An administrator opens the door to people from outside, or closes it behind those who are in."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.cards.guests import LetIn
from bot.cards.joining import Leave
from bot.core.news import Account, AccountsSeen, Kind
from bot.dispatcher import Dispatcher
from bot.platforms.local.platform import WORKSPACE
from bot.platforms.local.screen import draw
from handlers.routes import router
from storage.models import AuditEntry, Organisation, PersonKind
from tests.hands import Hands, admin, appoint
from tests.world import MENTEE, World

JOINING = MENTEE | {"languages": ("nl", "en")}
KINDS = [PersonKind.GUEST, PersonKind.STRANGER]


@pytest.fixture
def ada(world: World) -> Hands:
    world.programme()
    return admin(world, "Ada")


def outsider(world: World, kind: PersonKind = PersonKind.GUEST, name: str = "Gus") -> Hands:
    return Hands(world, name, kind=kind)


def sets(ada: Hands, kind: PersonKind, *, welcome: bool) -> None:
    ada.types("/mentor guests")
    ada.presses(LetIn(kind.value, welcome))


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_from_outside_joins_only_once_an_administrator_lets_them_in(
    ada: Hands, kind: PersonKind
) -> None:
    gus = outsider(ada.world, kind)
    gus.types("/mentor join")
    assert "An administrator may open it to guests" in gus.sees
    sets(ada, kind, welcome=True)
    assert "They may take part." in ada.sees
    gus.joins(JOINING)
    assert gus.takes_part() is not None
    entries = [(e.did, e.subject) for e in ada.world.rows(select(AuditEntry))]
    assert entries == [("refused /join", ""), ("let in", f"kind:{kind.value}")]


@pytest.mark.parametrize("kind", KINDS)
def test_letting_one_kind_in_leaves_the_other_out(ada: Hands, kind: PersonKind) -> None:
    [other] = set(KINDS) - {kind}
    gus = outsider(ada.world, other)
    sets(ada, kind, welcome=True)
    gus.types("/mentor join")
    assert "for employees" in gus.sees


def test_the_door_closes_behind_those_who_are_in_until_they_leave(ada: Hands) -> None:
    gus, late = outsider(ada.world), outsider(ada.world, name="Late")
    sets(ada, PersonKind.GUEST, welcome=True)
    gus.joins(JOINING)
    sets(ada, PersonKind.GUEST, welcome=False)
    assert "stays until they leave" in ada.sees
    assert "I know 2 of them; 1 takes part." in ada.sees
    assert gus.row.admitted
    assert not late.row.admitted
    seen(ada.world, Account("gus", "Gus", kind=Kind.GUEST))
    assert gus.row.admitted  # also when the platform tells of them again
    gus.types("/mentor leave")
    gus.presses(Leave)
    gus.types("/mentor join")
    assert "for employees" in gus.sees


def seen(world: World, account: Account) -> None:
    dispatcher = Dispatcher(world.database, router, world.content, lambda: world.now)
    dispatcher.hear(AccountsSeen("local", WORKSPACE, (account,)))


def test_guests_whom_the_platform_brings_later_are_let_in_too(ada: Hands) -> None:
    sets(ada, PersonKind.GUEST, welcome=True)
    gus = outsider(ada.world)
    before = gus.row
    seen(ada.world, Account("gus", "Gus", kind=Kind.GUEST))
    assert (before.admitted, gus.row.admitted) == (False, True)


def test_an_employee_needs_no_door(ada: Hands) -> None:
    noor = Hands(ada.world, "Noor")
    sets(ada, PersonKind.GUEST, welcome=True)
    sets(ada, PersonKind.GUEST, welcome=False)
    noor.joins(JOINING)
    assert noor.takes_part() is not None


def test_the_same_click_twice_is_written_down_once(ada: Hands) -> None:
    sets(ada, PersonKind.GUEST, welcome=True)
    ada.again()
    ada.forges(LetIn("guest", True))
    assert len(ada.world.rows(select(AuditEntry))) == 1


@pytest.mark.parametrize("kind", ["employee", "bot", "", "<!channel>"])
def test_nobody_else_is_let_in_or_kept_out(ada: Hands, kind: str) -> None:
    ada.forges(LetIn(kind, True))
    [organisation] = ada.world.rows(select(Organisation))
    assert not (organisation.guests_welcome or organisation.strangers_welcome)


def test_a_coordinator_is_no_administrator(ada: Hands) -> None:
    tess = Hands(ada.world, "Tess")
    appoint(tess, programme=1)
    tess.types("/mentor gasten")
    assert "administrator" in tess.sees
    answer = tess.forges(LetIn("guest", True))
    assert answer is not None
    assert "administrator" in draw(answer)
    assert not ada.world.rows(select(Organisation))[0].guests_welcome
