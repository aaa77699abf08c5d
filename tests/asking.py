"""A pair under way, and when each of the two was asked how it goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import col, delete, select

from bot.cards.checkins import AnswerCheckIn
from storage.models import CheckIn, Delivery, Invite, Member, Wave
from tests.hands import Hands
from tests.reviewing import changes, coordinator, goes_round, mentee, mentor
from tests.world import World

HALF_AN_HOUR = timedelta(minutes=30)


def without_surveys(world: World) -> None:
    """Only check-ins are asked in this story, and what follows from a talk."""
    with world.database.transaction() as session:
        session.exec(update(Member).values(fit_at=None))
        session.exec(delete(Invite))
        session.exec(delete(Wave))


def couple(
    world: World,
    rhythm: str = "weekly",
    *,
    locales: tuple[str, str] = ("en", "en"),
    bram: dict[str, Any] | None = None,
    noor: dict[str, Any] | None = None,
) -> tuple[Hands, Hands]:
    """Bram mentors Noor, as Thomas announced today; only the pair is asked anything."""
    thomas = coordinator(world)
    pair = (
        mentor(world, "Bram", locales[0], rhythm=(rhythm,)),
        mentee(world, "Noor", locales[1], rhythm=(rhythm,)),
    )
    changes(world, "Bram", **(bram or {}))
    changes(world, "Noor", **(noor or {}))
    goes_round(world, thomas)
    without_surveys(world)
    return pair


def days_pass(world: World, number: int) -> None:
    """So many days go by; the clock ticks when a working day begins, at ten, and now and then."""
    end = world.now + timedelta(days=number)
    midnight = world.now.replace(hour=0, minute=0)
    for day in range(number + 1):
        for hour in (7, 8, 9, 12, 20):
            moment = midnight + timedelta(days=day, hours=hour)
            if world.now < moment <= end:
                world.now = moment
                world.tick()
    world.now = end


def asked_at(world: World, hands: Hands) -> list[datetime]:
    """When this person got a message with questions, on their own clock."""
    zone = ZoneInfo(hands.row.time_zone)
    rows = world.rows(
        select(Delivery)
        .where(Delivery.person_id == hands.row.id, col(Delivery.key).startswith("nudge:"))
        .order_by(col(Delivery.id))
    )
    return [row.due_at.astimezone(zone) for row in rows]


def days(world: World, hands: Hands) -> list[str]:
    """The same in short: "9 Mar 10:00"."""
    return [f"{at.day} {at:%b %H:%M}" for at in asked_at(world, hands)]


def check_ins(world: World, hands: Hands) -> list[CheckIn]:
    """Every check-in this person was asked, the oldest first."""
    return list(
        world.rows(
            select(CheckIn)
            .join(Member, col(Member.id) == CheckIn.member_id)
            .where(Member.person_id == hands.row.id)
            .order_by(col(CheckIn.id))
        )
    )


def answers(hands: Hands, answer: str = "met") -> None:
    """One tap on the first check-in of the card in front of them."""
    [check_in] = {a.check_in for a in hands.offers if isinstance(a, AnswerCheckIn)}
    hands.presses(AnswerCheckIn(check_in, answer))
