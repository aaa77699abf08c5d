"""Which workspaces Slack gave us a token for; the tokens themselves stay sealed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, delete, or_, select, update
from sqlmodel import Session

from storage.models.slack import SECRETS, slack_bots, slack_installations, slack_oauth_states
from storage.sealing import Seal, WrongKey

_WITH_TOKENS = (slack_bots, slack_installations)


@dataclass(frozen=True)
class Held:
    """A workspace that installed the bot, without its token."""

    workspace: str
    name: str
    enterprise: str | None
    scopes: frozenset[str]
    bot: str  # its own account there


def held(session: Session, client_id: str) -> list[Held]:
    """Every workspace that installed this app, as it was last installed, in the order of their names."""
    columns = slack_bots.c
    newest_last = (
        select(slack_bots)
        .where(columns.client_id == client_id, columns.bot_token.is_not(None))
        .where(columns.team_id.is_not(None))
        .order_by(columns.installed_at, columns.id)
    )
    found = {row.team_id: _held(row) for row in session.execute(newest_last)}
    return sorted(found.values(), key=lambda each: (each.name.casefold(), each.workspace))


def of_workspace(session: Session, client_id: str, workspace: str) -> Held | None:
    """What is known of one workspace, or None when it did not install this app."""
    columns = slack_bots.c
    row = session.execute(
        select(slack_bots)
        .where(columns.client_id == client_id, columns.team_id == workspace)
        .where(columns.bot_token.is_not(None))
        .order_by(columns.installed_at.desc(), columns.id.desc())
        .limit(1)
    ).first()
    return _held(row) if row else None


def _held(row: Any) -> Held:
    scopes = frozenset((row.bot_scopes or "").split(",")) - {""}
    return Held(row.team_id, row.team_name or "", row.enterprise_id, scopes, row.bot_user_id or "")


def forget(session: Session, workspace: str) -> None:
    """No token of this workspace is kept, nor who installed the bot there."""
    for table in _WITH_TOKENS:
        session.execute(delete(table).where(table.c.team_id == workspace))


def forget_expired_states(session: Session, now: datetime) -> None:
    """Whoever began to install and never came back leaves nothing behind."""
    naive = now.astimezone(UTC).replace(tzinfo=None)  # as the library stores it
    session.execute(delete(slack_oauth_states).where(slack_oauth_states.c.expire_at < naive))


def reseal(session: Session, seal: Seal) -> int:
    """Close every stored secret with the first key; how many there were. WrongKey when one cannot be
    opened."""
    count = 0
    for table, row, secrets in _sealed_rows(session):
        renewed = {name: seal.renew(value) for name, value in secrets.items()}
        session.execute(update(table).where(table.c.id == row).values(renewed))
        count += len(renewed)
    return count


def unopenable(session: Session, seal: Seal) -> Sequence[str]:
    """The workspaces of which a stored secret cannot be opened with any key."""
    found = set()
    for table, row, secrets in _sealed_rows(session):
        try:
            for value in secrets.values():
                seal.open(value)
        except WrongKey:
            found.add(session.execute(select(table.c.team_id).where(table.c.id == row)).scalar())
    return sorted(str(each) for each in found)


def _sealed_rows(session: Session) -> Iterator[tuple[Table, int, dict[str, str]]]:
    for table in _WITH_TOKENS:
        names = [name for name in SECRETS if name in table.c]
        columns = [table.c[name] for name in names]
        some = or_(*(column.is_not(None) for column in columns))
        rows = session.execute(select(table.c.id, *columns).where(some).order_by(table.c.id)).all()
        for key, *values in rows:
            yield table, key, {n: v for n, v in zip(names, values, strict=True) if v is not None}
