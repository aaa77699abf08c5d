"""Somebody is erased: of every table it stands here what happens to what is theirs.

Their row in `person` stays, with nothing in it but its number: pairs and rounds that others were in
still point at somebody. Whatever is kept of a table loses all that was said in confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, or_, select, update
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as rows

from bot.core.platform import members_of
from storage import dialogues, mentorships
from storage.models import (
    Answer,
    Delivery,
    Dialogue,
    Erasure,
    Identity,
    Member,
    Participant,
    ParticipantState,
    Person,
    Proposal,
    ProposalState,
    TrialTalk,
    slack_installations,
)
from storage.models.people import Workspace
from storage.sealing import Confidential

NOBODY = "—"


@dataclass(frozen=True)
class Traces:
    """By what a person can be found in the tables."""

    person: Person
    participants: Sequence[int]
    members: Sequence[int]
    dialogues: Sequence[int]
    talks: Sequence[int]
    accounts: Sequence[Identity]
    now: datetime

    @property
    def id(self) -> int:
        return self.person.id


Fate = Callable[[Session, Table, Traces], None]


def erase(session: Session, person: Person, now: datetime) -> None:
    """Nothing that says who this was, or what they said, is left; once more changes nothing."""
    for mine in mentorships.running(session, person, held=True):
        mentorships.end(session, mine, now)
    sweep(session, person, now)
    if person.erased_at is None:
        person.erased_at = now
        session.add(Erasure(person_id=person.id, at=now))
    session.flush()
    session.expire_all()  # what was read before is gone
    dialogues.reread(session)


def sweep(session: Session, person: Person, now: datetime) -> None:
    """Every table once: what a round that was under way wrote meanwhile goes too."""
    session.flush()
    traces = _traces(session, person, now)
    for table in reversed(SQLModel.metadata.sorted_tables):  # what points at others goes first
        if fate := FATES[table.name]:
            fate(session, table, traces)


def _traces(session: Session, person: Person, now: datetime) -> Traces:
    taking_part = session.exec(rows(Participant.id).where(Participant.person_id == person.id)).all()
    return Traces(
        person,
        taking_part,
        session.exec(rows(Member.id).where(Member.person_id == person.id)).all(),
        session.exec(rows(Dialogue.id).where(Dialogue.person_id == person.id)).all(),
        session.exec(
            rows(TrialTalk.id).where(
                or_(
                    col(TrialTalk.mentor_id).in_(taking_part),
                    col(TrialTalk.mentee_id).in_(taking_part),
                )
            )
        ).all(),
        session.exec(rows(Identity).where(Identity.person_id == person.id)).all(),
        now,
    )


# --- what happens ---


def _gone(where: Callable[[Table, Traces], ColumnElement[bool]]) -> Fate:
    def fate(session: Session, table: Table, traces: Traces) -> None:
        session.execute(delete(table).where(where(table, traces)))

    return fate


def _kept(where: Callable[[Table, Traces], ColumnElement[bool]], **values: Any) -> Fate:
    """The facts stay, without what was said in confidence."""

    def fate(session: Session, table: Table, traces: Traces) -> None:
        silent = {c.name: _nothing(c.type) for c in table.c if isinstance(c.type, Confidential)}
        if silent | values:
            session.execute(update(table).where(where(table, traces)).values(silent | values))

    return fate


def _nothing(kind: Confidential[Any]) -> Any:
    return [] if "[]" in kind.nothing else ""


def _person(name: str = "person_id") -> Callable[[Table, Traces], ColumnElement[bool]]:
    return lambda table, traces: table.c[name] == traces.id


def _of(field: str, *names: str) -> Callable[[Table, Traces], ColumnElement[bool]]:
    return lambda table, traces: or_(*(table.c[name].in_(getattr(traces, field)) for name in names))


def _either(*names: str) -> Callable[[Table, Traces], ColumnElement[bool]]:
    return lambda table, traces: or_(*(table.c[name] == traces.id for name in names))


def _answers(session: Session, table: Table, traces: Traces) -> None:
    """Theirs go, and they stand on no avoid list any more."""
    session.execute(delete(table).where(table.c.dialogue_id.in_(traces.dialogues)))
    theirs = (
        rows(Answer)
        .join(Dialogue, col(Dialogue.id) == Answer.dialogue_id)
        .join(Person, col(Person.id) == Dialogue.person_id)
        .where(Answer.question == "avoid", Person.organisation_id == traces.person.organisation_id)
    )
    me = str(traces.id)
    for answer in session.exec(theirs):
        if me in answer.values:
            dialogues.put(session, answer, tuple(each for each in answer.values if each != me))
    session.flush()


def _deliveries(session: Session, table: Table, traces: Traces) -> None:
    """What was said to them, and chats with them in it; who asked for what stands nowhere."""
    session.execute(delete(table).where(table.c.person_id == traces.id))
    session.execute(update(table).where(table.c.asked_by == traces.id).values(asked_by=None))
    for account in traces.accounts:
        near = rows(Delivery.id, Delivery.address).where(
            Delivery.workspace_id == account.workspace_id,
            col(Delivery.address).contains(account.user, autoescape=True),
        )
        ours = [id_ for id_, address in session.exec(near) if account.user in members_of(address)]
        session.execute(delete(table).where(table.c.id.in_(ours)))


def _links(session: Session, table: Table, traces: Traces) -> None:
    accounts = [account.id for account in traces.accounts]
    session.execute(update(table).where(table.c.via.in_(accounts)).values(via=None))
    mine = table.c.identity_id.in_(accounts) | (table.c.owner_id == traces.id)
    session.execute(delete(table).where(mine))


def _turns(session: Session, table: Table, traces: Traces) -> None:
    """Whoever writes there next finds the conversation free."""
    for account in traces.accounts:
        here = table.c.workspace_id == account.workspace_id
        near = table.c.address.contains(account.user, autoescape=True)
        session.execute(delete(table).where(here, near | (table.c.address == account.address)))


def _members(session: Session, table: Table, traces: Traces) -> None:
    nothing_due = {"ask_at": None, "due_on": None, "fit_at": None, "silent": 0}
    session.execute(update(table).where(table.c.person_id == traces.id).values(nothing_due))


def _participants(session: Session, table: Table, traces: Traces) -> None:
    mine = table.c.person_id == traces.id
    left = {"state": ParticipantState.LEFT, "priority": 0, "waiting_since": None}
    session.execute(update(table).where(mine).values(left))
    still_here = mine & table.c.left_at.is_(None)
    session.execute(update(table).where(still_here).values(left_at=traces.now))


def _proposals(session: Session, table: Table, traces: Traces) -> None:
    mine = or_(
        table.c.mentor_id.in_(traces.participants), table.c.mentee_id.in_(traces.participants)
    )
    session.execute(update(table).where(mine).values(contributions=[]))
    open_ = col(Proposal.state).in_((ProposalState.PROPOSED, ProposalState.APPROVED))
    session.execute(update(table).where(mine, open_).values(state=ProposalState.DROPPED))


def _people(session: Session, table: Table, traces: Traces) -> None:
    """Everything is as of somebody of whom nothing is known."""
    nobody = Person(organisation_id=traces.person.organisation_id, name=NOBODY, active=False)
    kept = {"id", "organisation_id", "erased_at"}
    bare = {c.name: getattr(nobody, c.name) for c in table.c if c.name not in kept}
    session.execute(update(table).where(table.c.id == traces.id).values(bare))
    session.execute(update(table).where(table.c.manager_id == traces.id).values(manager_id=None))


def _teams(session: Session, table: Table, traces: Traces) -> None:
    for account in traces.accounts:
        here = table.c.workspace_id == account.workspace_id
        session.execute(delete(table).where(here, table.c.user == account.user))


def _installers(session: Session, table: Table, traces: Traces) -> None:
    """The workspace keeps the bot; who installed it is forgotten, and their own token."""
    for account in traces.accounts:
        team = select(col(Workspace.external)).where(
            col(Workspace.id) == account.workspace_id, col(Workspace.platform) == "slack"
        )
        mine = table.c.team_id.in_(team) & (table.c.user_id == account.user)
        nobody = {"user_id": "", "user_token": None, "user_refresh_token": None}
        session.execute(update(table).where(mine).values(nobody))


def _wishes(session: Session, table: Table, traces: Traces) -> None:
    mine = table.c.participant_id.in_(traces.participants) | (table.c.person_id == traces.id)
    session.execute(delete(table).where(mine))


# Every table by name; None where nothing in it is anybody's, or only a number that is nobody's now.
FATES: dict[str, Fate | None] = {
    "answer": _answers,
    "auditentry": None,
    "checkin": _kept(_of("members", "member_id")),
    "delivery": _deliveries,
    "dialogue": _gone(_person()),
    "erasure": None,
    "exclusion": _gone(_either("left_person_id", "right_person_id")),
    "fitcheck": _gone(_of("members", "member_id")),
    "hold": None,
    "identity": _gone(_person()),
    "installation": None,
    "invite": _gone(_person()),
    "leftover": _gone(_of("participants", "participant_id")),
    "link": _links,
    "member": _members,
    "mentorship": None,
    "organisation": None,
    "organisationskill": None,
    "participant": _participants,
    "person": _people,
    "programme": None,
    "programmegoal": None,
    "proposal": _proposals,
    "role": _gone(_person()),
    "round": None,
    "ruling": _gone(_of("participants", "mentor_id", "mentee_id")),
    "seenevent": None,
    "skillword": None,
    slack_installations.name: _installers,
    "slack_bots": None,
    "slack_oauth_states": None,
    "suggestion": _gone(_of("participants", "participant_id", "other_id")),
    "surveyanswer": _gone(_person()),
    "talkrequest": _gone(_person()),
    "teamsconversation": _teams,
    "trialtalk": _gone(_of("talks", "id")),
    "trialvoice": _gone(_of("talks", "talk_id")),
    "turn": _turns,
    "vote": None,
    "wave": None,
    "wish": _wishes,
    "wisher": _gone(_of("participants", "participant_id")),
    "wishing": None,
    "workspace": None,
}
