"""A wishing as its coordinators see it: opened with all that it means, counted, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.cards.programmes import OfProgramme
from bot.core.actions import Action, RunCommand
from bot.core.messages import (
    Ask,
    Fields,
    Heading,
    Kind,
    Message,
    Note,
    Part,
    Style,
    Text,
    button,
    say,
)
from bot.texts import Translator


@dataclass(frozen=True)
class PlanWishing(OfProgramme):
    """Take what is filled in, and show what will happen."""


@dataclass(frozen=True)
class OpenWishing(OfProgramme):
    """Ask everybody, as was shown."""

    closes_on: int  # date.toordinal
    hidden: bool
    mentors_too: bool
    trial_talks: bool
    percent: int  # that a first wish weighs


@dataclass(frozen=True)
class PlanAgain(OfProgramme):
    """Fill in the form for another time."""


@dataclass(frozen=True)
class OfWishing(Action):
    """Done with a wishing that was opened."""

    wishing: int


@dataclass(frozen=True)
class CloseWishing(OfWishing):
    """Asked for; `sure` once the coordinator has seen what that means."""

    sure: bool = False


@dataclass(frozen=True)
class ProlongWishing(OfWishing):
    """Until the day that is filled in."""


@dataclass(frozen=True)
class Plan:
    """What would be asked of whom."""

    programme: str
    slug: str
    mentees: int
    mentors: int  # who could be asked too, and are not asked as mentees
    weight: str  # in words
    closes_at: datetime
    zone: str


@dataclass(frozen=True)
class Count:
    """An open or closed wishing in figures."""

    wishing: int
    programme_id: int
    programme: str
    slug: str
    open: bool
    closes_at: datetime
    zone: str
    asked: int
    answered: int
    talks: int = 0
    words: int = 0  # that came back on talks
    takes_part: bool = False  # the coordinator, in the programme


def who_would_be_asked(t: Translator, mentees: int, mentors: int) -> str:
    """Above the form."""
    seek = t.plural("{n} person looks for a mentor.", "{n} people look for a mentor.", mentees)
    offer = t.plural("{n} mentor has a free place.", "{n} mentors have a free place.", mentors)
    return f"{seek} {offer}"


def sure_to_open(t: Translator, plan: Plan, choices: OpenWishing) -> Message:
    """Everything that will happen, before it does."""
    title = t("Ask for wishes in {programme}?", programme=plan.programme)
    asked = t.plural(
        "{n} person gets a card from me, in their own working hours.",
        "{n} people get a card from me, each in their own working hours.",
        plan.mentees,
    )
    if choices.mentors_too:
        asked += " " + t.plural(
            "And {n} mentor, if a mentee fits.",
            "And at most {n} mentors: those whom a mentee fits.",
            plan.mentors,
        )
    rows = [
        (t("Until"), t.moment(plan.closes_at, plan.zone)),
        (t("Names"), t("not shown") if choices.hidden else t("shown")),
        (t("Mentors too"), t("yes") if choices.mentors_too else t("no")),
        (t("Trial talks"), t("yes") if choices.trial_talks else t("no")),
        (t("Weight of a first wish"), plan.weight),
    ]
    parts: list[Part] = [Heading(title), Text(asked), Fields(tuple(rows))]
    parts.append(Note(_what_you_see(t)))
    parts += [
        button(t("Ask them now"), choices, Style.PRIMARY),
        button(t("Change…"), PlanAgain(choices.programme)),
    ]
    return Message(title, tuple(parts))


def _what_you_see(t: Translator) -> str:
    return t(
        "You see how many people answered, never who wishes for whom. Only beside a pair that the"
        " round proposes it says “was wished: 1st”, with the reason."
    )


def opening(t: Translator, count: Count) -> Message:
    """Just asked for; the cards go out by themselves."""
    until = t.moment(count.closes_at, count.zone)
    return say(
        t(
            "I am looking for good candidates for everybody in {programme}. Each gets a card in their"
            " own working hours and can choose until {moment}.",
            programme=count.programme,
            moment=until,
        ),
        button(t("How is it going?"), RunCommand("wishes", count.slug)),
    )


def count(t: Translator, view: Count, problem: str = "") -> Message:
    """How many have answered of how many, and what can be done."""
    title = t("Wishes in {programme}", programme=view.programme)
    parts: list[Part] = [Heading(title)]
    until = t.moment(view.closes_at, view.zone)
    rows = [
        (t("Open until") if view.open else t("Closed"), until),
        (t("Answered"), t("{n} of {of}", n=view.answered, of=view.asked)),
    ]
    if view.talks:
        rows.append((t("Trial talks"), str(view.talks)))
        rows.append((t("Heard back"), t("{n} of {of}", n=view.words, of=2 * view.talks)))
    parts += [Fields(tuple(rows)), Note(_what_you_see(t))]
    parts += _open_ways(t, view, problem) if view.open else _closed_ways(t, view)
    if view.takes_part:
        parts.append(button(t("My own wishes"), RunCommand("wishes", f"{view.slug} mine")))
    return Message(title, tuple(parts))


def _open_ways(t: Translator, view: Count, problem: str) -> list[Part]:
    return [
        button(t("Close now…"), CloseWishing(view.wishing)),
        Ask("closes_on", t("Longer, or shorter: until"), Kind.DATE, error=problem),
        button(t("Change the day"), ProlongWishing(view.wishing)),
    ]


def _closed_ways(t: Translator, view: Count) -> list[Part]:
    return [
        button(t("Match people"), RunCommand("match", view.slug), Style.PRIMARY),
        button(t("Ask once more…"), PlanAgain(view.programme_id)),
    ]


def sure_to_close(t: Translator, view: Count) -> Message:
    title = t("Close the wishes in {programme} now?", programme=view.programme)
    text = t(
        "{n} of {of} have answered. Whoever has not is matched by how well people fit, as always.",
        n=view.answered,
        of=view.asked,
    )
    return Message(
        title,
        (
            Heading(title),
            Text(text),
            button(t("Close now"), CloseWishing(view.wishing, sure=True), Style.PRIMARY),
            button(t("Not yet"), RunCommand("wishes", view.slug)),
        ),
    )


def closed(t: Translator, view: Count) -> Message:
    """To the coordinators, when it is over."""
    text = t(
        "The wishes in {programme} are closed: {n} of {of} people answered.",
        programme=view.programme,
        n=view.answered,
        of=view.asked,
    )
    if view.talks:
        text += " " + t.plural(
            "{n} trial talk is under way. In about two weeks both have told me how it was: that is a"
            " good moment for the round.",
            "{n} trial talks are under way. In about two weeks people have told me how they were:"
            " that is a good moment for the round.",
            view.talks,
        )
    return say(text, button(t("Match people"), RunCommand("match", view.slug), Style.PRIMARY))
