"""What ties the log lines of an event to those of the messages that came of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision: str | None = "0009"


def upgrade() -> None:
    with op.batch_alter_table("delivery") as batch:
        batch.add_column(sa.Column("trace", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("delivery") as batch:
        batch.alter_column("trace", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("delivery") as batch:
        batch.drop_column("trace")
