"""People join, look at what they told, and change it."""

from __future__ import annotations

from bot.cards import common
from bot.cards import joining as cards
from bot.cards import questions as question_cards
from bot.core import questions as flow
from bot.core.markup import escape
from bot.core.messages import Message, button
from bot.core.questions import Answers, Question, Values
from bot.core.rhythm import Rhythm
from handlers import dialogue, programmes
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import dialogues, people
from storage import programmes as stored
from storage.models import (
    Dialogue,
    ParticipantState,
    Programme,
    ProgrammeState,
)

INTAKE, CONSENT = "intake", "consent"


@router.command(
    "join",
    mark("take part in a programme"),
    access=Access.WELCOME,
    args="[programme]",
    aliases=("meedoen", "aanmelden", "deelnemen"),
)
def join(turn: Turn, args: str) -> Message:
    programme = programmes.one(
        turn, args, command="join", among=stored.open_to(turn.session, turn.person)
    )
    if isinstance(programme, Message):
        return turn.privately(programme)
    mine = stored.participation(turn.session, turn.person, programme)
    if mine and mine.state is ParticipantState.ACTIVE:
        return cards.already_in(turn.t, programme.name)
    before = dialogues.find(turn.session, turn.person, INTAKE, programme.id)
    if before:
        before.confirmed = False  # they left, and look at their answers again before they return
    return turn.privately(dialogue.begin(turn, INTAKE, programme.id))


def _programme(turn: Turn, subject: Dialogue) -> Programme:
    return turn.session.get_one(Programme, subject.subject_id)


def _questions(turn: Turn) -> tuple[Question, ...]:
    return turn.content.intake


def _title(turn: Turn, subject: Dialogue) -> str:
    return escape(stored.name_of(turn.session, subject.subject_id))


def _confirm_label(turn: Turn, subject: Dialogue) -> str:
    return turn.t("Done") if subject.confirmed else turn.t("Yes, sign me up")


def _enrol(turn: Turn, subject: Dialogue, answers: Answers) -> None:
    """Bring the participant in line with the answers, and the answers with the summary."""
    applicable = flow.applicable(turn.content.intake, answers)
    dialogues.keep_only(turn.session, subject, [question.key for question in applicable])
    role = (answers.get("role") or ("mentee",))[0]
    stored.enrol(
        turn.session,
        turn.person,
        _programme(turn, subject),
        mentor=role in ("mentor", "both"),
        mentee=role in ("mentee", "both"),
        capacity=int((answers.get("capacity") or ("1",))[0]),
        rhythm=(answers.get("rhythm") or (Rhythm.EVERY_TWO_WEEKS.value,))[0],
        now=turn.now,
    )


def _confirmed(turn: Turn, subject: Dialogue, answers: Answers) -> Message:
    programme = _programme(turn, subject)
    known = stored.participation(turn.session, turn.person, programme)
    returning = known is not None and known.state is ParticipantState.ACTIVE
    _enrol(turn, subject, answers)
    more = flow.next_offered(turn.content.intake, answers)
    if returning:
        return cards.already_in(turn.t, programme.name)
    here = (subject.id, subject.step)
    label = turn.t("Tell more (optional)")
    return cards.joined(
        turn.t,
        programme=programme.name,
        next_round=stored.coming_round(programme.next_round_on, turn.today),
        more=button(label, question_cards.TellMore(*here)) if more else None,
    )


def _refusal(turn: Turn, subject: Dialogue) -> Message | None:
    """Somebody turned out to be a guest, or the programme is over."""
    if not people.may_take_part(turn.person):
        return cards.not_for_guests(turn.t)
    programme = _programme(turn, subject)
    if programme.state is ProgrammeState.ARCHIVED:
        return common.no_programme(turn.t, programme.name)
    return None


def _declined(turn: Turn, subject: Dialogue, question: Question, values: Values) -> Message | None:
    """Without their agreement nothing is kept; who takes part already is asked whether to leave."""
    if question.key != CONSENT or values != ("no",):
        return None
    programme = _programme(turn, subject)
    if subject.confirmed:
        dialogue.settle(turn, subject)
        return router.run(turn, "leave", programme.slug)
    dialogues.forget(turn.session, subject)
    dialogues.put_away(turn.session, subject)
    return cards.not_agreed(turn.t, programme.name)


def _in_form(turn: Turn) -> tuple[Question, ...]:
    """All but the agreement, which is more than an answer among others."""
    return tuple(q for q in turn.content.intake if q.key != CONSENT)


INTAKE_DIALOGUE = dialogue.register(
    dialogue.Questionnaire(
        name=INTAKE,
        questions=_questions,
        title=_title,
        confirm_label=_confirm_label,
        confirmed=_confirmed,
        changed=_enrol,
        refusal=_refusal,
        declined=_declined,
        in_form=_in_form,
    )
)
