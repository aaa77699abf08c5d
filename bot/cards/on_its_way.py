"""A round on its way: that it is being worked out, how far it is, and that it was stopped."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.actions import Action, RunCommand
from bot.core.messages import Button, Message, Style, button, say
from bot.texts import Translator


@dataclass(frozen=True)
class HowFar(Action):
    """Asks how far a round is; once it is there, shows it."""

    round: int


@dataclass(frozen=True)
class StopRound(Action):
    round: int


@dataclass(frozen=True)
class OnItsWay:
    """A round that was asked for and is not there yet."""

    round: int
    programme: str
    waits: bool  # it has not begun, perhaps for another that is worked out or announced
    done: float  # 0 … 1
    minutes: int  # since it was asked for


def computing(t: Translator, programme: str, round_: int) -> Message:
    return say(
        t(
            "I am working out the best pairs for {programme}. You get them from me in a private"
            " message in a moment; mentors and mentees hear nothing yet.",
            programme=programme,
        ),
        *_buttons(t, round_),
    )


def progress(t: Translator, view: OnItsWay) -> Message:
    """How far it is, for whoever asks."""
    if view.waits:
        text = t(
            "The round of {programme} is about to begin; if another one is ahead of it, it waits its"
            " turn.",
            programme=view.programme,
        )
    else:
        text = t(
            "I am working out the best pairs for {programme}: **{share}** is done.",
            programme=view.programme,
            share=t.percent(view.done),
        )
    asked = (
        t.plural(
            "It was asked for {n} minute ago.", "It was asked for {n} minutes ago.", view.minutes
        )
        if view.minutes
        else t("It was asked for just now.")
    )
    calm = t(
        "You get the pairs from me in a private message; mentors and mentees hear nothing yet."
    )
    return say(f"{text} {asked}\n{calm}", *_buttons(t, view.round))


def stopped(t: Translator, programme: str, slug: str, *, review: bool) -> Message:
    """To whoever stopped a round; what was under review before it is `review`."""
    return say(
        t(
            "Stopped. Nobody has heard anything, and everything in {programme} is as it was before.",
            programme=programme,
        ),
        *_after(t, slug, review=review),
    )


def was_stopped(t: Translator, programme: str, slug: str, by: str, *, review: bool) -> Message:
    """To whoever asked for a round that another coordinator stopped."""
    return say(
        t(
            "{name} has stopped the round of {programme} that you asked for. Nobody has heard"
            " anything, and everything is as it was before.",
            name=by,
            programme=programme,
        ),
        *_after(t, slug, review=review),
    )


def _buttons(t: Translator, round_: int) -> tuple[Button, ...]:
    return button(t("How far is it?"), HowFar(round_)), button(t("Stop"), StopRound(round_))


def _after(t: Translator, slug: str, *, review: bool) -> tuple[Button, ...]:
    again = button(t("Match again"), RunCommand("match", slug), Style.PRIMARY)
    back = button(t("The earlier round"), RunCommand("review", slug))
    return (again, back) if review else (again,)
