"""When a programme has been over long enough, what its people told goes; figures without names stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Select, Table, delete, or_, select
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as rows

from bot.core.dates import months_before
from storage.models import Programme, ProgrammeState

WARNING = timedelta(days=30)  # between telling the coordinators and doing it
Tables = Mapping[str, Table]
Which = Callable[[Tables, int], Select[tuple[int]]]


def day_of(programme: Programme) -> date:
    """The day on which what people told goes."""
    return months_before(programme.ends_on, -programme.kept_months)


def to_tell(session: Session, today: date) -> list[Programme]:
    """The programmes whose coordinators must hear that the day is near."""
    return [
        programme
        for programme in _over(session)
        if programme.forgetting_told_on is None and day_of(programme) - WARNING <= today
    ]


def postponed(session: Session, today: date) -> list[Programme]:
    """The programmes that are kept longer after all: their coordinators will hear of it anew."""
    return [
        programme
        for programme in _over(session)
        if programme.forgetting_told_on and today < day_of(programme) - WARNING
    ]


def due(session: Session, today: date) -> list[Programme]:
    """The programmes whose day has come, and whose coordinators heard of it in time."""
    return [
        programme
        for programme in _over(session)
        if programme.forgetting_told_on
        and day_of(programme) <= today
        and programme.forgetting_told_on + WARNING <= today
    ]


def _over(session: Session) -> list[Programme]:
    return list(session.exec(_OVER))


def kept_from_others(session: Session) -> None:
    """Until this transaction ends nobody else tells of a programme that is over, or forgets it."""
    session.exec(_OVER.with_for_update(key_share=True)).all()


_OVER = (
    rows(Programme)
    .where(Programme.state == ProgrammeState.ARCHIVED, col(Programme.forgotten_on).is_(None))
    .order_by(col(Programme.id))
    .execution_options(populate_existing=True)
)


def forget(session: Session, programme: Programme, now: datetime) -> None:
    """Nothing is left of who took part and what they told; goals and frozen figures stay."""
    session.flush()
    tables = SQLModel.metadata.tables
    for table in reversed(SQLModel.metadata.sorted_tables):
        if which := OF_A_PROGRAMME[table.name]:
            theirs = which(tables, programme.id)
            session.execute(delete(table).where(table.c.id.in_(theirs)))
    session.expire_all()
    programme.forgotten_on = now.date()
    session.flush()


def _direct(name: str, column: str = "programme_id") -> Which:
    return lambda tables, id_: select(tables[name].c.id).where(tables[name].c[column] == id_)


def _through(name: str, columns: str, parent: str) -> Which:
    """Rows of a table of which one of these columns points at such a parent."""

    def which(tables: Tables, id_: int) -> Select[tuple[int]]:
        above = OF_A_PROGRAMME[parent] or _direct(parent)
        table = tables[name]
        mine = (table.c[column].in_(above(tables, id_)) for column in columns.split())
        return select(table.c.id).where(or_(*mine))

    return which


def _dialogues(tables: Tables, id_: int) -> Select[tuple[int]]:
    """The intakes of this programme."""
    table = tables["dialogue"]
    about = (table.c.questionnaire == "intake") & (table.c.subject_id == id_)
    return select(table.c.id).where(about)


# Every table by name: which rows go; None where the table is not a programme's, or its facts stay.
OF_A_PROGRAMME: dict[str, Which | None] = {
    "answer": _through("answer", "dialogue_id", "dialogue"),
    "auditentry": None,
    "checkin": _through("checkin", "mentorship_id", "mentorship"),
    "delivery": None,
    "dialogue": _dialogues,
    "erasure": None,
    "exclusion": _direct("exclusion"),
    "fitcheck": _through("fitcheck", "mentorship_id", "mentorship"),
    "hold": None,
    "identity": None,
    "installation": None,
    "invite": _through("invite", "wave_id", "wave"),
    "leftover": _through("leftover", "round_id", "round"),
    "link": None,
    "member": _through("member", "mentorship_id", "mentorship"),
    "mentorship": _direct("mentorship"),
    "organisation": None,
    "organisationskill": None,
    "participant": _direct("participant"),
    "person": None,
    "programme": None,
    "programmegoal": None,
    "proposal": _through("proposal", "round_id", "round"),
    "role": None,
    "round": _direct("round"),
    "ruling": _direct("ruling"),
    "seenevent": None,
    "skillword": None,
    "slack_bots": None,
    "slack_installations": None,
    "slack_oauth_states": None,
    "suggestion": _through("suggestion", "wishing_id", "wishing"),
    "surveyanswer": _through("surveyanswer", "wave_id", "wave"),
    "talkrequest": _direct("talkrequest"),
    "teamsconversation": None,
    "trialtalk": _direct("trialtalk"),
    "trialvoice": _through("trialvoice", "talk_id", "trialtalk"),
    "turn": None,
    "vote": _through("vote", "proposal_id", "proposal"),
    "wave": None,
    "wish": _through("wish", "participant_id", "participant"),
    "wisher": _through("wisher", "wishing_id", "wishing"),
    "wishing": _direct("wishing"),
    "workspace": None,
}
