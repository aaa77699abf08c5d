"""Coordinators say how much each criterion counts in their programme."""

from __future__ import annotations

from bot.cards import weights as cards
from bot.core.actions import RunCommand
from bot.core.answers import Problem, Wrong
from bot.core.messages import Message
from bot.core.questions import Answers, Question, Values
from bot.matching import CRITERIA, Importance, shares
from handlers import forms, programmes
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import rules
from storage.models import Programme

KEYS = tuple(criterion.key for criterion in CRITERIA)


@programmes.command(
    "weights", mark("change how much each criterion counts"), aliases=("gewichten",)
)
def weights(turn: Turn, programme: Programme) -> Message:
    return forms.show(turn, _form(turn, programme))


@router.on(cards.SaveWeights, access=Access.COORDINATOR)
def save(turn: Turn, action: cards.SaveWeights) -> Message:
    """All of it counts, or nothing does."""
    found = programmes.filled_in(turn, action, _form)
    if isinstance(found, Message):
        return found
    programme, taken = found
    if taken.changed:
        _apply(turn, programme, taken)
    return _saved(turn, programme, taken.note)


@programmes.on(cards.DefaultWeights)
def to_defaults(turn: Turn, programme: Programme, _action: cards.DefaultWeights) -> Message:
    programme.importance = {}
    turn.audit("changed weights", f"programme:{programme.id}:defaults")
    return _saved(turn, programme, turn.t("Every criterion counts as it does from the start."))


def _saved(turn: Turn, programme: Programme, note: str) -> Message:
    now = shares(rules.importance(programme))
    return cards.saved(turn.t, programme.name, programme.slug, note, now)


def _form(turn: Turn, programme: Programme) -> forms.Form:
    answers, now = _answers(programme), shares(rules.importance(programme))
    return forms.Form(
        title=turn.t("Weights of {programme}", programme=programme.name),
        questions=(*(cards.question(key, now[key]) for key in KEYS), *turn.content.weights),
        stored=answers,
        save=cards.SaveWeights(programme.id, forms.stamp(answers)),
        cancel=RunCommand("programme"),
        objection=_objection,
        above=cards.above(turn.t, now),
        ways=(cards.to_defaults(turn.t, programme.id),),
    )


def _answers(programme: Programme) -> dict[str, Values]:
    chosen = rules.importance(programme)
    return {
        **{key: (chosen.get(key, Importance.NORMAL).value,) for key in KEYS},
        "other_function": (_yes(programme.other_function),),
        "fair": (_yes(programme.fair),),
    }


def _objection(question: Question, _values: Values, answers: Answers) -> Problem | None:
    """Something has to count; said beside the first."""
    unused = all(answers.get(key) == (Importance.NOT_USED.value,) for key in KEYS)
    return Problem(Wrong.NOTHING_COUNTS) if unused and question.key == KEYS[0] else None


def _apply(turn: Turn, programme: Programme, taken: forms.Taken) -> None:
    programme.importance = {key: taken.answers[key][0] for key in KEYS}
    programme.other_function = taken.answers["other_function"] == ("yes",)
    programme.fair = taken.answers["fair"] == ("yes",)
    keys = ",".join(question.key for question in taken.changed)
    turn.audit("changed weights", f"programme:{programme.id}:{keys}")
    turn.session.flush()


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
