"""Questionnaires under way, and the answers given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from sys import intern
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, cast, delete, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from bot import content
from bot.core.questions import Answers, Values
from storage.looking import among, rows
from storage.models import Answer, Dialogue, DialogueState, Person, Programme
from storage.programmes import NAMES


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
    about = {"person": person.id, "questionnaire": questionnaire, "subject": subject_id}
    return session.exec(_FOUND, params=about).first()


# Made once: building a query takes longer than running it.
_FOUND = select(Dialogue).where(
    Dialogue.person_id == bindparam("person"),
    Dialogue.questionnaire == bindparam("questionnaire"),
    Dialogue.subject_id == bindparam("subject"),
)


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


class _Told(NamedTuple):
    """An answer as it is kept: reading rows takes half of what objects take."""

    question: str
    chosen: list[str]
    confided: list[str]
    words: dict[str, str]

    @property
    def values(self) -> list[str]:
        return self.confided or self.chosen


_AS_TOLD = tuple(col(getattr(Answer, name)) for name in _Told._fields)


def listening(session: Session, person: Person) -> Dialogue | None:
    """The dialogue that waits for this person's words: the one touched last, its question or its
    unconfirmed summary. What it is about and what was answered comes along: its next step wants
    both."""
    found = session.execute(_LISTENING, {"person": person.id}).all()
    if not found:
        return None
    dialogue: Dialogue = found[0][0]
    name = found[0][1]
    told = {question: _Told(question, *row) for one, _, question, *row in found if one is dialogue}
    told.pop(None, None)  # nothing was answered yet
    session.info.setdefault(_ANSWERS, {}).setdefault(dialogue.id, told)
    if name is not None:
        session.info.setdefault(NAMES, {})[dialogue.subject_id] = name
    return dialogue


_LISTENING = (
    select(Dialogue, Programme.name, *_AS_TOLD)
    .outerjoin(Answer, col(Answer.dialogue_id) == Dialogue.id)
    .outerjoin(Programme, col(Programme.id) == Dialogue.subject_id)
    .where(
        Dialogue.person_id == bindparam("person"),
        among(col(Dialogue.state), (DialogueState.ASKING, DialogueState.CHECKING))
        | ((col(Dialogue.state) == DialogueState.SUMMARY) & ~col(Dialogue.confirmed)),
    )
    .order_by(col(Dialogue.touched_at).desc(), col(Dialogue.id).desc())
)


def answers(session: Session, dialogue: Dialogue) -> dict[str, Values]:
    return {row.question: tuple(row.values) for row in _rows(session, dialogue).values()}


def _rows(session: Session, dialogue: Dialogue) -> dict[str, _Told]:
    """By question. Read once in a transaction: a conversation wants them at every step, and while
    it holds its person nobody else writes them."""
    known: dict[int, dict[str, _Told]] = session.info.setdefault(_ANSWERS, {})
    if dialogue.id not in known:
        found = rows(session, _OF_DIALOGUE, dialogue=dialogue.id)
        known[dialogue.id] = {row.question: _Told._make(row) for row in found}
    return known[dialogue.id]


_OF_DIALOGUE = select(*_AS_TOLD).where(Answer.dialogue_id == bindparam("dialogue"))


def answers_of(
    session: Session, people: Sequence[int], questionnaire: str, subject_id: int
) -> dict[int, Answers]:
    """These people's confirmed answers to one questionnaire, by person id."""
    asked: dict[str, Any] = {"questionnaire": questionnaire, "subject": subject_id}
    chosen, confided, wanted = _CHOSEN_OF_MANY, _CONFIDED_OF_MANY, set(people)
    if len(wanted) <= FEW:
        chosen, confided, asked["people"] = _CHOSEN_BY_FEW, _CONFIDED_BY_FEW, list(wanted)
    read = _Read().__getitem__
    found = {
        person_id: dict(map(read, told.split(_ANSWER)))
        for person_id, told in session.execute(chosen, asked)
        if person_id in wanted
    }
    for person_id, question, values in session.execute(confided, asked):
        if person_id in found:  # not who confirmed since the look before
            found[person_id][question] = tuple(values)
    return dict[int, Answers](found)


class _Read(dict[str, tuple[str, Values]]):
    """Answers as they are stored, read once: many answer alike."""

    def __missing__(self, told: str) -> tuple[str, Values]:
        question, _, values = told.partition(_VALUES)
        read = self[told] = intern(question), tuple(map(intern, json.loads(values)))
        return read


_ANSWERS = "answers"  # in a session: what was answered, by dialogue and question
FEW = 200  # people who are named to the database; of more it reads everybody's answers
_ANSWER, _VALUES = "\n", "\t"  # JSON on a line of its own has neither
_TOLD = (
    Dialogue.questionnaire == bindparam("questionnaire"),
    Dialogue.subject_id == bindparam("subject"),
    Dialogue.confirmed,
)
_CHOSEN = (  # a row a person: a round reads a million answers
    select(
        Dialogue.person_id,
        func.aggregate_strings(
            col(Answer.question) + _VALUES + cast(col(Answer.chosen), Text), _ANSWER
        ),
    )
    .join(Answer, col(Answer.dialogue_id) == Dialogue.id)
    .where(*_TOLD)
    .group_by(col(Dialogue.person_id))
)
_CONFIDED = (
    select(Dialogue.person_id, Answer.question, Answer.confided)
    .join(Answer, col(Answer.dialogue_id) == Dialogue.id)
    .where(*_TOLD, col(Answer.confided) != [])
)
_BY_FEW = col(Dialogue.person_id).in_(bindparam("people", expanding=True))
_CHOSEN_BY_FEW, _CONFIDED_BY_FEW = _CHOSEN.where(_BY_FEW), _CONFIDED.where(_BY_FEW)
_CHOSEN_OF_MANY, _CONFIDED_OF_MANY = (  # else all rows would be held beside what is made of them
    query.execution_options(yield_per=1_000) for query in (_CHOSEN, _CONFIDED)
)


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
    confided, chosen = _places(question, values)
    told = _Told(question, chosen, confided, dict(words or {}))
    kept = {"dialogue_id": dialogue.id, **told._asdict()}
    session.connection().execute(_KEEP[session.get_bind().dialect.name], kept)
    _rows(session, dialogue)[question] = told


_KEEP = {  # made once, as above
    dialect.__name__.rpartition(".")[2]: made.on_conflict_do_update(
        index_elements=["dialogue_id", "question"],
        set_={name: made.excluded[name] for name in ("chosen", "confided", "words")},
    )
    for dialect in (postgresql, sqlite)
    for made in (dialect.insert(Answer),)
}


def reread(session: Session) -> None:
    """Look again at what was answered: it was changed in another way than by `keep`."""
    session.info.pop(_ANSWERS, None)


def put(session: Session, answer: Answer, values: Values) -> None:
    """The values of an answer, in the column where this question's belong."""
    reread(session)
    answer.confided, answer.chosen = _places(answer.question, values)


def _places(question: str, values: Values) -> tuple[list[str], list[str]]:
    """What of an answer is sealed, and what is not: one of both is empty."""
    return (list(values), []) if content.told_in_confidence(question) else ([], list(values))


def keep_only(session: Session, dialogue: Dialogue, questions: Iterable[str]) -> None:
    """Drop the answers to questions that no longer apply."""
    told = _rows(session, dialogue)
    dropped = told.keys() - set(questions)
    session.flush()
    for question in dropped:
        del told[question]
    if dropped:
        session.connection().execute(_DROP, {"dialogue": dialogue.id, "questions": list(dropped)})


_DROP = delete(Answer).where(
    col(Answer.dialogue_id) == bindparam("dialogue"),
    col(Answer.question).in_(bindparam("questions", expanding=True)),
)


def move(
    session: Session, dialogue: Dialogue, asking: str, now: datetime, *, telling_more: bool
) -> None:
    """Wait for the answer to this question, or for a look at it all. Every change counts the step up."""
    state = DialogueState.ASKING if asking else DialogueState.SUMMARY
    stands = {
        "state": state,
        "asking": asking,
        "telling_more": telling_more,
        "step": dialogue.step + ((state, asking) != (dialogue.state, dialogue.asking)),
        "touched_at": now,
    }
    session.flush()
    session.connection().execute(_MOVE, {"dialogue": dialogue.id, **stands})
    for name, value in stands.items():
        set_committed_value(dialogue, name, value)


# A flush takes twice as long.
_MOVE = update(Dialogue).where(col(Dialogue.id) == bindparam("dialogue"))


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
