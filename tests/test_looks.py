"""A look reads, and nothing else; and the server need not think twice about the same look."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError
from sqlmodel import select

from scheduler.clock import LOOK
from storage.models import Organisation
from tests.world import World


def test_what_is_changed_while_looking_is_not_kept(world: World) -> None:
    with world.database.look() as session:
        session.exec(select(Organisation)).one().name = "Somebody else's"
        session.add(Organisation(name="Invented"))
    assert [one.name for one in world.rows(select(Organisation))] == ["Waterkant"]


@pytest.mark.only_a_server
def test_a_server_lets_nobody_write_who_looks(world: World) -> None:
    with pytest.raises(InternalError, match="read-only"), world.database.look() as session:
        session.add(Organisation(name="Invented"))
        session.flush()
    with world.database.transaction() as session:  # the same connection
        session.add(Organisation(name="Real"))
    assert len(world.rows(select(Organisation))) == 2


@pytest.mark.only_a_server
def test_a_look_that_is_over_leaves_its_plans(world: World) -> None:
    for _ in range(10):
        with world.database.look() as session:
            LOOK.waiting(session, world.now)
    with world.database.look() as session:
        known = session.execute(text("SELECT statement FROM pg_prepared_statements")).scalars()
        assert any("FROM delivery" in one or "FROM round" in one for one in known)
