"""Questionnaires under way, and the answers given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Text, bindparam, cast
from sqlmodel import Session, col, select

from bot import content
from bot.core.questions import Answers, Values
from storage.models import Answer, Dialogue, DialogueState, Person


def open_or_resume(
    session: Session, person: Person, questionnaire: str, subject_id: int, now: datetime
) -> Dialogue:
    """This person's dialogue on this subject, brought to the front."""
    dialogue = find(session, person, questionnaire, subject_id)
    if dialogue is None:
        dialogue = Dialogue(
            person_id=person.id,
            questionnaire=questionnaire,
            subject_id=subject_id,
            touched_at=now,
        )
        session.add(dialogue)
    dialogue.touched_at = now
    session.flush()
    return dialogue


def find(session: Session, person: Person, questionnaire: str, subject_id: int) -> Dialogue | None:
    return session.exec(
        select(Dialogue).where(
            Dialogue.person_id == person.id,
            Dialogue.questionnaire == questionnaire,
            Dialogue.subject_id == subject_id,
        )
    ).first()


def begun(session: Session, person: Person, questionnaire: str) -> list[Dialogue]:
    """What this person began and did not finish, on any subject."""
    return list(
        session.exec(
            select(Dialogue)
            .where(
                Dialogue.person_id == person.id,
                Dialogue.questionnaire == questionnaire,
                ~col(Dialogue.confirmed),
                Dialogue.state != DialogueState.DONE,
            )
            .order_by(col(Dialogue.id))
        )
    )


def mine(session: Session, person: Person, dialogue_id: int) -> Dialogue | None:
    """A dialogue by its id, if it is this person's."""
    dialogue = session.get(Dialogue, dialogue_id)
    return dialogue if dialogue and dialogue.person_id == person.id else None


def listening(session: Session, person: Person) -> Dialogue | None:
    """The dialogue that waits for this person's words: the one touched last, its question or its
    unconfirmed summary."""
    asked = col(Dialogue.state).in_((DialogueState.ASKING, DialogueState.CHECKING))
    waiting = asked | ((col(Dialogue.state) == DialogueState.SUMMARY) & ~col(Dialogue.confirmed))
    return session.exec(
        select(Dialogue)
        .where(Dialogue.person_id == person.id, waiting)
        .order_by(col(Dialogue.touched_at).desc(), col(Dialogue.id).desc())
    ).first()


def answers(session: Session, dialogue: Dialogue) -> dict[str, Values]:
    return {row.question: tuple(row.values) for row in _rows(session, dialogue).values()}


def _rows(session: Session, dialogue: Dialogue) -> dict[str, Answer]:
    """By question. Read once in a transaction: a conversation wants them at every step, and while
    it holds its person nobody else writes them."""
    known: dict[int, dict[str, Answer]] = session.info.setdefault("answers", {})
    if dialogue.id not in known:
        found = session.exec(_OF_DIALOGUE, params={"dialogue": dialogue.id})
        known[dialogue.id] = {row.question: row for row in found}
    return known[dialogue.id]


_OF_DIALOGUE = select(Answer).where(Answer.dialogue_id == bindparam("dialogue"))


def answers_of(
    session: Session, people: Sequence[int], questionnaire: str, subject_id: int
) -> dict[int, Answers]:
    """Everyone's confirmed answers to one questionnaire, by person id.

    Many answer alike, and reading an answer takes longer than fetching it: each is read once.
    """
    rows = session.exec(
        select(Dialogue.person_id, Answer.question, cast(col(Answer.chosen), Text), Answer.confided)
        .join(Answer, col(Answer.dialogue_id) == Dialogue.id)
        .where(
            Dialogue.questionnaire == questionnaire,
            Dialogue.subject_id == subject_id,
            Dialogue.confirmed,
        )
    )
    wanted, found = set(people), dict[int, dict[str, Values]]()
    read: dict[str, Values] = {}
    for person_id, question, text, confided in rows:
        if person_id in wanted:
            if text not in read:
                read[text] = tuple(json.loads(text))
            found.setdefault(person_id, {})[question] = tuple(confided) or read[text]
    return dict(found)


def words(session: Session, dialogue: Dialogue, question: str) -> dict[str, str]:
    """What somebody typed, word by word, and what each was taken for; nothing where that is the
    answer itself."""
    row = _rows(session, dialogue).get(question)
    return dict(row.words) if row else {}


def keep(
    session: Session,
    dialogue: Dialogue,
    question: str,
    values: Values,
    words: Mapping[str, str] | None = None,
) -> None:
    """Write down an answer, in the place of an earlier one, with the words that it was read from."""
    rows = _rows(session, dialogue)
    if question not in rows:
        rows[question] = Answer(dialogue_id=dialogue.id, question=question)
        session.add(rows[question])
    put(rows[question], values)
    rows[question].words = dict(words or {})


def put(answer: Answer, values: Values) -> None:
    """The values of an answer, in the column where this question's belong."""
    confided = content.told_in_confidence(answer.question)
    answer.confided, answer.chosen = (list(values), []) if confided else ([], list(values))


def keep_only(session: Session, dialogue: Dialogue, questions: Iterable[str]) -> None:
    """Drop the answers to questions that no longer apply."""
    rows = _rows(session, dialogue)
    for question in rows.keys() - set(questions):
        session.delete(rows.pop(question))
    session.flush()


def put_away(session: Session, dialogue: Dialogue) -> None:
    """Wait for nothing any more; the answers stay, and count again when they are confirmed."""
    dialogue.confirmed = dialogue.telling_more = False
    dialogue.state, dialogue.asking = DialogueState.DONE, ""
    dialogue.step += 1
    session.flush()


def forget(session: Session, dialogue: Dialogue) -> None:
    """Begin anew: a questionnaire that may be filled in again (a second programme)."""
    keep_only(session, dialogue, ())
    dialogue.confirmed = dialogue.telling_more = False
    dialogue.state, dialogue.asking = DialogueState.ASKING, ""
    session.flush()
