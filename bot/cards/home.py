"""The page that always stands there: what waits for somebody, what is theirs, what they run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from bot.cards import means
from bot.cards.joining import Offer, Standing, stands
from bot.core.actions import Action, RunCommand
from bot.core.insights import Figure
from bot.core.markup import escape
from bot.core.messages import (
    Button,
    Fields,
    Heading,
    Message,
    Note,
    Part,
    Rule,
    Style,
    Text,
    button,
    together,
)
from bot.texts import Translator


class Most(NamedTuple):
    """How many programmes there is room for."""

    joined: int
    run: int


# On Slack a page has room for 100 blocks and a message for 50: three go to a programme that is
# joined or half joined, four to one that is run.
PAGE, CARD = Most(6, 12), Most(3, 5)


@dataclass(frozen=True)
class ShowOpen(Action):
    """Bring the questions that still wait for an answer."""


@dataclass(frozen=True)
class Glance:
    """How a programme stands, for who runs it."""

    programme: str
    slug: str
    joined: int
    mentors: int
    mentees: int
    pairs: int
    waiting: int
    met: float | None  # of the pairs asked in the past four weeks, the share that met
    surveyed: bool  # whether a survey has closed
    useful: Figure | None  # what the last one said, where that may be shown
    stuck: int
    unreached: int


def page(t: Translator, name: str, sections: Sequence[Sequence[Part]]) -> Message:
    """The sections that have something to say, most useful first; only one button stands out."""
    greeting = t("Hello {name}!", name=name) if name else t("Hello!")
    parts: list[Part] = [Heading(greeting)]
    for number, section in enumerate(filter(None, sections)):
        parts += [Rule(), *section] if number and not _is_calm(section) else section
    first = next((p for p in parts if isinstance(p, Button) and p.style is Style.PRIMARY), None)
    calm = [
        replace(part, style=Style.PLAIN)
        if isinstance(part, Button) and part.style is Style.PRIMARY and part is not first
        else part
        for part in parts
    ]
    return Message(greeting, tuple(calm))


def _is_calm(section: Sequence[Part]) -> bool:
    return all(isinstance(part, Note) for part in section)


def introduction(t: Translator) -> list[Part]:
    return [
        Text(
            t(
                "I am Koppel. I bring mentors and mentees together, and ask now and then how it"
                " is going. I only read what you tell me here, never your other messages."
            )
        )
    ]


def waiting(t: Translator, questions: int) -> list[Part]:
    """What was asked and not answered yet."""
    if not questions:
        return []
    text = t.plural(
        "**{n} question waits for you.** A minute will do.",
        "**{n} questions wait for you.** A few minutes will do.",
        questions,
    )
    return [Text(text), button(t("Answer now"), ShowOpen(), Style.PRIMARY)]


def half_way(t: Translator, programmes: Sequence[tuple[str, str]]) -> list[Part]:
    """Joining that was begun and not finished, by name and slug."""
    parts: list[Part] = []
    for name, slug in programmes:
        words = t("You began to join {programme}. I have kept your answers.", programme=name)
        label = t("Finish joining {programme}", programme=name)
        parts += [Text(words), button(label, RunCommand("join", slug), Style.PRIMARY)]
    return parts


def mine(
    t: Translator, standings: Sequence[Standing], paused_until: date | None, most: Most = PAGE
) -> list[Part]:
    """Where I take part: my role, my partners, what comes next; or my pause."""
    parts = stands(t, standings[: most.joined], paused_until)
    return parts + _more(t, len(standings) - most.joined)


def runs(t: Translator, glances: Sequence[Glance], in_all: int) -> list[Part]:
    """The programmes that somebody runs, with their figures and what can be done."""
    parts: list[Part] = []
    for number, glance in enumerate(glances):
        parts += [Rule()] if number else []
        parts += [Text(f"**{escape(glance.programme)}**"), Fields(_figures(t, glance))]
        parts += [
            button(t("Match people"), RunCommand("match", glance.slug), Style.PRIMARY),
            button(t("Review matches"), RunCommand("review", glance.slug)),
            button(t("Digest"), RunCommand("digest", glance.slug)),
            button(t("Settings"), RunCommand("settings", glance.slug)),
        ]
    more = _more(t, in_all - len(glances))
    if more:
        more.append(button(t("Your programmes"), RunCommand("programme")))
    return parts + more


def _figures(t: Translator, glance: Glance) -> tuple[tuple[str, str], ...]:
    mentors = t.plural("{n} mentor", "{n} mentors", glance.mentors)
    mentees = t.plural("{n} mentee", "{n} mentees", glance.mentees)
    waiting = t.plural("{n} person waits", "{n} people wait", glance.waiting)
    return (
        (t("Taking part"), f"{glance.joined} ({mentors}, {mentees})"),
        (t("Pairs"), f"{glance.pairs} ({waiting})"),
        (
            t("Met in the past four weeks"),
            t("nobody was asked yet") if glance.met is None else t.percent(glance.met),
        ),
        (t("Last survey"), _survey(t, glance)),
        (t("Needs you"), _needs(t, glance)),
    )


def _survey(t: Translator, glance: Glance) -> str:
    if not glance.surveyed:
        return t("none yet")
    if glance.useful is None:
        return means.hidden(t)
    return means.out_of_five(t, glance.useful.mean, glance.useful.end)


def _needs(t: Translator, glance: Glance) -> str:
    needs = []
    if glance.stuck:
        needs.append(t.plural("{n} pair is stuck", "{n} pairs are stuck", glance.stuck))
    if glance.unreached:
        needs.append(
            t.plural("{n} person is not reached", "{n} people are not reached", glance.unreached)
        )
    return ", ".join(needs) or t("nobody right now")


def _more(t: Translator, left: int) -> list[Part]:
    return [Note(t.plural("and {n} more", "and {n} more", left))] if left > 0 else []


def offers(found: Sequence[Offer]) -> list[Part]:
    """What else can be done now."""
    return [
        button(
            offer.label,
            RunCommand(offer.command, offer.args),
            Style.PLAIN if number else Style.PRIMARY,
        )
        for number, offer in enumerate(found)
    ]


def open_questions(t: Translator, cards: Sequence[Message]) -> Message:
    """Everything that waits for an answer, or that nothing does."""
    if not cards:
        nothing = t("No question waits for you. Thank you for keeping up!")
        return Message(nothing, (Text(nothing),))
    title = t.plural("{n} short question for you", "{n} short questions for you", len(cards))
    return replace(together(title, tuple(cards)), form=len(cards) == 1 and _asks(cards[0]))


def _asks(card: Message) -> bool:
    """Whether something is to be filled in, not tapped."""
    return any(part.type == "ask" for part in card.parts)
