"""What the buttons of a conversation do, and the words typed while it waits for them."""

from __future__ import annotations

from bot.cards import questions as cards
from bot.core import questions as flow
from bot.core.actions import StaleAction
from bot.core.answers import Problem, Wrong, meant
from bot.core.messages import Kind, Message
from bot.core.questions import Answers, Question
from handlers.dialogue import (
    after,
    answer,
    begin,
    is_over,
    questionnaires,
    settle,
    show,
    wait_for,
)
from handlers.router import Access, router
from handlers.turn import Turn
from storage import dialogues
from storage.models import Dialogue, DialogueState

BACK = {"back", "terug", "vorige", "previous"}
SKIP = {
    *("skip", "overslaan", "sla over", "-"),
    *("geen", "none", "nee", "no", "niemand", "nobody", "no one", "niets", "nothing"),
}
STOP = {"stop", "later", "stoppen", "quit", "cancel", "annuleren"}
YES = {"yes", "ja", "klopt", "ok", "oke", "oké", "confirm", "bevestigen", "correct", "y", "j"}


def mine(turn: Turn, action: cards.Step) -> tuple[Dialogue, bool]:
    """The dialogue behind a button, and whether the button is the current one."""
    dialogue = dialogues.mine(turn.session, turn.person, action.dialogue)
    if dialogue is None or dialogue.questionnaire not in questionnaires:
        raise StaleAction
    return dialogue, dialogue.step == action.step and not is_over(dialogue)


def _asking(turn: Turn, action: cards.Step) -> tuple[Dialogue, bool]:
    """The same for the card of a question."""
    dialogue, current = mine(turn, action)
    return dialogue, current and dialogue.state is DialogueState.ASKING


def answered(turn: Turn, action: cards.Step) -> tuple[Dialogue, bool]:
    """The same for a card that sums up."""
    dialogue, current = mine(turn, action)
    return dialogue, current and dialogue.state in (DialogueState.SUMMARY, DialogueState.DONE)


@router.on(cards.Reply, access=Access.OWNER)
def reply(turn: Turn, action: cards.Reply) -> Message:
    dialogue, current = _asking(turn, action)
    if not current:
        return show(turn, dialogue)
    return answer(turn, dialogue, turn.fields.get(dialogue.asking, ()), typed=False)


@router.on(cards.Choose, access=Access.OWNER)
def choose(turn: Turn, action: cards.Choose) -> Message:
    dialogue, current = _asking(turn, action)
    if not current:
        return show(turn, dialogue)
    return answer(turn, dialogue, (action.value,), typed=False)


@router.on(cards.Back, access=Access.OWNER)
def back(turn: Turn, action: cards.Back) -> Message:
    dialogue, current = mine(turn, action)
    if current and dialogue.state in (DialogueState.ASKING, DialogueState.CHECKING):
        _back(turn, dialogue)
    return show(turn, dialogue)


def _back(turn: Turn, dialogue: Dialogue) -> None:
    questions, answers = _so_far(turn, dialogue)
    if dialogue.state is DialogueState.CHECKING:
        earlier = flow.find(questions, dialogue.asking)
    else:
        earlier = flow.before(questions, answers, dialogue.asking)
    if earlier is not None:
        wait_for(turn, dialogue, earlier)


def _so_far(turn: Turn, dialogue: Dialogue) -> tuple[tuple[Question, ...], Answers]:
    questions = questionnaires[dialogue.questionnaire].questions(turn)
    return questions, dialogues.answers(turn.session, dialogue)


@router.on(cards.Skip, access=Access.OWNER)
def skip(turn: Turn, action: cards.Skip) -> Message:
    dialogue, current = _asking(turn, action)
    return _skip(turn, dialogue) if current else show(turn, dialogue)


def _skip(turn: Turn, dialogue: Dialogue) -> Message:
    """Pass over an offered question; a required one stays, with the reason beside it."""
    questions, answers = _so_far(turn, dialogue)
    question = flow.find(questions, dialogue.asking)
    if question is None or flow.is_required(question, answers):
        return show(turn, dialogue, problem=Problem(Wrong.EMPTY))
    if question.key not in answers:
        dialogues.keep(turn.session, dialogue, question.key, ())
    after(turn, dialogue, question)
    return show(turn, dialogue)


@router.on(cards.Stop, access=Access.OWNER)
def stop(turn: Turn, action: cards.Stop) -> Message:
    dialogue, current = mine(turn, action)
    return _stop(turn, dialogue) if current else show(turn, dialogue)


def _stop(turn: Turn, dialogue: Dialogue) -> Message:
    dialogue.state = DialogueState.DONE if dialogue.confirmed else DialogueState.STOPPED
    dialogue.step += 1
    turn.session.flush()
    return cards.stopped(
        turn.t,
        title=questionnaires[dialogue.questionnaire].title(turn, dialogue),
        here=(dialogue.id, dialogue.step),
    )


@router.on(cards.Resume, access=Access.OWNER)
def resume(turn: Turn, action: cards.Resume) -> Message:
    dialogue, _ = mine(turn, action)
    return begin(turn, dialogue.questionnaire, dialogue.subject_id)


@router.on(cards.Change, access=Access.OWNER)
def change(turn: Turn, action: cards.Change) -> Message:
    dialogue, current = answered(turn, action)
    which = (turn.fields.get("which") or ("",))[0]
    return _change(turn, dialogue, which) if current else show(turn, dialogue)


def _change(turn: Turn, dialogue: Dialogue, key: str) -> Message:
    questions, answers = _so_far(turn, dialogue)
    question = flow.find(flow.applicable(questions, answers), key)
    if question is None:
        return show(turn, dialogue, note=turn.t("Please choose which answer you want to change."))
    wait_for(turn, dialogue, question)
    return show(turn, dialogue)


@router.on(cards.TellMore, access=Access.OWNER)
def tell_more(turn: Turn, action: cards.TellMore) -> Message:
    dialogue, current = answered(turn, action)
    if current:
        dialogue.telling_more = True
        settle(turn, dialogue)
    return show(turn, dialogue)


@router.on(cards.Enough, access=Access.OWNER)
def enough(turn: Turn, action: cards.Enough) -> Message:
    dialogue, current = _asking(turn, action)
    if current:
        dialogue.telling_more = False
        settle(turn, dialogue)
    return show(turn, dialogue)


@router.on(cards.Confirm, access=Access.OWNER)
def confirm(turn: Turn, action: cards.Confirm) -> Message:
    dialogue, current = answered(turn, action)
    return _confirm(turn, dialogue) if current else show(turn, dialogue)


def _confirm(turn: Turn, dialogue: Dialogue) -> Message:
    kind = questionnaires[dialogue.questionnaire]
    refused = kind.refusal(turn, dialogue)
    if refused:
        return refused
    questions, answers = _so_far(turn, dialogue)
    if flow.still_required(questions, answers) is not None:
        settle(turn, dialogue)
        return show(turn, dialogue)
    for question in flow.applicable(questions, answers):
        values = answers.get(question.key, ())
        problem = kind.objection(turn, dialogue, question, values, answers) if values else None
        if problem:  # what was fine when it was answered may not be so any more
            wait_for(turn, dialogue, question)
            return show(turn, dialogue, problem=problem)
    dialogue.confirmed, dialogue.state = True, DialogueState.DONE
    dialogue.step += 1
    turn.session.flush()
    return kind.confirmed(turn, dialogue, answers)


def typed(turn: Turn, dialogue: Dialogue, text: str) -> Message:
    """Words typed while a dialogue waits for them."""
    word = " ".join(text.casefold().split()).strip(".!")
    if word in STOP:
        return _stop(turn, dialogue)
    if dialogue.state is DialogueState.SUMMARY:
        return _confirm(turn, dialogue) if word in YES else _pick(turn, dialogue, text)
    if word in BACK:
        _back(turn, dialogue)
        return show(turn, dialogue)
    if word in SKIP and not _is_option(turn, dialogue, word):
        return _skip(turn, dialogue)
    return answer(turn, dialogue, (text,), typed=True)


def _is_option(turn: Turn, dialogue: Dialogue, word: str) -> bool:
    """Whether «no» or «none» is one of the options of the question that is asked."""
    questions, answers = _so_far(turn, dialogue)
    question = flow.find(questions, dialogue.asking)
    if question is None:
        return False
    likely = flow.is_required(question, answers) and meant(question, word) is not None
    return word in question.names or likely


def is_ours(text: str) -> bool:
    """Whether these words steer a conversation, also where a command is called so."""
    return " ".join(text.casefold().split()).strip(".!") in STOP | BACK


def _pick(turn: Turn, dialogue: Dialogue, text: str) -> Message:
    """At the summary, words name the answer to change."""
    questions, answers = _so_far(turn, dialogue)
    asked = [q for q in flow.applicable(questions, answers) if q.key in answers]
    choices = tuple(flow.Choice(q.key, q.label or q.wording) for q in asked)
    which = meant(Question("which", Kind.CHOICE, {}, choices=choices), text)
    return _change(turn, dialogue, which or "")
