"""Trial talks: with whom, how, and the private question afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.actions import Action
from bot.core.markup import escape
from bot.core.messages import Heading, Message, Note, Part, Text, button, say
from bot.texts import Translator


@dataclass(frozen=True)
class SayOfTalk(Action):
    """Yes, maybe or no; only the matching reads it."""

    voice: int
    says: str  # storage's Verdict


@dataclass(frozen=True)
class Other:
    """Whom somebody talks with."""

    name: str
    about: str
    mentors: bool  # the reader would be the mentor


def told(t: Translator, programme: str, others: Sequence[Other], ask_on: date | None) -> Message:
    """With whom, that they plan it themselves, and who will read what they say afterwards."""
    title = t(
        "Get to know each other in 20 minutes, before the matching of {programme}",
        programme=programme,
    )
    parts: list[Part] = [Heading(title)]
    parts += _with_whom(t, [o for o in others if not o.mentors], mentors=False)
    parts += _with_whom(t, [o for o in others if o.mentors], mentors=True)
    parts.append(
        Text(
            t(
                "What helps: say what you would like to learn or have to offer, ask one real"
                " question, and stop after 20 minutes. Nothing is settled by it."
            )
        )
    )
    if ask_on:
        when = t("On {day} I ask you how it was.", day=t.day(ask_on))
        parts.append(Note(f"{when} {_who_reads(t)}"))
    else:
        parts.append(Note(_who_reads(t)))
    return Message(title, tuple(parts))


def _with_whom(t: Translator, others: Sequence[Other], *, mentors: bool) -> list[Part]:
    if not others:
        return []
    names = "\n".join(
        f"• **{escape(o.name)}**" + (f" · {escape(o.about)}" if o.about else "") for o in others
    )
    if mentors:
        step = t("They look for a mentor and send you a message to find a moment:")
    else:
        step = t("They may become your mentor. **You send them a message** and suggest a moment:")
    return [Text(f"{step}\n{names}")]


def _who_reads(t: Translator) -> str:
    return t(
        "You answer yes, maybe or no. Only the matching reads that: the other never sees it, and the"
        " coordinators neither."
    )


def ask(t: Translator, voice: int, other: Other, *, again: bool) -> Message:
    """The private question after a talk."""
    question = (
        t("Would you like to guide {name}?", name=other.name)
        if other.mentors
        else t("Would you like {name} as your mentor?", name=other.name)
    )
    parts: list[Part] = [
        Text(f"**{question}**"),
        Note(t("This is about your first talk of 20 minutes.") + " " + _who_reads(t)),
        button(t("Yes"), SayOfTalk(voice, "yes")),  # no answer is dearer to us than another
        button(t("Maybe"), SayOfTalk(voice, "maybe")),
        button(t("No"), SayOfTalk(voice, "no")),
    ]
    if again:
        parts.append(
            Note(t("If you have not talked yet, you need not answer. I do not ask again."))
        )
    return Message(question, tuple(parts))


def thanks(t: Translator) -> Message:
    return say(t("Thank you. This stays between you and the matching."))


def closed(t: Translator) -> Message:
    return say(t("This question is over, so nothing has changed. Thank you all the same."))
