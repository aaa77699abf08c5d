"""A wishing as one participant sees it: the candidates without a word too many, and their wishes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from bot.cards import wishes as cards
from bot.content import Content
from bot.core.questions import Answers, Question, Readers, Values
from storage import contributions, dialogues, skills, wishers, wishes, wishings
from storage.models import (
    Part,
    Participant,
    ParticipantState,
    Person,
    Programme,
    Suggestion,
    Wish,
    Wishing,
)
from storage.profiles import INTAKE

# What is told of a mentor to a mentee, and the other way round.
TOLD = {Part.MENTEE: ("skills_offered", "offer"), Part.MENTOR: ("skills_wanted", "goal")}
SAFE_UNNAMED = {"skills_offered", "skills_wanted"}  # one's own words may give somebody away


def view(
    session: Session,
    programme: Programme,
    participant: Participant,
    person: Person,
    now: datetime,
    content: Content,
) -> cards.View:
    """How things stand for this participant, with or without an open wishing."""
    wishing = wishings.latest(session, programme)
    asked = wishers.wisher(session, wishing, participant) if wishing else None
    part = asked.part if asked else Part.MENTEE if participant.mentee else Part.MENTOR
    mine = wishes.mine(session, participant)
    found = _Shown(session, programme, participant, part, wishing, content)
    return cards.View(
        programme_id=programme.id,
        programme=programme.name,
        slug=programme.slug,
        mentee=part is Part.MENTEE,
        open=asked is not None and wishings.is_open(wishing, now),
        closes_at=wishing.closes_at if wishing else now,
        zone=person.time_zone,
        anonymous=found.anonymous,
        trial_talks=bool(wishing and wishing.trial_talks),
        answered=bool(asked and asked.answered_at),
        shared=any(wish.shared for wish in mine),
        candidates=found.candidates(mine),
        lexicon=skills.lexicon(session, programme.organisation_id),
    )


def people_behind(session: Session, view: cards.View) -> dict[str, int]:
    """The person ids behind the inputs of a view, which itself may not hold them."""
    ids = {kind: [int(c.field[1:]) for c in view.candidates if c.field[0] == kind] for kind in "sw"}
    suggested = session.exec(
        select(Suggestion.id, Participant.person_id)
        .join(Participant, col(Participant.id) == Suggestion.other_id)
        .where(col(Suggestion.id).in_(ids["s"]))
    )
    wished = session.exec(select(Wish.id, Wish.person_id).where(col(Wish.id).in_(ids["w"])))
    return {
        **{f"s{id_}": person_id for id_, person_id in suggested},
        **{f"w{id_}": person_id for id_, person_id in wished},
    }


@dataclass(frozen=True)
class _Shown:
    """What is shown to one participant; names stay here where candidates have none."""

    session: Session
    programme: Programme
    participant: Participant
    part: Part
    wishing: Wishing | None
    content: Content

    @property
    def anonymous(self) -> bool:
        return bool(self.wishing and self.wishing.anonymous)

    def candidates(self, mine: Sequence[Wish]) -> tuple[cards.Candidate, ...]:
        """The suggested, then whom else this participant wishes for."""
        rows = self._suggestions()
        # With names there is one of each; without, a colleague and a candidate may be the same.
        wishes_by = {w.person_id: w for w in mine if not (w.own and self.anonymous)}
        suggested = [
            self._candidate(suggestion, other, person, wishes_by.pop(person.id, None))
            for suggestion, other, person in rows
            if self._is_there(other, person) or person.id in wishes_by
        ]
        rest = [w for w in mine if w in wishes_by.values() or (w.own and self.anonymous)]
        return (*_told_apart(suggested, [p for _, _, p in rows]), *self._others(rest))

    def _suggestions(self) -> list[tuple[Suggestion, Participant, Person]]:
        if self.wishing is None:
            return []
        rows = self.session.exec(
            select(Suggestion, Participant, Person)
            .join(Participant, col(Participant.id) == Suggestion.other_id)
            .join(Person, col(Person.id) == Participant.person_id)
            .where(
                Suggestion.wishing_id == self.wishing.id,
                Suggestion.participant_id == self.participant.id,
            )
            .order_by(col(Suggestion.place))
        )
        return [(suggestion, other, person) for suggestion, other, person in rows]

    def _is_there(self, other: Participant, person: Person) -> bool:
        wanted = other.mentor if self.part is Part.MENTEE else other.mentee
        return wanted and other.state is ParticipantState.ACTIVE and person.active

    def _candidate(
        self, suggestion: Suggestion, other: Participant, person: Person, wish: Wish | None
    ) -> cards.Candidate:
        return cards.Candidate(
            field=f"s{suggestion.id}",
            place=suggestion.place,
            name="" if self.anonymous else person.name,
            about="" if self.anonymous else _about(person),
            contributions=contributions.read(suggestion.contributions),
            told=self._told(person),
            rank=wish.rank if wish else 0,
            reason=wish.reason if wish else "",
            available=self._is_there(other, person),
        )

    def _told(self, person: Person) -> tuple[tuple[Question, Values], ...]:
        """The answers that were given for a partner's eyes, and only those."""
        answers = dialogues.answers_of(self.session, [person.id], INTAKE, self.programme.id)
        given: Answers = answers.get(person.id, {})
        keys = [k for k in TOLD[self.part] if not self.anonymous or k in SAFE_UNNAMED]
        by_key = {q.key: q for q in self.content.intake if q.readers is Readers.PARTNER}
        return tuple((by_key[k], given[k]) for k in keys if k in by_key and given.get(k))

    def _others(self, rest: Sequence[Wish]) -> list[cards.Candidate]:
        ids = [wish.person_id for wish in rest]
        rows = self.session.exec(select(Person).where(col(Person.id).in_(ids)))
        person = {each.id: each for each in rows}
        unnamed = self._seen_without_name()
        found = []
        for wish in rest:
            hidden = not wish.own and wish.person_id in unnamed
            found.append(
                cards.Candidate(
                    field=f"w{wish.id}",
                    place=-1,
                    name="" if hidden else person[wish.person_id].name,
                    about="" if hidden else _about(person[wish.person_id]),
                    rank=wish.rank,
                    reason=wish.reason,
                    own=True,
                )
            )
        return found

    def _seen_without_name(self) -> set[int]:
        """Whom this participant was shown in a wishing without names."""
        return set(
            self.session.exec(
                select(Participant.person_id)
                .join(Suggestion, col(Suggestion.other_id) == Participant.id)
                .join(Wishing, col(Wishing.id) == Suggestion.wishing_id)
                .where(Suggestion.participant_id == self.participant.id, Wishing.anonymous)
            )
        )


def _about(person: Person) -> str:
    return ", ".join(filter(None, (person.function, person.department)))


def _told_apart(
    candidates: Sequence[cards.Candidate], people: Sequence[Person]
) -> list[cards.Candidate]:
    """By their first names, and two who share one by their whole names."""
    first = Counter(person.name.split(" ")[0] for person in people)
    return [
        replace(one, name=one.name.split(" ")[0]) if first[one.name.split(" ")[0]] == 1 else one
        for one in candidates
    ]
