"""Whether a match feels right: asked of each of the two in private."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.actions import Action, RunCommand
from bot.core.markup import escape
from bot.core.messages import Message, Note, Style, Text, button, say
from bot.texts import Translator


@dataclass(frozen=True)
class AnswerFit(Action):
    check: int
    answer: str  # storage's Fit: good, deciding, not


def fit_check(t: Translator, *, id_: int, partners: Sequence[str]) -> Message:
    """One tap to answer; who sees it is said first."""
    title = t("You and {names}: is this a good match for you?", names=t.list(partners))
    seen = t(
        "Your partner never sees your answer. If the match does not fit, the coordinators hear that"
        " from me, so that they can help; any other answer they see only in figures of at least"
        " five people."
    )
    return Message(
        title,
        (
            Text(title),
            Note(seen),
            button(t("A good match"), AnswerFit(id_, "good"), Style.PRIMARY),
            button(t("Still deciding"), AnswerFit(id_, "deciding")),
            button(t("It does not fit"), AnswerFit(id_, "not")),
        ),
    )


def thanks(t: Translator, answer: str) -> Message:
    match answer:
        case "good":
            return say(t("Lovely to hear. Enjoy your talks!"))
        case "deciding":
            return say(t("That takes time. I will ask you once more in a few weeks."))
        case _:
            return say(
                t(
                    "Thank you for saying so; it is no one’s fault. The coordinators will be in touch"
                    " with you. Your partner hears nothing of this from me."
                ),
                button(t("Talk to someone"), RunCommand("talk")),
            )


def does_not_fit(t: Translator, *, programme: str, who: str, partners: Sequence[str]) -> Message:
    """For the coordinators: one line, one next action."""
    return say(
        t(
            "{who} says in private that the match with {partners} in {programme} does not fit.",
            who=who,
            partners=t.list(escape(name) for name in partners),
            programme=programme,
        ),
        Text(t("Please have a word with {who}, and ask what would help.", who=who)),
        Note(t("{partners} has not been told, and does not know.", partners=t.list(partners))),
    )
