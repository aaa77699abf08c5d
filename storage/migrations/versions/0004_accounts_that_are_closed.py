"""Which accounts are closed: somebody is active as long as one of theirs is open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    with op.batch_alter_table("identity") as batch:
        batch.add_column(
            sa.Column("closed", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("identity") as batch:
        batch.alter_column("closed", server_default=None)
    # Who is no longer there has no account that is open; of the others the next look tells.
    op.execute(
        "UPDATE identity SET closed = true"
        " WHERE person_id IN (SELECT id FROM person WHERE NOT active)"
    )


def downgrade() -> None:
    with op.batch_alter_table("identity") as batch:
        batch.drop_column("closed")
