"""How Alembic sees the models; `storage.schema` hands it an open transaction."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

from storage import models
from storage.models.base import Utc

assert models.__all__  # imported so that every table is known


def _render(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Write a column's type without our own code: a step must not change when the models do."""
    match kind, item:
        case "type", Utc():
            return "sa.DateTime(timezone=True)"
        case "type", sa.Enum(length=length):
            return f"sa.String(length={length})"  # the words are checked by the code
        case "type", sa.TypeDecorator(impl=sa.Text()):
            return "sa.Text()"
        case "type", sa.Text() | sa.JSON():
            return False
        case "type", sa.String(length=length) | sa.TypeDecorator(impl=sa.String(length=length)):
            return f"sa.String(length={length})" if length else "sa.String()"
        case _:
            return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_item=_render,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
)
context.run_migrations()
