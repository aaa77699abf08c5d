"""Accounts with one address on two platforms, and what their owners say: is it one person?"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("identity_id", sa.Integer(), sa.ForeignKey("identity.id"), nullable=False),
        sa.Column("owner_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("account_says", sa.String(24), nullable=False),
        sa.Column("owner_says", sa.String(24), nullable=False),
        sa.Column("via", sa.Integer(), sa.ForeignKey("identity.id"), nullable=True),
        sa.UniqueConstraint("identity_id"),
    )
    op.create_index("ix_link_owner_id", "link", ["owner_id"])


def downgrade() -> None:
    op.drop_table("link")
