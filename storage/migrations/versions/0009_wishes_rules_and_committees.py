"""What matching in depth remembers: weights, rules, wishes, trial talks, votes, skills, fit checks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"

INSTANT = sa.DateTime(timezone=True)
WORD = sa.String(24)

# By table: the new columns that always have a value, and what it is for the rows that are there.
FILLED: dict[str, dict[str, tuple[sa.types.TypeEngine[Any], str]]] = {
    "person": {"team": (sa.String(), "")},
    "programme": {
        "importance": (sa.JSON(), "{}"),
        "fair": (sa.Boolean(), "1"),
        "other_function": (sa.Boolean(), "0"),
        "repeat_after_months": (sa.Integer(), "0"),
        "mixed_departments": (sa.JSON(), "[]"),
        "most_mentees": (sa.Integer(), "0"),
        "wish_weight": (sa.Float(), "0.25"),
        "votes_needed": (sa.Integer(), "1"),
        "vote_days": (sa.Integer(), "3"),
    },
    "round": {
        "progress": (sa.Float(), "0"),
        "engine": (sa.String(), ""),
        "terms": (sa.JSON(), "{}"),
        "findings": (sa.JSON(), "{}"),
    },
    "proposal": {"bonus": (sa.Float(), "0")},
    "answer": {"words": (sa.JSON(), "{}")},
    "ruling": {"reason": (sa.String(), "")},
}
LATER = {
    "participant": ("waiting_since",),
    "round": ("claimed_until", "votes_close_at", "votes_told_at"),
    "ruling": ("ruled_at",),
    "member": ("fit_at",),
}


def upgrade() -> None:
    for table, columns in FILLED.items():
        with op.batch_alter_table(table) as batch:
            for name, (type_, value) in columns.items():
                batch.add_column(sa.Column(name, type_, nullable=False, server_default=value))
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.alter_column(name, server_default=None)
    for table, names in LATER.items():
        with op.batch_alter_table(table) as batch:
            for name in names:
                batch.add_column(sa.Column(name, INSTANT, nullable=True))
    with op.batch_alter_table("ruling") as batch:
        batch.add_column(sa.Column("ruled_by", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_ruling_ruled_by_person", "person", ["ruled_by"], ["id"])
    op.create_index("ix_member_fit_at", "member", ["fit_at"])
    _exclusions_and_votes()
    _wishes()
    _skills_and_fit_checks()


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _to(name: str, table: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _table(name: str, *columns: sa.schema.SchemaItem, indexes: tuple[str, ...] = ()) -> None:
    op.create_table(name, *columns)
    for column in indexes:
        op.create_index(f"ix_{name}_{column}", name, [column])


def _exclusions_and_votes() -> None:
    _table(
        "exclusion",
        _id(),
        _to("programme_id", "programme"),
        _to("left_person_id", "person", nullable=True),
        sa.Column("left_department", sa.String(), nullable=False),
        _to("right_person_id", "person", nullable=True),
        sa.Column("right_department", sa.String(), nullable=False),
        indexes=("programme_id", "left_person_id", "right_person_id"),
    )
    _table(
        "vote",
        _id(),
        _to("proposal_id", "proposal"),
        _to("person_id", "person"),
        sa.Column("yes", sa.Boolean(), nullable=False),
        sa.Column("voted_at", INSTANT, nullable=False),
        sa.UniqueConstraint("proposal_id", "person_id"),
        indexes=("proposal_id", "person_id"),
    )


def _wishes() -> None:
    _table(
        "wishing",
        _id(),
        _to("programme_id", "programme"),
        sa.Column("state", WORD, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("mentors_too", sa.Boolean(), nullable=False),
        sa.Column("trial_talks", sa.Boolean(), nullable=False),
        indexes=("programme_id", "closes_at"),
    )
    _table(
        "wisher",
        _id(),
        _to("wishing_id", "wishing"),
        _to("participant_id", "participant"),
        sa.Column("part", WORD, nullable=False),
        sa.Column("ask_at", INSTANT, nullable=True),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.UniqueConstraint("wishing_id", "participant_id"),
        indexes=("wishing_id", "participant_id", "ask_at"),
    )
    _table(
        "suggestion",
        _id(),
        _to("wishing_id", "wishing"),
        _to("participant_id", "participant"),
        _to("other_id", "participant"),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("contributions", sa.JSON(), nullable=False),
        sa.UniqueConstraint("wishing_id", "participant_id", "other_id"),
        indexes=("wishing_id", "participant_id", "other_id"),
    )
    _table(
        "wish",
        _id(),
        _to("participant_id", "participant"),
        _to("person_id", "person"),
        sa.Column("part", WORD, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("participant_id", "person_id", "own"),
        indexes=("participant_id", "person_id"),
    )
    _trial_talks()


def _trial_talks() -> None:
    _table(
        "trialtalk",
        _id(),
        _to("programme_id", "programme"),
        _to("mentor_id", "participant"),
        _to("mentee_id", "participant"),
        sa.UniqueConstraint("programme_id", "mentor_id", "mentee_id"),
        indexes=("programme_id", "mentor_id", "mentee_id"),
    )
    _table(
        "trialvoice",
        _id(),
        _to("talk_id", "trialtalk"),
        _to("participant_id", "participant"),
        sa.Column("tell_at", INSTANT, nullable=True),
        sa.Column("ask_at", INSTANT, nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("says", WORD, nullable=False),
        sa.UniqueConstraint("talk_id", "participant_id"),
        indexes=("talk_id", "participant_id", "tell_at", "ask_at"),
    )


def _skills_and_fit_checks() -> None:
    _table(
        "organisationskill",
        _id(),
        _to("organisation_id", "organisation"),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("abbreviations", sa.JSON(), nullable=False),
        sa.UniqueConstraint("organisation_id", "key"),
        indexes=("organisation_id",),
    )
    _table(
        "skillword",
        _id(),
        _to("organisation_id", "organisation"),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("skill_key", sa.String(), nullable=False),
        sa.UniqueConstraint("organisation_id", "word"),
        indexes=("organisation_id",),
    )
    _table(
        "fitcheck",
        _id(),
        _to("member_id", "member"),
        _to("mentorship_id", "mentorship"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("answer", WORD, nullable=True),
        sa.UniqueConstraint("member_id", "due_on"),
        indexes=("member_id", "mentorship_id"),
    )


def downgrade() -> None:
    for table in ("fitcheck", "skillword", "organisationskill", "trialvoice", "trialtalk", "wish"):
        op.drop_table(table)
    for table in ("suggestion", "wisher", "wishing", "vote", "exclusion"):
        op.drop_table(table)
    with op.batch_alter_table("ruling") as batch:
        batch.drop_constraint("fk_ruling_ruled_by_person", type_="foreignkey")
        batch.drop_column("ruled_by")
    op.drop_index("ix_member_fit_at", "member")
    for table in FILLED | LATER:
        names = (*FILLED.get(table, ()), *LATER.get(table, ()))
        with op.batch_alter_table(table) as batch:
            for name in names:
                batch.drop_column(name)
