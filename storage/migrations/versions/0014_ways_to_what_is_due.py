"""Ways to what is due that cost the same however many people sleep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision: str | None = "0013"

NEW = {
    "ix_delivery_queue": ("delivery", ["workspace_id", "state", "due_at", "id"]),
    "ix_talkrequest_waiting": ("talkrequest", ["state", "reminded_at"]),
    "ix_link_said": ("link", ["account_says", "owner_says"]),
    "ix_participant_joined": ("participant", ["programme_id", "consented_at"]),
}
# The new ones begin with the same column.
OLD = {
    "ix_delivery_workspace_id": ("delivery", ["workspace_id"]),
    "ix_participant_programme_id": ("participant", ["programme_id"]),
}
HEARD = """UPDATE mentorship SET parting_told_at = (
    SELECT max(due_at) FROM delivery
    WHERE delivery.key LIKE 'left-behind:' || mentorship.id || ':%'
)"""


def upgrade() -> None:
    with op.batch_alter_table("mentorship") as batch:
        batch.add_column(sa.Column("parting_told_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(HEARD)
    for name, (table, columns) in NEW.items():
        op.create_index(name, table, columns)
    op.create_index(
        "ix_person_closed",
        "person",
        ["id"],
        sqlite_where=sa.text("active IS 0"),
        postgresql_where=sa.text("active IS false"),
    )
    for name, (table, _) in OLD.items():
        op.drop_index(name, table)


def downgrade() -> None:
    for name, (table, columns) in OLD.items():
        op.create_index(name, table, columns)
    for name, (table, _) in NEW.items():
        op.drop_index(name, table)
    op.drop_index("ix_person_closed", "person")
    with op.batch_alter_table("mentorship") as batch:
        batch.drop_column("parting_told_at")
