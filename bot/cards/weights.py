"""How much each criterion counts in a programme, in words, with the sums shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.cards.programmes import OfProgramme
from bot.cards.reasons import criterion_name
from bot.core.actions import Action, RunCommand
from bot.core.charts import Bar, Bars
from bot.core.markup import plain
from bot.core.messages import Button, Kind, Message, Note, Part, Picture, Style, button, say
from bot.core.questions import Choice, Question, Readers
from bot.matching import Importance
from bot.texts import LANGUAGES, Translator, translator


@dataclass(frozen=True)
class SaveWeights(Action):
    """Take everything that is filled in; `seen` tells whether the form was the newest."""

    programme: int
    seen: str


@dataclass(frozen=True)
class DefaultWeights(OfProgramme):
    """Let every criterion count as it does from the start."""


def importance_name(t: Translator, importance: Importance) -> str:
    match importance:
        case Importance.VERY_IMPORTANT:
            return t("Very important: counts four times")
        case Importance.IMPORTANT:
            return t("Important: counts twice")
        case Importance.NORMAL:
            return t("Normal")
        case Importance.A_LITTLE:
            return t("A little: counts half")
        case Importance.NOT_USED:
            return t("Not used")


def question(key: str, share: float) -> Question:
    """How much a criterion should count; beside it what part of a fit it makes up now."""
    spoken = {language: translator(language) for language in LANGUAGES}
    return Question(
        key,
        Kind.CHOICE,
        wording={language: plain(criterion_name(t, key)) for language, t in spoken.items()},
        why={
            language: t("Now {share} of the fit.", share=_percent(t, share))
            for language, t in spoken.items()
        },
        readers=Readers.COORDINATORS,
        choices=tuple(
            Choice(
                word.value, {lang: plain(importance_name(t, word)) for lang, t in spoken.items()}
            )
            for word in reversed(Importance)
        ),
        required=True,
    )


def above(t: Translator, shares: Mapping[str, float]) -> tuple[Part, ...]:
    """What stands before the fields: what is no criterion, and how a fit is made up now."""
    return (_no_criterion(t), _picture(t, shares))


def to_defaults(t: Translator, programme: int) -> Button:
    return button(t("Back to the defaults"), DefaultWeights(programme))


def saved(t: Translator, name: str, slug: str, note: str, shares: Mapping[str, float]) -> Message:
    """How a fit is made up from now on; `note` is mark-up."""
    return say(
        t("The weights of {programme} are saved.", programme=name),
        Note(note),
        _picture(t, shares),
        _no_criterion(t),
        Note(t("They count from the next round on. Nobody but coordinators sees them.")),
        button(t("Match again"), RunCommand("match", slug), Style.PRIMARY),
        button(t("Look at the weights"), RunCommand("weights", slug)),
    )


def _no_criterion(t: Translator) -> Note:
    return Note(
        t(
            "Gender, age and appraisals are no criterion: I do not know them, and never ask for them."
        )
    )


def _picture(t: Translator, shares: Mapping[str, float]) -> Picture:
    used = sorted(((part, key) for key, part in shares.items() if part), reverse=True)
    named = [(plain(criterion_name(t, key)), part) for part, key in used]
    sums = " + ".join(f"{name} {_percent(t, part)}" for name, part in named)
    bars = tuple(Bar(name, part / 100, _percent(t, part)) for name, part in named)
    title = t("What makes up a fit")
    return Picture(Bars(plain(title), bars), f"{title}: {sums} = {_percent(t, 100)}")


def _percent(t: Translator, share: float) -> str:
    return f"{t.number(share)}%"
