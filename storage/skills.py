"""An organisation's own skills, the words its people used, and what was decided about them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Text, bindparam, cast
from sqlmodel import Session, col, select

from bot.content import skills
from bot.content.extending import extended
from bot.content.skills import FREE_MARK, Concept, Lexicon, normal
from bot.content.wordforms import compared
from bot.core.questions import Answers
from storage.models import Answer, Dialogue, Organisation, OrganisationSkill, Person, SkillWord

QUESTIONS = ("skills_offered", "skills_wanted")
GROUP = "own"  # of the skills that only this organisation has
MOST_OWN = 3000  # skills; everyone's lexicon is read at every answer
LEFT = ""  # the decision to leave a word as it is


@dataclass(frozen=True)
class Used:
    """A word that nobody knows, and how many people used it."""

    word: str
    people: int


def lexicon(session: Session, organisation_id: int) -> Lexicon:
    """The lexicon with this organisation's own skills and words; read once in a transaction."""
    known: dict[int, Lexicon] = session.info.setdefault("lexicons", {})
    if organisation_id not in known:
        where = {"organisation": organisation_id}
        rows = session.exec(_OWN, params=where).all()
        said = session.exec(_WORDS, params=where).all()
        known[organisation_id] = _made(json.dumps([[*map(list, rows)], [*map(list, said)]]))
    return known[organisation_id]


# Made once: building a query takes longer than running it.
_OWN = (
    select(OrganisationSkill.key, OrganisationSkill.labels, OrganisationSkill.abbreviations)
    .where(OrganisationSkill.organisation_id == bindparam("organisation"))
    .order_by(col(OrganisationSkill.id))
)
_WORDS = (
    select(SkillWord.word, SkillWord.skill_key)
    .where(SkillWord.organisation_id == bindparam("organisation"), SkillWord.skill_key != LEFT)
    .order_by(col(SkillWord.id))
)


@lru_cache(maxsize=32)
def _made(written: str) -> Lexicon:
    """One lexicon for everyone to whom the same was written down."""
    rows, said = json.loads(written)
    if not (rows or said):
        return skills.standard()
    own = [
        Concept(key, GROUP, {name: tuple(words) for name, words in labels.items()}, tuple(short))
        for key, labels, short in rows
    ]
    return extended(skills.standard(), own, dict(said))


def today(lexicon: Lexicon, answers: Answers) -> Answers:
    """Answers as they count today: words that were free may have become known since. What people
    typed stays written down as it is."""
    counted = {
        key: tuple(dict.fromkeys(map(lexicon.counts_as, answers[key])))
        for key in QUESTIONS
        if key in answers
    }
    return {**answers, **counted}


def changed(session: Session) -> None:
    """What was read of lexicons in this transaction is old now."""
    session.flush()
    session.info.pop("lexicons", None)


def own(session: Session, organisation_id: int) -> dict[str, OrganisationSkill]:
    """The organisation's own skills by key, the oldest first."""
    rows = session.exec(
        select(OrganisationSkill)
        .where(OrganisationSkill.organisation_id == organisation_id)
        .order_by(col(OrganisationSkill.id))
    )
    return {row.key: row for row in rows}


def hold(session: Session, organisation_id: int) -> None:
    """Two who decide at once wait for each other."""
    session.exec(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update()
    ).one()


def unknown(session: Session, organisation_id: int) -> list[Used]:
    """The words of confirmed profiles that nobody knows and nobody decided on, the most used first;
    with how many people used them, and never who."""
    ours = lexicon(session, organisation_id)
    left = {word for word, key in decisions(session, organisation_id).items() if key == LEFT}
    users: dict[str, set[int]] = {}
    for person_id, values in _free(session, organisation_id):
        for tag in values:
            word = ours.counts_as(tag).removeprefix(FREE_MARK)
            if tag.startswith(FREE_MARK) and ours.counts_as(tag).startswith(FREE_MARK):
                users.setdefault(word, set()).add(person_id)
    found = [Used(word, len(who)) for word, who in users.items() if compared(word) not in left]
    return sorted(found, key=lambda used: (-used.people, used.word))


def _free(session: Session, organisation_id: int) -> Iterable[tuple[int, list[str]]]:
    """Whoever used a free word, and the whole answer in which it stands."""
    found = session.exec(
        select(Dialogue.person_id, Answer.chosen)
        .join(Answer, col(Answer.dialogue_id) == Dialogue.id)
        .join(Person, col(Person.id) == Dialogue.person_id)
        .where(
            Person.organisation_id == organisation_id,
            Dialogue.confirmed,
            col(Answer.question).in_(QUESTIONS),
            cast(col(Answer.chosen), Text).like(f'%"{FREE_MARK}%'),
        )
    )
    return [(person_id, list(values)) for person_id, values in found]


def decisions(session: Session, organisation_id: int) -> dict[str, str]:
    """Every word that was decided on, as it is compared, and the key it means; "" left as it is."""
    rows = session.exec(
        select(SkillWord.word, SkillWord.skill_key).where(
            SkillWord.organisation_id == organisation_id
        )
    )
    return {word: key for word, key in rows}


def decide(session: Session, organisation_id: int, word: str, key: str) -> SkillWord:
    """From now on this word means this skill, or is left as it is."""
    row = _decision(session, organisation_id, word)
    if row is None:
        row = SkillWord(organisation_id=organisation_id, word=compared(word))
        session.add(row)
    row.skill_key = key
    changed(session)
    return row


def undecide(session: Session, organisation_id: int, word: str, made: str = "") -> bool:
    """The word is nobody's again, and the skill that was made for it is gone, unless another word
    means it by now. False when nothing was decided."""
    row = _decision(session, organisation_id, word)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    skill = own(session, organisation_id).get(made)
    if skill and made not in decisions(session, organisation_id).values():
        session.delete(skill)
    changed(session)
    return True


def _decision(session: Session, organisation_id: int, word: str) -> SkillWord | None:
    mine = select(SkillWord).where(
        SkillWord.organisation_id == organisation_id, SkillWord.word == compared(word)
    )
    return session.exec(mine).first()


def add(
    session: Session,
    organisation_id: int,
    key: str,
    labels: Mapping[str, Collection[str]],
    abbreviations: Collection[str] = (),
) -> OrganisationSkill:
    """A skill of the organisation's own."""
    row = OrganisationSkill(
        organisation_id=organisation_id,
        key=key,
        labels={language: list(words) for language, words in labels.items()},
        abbreviations=list(abbreviations),
    )
    session.add(row)
    changed(session)
    return row


def free_key(lexicon: Lexicon, name: str) -> str:
    """A key for a new skill that nothing has yet."""
    plain = "-".join(normal(name).split())[:60] or "skill"
    taken = lexicon.concepts
    numbers = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (plain, *numbers) if key not in taken)
