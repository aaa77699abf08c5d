"""Which programme a command is about, and what coordinators ask and fill in about one of theirs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Protocol, TypeVar

from bot.cards import common
from bot.cards.programmes import OfProgramme
from bot.core.messages import Message
from handlers import forms
from handlers.router import Access, router
from handlers.turn import Turn
from storage import programmes, roles
from storage.models import Programme

About = Callable[[Turn, Programme], Message]
A = TypeVar("A", bound=OfProgramme)
OnProgramme = Callable[[Turn, Programme, A], Message]


class Filled(Protocol):
    """The button under a form about a programme; `seen` tells whether it was the newest."""

    @property
    def programme(self) -> int: ...

    @property
    def seen(self) -> str: ...


def command(name: str, summary: str, *, aliases: tuple[str, ...] = ()) -> Callable[[About], About]:
    """A coordinator's command about one of their programmes, answered in private."""

    def register(handler: About) -> About:
        @router.command(
            name, summary, args="[programme]", access=Access.COORDINATOR, aliases=aliases
        )
        @wraps(handler)
        def run(turn: Turn, args: str) -> Message:
            found = one(turn, args, command=name)
            return turn.privately(found if isinstance(found, Message) else handler(turn, found))

        return handler

    return register


def on(action: type[A]) -> Callable[[OnProgramme[A]], OnProgramme[A]]:
    """A button about a programme, for whoever runs it; anybody else is told that it is not theirs."""

    def register(handler: OnProgramme[A]) -> OnProgramme[A]:
        @router.on(action, access=Access.COORDINATOR)
        @wraps(handler)
        def run(turn: Turn, pressed: A) -> Message:
            found = run_by(turn, pressed.programme, action.__name__)
            return found if isinstance(found, Message) else handler(turn, found, pressed)

        return handler

    return register


def filled_in(
    turn: Turn, action: Filled, form: Callable[[Turn, Programme], forms.Form]
) -> tuple[Programme, forms.Taken] | Message:
    """A form about a programme that whoever acts runs, taken whole; or what is answered instead."""
    programme = run_by(turn, action.programme, type(action).__name__)
    if isinstance(programme, Message):
        return programme
    taken = forms.take_newest(turn, form(turn, programme), action.seen)
    return taken if isinstance(taken, Message) else (programme, taken)


def one(
    turn: Turn, args: str, *, command: str, among: list[Programme] | None = None, then: str = ""
) -> Programme | Message:
    """The programme somebody means, or the card that asks or says why there is none.

    `among` narrows the choice; by default those that the person coordinates. `then` is what else
    the command said, behind the programme.
    """
    found = programmes.coordinated_by(turn.session, turn.person) if among is None else among
    word = args.strip().casefold()
    if word:
        fitting = [p for p in found if word in (p.slug, p.name.casefold())]
        fitting = fitting or [p for p in found if p.slug.startswith(word)]
        found = fitting
    if not found:
        return common.no_programme(turn.t, word)
    if len(found) > 1:
        return common.which_programme(turn.t, command, [(p.slug, p.name) for p in found], then)
    return found[0]


def run_by(turn: Turn, programme_id: int, asked: str) -> Programme | Message:
    """A programme by its id, if the person who acts runs it; else the refusal."""
    programme = programmes.find(turn.session, programme_id)
    if programme and roles.coordinates(turn.session, turn.person, programme):
        return programme
    turn.audit(f"refused {asked}", f"programme:{programme_id}", allowed=False)
    return common.refused(turn.t, admin=False)
