"""Workspaces that pause and go, deliveries in doubt, guests who are let in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"

# By table: the new columns that always have a value. For the rows that are there it is no, or
# «active».
FILLED = {
    "delivery": ("in_doubt",),
    "organisation": ("guests_welcome", "strangers_welcome"),
    "person": ("admitted", "locale_chosen"),
    "programme": ("group_chat",),
    "workspace": ("state",),
}


def _filled(name: str) -> sa.Column[object]:
    if name == "state":
        return sa.Column(name, sa.String(24), nullable=False, server_default="active")
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def upgrade() -> None:
    for table, columns in FILLED.items():
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.add_column(_filled(name))
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.alter_column(name, server_default=None)
    # Who has met Koppel may have chosen a language: it stays.
    op.execute("UPDATE person SET locale_chosen = introduced")
    with op.batch_alter_table("workspace") as batch:
        batch.add_column(sa.Column("since", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("people_seen_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("workspace") as batch:
        batch.drop_column("people_seen_at")
        batch.drop_column("since")
    for table, columns in FILLED.items():
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.drop_column(name)
