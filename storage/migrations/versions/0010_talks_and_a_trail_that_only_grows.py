"""Who asked for a talk; and an audit trail to which rows are added, and nothing else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"

INSTANT = sa.DateTime(timezone=True)
PERSON = "auditentry_person_id_fkey"  # as PostgreSQL calls it; SQLite is told to
NAMES = {"fk": "%(table_name)s_%(column_0_name)s_fkey"}
WORDS = "the audit trail is only added to"
GUARDS = {
    "sqlite": tuple(
        f"CREATE TRIGGER auditentry_no_{change.lower()} BEFORE {change} ON auditentry"
        f" BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        for change in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        "CREATE FUNCTION auditentry_only_grows() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$",
        "CREATE TRIGGER auditentry_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON auditentry"
        " FOR EACH STATEMENT EXECUTE FUNCTION auditentry_only_grows()",
    ),
}
UNGUARDED = {
    "sqlite": ("DROP TRIGGER auditentry_no_update", "DROP TRIGGER auditentry_no_delete"),
    "postgresql": (
        "DROP TRIGGER auditentry_only_grows ON auditentry",
        "DROP FUNCTION auditentry_only_grows",
    ),
}


def upgrade() -> None:
    with op.batch_alter_table("auditentry", naming_convention=NAMES) as batch:
        batch.drop_constraint(PERSON, type_="foreignkey")
    for guard in GUARDS[op.get_context().dialect.name]:
        op.execute(guard)
    with op.batch_alter_table("programme") as batch:
        batch.add_column(sa.Column("answer_days", sa.Integer(), nullable=False, server_default="2"))
    with op.batch_alter_table("programme") as batch:
        batch.alter_column("answer_days", server_default=None)
    op.create_table(
        "talkrequest",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("programme_id", sa.Integer(), sa.ForeignKey("programme.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("reader_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("promised_at", INSTANT, nullable=False),
        sa.Column("reminded_at", INSTANT, nullable=True),
    )
    for column in ("programme_id", "person_id", "reader_id", "promised_at"):
        op.create_index(f"ix_talkrequest_{column}", "talkrequest", [column])


def downgrade() -> None:
    op.drop_table("talkrequest")
    with op.batch_alter_table("programme") as batch:
        batch.drop_column("answer_days")
    for guard in UNGUARDED[op.get_context().dialect.name]:
        op.execute(guard)
    # Who is no more cannot be pointed at.
    op.execute("DELETE FROM auditentry WHERE person_id NOT IN (SELECT id FROM person)")
    with op.batch_alter_table("auditentry", naming_convention=NAMES) as batch:
        batch.create_foreign_key(PERSON, "person", ["person_id"], ["id"])
