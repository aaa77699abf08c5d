"""The announcement: approved pairs become mentorships, everyone hears in their own language, once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from bot.cards import announcing as cards
from bot.cards import matching as matching_cards
from bot.cards import questions as question_cards
from bot.content import Content
from bot.content.skills import Lexicon
from bot.core.questions import Answers, Question, Readers
from bot.core.rhythm import Rhythm, moment, next_due, slower
from bot.texts import translator
from storage import (
    dialogues,
    fit,
    mentorships,
    outbox,
    people,
    programmes,
    proposals,
    roles,
    rounds,
    rulings,
    skills,
    trials,
    wishes,
)
from storage.models import (
    Member,
    Mentorship,
    Part,
    Participant,
    ParticipantState,
    Person,
    Programme,
    ProgrammeState,
    ProposalState,
    Round,
    RoundState,
)
from storage.profiles import INTAKE
from storage.proposals import Proposed

BATCH = 50  # pairs in one transaction
# What a partner should know of the other before the first talk, in this order.
TOLD = ("goal", "skills_wanted", "offer", "skills_offered", "languages", "motivation", "limits")


def announce(session: Session, now: datetime, content: Content) -> int:
    """Announce the next pairs of a round; when none is left, tell who waits. Safe to repeat."""
    round_ = rounds.announcing(session)
    if round_ is None:
        return 0
    programme = session.get_one(Programme, round_.programme_id)
    approved, left = proposals.held(session, round_, BATCH)
    if not left:
        _finish(session, round_, programme, now)
        return 1
    answers = dialogues.answers_of(
        session, [p.id for one in approved for p in (one.mentor, one.mentee)], INTAKE, programme.id
    )
    load, refused = mentorships.load(session, programme), trials.refusals(session, programme)
    for one in approved:
        room = load.get(one.mentor_part.id, 0) < one.mentor_part.capacity
        if room and _still_possible(one, now) and not _apart(one, answers, refused):
            _announce_pair(session, programme, one, answers, content, now)
            load[one.mentor_part.id] = load.get(one.mentor_part.id, 0) + 1
            full = load[one.mentor_part.id] >= one.mentor_part.capacity
            wishes.fulfilled(session, one.mentor_part, one.mentee_part, mentor_is_full=full)
        else:
            one.proposal.state = ProposalState.DROPPED
    session.flush()
    return len(approved)


def _announce_pair(
    session: Session,
    programme: Programme,
    one: Proposed,
    answers: dict[int, Answers],
    content: Content,
    now: datetime,
) -> None:
    one.proposal.state = ProposalState.ANNOUNCED
    one.mentee_part.priority, one.mentee_part.waiting_since = 0, None
    mentorship = _begin(session, programme, one, now)
    members = [
        _member(session, mentorship, programme, one.mentor, one.mentor_part, Part.MENTOR),
        _member(session, mentorship, programme, one.mentee, one.mentee_part, Part.MENTEE),
    ]
    lexicon = skills.lexicon(session, programme.organisation_id)
    for reader, other, member in (
        (one.mentor, one.mentee, members[0]),
        (one.mentee, one.mentor, members[1]),
    ):
        t = translator(reader.locale)
        about = _introduction(
            reader,
            other,
            member,
            one,
            _told(t.language, answers.get(other.id, {}), content.intake, lexicon),
            lexicon,
            _wish_behind(session, one, member),
        )
        card = cards.to_mentor if member.part is Part.MENTOR else cards.to_mentee
        outbox.promise(
            session,
            reader,
            card(t, about, content.intake, content.starters),
            key=f"announced:{one.proposal.id}:{reader.id}",
            now=now,
        )
    if programme.group_chat:
        _open_chat(session, one, content, now)


def _wish_behind(session: Session, one: Proposed, reader: Member) -> str:
    """Why the partner wished for who reads this, if they said that may be told."""
    if reader.part is Part.MENTOR:
        return wishes.reason_for(session, one.mentee_part, Part.MENTEE, reader.person_id)
    return wishes.reason_for(session, one.mentor_part, Part.MENTOR, reader.person_id)


def _open_chat(session: Session, one: Proposed, content: Content, now: datetime) -> None:
    """A hello to both at once; where they have no workspace in common there is none."""
    both = (one.mentor, one.mentee)
    languages = dict.fromkeys(translator(person.locale) for person in both)
    mentor, mentee = (person.name.split(" ")[0] for person in both)
    if mentor == mentee:
        mentor, mentee = (person.name for person in both)
    starters = cards.fitting_starters(content.starters, one.contributions)
    card = cards.in_one_chat([*languages], mentor=mentor, mentee=mentee, starters=starters)
    key = f"{mentorships.TOGETHER}{one.proposal.id}"
    outbox.promise_together(session, both, card, key=key, now=now)


def _apart(
    one: Proposed, answers: dict[int, Answers], refused: Mapping[int, Collection[int]]
) -> bool:
    """One of them named the other since the round was worked out, or said no after a trial talk;
    nobody can tell it from the rest that is not announced."""
    return any(
        str(other.id) in answers.get(person.id, {}).get("avoid", ())
        or other.id in refused.get(person.id, ())
        for person, other in ((one.mentor, one.mentee), (one.mentee, one.mentor))
    )


def _still_possible(one: Proposed, now: datetime) -> bool:
    """Between the review and now somebody may have left, paused, or changed what they offer."""
    both = ((one.mentor_part, one.mentor), (one.mentee_part, one.mentee))
    there = all(
        part.state is ParticipantState.ACTIVE
        and people.may_take_part(person)
        and not people.is_paused(person, now)
        for part, person in both
    )
    wanted = one.mentor_part.mentor and one.mentee_part.mentee
    return there and wanted


def _begin(session: Session, programme: Programme, one: Proposed, now: datetime) -> Mentorship:
    mentorship = Mentorship(
        programme_id=programme.id,
        proposal_id=one.proposal.id,
        rhythm=slower(Rhythm(one.mentor_part.rhythm), Rhythm(one.mentee_part.rhythm)).value,
        started_on=max(people.today(one.mentee, now), programme.starts_on),
    )
    session.add(mentorship)
    session.flush()
    return mentorship


def _member(
    session: Session,
    mentorship: Mentorship,
    programme: Programme,
    person: Person,
    participant: Participant,
    part: Part,
) -> Member:
    due = next_due(mentorship.started_on, mentorship.started_on, Rhythm(mentorship.rhythm))
    in_time = due <= programme.ends_on
    member = Member(
        mentorship_id=mentorship.id,
        person_id=person.id,
        participant_id=participant.id,
        part=part,
        due_on=due if in_time else None,
        ask_at=moment(due, people.working_time(person)) if in_time else None,
        fit_at=moment(mentorship.started_on + fit.FIRST, people.working_time(person)),
    )
    session.add(member)
    return member


def _told(
    language: str, answers: Answers, intake: Sequence[Question], lexicon: Lexicon
) -> tuple[tuple[Question, str], ...]:
    """The answers that were given for a partner's eyes, and only those."""
    t, rows = translator(language), []
    by_key = {q.key: q for q in intake if q.readers is Readers.PARTNER}
    for key in TOLD:
        question, values = by_key.get(key), answers.get(key, ())
        if question and values:
            names = {value: lexicon.label(value, language) for value in values}
            rows.append((question, question_cards.told(t, question, values, names)))
    return tuple(rows)


def _introduction(
    reader: Person,
    other: Person,
    member: Member,
    one: Proposed,
    rows: tuple[tuple[Question, str], ...],
    lexicon: Lexicon,
    wished: str,
) -> cards.Introduction:
    first: date | None = people.today(reader, member.ask_at) if member.ask_at else None
    return cards.Introduction(
        name=other.name,
        first_name=other.name.split(" ")[0],
        function=other.function,
        department=other.department,
        location=other.location,
        rows=rows,
        contributions=one.contributions,
        first_check_in=first,
        lexicon=lexicon,
        wished=wished,
    )


def _finish(session: Session, round_: Round, programme: Programme, now: datetime) -> None:
    """Everyone who waits is told so; the coordinators hear that it is done."""
    waiting = proposals.waiting(session, round_, programme, now)
    next_round = programmes.plan_round(programme, now.date())
    for participant, person in waiting:
        t = translator(person.locale)
        if participant.mentee:
            participant.priority += 1
            participant.waiting_since = participant.waiting_since or now
            card = cards.no_match_yet(
                t,
                programme=programme.name,
                next_round=next_round,
                priority=True,
            )
        else:
            card = cards.no_mentee_yet(t, programme=programme.name, next_round=next_round)
        key = f"waiting:{round_.id}:{person.id}"
        outbox.promise(session, person, card, key=key, now=now)
    round_.state, round_.announced_at = RoundState.ANNOUNCED, now
    programme.state = ProgrammeState.RUNNING
    rulings.forget_pins(session, programme)
    _tell_coordinators(session, round_, programme, len(waiting), now)
    session.flush()


def _tell_coordinators(
    session: Session, round_: Round, programme: Programme, waiting: int, now: datetime
) -> None:
    proposed = proposals.of_round(session, round_)
    pairs = sum(one.proposal.state is ProposalState.ANNOUNCED for one in proposed)
    dropped = [
        f"{one.mentor.name} – {one.mentee.name}"
        for one in proposed
        if one.proposal.state is ProposalState.DROPPED
    ]
    for coordinator in roles.coordinators(session, programme):
        outbox.promise(
            session,
            coordinator,
            matching_cards.announced(
                translator(coordinator.locale),
                programme=programme.name,
                pairs=pairs,
                waiting=waiting,
                dropped=dropped,
            ),
            key=f"round-announced:{round_.id}:{coordinator.id}",
            now=now,
        )
