"""«This is what I understood»: people see what their words became, and set it right."""

from __future__ import annotations

from bot.cards import understood as cards
from bot.cards.questions import Recheck, Step
from bot.core import questions as flow
from bot.core.actions import StaleAction
from bot.core.messages import Message
from bot.core.questions import Question, Reads
from handlers import wording
from handlers.dialogue import add_words, after, check, questionnaires, show
from handlers.router import Access, router
from handlers.steps import mine
from handlers.turn import Turn
from storage import dialogues
from storage.models import Dialogue, DialogueState

GO_ON = {
    *("yes", "ja", "klopt", "ok", "oke", "oké", "correct", "y", "j"),
    *("next", "go on", "verder", "ga verder", "volgende", "that is right", "dat klopt"),
}
KEEP = {
    *("no", "nee", "n", "keep", "my own words", "keep my own words", "no, keep my own words"),
    *("eigen woorden", "mijn eigen woorden", "nee, mijn eigen woorden", "laat staan", "houd zo"),
}


def _checking(turn: Turn, action: Step) -> tuple[Dialogue, Question | None]:
    """The dialogue behind a button, and the question that is checked while the button is current."""
    dialogue, current = mine(turn, action)
    if not (current and dialogue.state is DialogueState.CHECKING):
        return dialogue, None
    return dialogue, _question(turn, dialogue, dialogue.asking)


def _question(turn: Turn, dialogue: Dialogue, key: str) -> Question | None:
    found = flow.find(questionnaires[dialogue.questionnaire].questions(turn), key)
    return found if found and found.reads is Reads.SKILLS else None


@router.on(cards.AsMeant, access=Access.OWNER)
def as_meant(turn: Turn, action: cards.AsMeant) -> Message:
    dialogue, question = _checking(turn, action)
    return _go_on(turn, dialogue, question) if question else show(turn, dialogue)


def _go_on(turn: Turn, dialogue: Dialogue, question: Question) -> Message:
    after(turn, dialogue, question)
    return show(turn, dialogue)


@router.on(cards.Mean, access=Access.OWNER)
def mean(turn: Turn, action: cards.Mean) -> Message:
    dialogue, question = _checking(turn, action)
    if question is None:
        return show(turn, dialogue)
    if action.tag not in wording.lexicon(turn).concepts:
        raise StaleAction
    return _set_right(turn, dialogue, question, {action.place: action.tag})


@router.on(cards.KeepWord, access=Access.OWNER)
def keep_word(turn: Turn, action: cards.KeepWord) -> Message:
    dialogue, question = _checking(turn, action)
    if question is None:
        return show(turn, dialogue)
    return _keep(turn, dialogue, question, [action.place])


def _keep(turn: Turn, dialogue: Dialogue, question: Question, places: list[int]) -> Message:
    words, ours = list(wording.of(turn, dialogue, question)), wording.lexicon(turn)
    kept = {place: ours.kept(words[place]) for place in places if place < len(words)}
    return _set_right(turn, dialogue, question, kept)


def _set_right(turn: Turn, dialogue: Dialogue, question: Question, tags: dict[int, str]) -> Message:
    """These words mean this from now on; when nothing is left in doubt the conversation goes on."""
    words = {
        word: tags.get(place, tag)
        for place, (word, tag) in enumerate(wording.of(turn, dialogue, question).items())
    }
    values = tuple(dict.fromkeys(words.values()))
    dialogues.keep(turn.session, dialogue, question.key, values, words)
    if any(word.in_doubt for word in wording.seen(turn, words)):
        check(turn, dialogue, question)
        return show(turn, dialogue)
    after(turn, dialogue, question)
    return show(turn, dialogue, note=wording.note(turn, words), recheck=(question,))


@router.on(cards.LookAtWord, access=Access.OWNER)
def look_at_word(turn: Turn, action: cards.LookAtWord) -> Message:
    dialogue, question = _checking(turn, action)
    chosen = (turn.fields.get(cards.WHICH) or ("",))[0]
    if question is None:
        return show(turn, dialogue)
    word = wording.one(turn, wording.of(turn, dialogue, question), chosen)
    if word is None:
        return show(turn, dialogue, note=turn.t("Please choose which word I got wrong."))
    here = (dialogue.id, dialogue.step)
    return cards.one(turn.t, here=here, question=question.key, word=word)


@router.on(Recheck, access=Access.OWNER)
def recheck(turn: Turn, action: Recheck) -> Message:
    """From wherever the conversation is now, back to what was understood."""
    dialogue, current = mine(turn, action)
    question = _question(turn, dialogue, action.question)
    answered = dialogues.answers(turn.session, dialogue).get(action.question)
    checking = dialogue.state is DialogueState.CHECKING and dialogue.asking == action.question
    if current and question and answered and not checking:
        check(turn, dialogue, question)
    return show(turn, dialogue)


def typed(turn: Turn, dialogue: Dialogue, text: str) -> Message:
    """What is typed at the check: go on, keep mine, one of the choices; anything else is a skill more."""
    question = _question(turn, dialogue, dialogue.asking)
    if question is None:
        return show(turn, dialogue)
    word = " ".join(text.casefold().split()).strip(".!")
    words = wording.of(turn, dialogue, question)
    doubts = [one for one in wording.seen(turn, words) if one.in_doubt]
    if word in GO_ON:
        return _go_on(turn, dialogue, question)
    if word in KEEP:
        return _keep(turn, dialogue, question, [one.place for one in doubts])
    chosen = {
        one.place: id_ for one in doubts for id_, label in one.likely if label.casefold() == word
    }
    if len(chosen) == 1:
        return _set_right(turn, dialogue, question, chosen)
    return add_words(turn, dialogue, question, text)
