"""The part of the gallery about what coordinators decide: rules, and how much a criterion counts."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards import rules, weights
from bot.core.markup import escape
from bot.core.messages import Message
from bot.matching import Importance, shares
from bot.texts import Translator
from tests.samples import question

Sample = Callable[[Translator, str], Message]


def of_rules() -> dict[str, tuple[Sample, ...]]:
    def saved(t: Translator, w: str) -> Message:
        rows = [(question("mixed"), escape(w)), (question("apart"), rules.nothing_set(t))]
        return rules.saved(t, w, "grow", escape(w), rows)

    return {
        "rules.saved": (saved,),
        "weights.saved": (
            lambda t, w: weights.saved(t, w, "grow", escape(w), shares({})),
            lambda t, w: weights.saved(t, w, "grow", "", shares({"skills": Importance.NOT_USED})),
        ),
    }
