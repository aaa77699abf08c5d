"""The announcement: who, why you two, what to talk about, and who takes the first step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.cards import reasons
from bot.content import Starters
from bot.core.actions import RunCommand
from bot.core.markup import escape
from bot.core.messages import Fields, Heading, Message, Note, Part, Text, button, together
from bot.core.questions import Question
from bot.matching import Contribution
from bot.texts import Translator

STARTERS = 3
_QUESTION = {"style": "styles_wanted"}  # where a criterion is not called after its question


@dataclass(frozen=True)
class Introduction:
    """What one partner hears about the other."""

    name: str
    first_name: str
    function: str
    department: str
    location: str
    rows: tuple[tuple[Question, str], ...]  # what they told for their partner's eyes (mark-up)
    contributions: tuple[Contribution, ...]
    first_check_in: date | None
    wished: str = ""  # why they wished for the reader, who may know it


def to_mentee(
    t: Translator, about: Introduction, intake: Sequence[Question], starters: Sequence[Starters]
) -> Message:
    title = t("Meet your mentor: {name}", name=about.name)
    step = t(
        "**You take the first step:** send {name} a message and suggest two or three times for a"
        " first talk of half an hour. {name} has heard about you too.",
        name=about.first_name,
    )
    return _introduce(t, title, step, about, intake, starters)


def to_mentor(
    t: Translator, about: Introduction, intake: Sequence[Question], starters: Sequence[Starters]
) -> Message:
    title = t("Meet your mentee: {name}", name=about.name)
    step = t(
        "**{name} takes the first step** and suggests a time for a first talk. Nothing heard after"
        " a few days? A short message from you will do wonders.",
        name=about.first_name,
    )
    return _introduce(t, title, step, about, intake, starters)


def _introduce(
    t: Translator,
    title: str,
    step: str,
    about: Introduction,
    intake: Sequence[Question],
    starters: Sequence[Starters],
) -> Message:
    work = ", ".join(filter(None, (about.function, about.department, about.location)))
    parts: list[Part] = [Heading(title)]
    if work:
        parts.append(Note(escape(work)))
    if about.rows:
        parts.append(Fields(tuple((t.of(q.label or q.wording), told) for q, told in about.rows)))
    lines = reasons.why(t, about.contributions, intake)
    if lines:
        bullets = "\n".join(f"• {line}" for line in lines)
        parts.append(Text("**" + t("Why you two") + f"**\n{bullets}"))
        parts.append(Note(reasons.not_looked_at(t)))
    if about.wished:
        said = t("{name} wished for you and says why:", name=about.first_name)
        parts.append(Text(f"{said} “{escape(about.wished)}”"))
    chosen = fitting_starters(starters, about.contributions)
    if chosen:
        bullets = "\n".join(f"• {t.of(one.wording)}" for one in chosen)
        parts.append(Text("**" + t("To start the conversation") + f"**\n{bullets}"))
    parts.append(Text(step))
    parts.append(Note(_what_follows(t, about.first_check_in)))
    parts.append(button(t("Where am I?"), RunCommand("status")))
    return Message(title, tuple(parts))


def in_one_chat(
    languages: Sequence[Translator], *, mentor: str, mentee: str, starters: Sequence[Starters]
) -> Message:
    """A hello in the chat of both partners: in each of their languages, one under the other."""
    hellos = tuple(_hello(t, mentor, mentee, starters) for t in languages)
    return together(hellos[0].summary, hellos)


def _hello(t: Translator, mentor: str, mentee: str, starters: Sequence[Starters]) -> Message:
    title = t("{mentor} and {mentee}, meet each other", mentor=mentor, mentee=mentee)
    who = t(
        "{mentee}, this is your mentor {mentor}. {mentor}, this is your mentee {mentee}. Nice that"
        " you are going to work together!",
        mentor=mentor,
        mentee=mentee,
    )
    step = t(
        "A good beginning: {mentee} suggests two or three times for a first talk of half an hour,"
        " and {mentor} picks one.",
        mentor=mentor,
        mentee=mentee,
    )
    parts: list[Part] = [Heading(title), Text(who), Text(step)]
    if starters:
        parts.append(Text(t("To start the conversation") + f": _{t.of(starters[0].wording)}_"))
    parts.append(Note(t("I do not read along here. If you need me, write to me in private.")))
    return Message(title, tuple(parts))


def _what_follows(t: Translator, first_check_in: date | None) -> str:
    between = t("What you two talk about stays between you.")
    if first_check_in is None:
        return between
    asked = t(
        "On {day} I will ask you both whether you have met: one tap will do.",
        day=t.day(first_check_in),
    )
    return f"{asked} {between}"


def fitting_starters(
    starters: Sequence[Starters], contributions: Sequence[Contribution]
) -> list[Starters]:
    """Those about something the two share first, then general ones."""
    shared = {
        f"{_QUESTION.get(c.criterion, c.criterion)}:{tag}"
        for c in contributions
        for tag in c.evidence
    }
    about = [one for one in starters if one.about in shared]
    general = [one for one in starters if not one.about]
    # Another pair gets other general ones, and the same pair the same.
    turn = len(shared) % len(general) if general else 0
    return [*about[:2], *general[turn:], *general[:turn]][:STARTERS]


def no_match_yet(
    t: Translator, *, programme: str, next_round: date | None, priority: bool
) -> Message:
    """In general terms: never which rule, never who."""
    title = t("No match in {programme} this time", programme=programme)
    text = t(
        "We could not find a match for you in this round of {programme} that we fully believe in."
        " That says nothing about you: it depends on who else takes part.",
        programme=programme,
    )
    if next_round:
        text += " " + t("The next round is on {day}.", day=t.day(next_round))
    else:
        text += " " + t("You will hear from me as soon as the next round is planned.")
    if priority:
        text += " " + t("You go first then.")
    return Message(
        title, (Heading(title), Text(text), button(t("See my answers"), RunCommand("profile")))
    )


def no_mentee_yet(t: Translator, *, programme: str, next_round: date | None) -> Message:
    title = t("No mentee for you in {programme} yet", programme=programme)
    text = t(
        "Thank you for offering your time. In this round there was no mentee for whom you were the"
        " best choice; you stay on the list."
    )
    if next_round:
        text += " " + t("The next round is on {day}.", day=t.day(next_round))
    return Message(title, (Heading(title), Text(text)))
