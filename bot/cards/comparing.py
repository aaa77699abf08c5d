"""Two runs side by side: what the coordinator changed, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.cards import dry_run, reasons
from bot.cards.dry_run import DryRun, View
from bot.cards.weights import importance_name
from bot.core.markup import escape
from bot.core.messages import Fields, Heading, Message, Part, Text, button
from bot.matching import CRITERIA, Importance
from bot.texts import Translator

Terms = Mapping[str, Any]  # storage.terms
MOST_CHANGES = 12


@dataclass(frozen=True)
class Moved:
    """What a run does to people beside the run before it."""

    other: int  # have another mentor
    gained: int  # have one now, and had none
    lost: int  # had one, and have none now
    now: Terms
    before: Terms


def compared(t: Translator, view: View, moved: Moved) -> Message:
    """This run beside the one before it."""
    assert view.before
    names = {"n": view.now.number, "before": view.before.number}
    title = t("Round {n} beside round {before}", **names)
    parts: list[Part] = [Heading(title), Text(_changes(t, moved)), Fields(dry_run.rows(t, view))]
    parts.append(Text(f"**{t('People')}:** " + _people(t, moved)))
    if view.now.figure("matched"):
        parts.append(dry_run.picture(t, view))
    return Message(title, (*parts, button(t("Back"), DryRun(view.round))))


def _people(t: Translator, moved: Moved) -> str:
    if not (moved.other or moved.gained or moved.lost):
        return t("Everyone has the mentor they had.")
    return t(
        "Another mentor than before: {other}. A mentor now, and none before: {gained}. None any"
        " more: {lost}.",
        other=moved.other,
        gained=moved.gained,
        lost=moved.lost,
    )


def _changes(t: Translator, moved: Moved) -> str:
    lines = [*_weights(t, moved), *_rules(t, moved)][:MOST_CHANGES]
    if not lines:
        return t(
            "Weights and rules are the same in both. What differs comes from people, their wishes"
            " and what you decided on pairs."
        )
    return f"**{t('What was changed')}**\n" + "\n".join(f"• {line}" for line in lines)


def _weights(t: Translator, moved: Moved) -> list[str]:
    before, now = (dict(terms.get("importance", {})) for terms in (moved.before, moved.now))
    normal = Importance.NORMAL.value
    return [
        f"{reasons.criterion_name(t, one.key)}: "
        + _became(_importance(t, before.get(one.key)), _importance(t, now.get(one.key)))
        for one in CRITERIA
        if before.get(one.key, normal) != now.get(one.key, normal)
    ]


def _importance(t: Translator, word: str | None) -> str:
    return importance_name(t, Importance(word or Importance.NORMAL))


def _rules(t: Translator, moved: Moved) -> list[str]:
    return [
        f"{name}: " + _became(_told(t, key, moved.before[key]), _told(t, key, moved.now[key]))
        for key, name in _names(t).items()
        if key in moved.before and key in moved.now and moved.before[key] != moved.now[key]
    ]


def _became(before: str, now: str) -> str:
    return f"{before} → {now}"


def _names(t: Translator) -> dict[str, str]:
    """What each of a round's terms is called."""
    return {
        "fair": t("Fairness counts"),
        "floor": t("Lowest fit that is allowed"),
        "allow_same_team": t("Pairs within one team"),
        "other_function": t("Another kind of work is sought"),
        "repeat_after_months": t("Months before the same two may be a pair again"),
        "mixed_departments": t("Departments that mix"),
        "most_mentees": t("Most mentees of one mentor, all programmes together"),
        "wish_weight": t("What a first wish is worth"),
        "exclusions": t("Kept apart"),
    }


def _told(t: Translator, key: str, value: Any) -> str:
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if key == "exclusions":
        return t.plural("{n} line", "{n} lines", len(value))
    if isinstance(value, list):
        everybody = t("everybody")
        return t.list(everybody if v == "*" else escape(str(v)) for v in value) or t("none")
    if key in ("floor", "wish_weight"):
        return t.percent(float(value))
    return str(value) if value else t("none")
