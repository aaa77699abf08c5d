"""A survey's mean in words, which may only say where it lies."""

from __future__ import annotations

from enum import StrEnum

from bot.core.insights import End, Figure
from bot.texts import Translator


class Survey(StrEnum):
    """What the last closed survey has to show."""

    NONE_YET = "none_yet"
    TOO_FEW = "too_few"
    HIDDEN = "hidden"  # enough answered, and yet somebody's answer could be worked out
    SHOWN = "shown"


def out_of_five(t: Translator, mean: float, end: End = "") -> str:
    match end:
        case "high":
            return t("nearly all high: {mean} out of 5 or more", mean=t.number(mean))
        case "low":
            return t("nearly all low: {mean} out of 5 or less", mean=t.number(mean))
    return t("{mean} out of 5", mean=t.number(mean))


def with_answers(t: Translator, figure: Figure) -> str:
    """The mean, and how many answers it comes from."""
    return t.plural(
        "{mean}, from {n} answer",
        "{mean}, from {n} answers",
        figure.n,
        mean=out_of_five(t, figure.mean, figure.end),
    )


def briefly(t: Translator, mean: float, end: End) -> str:
    """For a picture: a number, or where it lies."""
    return {"high": "≥ ", "low": "≤ ", "": ""}[end] + t.number(mean)


def hidden(t: Translator) -> str:
    return t("hidden, so that nobody’s answer can be worked out")


def unmeasured(t: Translator, survey: Survey, at_least: int) -> str:
    """Why there is no mean."""
    if survey is Survey.TOO_FEW:
        return t("too few answers to show (fewer than {n})", n=at_least)
    return hidden(t) if survey is Survey.HIDDEN else t("no survey has closed yet")
