"""The skills that an organisation has names of its own for."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from storage.models.base import json_list, json_map, to
from storage.models.base import key as primary_key


class OrganisationSkill(SQLModel, table=True):
    """A skill that the lexicon does not know, or other words for one that it does."""

    __table_args__ = (UniqueConstraint("organisation_id", "key"),)

    id: int = primary_key()
    organisation_id: int = to("organisation.id")
    key: str  # of the lexicon, where it is known there
    labels: dict[str, list[str]] = json_map()  # language → labels, the one shown first
    abbreviations: list[str] = json_list()


class SkillWord(SQLModel, table=True):
    """A word that people used and nobody knew, and what was decided."""

    __table_args__ = (UniqueConstraint("organisation_id", "word"),)

    id: int = primary_key()
    organisation_id: int = to("organisation.id")
    word: str
    skill_key: str = ""  # what it means; empty: it is left as it is
