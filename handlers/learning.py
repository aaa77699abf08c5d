"""Coordinators look at what their programme taught, and decide whether to weigh otherwise."""

from __future__ import annotations

from bot.cards import learning as cards
from bot.core.messages import Message
from bot.matching.learning import FEWEST, lessons, proposed
from handlers import forms, programmes
from handlers.router import mark
from handlers.turn import Turn
from storage import learning, rules
from storage.models import Programme


@programmes.command(
    "learn",
    mark("what went with good matches, and which weights that suggests"),
    aliases=("leren",),
)
def learn(turn: Turn, programme: Programme) -> Message:
    view = _learned(turn, programme)
    least = max(FEWEST, programme.smallest_group)
    if view.pairs < least:
        return cards.too_few(turn.t, programme.name, view.pairs, least)
    return cards.learned(turn.t, view)


def _learned(turn: Turn, programme: Programme) -> cards.Learned:
    outcomes = learning.of_programme(turn.session, programme)
    found, now = lessons(outcomes.all), rules.importance(programme)
    change = proposed(found, now)
    return cards.Learned(
        programme=programme.name,
        id=programme.id,
        slug=programme.slug,
        pairs=len(outcomes.all),
        fit=len(outcomes.fit),
        met=len(outcomes.met),
        lessons=found,
        proposed=change,
        now=now,
        mark=forms.stamp({key: (word,) for key, word in change.items()}),
    )


@programmes.on(cards.TakeOver)
def take_over(turn: Turn, programme: Programme, action: cards.TakeOver) -> Message:
    """As it was proposed on the card; if more is known by now, that is shown first."""
    view = _learned(turn, programme)
    if view.mark != action.mark or not view.proposed:
        return learn(turn, programme)
    changed = {key: word.value for key, word in view.proposed.items()}
    programme.importance = {**programme.importance, **changed}
    turn.audit("took over learned weights", f"programme:{programme.id}:{','.join(changed)}")
    return cards.taken_over(turn.t, programme.name, programme.slug)
