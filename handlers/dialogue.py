"""The questionnaire engine with a memory: what is asked now, what an answer does, what comes next.

`handlers.steps` says what each button and each word of a conversation does with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.cards import questions as cards
from bot.cards import understood as understood_cards
from bot.core import questions as flow
from bot.core.answers import Problem, understood
from bot.core.messages import Message
from bot.core.questions import Answers, Question, Values
from handlers import understanding, wording
from handlers.turn import Turn
from handlers.understanding import Stored
from storage import dialogues
from storage.models import Dialogue, DialogueState


@dataclass(frozen=True)
class Questionnaire:
    """What a dialogue is about, and what happens when somebody confirms it."""

    name: str
    questions: Callable[[Turn], tuple[Question, ...]]
    title: Callable[[Turn, Dialogue], str]
    confirm_label: Callable[[Turn, Dialogue], str]
    confirmed: Callable[[Turn, Dialogue, Answers], Message]
    # After confirming, each changed answer counts at once.
    changed: Callable[[Turn, Dialogue, Answers], None] = lambda _turn, _dialogue, _answers: None
    # What only this questionnaire can know to be wrong (a date before the start, a name taken).
    objection: Callable[[Turn, Dialogue, Question, Values, Answers], Problem | None] = lambda *_: (
        None
    )
    # Why this person may not confirm (any more).
    refusal: Callable[[Turn, Dialogue], Message | None] = lambda *_: None
    # An answer with which somebody wants to go no further: what they then hear.
    declined: Callable[[Turn, Dialogue, Question, Values], Message | None] = lambda *_: None
    # The questions that may be changed together, once confirmed.
    in_form: Callable[[Turn], tuple[Question, ...]] = lambda _turn: ()
    # How things stand after confirming, where that cannot be done again.
    finished: Callable[[Turn], Message] | None = None


questionnaires: dict[str, Questionnaire] = {}


def register(questionnaire: Questionnaire) -> Questionnaire:
    questionnaires[questionnaire.name] = questionnaire
    return questionnaire


def begin(turn: Turn, name: str, subject_id: int = 0) -> Message:
    """Start or go on with a questionnaire: the card to show now."""
    dialogue = dialogues.open_or_resume(turn.session, turn.person, name, subject_id, turn.now)
    if not is_over(dialogue) and (
        dialogue.state in (DialogueState.STOPPED, DialogueState.DONE) or not dialogue.asking
    ):
        settle(turn, dialogue)
    return show(turn, dialogue)


def review(turn: Turn, name: str, subject_id: int) -> Message:
    """All answers at a glance, whatever was asked last; only what is required comes first."""
    dialogue = dialogues.open_or_resume(turn.session, turn.person, name, subject_id, turn.now)
    dialogue.telling_more = False
    settle(turn, dialogue)
    return show(turn, dialogue)


def is_over(dialogue: Dialogue) -> bool:
    """Confirmed, and not to be confirmed a second time."""
    return dialogue.confirmed and questionnaires[dialogue.questionnaire].finished is not None


def show(
    turn: Turn,
    dialogue: Dialogue,
    *,
    given: Values | None = None,
    problem: Problem | None = None,
    note: str = "",
    recheck: tuple[Question, ...] = (),
) -> Message:
    """The dialogue as it stands: the question, what was understood, the summary, or the pause. Of
    the answers to `recheck` somebody may look again at what was made of their words."""
    kind = questionnaires[dialogue.questionnaire]
    if kind.finished and dialogue.confirmed:
        return kind.finished(turn)
    title = kind.title(turn, dialogue)
    answers = dialogues.answers(turn.session, dialogue)
    if dialogue.state is DialogueState.STOPPED or not (answers or dialogue.asking):
        here = (dialogue.id, dialogue.step)
        return cards.stopped(turn.t, title=title, here=here, kept=bool(answers))
    questions = kind.questions(turn)
    question = flow.find(questions, dialogue.asking)
    if dialogue.state is DialogueState.CHECKING and question is not None:
        words = wording.seen(turn, wording.of(turn, dialogue, question))
        here = (dialogue.id, dialogue.step)
        return understood_cards.checked(turn.t, title=title, here=here, words=words, note=note)
    if dialogue.state is not DialogueState.ASKING or question is None:
        return _summary(turn, dialogue, kind, answers, note, recheck)
    number, of = flow.place(questions, answers, question.key)
    value = understanding.shown(turn, question, stored(turn, dialogue, question))
    return cards.ask(
        turn.t,
        cards.Asked(
            title=title,
            dialogue=dialogue.id,
            step=dialogue.step,
            question=question,
            number=number,
            of=of,
            required=flow.is_required(question, answers),
            can_go_back=flow.before(questions, answers, question.key) is not None,
            value=value if given is None else given,
            problem=problem,
            understood=note,
            recheck=tuple(one.key for one in recheck),
        ),
    )


def stored(turn: Turn, dialogue: Dialogue, question: Question) -> Stored:
    """What is known of the answer to a question."""
    return Stored(
        dialogues.answers(turn.session, dialogue).get(question.key, ()),
        dialogues.words(turn.session, dialogue, question.key),
    )


def _summary(
    turn: Turn,
    dialogue: Dialogue,
    kind: Questionnaire,
    answers: Answers,
    note: str,
    recheck: tuple[Question, ...],
) -> Message:
    questions = kind.questions(turn)
    asked = [q for q in flow.applicable(questions, answers) if q.key in answers]
    return cards.summary(
        turn.t,
        title=kind.title(turn, dialogue),
        here=(dialogue.id, dialogue.step),
        rows=[(q, understanding.told(turn, q, answers[q.key])) for q in asked],
        confirm=kind.confirm_label(turn, dialogue),
        more=flow.next_offered(questions, answers) is not None,
        note=note,
        several=dialogue.confirmed and bool(kind.in_form(turn)),
        recheck=tuple((one.key, cards.short(turn.t, one)) for one in recheck),
    )


def answer(turn: Turn, dialogue: Dialogue, given: Values, *, typed: bool) -> Message:
    """Take an answer to the current question, or bring it back with what is wrong."""
    kind = questionnaires[dialogue.questionnaire]
    question = flow.find(kind.questions(turn), dialogue.asking)
    if question is None:
        settle(turn, dialogue)
        return show(turn, dialogue)
    answers = dialogues.answers(turn.session, dialogue)
    before = stored(turn, dialogue, question)
    found = understanding.answer(turn, question, given, before, typed=typed)
    problem = (
        found
        if isinstance(found, Problem)
        else kind.objection(turn, dialogue, question, found, answers)
    )
    if isinstance(found, Problem) or problem:
        kept = understood(question, given, typed=typed)
        # Of refused options nothing may be left: then what was chosen before stands there again.
        return show(
            turn, dialogue, given=None if question.choices and not kept else kept, problem=problem
        )
    declined = kind.declined(turn, dialogue, question, found)
    if declined:
        return declined
    words = understanding.words(turn, question, given, before)
    dialogues.keep(turn.session, dialogue, question.key, found, words)
    if wording.in_doubt(turn, question, words, before.words):
        check(turn, dialogue, question)
        return show(turn, dialogue)
    note = understanding.note(turn, question, given, found, words)
    after(turn, dialogue, question)
    return show(turn, dialogue, note=note, recheck=(question,) if note and words else ())


def add_words(turn: Turn, dialogue: Dialogue, question: Question, text: str) -> Message:
    """What is typed while the words are checked comes to them."""
    given = (", ".join((*wording.of(turn, dialogue, question), text)),)
    wait_for(turn, dialogue, question)
    return answer(turn, dialogue, given, typed=True)


def check(turn: Turn, dialogue: Dialogue, question: Question) -> None:
    """Wait until somebody has looked at what was understood of their answer."""
    dialogue.state, dialogue.asking = DialogueState.CHECKING, question.key
    dialogue.step += 1
    dialogue.touched_at = turn.now
    turn.session.flush()


def after(turn: Turn, dialogue: Dialogue, question: Question) -> None:
    """Where the conversation goes when a question is answered or skipped."""
    kind = questionnaires[dialogue.questionnaire]
    answers = dialogues.answers(turn.session, dialogue)
    if dialogue.confirmed and flow.still_required(kind.questions(turn), answers) is None:
        kind.changed(turn, dialogue, answers)
    settle(turn, dialogue, after=question.key)


def store(
    turn: Turn, dialogue: Dialogue, answers: Answers, words: Mapping[str, wording.Words]
) -> None:
    """Several confirmed answers change at once, to the same effect as one after the other."""
    for question, values in answers.items():
        dialogues.keep(turn.session, dialogue, question, values, words.get(question))
    questionnaires[dialogue.questionnaire].changed(
        turn, dialogue, dialogues.answers(turn.session, dialogue)
    )
    dialogue.step += 1
    dialogue.telling_more = False
    settle(turn, dialogue)


def settle(turn: Turn, dialogue: Dialogue, after: str = "") -> None:
    """Wait for what is still required, then for what may be told, then for a look at it all."""
    questions = questionnaires[dialogue.questionnaire].questions(turn)
    answers = dialogues.answers(turn.session, dialogue)
    question = flow.still_required(questions, answers)
    if question is None and dialogue.telling_more:
        question = flow.next_offered(questions, answers, after)
    wait_for(turn, dialogue, question)


def wait_for(turn: Turn, dialogue: Dialogue, question: Question | None) -> None:
    """Every change counts the step up: a button with an older one changes nothing and shows the
    current question, so double clicks, old cards and re-sent events are harmless."""
    asking, more = (question.key, dialogue.telling_more) if question else ("", False)
    dialogues.move(turn.session, dialogue, asking, turn.now, telling_more=more)
