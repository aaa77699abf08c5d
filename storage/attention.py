"""Who needs somebody: pairs that stand still, people and channels that no message reaches."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, String, and_, cast, func, literal, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.cards.attention import MOST_NAMED, Apart, Attention, StuckPair, Unreached
from bot.core.platform import Why
from storage import mentorships
from storage.backlog import DROPPED
from storage.mentorships import TOGETHER
from storage.models import (
    CheckIn,
    CheckInAnswer,
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


def _lost() -> ColumnElement[bool]:
    """Holds for a Delivery that did not arrive, though we tried."""
    return and_(
        col(Delivery.state).in_((DeliveryState.UNREACHABLE, DeliveryState.FAILED)),
        col(Delivery.failure) != DROPPED,
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
        .where(Participant.programme_id == programme.id, needs_somebody())
        .order_by(col(Person.name), col(Person.id))
        .limit(MOST_NAMED)
    )
    return Attention(
        programme=programme.name,
        stuck=tuple(_stuck_pair(programme, one, members[one.id]) for one in stuck),
        stuck_in_all=count_stuck(session, programme),
        unreached=tuple(
            Unreached(name, _why(failure) if there else Why.GONE)
            for name, there, failure in unreached
        ),
        unreached_in_all=count_unreached(session, programme),
        silent_channel=silent_channel(session, programme),
        apart=_apart(session, programme),
    )


def _without_chat(programme: Programme) -> tuple[ColumnElement[bool], ...]:
    """Holds for a Mentorship whose chat could not be opened, as long as the two have not met."""
    chat = select(Delivery.id).where(
        Delivery.key == literal(TOGETHER) + cast(Mentorship.proposal_id, String), _lost()
    )
    met = select(CheckIn.id).where(
        CheckIn.mentorship_id == Mentorship.id, CheckIn.answer == CheckInAnswer.MET
    )
    return (
        col(Mentorship.programme_id) == programme.id,
        col(Mentorship.state) == MentorshipState.ACTIVE,
        chat.correlate(Mentorship).exists(),
        ~met.correlate(Mentorship).exists(),
    )


def _apart(session: Session, programme: Programme) -> tuple[Apart, ...]:
    ids = session.exec(
        select(Mentorship.id)
        .where(*_without_chat(programme))
        .order_by(col(Mentorship.id))
        .limit(MOST_NAMED)
    ).all()
    return tuple(Apart(*_sides(each)) for each in mentorships.members(session, ids).values())


def _sides(members: Sequence[tuple[Member, Person]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the mentors, and those of the mentees."""
    mentors = tuple(person.name for member, person in members if member.part is Part.MENTOR)
    mentees = tuple(person.name for member, person in members if member.part is Part.MENTEE)
    return mentors, mentees


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
    since = mentorship.stuck_since.astimezone(ZoneInfo(programme.time_zone)).date()
    return StuckPair(*_sides(members), since=since)


def needs_somebody() -> ColumnElement[bool]:
    """Holds for a Participant and their Person when nothing reaches them, or when their account was
    closed and a partner is left behind."""
    here = and_(
        col(Participant.state) == ParticipantState.ACTIVE,
        col(Person.active).is_(True),
        is_unreached(),
    )
    return or_(here, and_(col(Person.active).is_(False), _left_a_partner()))


def _left_a_partner() -> ColumnElement[bool]:
    """Holds for a Participant: somebody who is still there is in a running pair with them."""
    mine, theirs, partner = aliased(Member), aliased(Member), aliased(Person)
    return (
        select(mine.id)
        .join(Mentorship, col(Mentorship.id) == mine.mentorship_id)
        .join(theirs, col(theirs.mentorship_id) == mine.mentorship_id)
        .join(partner, col(partner.id) == theirs.person_id)
        .where(
            mine.person_id == Participant.person_id,
            Mentorship.programme_id == Participant.programme_id,
            Mentorship.state == MentorshipState.ACTIVE,
            col(partner.active).is_(True),
        )
        .correlate(Participant)
        .exists()
    )


def is_unreached() -> ColumnElement[bool]:
    """Holds for a Person who missed a message and has not been reached since."""
    later = aliased(Delivery)
    reached = select(later.id).where(
        later.person_id == Delivery.person_id,
        later.state == DeliveryState.SENT,
        col(later.id) > col(Delivery.id),
    )
    lost = select(Delivery.person_id).where(
        _lost(), col(Delivery.person_id).is_not(None), ~reached.exists()
    )
    return col(Person.id).in_(lost)


def _last_failure() -> ScalarSelect[str]:
    """Of a Person: why the last message that got lost did."""
    return (
        select(Delivery.failure)
        .where(Delivery.person_id == Person.id, _lost())
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
        .where(Participant.programme_id == programme.id, needs_somebody())
    ).one()


def count_undelivered(session: Session, programme: Programme) -> int:
    """How many people and chats of a pair, and the channel, no message reaches."""
    chats = select(func.count(col(Mentorship.id))).where(*_without_chat(programme))
    silent = bool(silent_channel(session, programme))
    return count_unreached(session, programme) + session.exec(chats).one() + silent


def silent_channel(session: Session, programme: Programme) -> Unreached | None:
    """The coordinators' channel when the last that was sent there got lost."""
    last = session.exec(
        select(_lost(), Delivery.failure)
        .where(
            Delivery.workspace_id == programme.channel_workspace_id,
            Delivery.address == programme.channel_address,
            or_(_lost(), col(Delivery.state) == DeliveryState.SENT),
            col(Delivery.person_id).is_(None),
        )
        .order_by(col(Delivery.id).desc())
    ).first()
    if last is None or not last[0]:
        return None
    return Unreached(programme.channel_address, _why(last[1]))
