"""What is left of a survey when it closes: the figures that may be shown, and nobody's answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from secrets import SystemRandom
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from bot.cards.surveys import Results, Shown
from bot.core.anonymity import Scale, Seen, figure, tells_too_much
from bot.core.insights import LEAST_K, Figure, disclose
from bot.core.messages import Kind
from bot.core.questions import Question
from storage.models import (
    Invite,
    InviteState,
    Member,
    Mentorship,
    Part,
    Programme,
    SurveyAnswer,
    Wave,
    WaveState,
)

_PARTS = (Part.MENTOR.value, Part.MENTEE.value)
_ALL = "all"
Crowd = Mapping[str, frozenset[int]]  # all, mentor, mentee → the people who answered
_NOBODY: Crowd = dict.fromkeys((_ALL, *_PARTS), frozenset())
Frozen = Mapping[str, Sequence[Any] | None]  # all, mentor, mentee → a figure, None where hidden


@dataclass(frozen=True)
class Earlier:
    """A survey that was shown before, to the same readers."""

    at_least: int
    crowd: Crowd
    questions: Mapping[str, Frozen]


def close(
    session: Session, wave: Wave, programme: Programme, questions: Sequence[Question]
) -> None:
    """Freeze the figures that may be shown; of an anonymous wave no single answer is kept."""
    at_least = max(LEAST_K, programme.smallest_group, wave.figures["at_least"])
    answers: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = session.exec(
        select(SurveyAnswer.question, SurveyAnswer.part, SurveyAnswer.value).where(
            SurveyAnswer.wave_id == wave.id
        )
    )
    for question, part, value in rows:
        answers[question].append((part, value))
    scales = [q for q in questions if all(c.value.isdecimal() for c in q.choices) and q.choices]
    written = [v for q in questions if q.kind is Kind.LONG_TEXT for _, v in answers[q.key]]
    invited, answered = _turnout(session, wave)
    crowds = _crowds(session, programme)
    crowd, earlier = crowds.get(wave.id, _NOBODY), _earlier(session, programme, crowds)
    wave.figures = {
        "at_least": at_least,
        "invited": invited,
        "answered": answered,
        "questions": {q.key: freeze(q, answers[q.key], at_least, crowd, earlier) for q in scales},
        "comments": _shuffled(written) if len(written) >= at_least else [],
    }
    wave.state = WaveState.CLOSED
    if wave.anonymous:
        session.execute(delete(SurveyAnswer).where(col(SurveyAnswer.wave_id) == wave.id))
    session.execute(  # nobody is asked any more
        update(Invite)
        .where(col(Invite.wave_id) == wave.id, col(Invite.ask_at).is_not(None))
        .values(ask_at=None)
    )
    session.flush()


def _turnout(session: Session, wave: Wave) -> tuple[int, int]:
    states = session.exec(
        select(Invite.state, func.count(col(Invite.id)))
        .where(Invite.wave_id == wave.id)
        .group_by(col(Invite.state))
    )
    counts = {state: count for state, count in states}
    return sum(counts.values()), counts.get(InviteState.ANSWERED, 0)


def _crowds(session: Session, programme: Programme) -> dict[int, Crowd]:
    """By wave who answered, as mentor or as mentee; who is both counts as a mentee."""
    mentees = set(
        session.exec(
            select(Member.person_id)
            .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
            .where(Mentorship.programme_id == programme.id, Member.part == Part.MENTEE)
        )
    )
    answered: defaultdict[int, set[int]] = defaultdict(set)
    rows = session.exec(
        select(Invite.wave_id, Invite.person_id)
        .join(Wave, col(Wave.id) == Invite.wave_id)
        .where(Wave.programme_id == programme.id, Invite.state == InviteState.ANSWERED)
    )
    for wave_id, person_id in rows:
        answered[wave_id].add(person_id)
    return {
        wave_id: {
            _ALL: frozenset(people),
            Part.MENTOR.value: frozenset(people - mentees),
            Part.MENTEE.value: frozenset(people & mentees),
        }
        for wave_id, people in answered.items()
    }


def _earlier(
    session: Session, programme: Programme, crowds: Mapping[int, Crowd]
) -> tuple[Earlier, ...]:
    closed = session.exec(
        select(Wave).where(Wave.programme_id == programme.id, Wave.state == WaveState.CLOSED)
    )
    return tuple(
        Earlier(wave.figures["at_least"], crowds.get(wave.id, _NOBODY), wave.figures["questions"])
        for wave in closed
        if "questions" in wave.figures
    )


def _shuffled(words: Iterable[str]) -> list[str]:
    order = list(words)
    SystemRandom().shuffle(order)
    return order


def freeze(
    question: Question,
    answers: Sequence[tuple[str, str]],
    at_least: int,
    crowd: Crowd,
    earlier: Sequence[Earlier] = (),
) -> dict[str, list[Any] | None]:
    """Mean and number of (part, value) answers for everyone and each part, None where hidden.

    Beside everyone's figure the parts are shown where neither is too small nor nearly unanimous; of
    all this as much as gives nothing away, also beside what earlier surveys showed.
    """
    groups = {part: [float(v) for p, v in answers if p == part] for part in _PARTS}
    scale = Scale(int(question.choices[0].value), int(question.choices[-1].value))
    allowed = disclose(groups, at_least)
    parts = [part for part, shown in allowed.groups if shown]
    found = {part: figure(groups[part], scale) for part in parts}
    if allowed.total:
        found[_ALL] = figure([answer for group in groups.values() for answer in group], scale)
    k = max((at_least, *(each.at_least for each in earlier)))
    before = [seen for each in earlier for seen in _seen(each.questions.get(question.key), each)]
    agreed = any(found[part].end for part in parts)
    shown = {} if agreed else found
    for chosen in (shown, {_ALL: found[_ALL]} if _ALL in found else {}):
        new = [Seen(one, crowd[name]) for name, one in chosen.items()]
        if new and not tells_too_much(new, before, k, scale):
            return {name: _kept(chosen.get(name)) for name in (_ALL, *_PARTS)}
    return dict.fromkeys((_ALL, *_PARTS))


def _seen(frozen: Frozen | None, earlier: Earlier) -> list[Seen]:
    shown = ((name, _figure(kept)) for name, kept in (frozen or {}).items())
    return [Seen(one, earlier.crowd[name]) for name, one in shown if one]


def results(programme: Programme, wave: Wave) -> Results | None:
    """The frozen figures of a wave that was held and has closed."""
    frozen: dict[str, Any] = wave.figures
    if wave.state is not WaveState.CLOSED or "questions" not in frozen:
        return None
    return Results(
        programme=programme.name,
        anonymous=wave.anonymous,
        at_least=frozen["at_least"],
        invited=frozen["invited"],
        answered=frozen["answered"],
        figures=tuple(
            Shown(
                question=key,
                total=_figure(shown[_ALL]),
                groups=tuple((part, _figure(shown[part])) for part in _PARTS),
            )
            for key, shown in frozen["questions"].items()
        ),
        comments=tuple(frozen["comments"]),
    )


def _kept(shown: Figure | None) -> list[Any] | None:
    return [shown.mean, shown.n, shown.end] if shown else None


def _figure(kept: Sequence[Any] | None) -> Figure | None:
    return Figure(*kept) if kept else None
