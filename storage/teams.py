"""Where the bot can speak in Teams: learned when it is added, refreshed by all it hears."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from storage.models import ConversationKind, TeamsConversation, Workspace
from storage.people import workspace_of

NAME = "teams"


@dataclass(frozen=True)
class Reference:
    """A conversation as Teams' connector wants it named."""

    conversation: str  # without the message of a thread
    kind: ConversationKind
    service_url: str
    bot: str = ""
    user: str = ""  # personal: the account as in Identity.user
    member: str = ""  # personal: the same person as the connector names them
    team: str = ""
    name: str = ""
    open: bool = True  # False since the bot was taken out

    def tells(self, other: Reference) -> bool:
        """Whether the other says nothing new."""
        mine = asdict(self)
        return all(mine[name] == value for name, value in asdict(other).items() if value)


def remember(session: Session, tenant: str, reference: Reference, now: datetime) -> bool:
    """The bot can speak here. False when the tenant is not one of ours.

    Whose chat it is does not change: else what is private would reach somebody else.
    """
    workspace = workspace_of(session, NAME, tenant)
    if workspace is None:
        return False
    known = _find(session, workspace, reference.conversation)
    if known is None:
        known = _made(session, workspace, reference, now)
    told = {name: value for name, value in asdict(reference).items() if value}
    known.external = told.pop("conversation")
    if known.user and reference.user != known.user:
        told = {name: told[name] for name in told.keys() - {"user", "member"}}
    for name, value in told.items():  # what is not told this time stays as it was
        setattr(known, name, value)
    known.heard_at = now
    session.flush()
    return True


def _made(
    session: Session, workspace: Workspace, reference: Reference, now: datetime
) -> TeamsConversation:
    """A new row; of two that hear of a conversation at once, one makes it."""
    given = asdict(reference)
    row = TeamsConversation(
        workspace_id=workspace.id, external=given.pop("conversation"), heard_at=now, **given
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        found = _find(session, workspace, reference.conversation)
        if found is None:
            raise
        return found
    return row


def leave(session: Session, tenant: str, *, conversation: str = "", team: str = "") -> None:
    """The bot was taken out of a conversation, or out of a team with all its channels."""
    workspace = workspace_of(session, NAME, tenant)
    if workspace is None or not (conversation or team):
        return
    where = (
        col(TeamsConversation.external) == conversation
        if conversation
        else col(TeamsConversation.team) == team
    )
    session.execute(
        update(TeamsConversation)
        .where(col(TeamsConversation.workspace_id) == workspace.id, where)
        .values(open=False)
    )


def personal(session: Session, tenant: str, user: str) -> Reference | None:
    """Somebody's own chat with the bot."""
    return _first(
        session,
        tenant,
        TeamsConversation.kind == ConversationKind.PERSONAL,
        TeamsConversation.user == user,
    )


def place(session: Session, tenant: str, conversation: str) -> Reference | None:
    """A conversation by Teams' own id."""
    return _first(session, tenant, TeamsConversation.external == conversation)


def channels(session: Session, tenant: str, *, open: bool = True) -> list[Reference]:
    """The channels where the bot can speak, or those it was taken out of, as far as it heard."""
    rows = session.exec(
        select(TeamsConversation)
        .join(Workspace, col(Workspace.id) == TeamsConversation.workspace_id)
        .where(
            Workspace.platform == NAME,
            Workspace.external == tenant,
            TeamsConversation.kind == ConversationKind.CHANNEL,
            TeamsConversation.open == open,
        )
        .order_by(col(TeamsConversation.id))
    )
    return [_reference(row) for row in rows]


def any_place(session: Session, tenant: str) -> Reference | None:
    """The conversation heard last: its service answers for the whole tenant."""
    return _first(session, tenant)


def _first(session: Session, tenant: str, *where: ColumnElement[bool] | bool) -> Reference | None:
    row = session.exec(
        select(TeamsConversation)
        .join(Workspace, col(Workspace.id) == TeamsConversation.workspace_id)
        .where(Workspace.platform == NAME, Workspace.external == tenant, *where)
        .order_by(col(TeamsConversation.open).desc(), col(TeamsConversation.heard_at).desc())
    ).first()
    return _reference(row) if row else None


def _find(session: Session, workspace: Workspace, external: str) -> TeamsConversation | None:
    return session.exec(
        select(TeamsConversation).where(
            TeamsConversation.workspace_id == workspace.id, TeamsConversation.external == external
        )
    ).first()


def _reference(row: TeamsConversation) -> Reference:
    return Reference(
        row.external,
        row.kind,
        row.service_url,
        bot=row.bot,
        user=row.user,
        member=row.member,
        team=row.team,
        name=row.name,
        open=row.open,
    )
