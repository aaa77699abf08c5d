"""The waiting list as coordinators see it, and newcomers for whom there is a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.actions import RunCommand
from bot.core.markup import escape
from bot.core.messages import Fields, Heading, Message, Note, Part, Style, Text, button, say
from bot.texts import Translator

MOST_NAMED = 15


@dataclass(frozen=True)
class Waits:
    """Somebody on the list."""

    name: str
    since: date
    rounds: int  # waited already


@dataclass(frozen=True)
class WaitingList:
    programme: str
    slug: str
    first: Sequence[Waits]  # in the order in which they go
    in_all: int
    room: int  # places that mentors have left
    next_round: date | None


def waiting_list(t: Translator, view: WaitingList) -> Message:
    title = t("Waiting list of {programme}", programme=view.programme)
    if not view.in_all:
        calm = t("Nobody in {programme} waits for a mentor.", programme=view.programme)
        return Message(calm, (Text(calm),))
    parts: list[Part] = [Heading(title), Text(_how_many(t, view))]
    shown = view.first[:MOST_NAMED]
    parts.append(
        Fields(tuple((f"{n}. {escape(w.name)}", _since(t, w)) for n, w in _counted(shown)))
    )
    if view.in_all > len(shown):
        more = view.in_all - len(shown)
        parts.append(Note(t.plural("and {n} more", "and {n} more", more)))
    parts.append(
        Note(
            t(
                "Who waited most rounds goes first, then who waits longest. Only the coordinators of"
                " this programme see these names; people see their own place."
            )
        )
    )
    if view.room:
        parts.append(button(t("Match people"), RunCommand("match", view.slug), Style.PRIMARY))
    return Message(title, tuple(parts))


def _counted(waiters: Sequence[Waits]) -> list[tuple[int, Waits]]:
    return list(enumerate(waiters, 1))


def _how_many(t: Translator, view: WaitingList) -> str:
    waiting = t.plural(
        "{n} person looks for a mentor.", "{n} people look for a mentor.", view.in_all
    )
    room = (
        t.plural(
            "Mentors have room for {n} more mentee.",
            "Mentors have room for {n} more mentees.",
            view.room,
        )
        if view.room
        else t("No mentor has room at the moment: ask whether somebody can take one more.")
    )
    planned = (
        t("The next round is on {day}.", day=t.day(view.next_round))
        if view.next_round
        else t("No next round is planned; you can do so in the settings.")
    )
    return f"{waiting} {room} {planned}"


def _since(t: Translator, one: Waits) -> str:
    since = t("since {day}", day=t.day(one.since, weekday=False))
    if not one.rounds:
        return since
    waited = t.plural("{n} round waited", "{n} rounds waited", one.rounds)
    return f"{since} · {waited}"


def latecomers(t: Translator, *, programme: str, slug: str, newcomers: int, room: int) -> Message:
    """To the coordinators, at most once a week."""
    text = t.plural(
        "{n} person joined {programme} since the last round and looks for a mentor.",
        "{n} people joined {programme} since the last round and look for a mentor.",
        newcomers,
        programme=programme,
    )
    room_left = t.plural("There is room for {n} mentee.", "There is room for {n} mentees.", room)
    return say(
        f"{text} {room_left}",
        Text(t("Shall I look for matches now? Pairs that have been announced stay as they are.")),
        button(t("Match people"), RunCommand("match", slug), Style.PRIMARY),
        button(t("See who waits"), RunCommand("waiting", slug)),
    )
