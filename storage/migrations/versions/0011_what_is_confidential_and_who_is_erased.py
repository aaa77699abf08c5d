"""Columns that are sealed, people whose numbers are never used again, and who was erased.

What is stored in clear stays readable here: it is sealed at the next start, by who has the keys.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"

INSTANT = sa.DateTime(timezone=True)
WIDER = {"ruling": "reason", "wish": "reason", "surveyanswer": "value"}


NEVER_AGAIN = (
    "person",
    "participant",
    "dialogue",
    "mentorship",
    "member",
    "round",
    "proposal",
    "wave",
)


def upgrade() -> None:
    for table, column in WIDER.items():
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, type_=sa.Text(), existing_type=sa.String())
    with op.batch_alter_table("answer") as batch:
        batch.alter_column("values", new_column_name="chosen", existing_type=sa.JSON())
        batch.alter_column(
            "words",
            type_=sa.Text(),
            existing_type=sa.JSON(),
            postgresql_using="words::text",
        )
        batch.add_column(sa.Column("confided", sa.Text(), nullable=False, server_default="[]"))
    with op.batch_alter_table("answer") as batch:
        batch.alter_column("confided", server_default=None)
    _never_again()
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("erased_at", INSTANT, nullable=True))
    _programmes()
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("mark", sa.Text(), nullable=False),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("listed_at", INSTANT, nullable=True),
    )
    op.create_index("ix_erasure_person_id", "erasure", ["person_id"])
    op.create_index("ix_erasure_listed_at", "erasure", ["listed_at"])


def _never_again() -> None:
    """A server never gives a number twice; SQLite has to be told."""
    if op.get_bind().dialect.name == "sqlite":
        for table in NEVER_AGAIN:
            recreated = op.batch_alter_table(
                table, recreate="always", table_kwargs={"sqlite_autoincrement": True}
            )
            with recreated:
                pass


def _programmes() -> None:
    with op.batch_alter_table("programme") as batch:
        batch.add_column(
            sa.Column("kept_months", sa.Integer(), nullable=False, server_default="12")
        )
        batch.add_column(sa.Column("forgetting_told_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("forgotten_on", sa.Date(), nullable=True))
    with op.batch_alter_table("programme") as batch:
        batch.alter_column("kept_months", server_default=None)


def downgrade() -> None:
    op.drop_table("erasure")
    op.drop_table("installation")
    with op.batch_alter_table("programme") as batch:
        for name in ("kept_months", "forgetting_told_on", "forgotten_on"):
            batch.drop_column(name)
    with op.batch_alter_table("person") as batch:
        batch.drop_column("erased_at")
    with op.batch_alter_table("answer") as batch:
        batch.drop_column("confided")
        batch.alter_column(
            "words", type_=sa.JSON(), existing_type=sa.Text(), postgresql_using="words::json"
        )
        batch.alter_column("chosen", new_column_name="values", existing_type=sa.JSON())
    for table, column in WIDER.items():
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, type_=sa.String(), existing_type=sa.Text())
