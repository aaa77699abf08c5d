"""What cannot arrive in the place where somebody asked for it goes to who asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.cards import common
from bot.core.messages import Message
from bot.texts import translator
from storage import outbox
from storage.models import Delivery, DeliveryState, Identity, Person


def to_who_asked(session: Session, deliveries: Sequence[int], now: datetime) -> None:
    """Show in private what turned out to be unreachable, in the workspace where it was asked; once."""
    rows = session.exec(
        select(Delivery, Person)
        .join(Person, col(Person.id) == Delivery.asked_by)
        .where(
            col(Delivery.id).in_(deliveries),
            Delivery.state == DeliveryState.UNREACHABLE,
            col(Person.active).is_(True),
        )
    ).all()
    for delivery, person in rows:
        account = session.exec(
            select(Identity).where(
                Identity.person_id == person.id, Identity.workspace_id == delivery.workspace_id
            )
        ).first()
        card = common.shown_here_instead(
            translator(person.locale), Message.from_json(delivery.message)
        )
        outbox.promise(session, person, card, key=f"returned:{delivery.id}", now=now, via=account)
        delivery.message = ""
