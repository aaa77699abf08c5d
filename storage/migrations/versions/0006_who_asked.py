"""Who asked for a message in a channel, so that they can get it when it cannot arrive there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    with op.batch_alter_table("delivery") as batch:
        batch.add_column(sa.Column("asked_by", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_delivery_asked_by_person", "person", ["asked_by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("delivery") as batch:
        batch.drop_constraint("fk_delivery_asked_by_person", type_="foreignkey")
        batch.drop_column("asked_by")
