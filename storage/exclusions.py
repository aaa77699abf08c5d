"""Whom a programme keeps apart: on each side a person or a department."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, col, delete, select

from bot.matching import Side
from storage.models import Exclusion, Programme

Apart = tuple[Side, Side]


def of_programme(session: Session, programme: Programme) -> list[Apart]:
    """As they were written down."""
    rows = session.exec(
        select(Exclusion).where(Exclusion.programme_id == programme.id).order_by(col(Exclusion.id))
    )
    return [
        (row.left_person_id or row.left_department, row.right_person_id or row.right_department)
        for row in rows
    ]


def replace(session: Session, programme: Programme, pairs: Iterable[Apart]) -> None:
    """These are kept apart, and no others."""
    session.exec(delete(Exclusion).where(col(Exclusion.programme_id) == programme.id))
    for left, right in pairs:
        session.add(
            Exclusion(
                programme_id=programme.id,
                left_person_id=left if isinstance(left, int) else None,
                left_department=left if isinstance(left, str) else "",
                right_person_id=right if isinstance(right, int) else None,
                right_department=right if isinstance(right, str) else "",
            )
        )
    session.flush()
