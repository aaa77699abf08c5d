"""Coordinators set the rules of their programme: who may not be paired with whom."""

from __future__ import annotations

from bot.cards import rules as cards
from bot.core.actions import RunCommand
from bot.core.messages import Message
from bot.core.questions import Question, Values
from handlers import forms, programmes, sides, understanding
from handlers.programme_rules import SHARED, Columns, set_changed, shared
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import exclusions
from storage.models import Programme

REPEATS = (0, 6, 12, 24)  # months, as the form has them


@programmes.command("rules", mark("change who may not be paired with whom"), aliases=("regels",))
def rules(turn: Turn, programme: Programme) -> Message:
    return forms.show(turn, _form(turn, programme))


@router.on(cards.SaveRules, access=Access.COORDINATOR)
def save(turn: Turn, action: cards.SaveRules) -> Message:
    """All of it counts, or nothing does."""
    found = programmes.filled_in(turn, action, _form)
    if isinstance(found, Message):
        return found
    programme, taken = found
    if taken.changed:
        _apply(turn, programme, taken)
    rows = [(q, _told(turn, q, taken.answers.get(q.key, ()))) for q in _questions(turn)]
    return cards.saved(turn.t, programme.name, programme.slug, taken.note, rows)


def _questions(turn: Turn) -> tuple[Question, ...]:
    both = (question for question in turn.content.programme if question.key in SHARED)
    return (*both, *turn.content.rules)


def _form(turn: Turn, programme: Programme) -> forms.Form:
    answers, questions = _answers(turn, programme), _questions(turn)
    return forms.Form(
        title=turn.t("Rules of {programme}", programme=programme.name),
        questions=questions,
        stored=answers,
        save=cards.SaveRules(programme.id, forms.stamp(answers)),
        cancel=RunCommand("programme"),
        above=cards.above(turn.t, sides.gone(turn, questions, answers)),
    )


def _answers(turn: Turn, programme: Programme) -> dict[str, Values]:
    """The rules as answers; a figure that the form does not have is shown as the nearest."""
    months = programme.repeat_after_months
    found: dict[str, Values] = {
        **shared(programme),
        "repeat": (str(months and min(REPEATS[1:], key=lambda known: abs(known - months))),),
        "mixed": tuple(programme.mixed_departments),
        "most_mentees": (str(programme.most_mentees),) if programme.most_mentees else (),
        "apart": tuple(map(sides.packed, exclusions.of_programme(turn.session, programme))),
    }
    return {key: values for key, values in found.items() if values}


def _told(turn: Turn, question: Question, values: Values) -> str:
    return understanding.told(turn, question, values) if values else cards.nothing_set(turn.t)


def _apply(turn: Turn, programme: Programme, taken: forms.Taken) -> None:
    keys = set_changed(programme, _SETS, taken)
    if "apart" in keys:
        pairs = map(sides.unpacked, taken.answers.get("apart", ()))
        exclusions.replace(turn.session, programme, pairs)
    turn.audit("changed rules", f"programme:{programme.id}:{','.join(keys)}")
    turn.session.flush()


# The columns that a changed answer sets, and to what.
_SETS: Columns = {
    **SHARED,
    "repeat": ("repeat_after_months", lambda v: int(v[0])),
    "mixed": ("mixed_departments", list),
    "most_mentees": ("most_mentees", lambda v: int(v[0]) if v else 0),
}
