"""Whom somebody wishes: the candidates, the form, what is kept, and who reads what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.cards import reasons
from bot.cards.questions import short
from bot.content import skills
from bot.core.actions import Action, RunCommand
from bot.core.markup import escape
from bot.core.messages import (
    Heading,
    Message,
    Note,
    Part,
    Style,
    Text,
    button,
    say,
)
from bot.core.questions import Question, Values
from bot.matching import Contribution
from bot.texts import Translator

RANKS = 5
LONGEST_REASON = 300  # characters
LONGEST_SHOWN = 240  # characters of what a candidate wrote
LETTERS = "ABCDE"


@dataclass(frozen=True)
class EditWishes(Action):
    """Choose, or choose again."""

    programme: int


@dataclass(frozen=True)
class SaveWishes(Action):
    """Take everything that is filled in."""

    programme: int


@dataclass(frozen=True)
class NoWishes(Action):
    """Leave it to the matching."""

    programme: int


@dataclass(frozen=True)
class Wished:
    """A wish as the coordinator reads it beside a proposed pair."""

    part: str  # whose wish it was: mentor or mentee
    rank: int
    reason: str


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be wished for; `told` is what they wrote for a partner's eyes."""

    field: str  # names the inputs
    place: int  # among the candidates
    name: str  # empty where candidates are shown without it
    about: str
    contributions: tuple[Contribution, ...] = ()
    told: tuple[tuple[Question, Values], ...] = ()
    rank: int = 0  # 0: no wish
    reason: str = ""
    own: bool = False  # no candidate of now, but somebody whom the wisher wishes for
    available: bool = True


@dataclass(frozen=True)
class View:
    """The wishing of a programme as one participant sees it."""

    programme_id: int
    programme: str
    slug: str
    mentee: bool  # looks for a mentor; else a mentor who may choose mentees
    open: bool
    closes_at: datetime
    zone: str
    anonymous: bool
    trial_talks: bool
    answered: bool
    shared: bool
    candidates: tuple[Candidate, ...]
    lexicon: skills.Lexicon = field(default_factory=skills.standard)  # of their organisation

    @property
    def wishes(self) -> tuple[Candidate, ...]:
        """Those who are wished for, the first first."""
        return tuple(sorted((c for c in self.candidates if c.rank), key=lambda c: c.rank))


def ordinal(t: Translator, rank: int) -> str:
    return (t("1st"), t("2nd"), t("3rd"), t("4th"), t("5th"))[rank - 1]


def name(t: Translator, view: View, one: Candidate) -> str:
    """What a candidate is called here (mark-up)."""
    if one.name:
        return escape(one.name)
    if one.own:
        return t("Somebody you were shown before")
    letter = LETTERS[one.place % len(LETTERS)]
    return (
        t("Mentor {letter}", letter=letter) if view.mentee else t("Mentee {letter}", letter=letter)
    )


def head(t: Translator, view: View, one: Candidate) -> str:
    """Who this is, as far as it may be told (mark-up)."""
    called = f"**{name(t, view, one)}**"
    return f"{called} · {escape(one.about)}" if one.about else called


# --- the card that asks ---


def candidates(t: Translator, view: View, intake: Sequence[Question]) -> Message:
    """Whom the matching would think of, why, and the way to say whom one wishes."""
    title = question(t, view)
    until = t("You have until {moment}.", moment=t.moment(view.closes_at, view.zone))
    parts: list[Part] = [Heading(title), Text(_introduction(t, view) + " " + until)]
    for one in view.candidates:
        if not one.own:
            parts += [Text(_about(t, view, one, intake))]
    parts.append(Note(who_reads(t)))
    parts += [
        button(t("Choose…"), EditWishes(view.programme_id), Style.PRIMARY),
        button(t("No preference"), NoWishes(view.programme_id)),
    ]
    return Message(title, tuple(parts))


def question(t: Translator, view: View) -> str:
    """What this is about, in one line."""
    if view.mentee:
        return t("Whom would you like as your mentor?")
    return t("Whom would you like to guide?")


def _introduction(t: Translator, view: View) -> str:
    if not any(not one.own for one in view.candidates):
        return t(
            "The matching of {programme} comes soon. I have nobody to show you yet, but you can name"
            " a colleague yourself.",
            programme=view.programme,
        )
    words = t(
        "The matching of {programme} comes soon, and you have a say in it. These people fit you"
        " well; there may be others. Put up to five in your order, or add a colleague of your own.",
        programme=view.programme,
    )
    if view.anonymous:
        words += " " + t("Names come later, so that you look at what somebody has to offer.")
    if view.trial_talks:
        words += " " + t("Before the matching you talk with two or three of them for 20 minutes.")
    return words


def _about(t: Translator, view: View, one: Candidate, intake: Sequence[Question]) -> str:
    lines = [head(t, view, one)]
    why = reasons.about(t, one.contributions, intake, lexicon=view.lexicon)
    if not (why or one.told):
        why = reasons.why(t, one.contributions, intake, lexicon=view.lexicon)
    lines += [f"• {line}" for line in why]
    lines += [f"• {short(t, question)}: {_words(t, view, question, v)}" for question, v in one.told]
    return "\n".join(lines)


def _words(t: Translator, view: View, question: Question, values: Values) -> str:
    if question.key.startswith("skills"):
        values = tuple(view.lexicon.label(value, t.language) for value in values)
    words = ", ".join(values)
    return escape(words if len(words) <= LONGEST_SHOWN else words[: LONGEST_SHOWN - 1] + "…")


def who_reads(t: Translator) -> str:
    """Said before anything is given."""
    return t(
        "Who reads this: only I, to match people. Coordinators see how many wishes came true, and beside a"
        " proposed pair “was wished: 1st” with your reason. Whom you wish for does not hear of it,"
        " unless you become a pair and you let them read your reason. A wish counts, but is no"
        " promise."
    )


# --- how it stands ---


def state(t: Translator, view: View, note: str = "") -> Message:
    """What is kept, and what can still be done."""
    title = t("Your wishes for {programme}", programme=view.programme)
    parts: list[Part] = [Heading(title)]
    if note:
        parts.append(Note(note))
    parts.append(Text("\n".join(_lines(t, view)) or t("You have no wishes. That is fine too.")))
    if view.open:
        until = t("You can change this until {moment}.", moment=t.moment(view.closes_at, view.zone))
        parts += [
            Note(until),
            button(t("Change…"), EditWishes(view.programme_id)),
        ]
    elif view.wishes:
        parts.append(Note(t("The time to choose is over. These wishes count in the next round.")))
    if view.wishes:
        parts.append(button(t("Take them all back"), NoWishes(view.programme_id)))
    return Message(title, tuple(parts))


def _lines(t: Translator, view: View) -> list[str]:
    lines = []
    for one in view.wishes:
        line = f"{one.rank}. {head(t, view, one)}"
        if one.reason:
            line += f"\n    “{escape(one.reason)}”"
        if not one.available:
            line += "\n    " + t("is not available at the moment; I keep your wish")
        lines.append(line)
    return lines


def closed(t: Translator, view: View) -> Message:
    """Somebody presses a button of a wishing that is over."""
    note = t("The time to choose is over, so nothing has changed. Thank you for looking at it.")
    return state(t, view, note)


def not_asked(t: Translator, programme: str) -> Message:
    return say(
        t(
            "Nobody is asked for wishes in {programme} at the moment. I send you a message when the"
            " time has come.",
            programme=programme,
        ),
        button(t("What can I do now?"), RunCommand("home")),
    )


def kept(t: Translator, view: View, *, invited: bool) -> str:
    """What stands above the wishes when they have just been saved."""
    words = t("Thank you, I have kept this.")
    if invited:
        words += " " + t("Your colleague gets one kind invitation, if they do not take part yet.")
    if view.trial_talks and view.wishes:
        words += " " + t("When everybody has chosen you hear with whom you have a first talk.")
    return words


def invitation(t: Translator, *, programme: str, slug: str, by: str) -> Message:
    """To a colleague who does not take part yet; `by` is empty when the wisher stays unnamed."""
    who = (
        t("{name} would like to have you as a mentor in {programme}.", name=by, programme=programme)
        if by
        else t(
            "A colleague would like to have you as a mentor in {programme}.", programme=programme
        )
    )
    text = t(
        "Being a mentor takes about an hour every few weeks, and you decide how often. If it is not"
        " for you, you need not do anything: nobody hears about it, and I do not ask again."
    )
    return say(
        f"{who} {text}",
        button(t("Tell me more, I may join"), RunCommand("join", slug), Style.PRIMARY),
    )


def told(t: Translator, wished: Sequence[Wished]) -> list[Part]:
    """What a coordinator reads of wishes beside a proposed pair."""
    lines = []
    for one in wished:
        rank = ordinal(t, min(max(one.rank, 1), RANKS))
        line = (
            t("Was wished by the mentee: {rank}", rank=rank)
            if one.part == "mentee"
            else t("Was wished by the mentor: {rank}", rank=rank)
        )
        if one.reason:
            line += f". “{escape(one.reason)}”"
        lines.append(f"★ {line}")
    return [Text("\n".join(lines))] if lines else []
