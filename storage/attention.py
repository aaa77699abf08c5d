"""Who needs somebody: pairs that stand still, people and channels that no message reaches."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.cards.attention import MOST_NAMED, Attention, StuckPair, Unreached
from bot.core.platform import Why
from storage import mentorships
from storage.models import (
    Delivery,
    DeliveryState,
    Member,
    Mentorship,
    MentorshipState,
    Part,
    Participant,
    ParticipantState,
    Person,
    Programme,
)

_LOST = (DeliveryState.UNREACHABLE, DeliveryState.FAILED)


def takes_part(programme: Programme) -> tuple[ColumnElement[bool], ...]:
    """Holds for a Participant and their Person."""
    return (
        *_has_place(programme),
        col(Person.active).is_(True),
    )


def _has_place(programme: Programme) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Participant.programme_id) == programme.id,
        col(Participant.state) == ParticipantState.ACTIVE,
    )


def named(session: Session, programme: Programme) -> Attention:
    """Who is stuck or not reached, by name."""
    stuck = session.exec(
        select(Mentorship)
        .where(*_is_stuck(programme))
        .order_by(col(Mentorship.stuck_since), col(Mentorship.id))
        .limit(MOST_NAMED)
    ).all()
    members = mentorships.members(session, [mentorship.id for mentorship in stuck])
    unreached = session.exec(
        select(Person.name, Person.active, _last_failure())
        .join(Participant, col(Participant.person_id) == Person.id)
        .where(*_has_place(programme), is_unreached())
        .order_by(col(Person.name), col(Person.id))
        .limit(MOST_NAMED)
    )
    return Attention(
        programme=programme.name,
        stuck=tuple(_stuck_pair(programme, one, members[one.id]) for one in stuck),
        stuck_in_all=count_stuck(session, programme),
        unreached=tuple(
            Unreached(name, _why(failure) if active else Why.GONE)
            for name, active, failure in unreached
        ),
        unreached_in_all=count_unreached(session, programme),
        silent_channel=silent_channel(session, programme),
    )


def _is_stuck(programme: Programme) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Mentorship.programme_id) == programme.id,
        col(Mentorship.state) == MentorshipState.ACTIVE,
        col(Mentorship.stuck_since).is_not(None),
    )


def count_stuck(session: Session, programme: Programme) -> int:
    return session.exec(select(func.count(col(Mentorship.id))).where(*_is_stuck(programme))).one()


def _stuck_pair(
    programme: Programme, mentorship: Mentorship, members: Sequence[tuple[Member, Person]]
) -> StuckPair:
    assert mentorship.stuck_since is not None
    return StuckPair(
        mentors=tuple(person.name for member, person in members if member.part is Part.MENTOR),
        mentees=tuple(person.name for member, person in members if member.part is Part.MENTEE),
        since=mentorship.stuck_since.astimezone(ZoneInfo(programme.time_zone)).date(),
    )


def is_unreached() -> ColumnElement[bool]:
    """Holds for a Participant and their Person: who missed a message and has not been reached since,
    or whose account was closed while somebody is paired with them."""
    here = col(Person.active).is_(True)
    return (here & _missed()) | (~here & _has_partner())


def _has_partner() -> ColumnElement[bool]:
    running = (
        select(Member.id)
        .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
        .where(
            Member.participant_id == Participant.id,
            Mentorship.state == MentorshipState.ACTIVE,
        )
    )
    return running.correlate(Participant).exists()


def _missed() -> ColumnElement[bool]:
    later = aliased(Delivery)
    reached = select(later.id).where(
        later.person_id == Delivery.person_id,
        later.state == DeliveryState.SENT,
        col(later.id) > col(Delivery.id),
    )
    lost = select(Delivery.person_id).where(
        col(Delivery.state).in_(_LOST), col(Delivery.person_id).is_not(None), ~reached.exists()
    )
    return col(Person.id).in_(lost)


def _last_failure() -> ScalarSelect[str]:
    """Of a Person: why the last message that got lost did."""
    return (
        select(Delivery.failure)
        .where(Delivery.person_id == Person.id, col(Delivery.state).in_(_LOST))
        .order_by(col(Delivery.id).desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )


def _why(failure: str) -> Why | None:
    return Why(failure) if failure in set(Why) else None


def count_unreached(session: Session, programme: Programme) -> int:
    return session.exec(
        select(func.count(col(Participant.id)))
        .join(Person, col(Person.id) == Participant.person_id)
        .where(*_has_place(programme), is_unreached())
    ).one()


def count_undelivered(session: Session, programme: Programme) -> int:
    """How many people, and the channel, no message reaches."""
    return count_unreached(session, programme) + bool(silent_channel(session, programme))


def silent_channel(session: Session, programme: Programme) -> Unreached | None:
    """The coordinators' channel when the last that was sent there got lost."""
    last = session.exec(
        select(Delivery.state, Delivery.failure)
        .where(
            Delivery.workspace_id == programme.channel_workspace_id,
            Delivery.address == programme.channel_address,
            Delivery.state != DeliveryState.WAITING,
            col(Delivery.person_id).is_(None),
        )
        .order_by(col(Delivery.id).desc())
    ).first()
    if last is None or last[0] not in _LOST:
        return None
    return Unreached(programme.channel_address, _why(last[1]))
