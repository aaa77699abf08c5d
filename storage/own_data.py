"""What is held of somebody, for them alone: what they said and did, and what was told to them.

What others said in confidence about them, and what is not decided yet, is not theirs to read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlmodel import Session, col, select

from bot.content import Content
from bot.core.questions import Question, Reads
from storage import people
from storage.models import (
    Answer,
    AuditEntry,
    CheckIn,
    Delivery,
    Dialogue,
    FitCheck,
    Identity,
    Invite,
    Member,
    Mentorship,
    Participant,
    Person,
    Programme,
    Role,
    SurveyAnswer,
    TalkRequest,
    TrialTalk,
    TrialVoice,
    Wave,
    Wish,
    Workspace,
)

Row: TypeAlias = dict[str, Any]
Held: TypeAlias = dict[str, list[Row]]

# Where somebody's data stand, by table: told here …
TOLD = frozenset(
    {
        "answer", "auditentry", "checkin", "delivery", "dialogue", "fitcheck", "identity", "invite",
        "member", "mentorship", "participant", "person", "role", "surveyanswer", "talkrequest",
        "trialtalk",
        "trialvoice", "wish",
    }
)  # fmt: skip
# … or not, and why.
WITHHELD = {
    "exclusion": "a coordinator's rule about who is not paired with whom",
    "leftover": "numbers of candidates, that a round keeps",
    "link": "a question whether two accounts are one person's, which they were asked",
    "proposal": "not decided before it is announced; then it is one of their pairs",
    "ruling": "a coordinator's own note on a possible pair",
    "slack_installations": "the workspace's, with the account of who installed it",
    "suggestion": "who was shown to whom before a round",
    "teamsconversation": "the technical address of the chat with the bot",
    "turn": "how many letters are on their way to a chat, for two minutes",
    "vote": "what a committee thinks of pairs",
    "wisher": "when they were asked whom they wish",
}
_ABOUT = (
    "name", "email", "kind", "department", "team", "function", "location", "country", "time_zone",
    "working_days", "work_start", "work_end", "languages", "locale", "paused_until",
)  # fmt: skip


def held(session: Session, person: Person, content: Content) -> Held:
    """Everything, by kind; a kind of which there is nothing is an empty list."""
    return {
        "about": _about(session, person),
        "programmes": _programmes(session, person),
        "answers": _answers(session, person, content),
        "pairs": _pairs(session, person),
        "check_ins": _check_ins(session, person),
        "wishes": [*_wishes(session, person), *_talks(session, person)],
        "surveys": _surveys(session, person),
        "asked_to_talk": _asked_to_talk(session, person),
        "duties": _duties(session, person),
        "messages": _messages(session, person),
    }


def _about(session: Session, person: Person) -> list[Row]:
    found: Row = {name: getattr(person, name) for name in _ABOUT}
    if person.manager_id:
        found["manager"] = people.names(session, [person.manager_id]).get(person.manager_id, "")
    accounts = session.exec(
        select(Workspace.platform, Identity.user)
        .join(Workspace, col(Workspace.id) == Identity.workspace_id)
        .where(Identity.person_id == person.id)
        .order_by(col(Identity.id))
    )
    found["accounts"] = [f"{platform}: {user}" for platform, user in accounts]
    return [found]


def _programmes(session: Session, person: Person) -> list[Row]:
    rows = session.exec(
        select(Participant, Programme)
        .join(Programme, col(Programme.id) == Participant.programme_id)
        .where(Participant.person_id == person.id)
        .order_by(col(Participant.id))
    )
    return [
        {
            "programme": programme.name,
            "mentor": participant.mentor,
            "mentee": participant.mentee,
            "rhythm": participant.rhythm,
            "capacity": participant.capacity,
            "joined": participant.consented_at,
            "left": participant.left_at,
            "rounds_waited": participant.priority,
        }
        for participant, programme in rows
    ]


def _answers(session: Session, person: Person, content: Content) -> list[Row]:
    rows = session.exec(
        select(Dialogue, Answer, Programme.name)
        .join(Answer, col(Answer.dialogue_id) == Dialogue.id)
        .join(Programme, col(Programme.id) == Dialogue.subject_id, isouter=True)
        .where(Dialogue.person_id == person.id)
        .order_by(col(Dialogue.id), col(Answer.id))
    ).all()
    asked = {question.key: question for question in content.intake}
    named = _named(session, [answer for _, answer, _ in rows], asked)
    return [
        {
            "programme": programme or "",
            "questionnaire": dialogue.questionnaire,
            "question": answer.question,
            "answer": [named.get(value, value) for value in answer.values]
            if _names_people(asked.get(answer.question))
            else list(answer.values),
            "typed": list(answer.words),
        }
        for dialogue, answer, programme in rows
    ]


def _names_people(question: Question | None) -> bool:
    return question is not None and question.reads is Reads.PEOPLE


def _named(
    session: Session, answers: Sequence[Answer], asked: dict[str, Question]
) -> dict[str, str]:
    ids = [
        int(value)
        for answer in answers
        if _names_people(asked.get(answer.question))
        for value in answer.values
        if value.isdecimal()
    ]
    return {str(id_): name for id_, name in people.names(session, ids).items()}


def _pairs(session: Session, person: Person) -> list[Row]:
    return [
        {
            "programme": programme.name,
            "part": member.part.value,
            "partner": _partner(session, mentorship, person),
            "started": mentorship.started_on,
            "ended": mentorship.ended_at,
            "rhythm": mentorship.rhythm,
        }
        for member, mentorship, programme in session.exec(
            select(Member, Mentorship, Programme)
            .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
            .join(Programme, col(Programme.id) == Mentorship.programme_id)
            .where(Member.person_id == person.id)
            .order_by(col(Member.id))
        )
    ]


def _partner(session: Session, mentorship: Mentorship, person: Person) -> str:
    names = session.exec(
        select(Person.name)
        .join(Member, col(Member.person_id) == Person.id)
        .where(Member.mentorship_id == mentorship.id, Member.person_id != person.id)
        .order_by(col(Member.id))
    )
    return ", ".join(names)


def _check_ins(session: Session, person: Person) -> list[Row]:
    """How their talks went, and whether the match fits."""
    mine = select(Member.id).where(Member.person_id == person.id)
    met = session.exec(
        select(CheckIn).where(col(CheckIn.member_id).in_(mine)).order_by(col(CheckIn.due_on))
    )
    fits = session.exec(
        select(FitCheck).where(col(FitCheck.member_id).in_(mine)).order_by(col(FitCheck.due_on))
    )
    return [
        *({"asked": "met", "due": one.due_on, "answer": one.answer} for one in met),
        *({"asked": "fits", "due": one.due_on, "answer": one.answer} for one in fits),
    ]


def _asked_to_talk(session: Session, person: Person) -> list[Row]:
    """Whom they asked for a talk, and what they wrote as long as it is kept."""
    rows = session.exec(
        select(TalkRequest, Person.name)
        .join(Person, col(Person.id) == TalkRequest.reader_id)
        .where(TalkRequest.person_id == person.id)
        .order_by(col(TalkRequest.id))
    )
    return [
        {"with": name, "on": talk.asked_at, "state": talk.state, "words": talk.words}
        for talk, name in rows
    ]


def _wishes(session: Session, person: Person) -> list[Row]:
    rows = session.exec(
        select(Wish, Person.name)
        .join(Participant, col(Participant.id) == Wish.participant_id)
        .join(Person, col(Person.id) == Wish.person_id)
        .where(Participant.person_id == person.id)
        .order_by(col(Wish.rank))
    )
    return [
        {"wish": name, "place": wish.rank, "reason": wish.reason, "shared": wish.shared}
        for wish, name in rows
    ]


def _talks(session: Session, person: Person) -> list[Row]:
    rows = session.exec(
        select(TrialVoice, TrialTalk)
        .join(TrialTalk, col(TrialTalk.id) == TrialVoice.talk_id)
        .join(Participant, col(Participant.id) == TrialVoice.participant_id)
        .where(Participant.person_id == person.id)
        .order_by(col(TrialVoice.id))
    )
    found: list[Row] = []
    for voice, talk in rows:
        other = talk.mentee_id if voice.participant_id == talk.mentor_id else talk.mentor_id
        partner = session.get_one(Person, session.get_one(Participant, other).person_id)
        found.append({"trial_talk": partner.name, "answer": voice.says.value})
    return found


def _surveys(session: Session, person: Person) -> list[Row]:
    """What was said with their name; what was said without one cannot be found by anybody."""
    invited = session.exec(
        select(Invite, Wave)
        .join(Wave, col(Wave.id) == Invite.wave_id)
        .where(Invite.person_id == person.id)
        .order_by(col(Invite.id))
    )
    said = session.exec(
        select(SurveyAnswer, Wave)
        .join(Wave, col(Wave.id) == SurveyAnswer.wave_id)
        .where(SurveyAnswer.person_id == person.id)
        .order_by(col(SurveyAnswer.question))
    )
    return [
        *({"survey": wave.moment.value, "state": invite.state.value} for invite, wave in invited),
        *(
            {"survey": wave.moment.value, "question": one.question, "answer": one.value}
            for one, wave in said
        ),
    ]


def _duties(session: Session, person: Person) -> list[Row]:
    roles = session.exec(
        select(Role, Programme.name)
        .join(Programme, col(Programme.id) == Role.programme_id, isouter=True)
        .where(Role.person_id == person.id)
        .order_by(col(Role.id))
    )
    did = session.exec(
        select(AuditEntry).where(AuditEntry.person_id == person.id).order_by(col(AuditEntry.id))
    )
    return [
        *({"duty": role.duty.value, "programme": name or ""} for role, name in roles),
        *({"did": one.did, "at": one.at, "allowed": one.allowed} for one in did),
    ]


def _messages(session: Session, person: Person) -> list[Row]:
    """That a message waits, or arrived, and when; what was said stands in the chat alone."""
    rows = session.exec(
        select(Delivery.state, Delivery.due_at, Delivery.sent_at)
        .where(Delivery.person_id == person.id)
        .order_by(col(Delivery.id))
    )
    return [{"state": str(state), "due": due, "arrived": sent} for state, due, sent in rows]
