"""Coordinators match, review and announce; nothing is sent before they announce."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import TypeVar

from bot.cards import matching as cards
from bot.cards import on_its_way as way_cards
from bot.cards import overview as overviews
from bot.cards.pairs import OfRound
from bot.core.actions import StaleAction
from bot.core.messages import Message
from handlers import programmes
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import audit, profiles, roles, rounds, rulings, votes
from storage.approvals import Bulk
from storage.models import Programme, Round, RoundState

ANNOUNCED = "announced"  # as the audit says it
R = TypeVar("R", bound=OfRound)


@programmes.command(
    "match", mark("work out the best pairs, for you to review"), aliases=("koppel", "koppelen")
)
def match(turn: Turn, programme: Programme) -> Message:
    """The computing itself is a job's work: it may take longer than somebody can wait."""
    people = profiles.of_programme(turn.session, programme, turn.now)
    mentors = sum(p.mentor and p.capacity > 0 and not p.paused for p in people)
    mentees = sum(p.mentee and not p.paused for p in people)
    if not mentors or not mentees:
        return cards.too_few(turn.t, programme.name, mentors, mentees)
    if (earlier := rounds.under_review(turn.session, programme)) is not None:
        rulings.keep_decisions(turn.session, programme, earlier)
    return ask_again(turn, programme)


@programmes.command(
    "review",
    mark("look at the proposed pairs, approve and announce"),
    aliases=("beoordeel", "beoordelen"),
)
def review(turn: Turn, programme: Programme) -> Message:
    round_ = rounds.under_review(turn.session, programme)
    if round_ is None:
        return cards.nothing_to_review(turn.t, programme.name)
    found = opened(turn, round_.id)
    return found if isinstance(found, Message) else overview(turn, *found)


OnRound = Callable[[Turn, Round, Programme, R], Message]


def on_round(action: type[R]) -> Callable[[OnRound[R]], OnRound[R]]:
    """A coordinator's button about a round under review; once that is over, the answer says so."""

    def register(handler: OnRound[R]) -> OnRound[R]:
        @router.on(action, access=Access.COORDINATOR)
        @wraps(handler)
        def run(turn: Turn, pressed: R) -> Message:
            found = opened(turn, pressed.round)
            return found if isinstance(found, Message) else handler(turn, *found, pressed)

        return handler

    return register


def opened(turn: Turn, round_id: int) -> tuple[Round, Programme] | Message:
    """A round that this person may review, locked and settled; or the word that it is over."""
    round_, programme = held(turn, round_id)
    if round_.state is not RoundState.REVIEW:
        return _over(turn, round_, programme)
    votes.settle(turn.session, round_, programme)
    return round_, programme


def held(turn: Turn, round_id: int) -> tuple[Round, Programme]:
    """A round of a programme that this person coordinates, locked, whatever its state."""
    round_ = rounds.locked(turn.session, round_id)
    if round_ is None:
        raise StaleAction
    programme = turn.session.get_one(Programme, round_.programme_id)
    if not roles.coordinates(turn.session, turn.person, programme):
        turn.audit("refused a round", f"round:{round_id}", allowed=False)
        raise StaleAction
    return round_, programme


def _over(turn: Turn, round_: Round, programme: Programme) -> Message:
    """What became of a round, and by whom."""
    if round_.state is RoundState.REPLACED:
        again = rounds.asked_after(turn.session, round_)
        return cards.round_over(turn.t, programme.name, again=again)
    told = audit.who(turn.session, ANNOUNCED, f"round:{round_.id}")
    return cards.round_over(turn.t, programme.name, told=told)


def overview(
    turn: Turn,
    round_: Round,
    programme: Programme,
    done: Bulk | None = None,
    skipped: int = 0,
) -> Message:
    """The round as this person sees it; `done` is what they approved just now."""
    view = view_of(turn, round_, programme)
    if done is not None:
        back = cards.TakeBack(round_.id, done.first, done.last)
        view = replace(view, done=back, done_pairs=done.votes, skipped=skipped)
    return overviews.overview(turn.t, view)


def view_of(turn: Turn, round_: Round, programme: Programme) -> overviews.Overview:
    return overviews.Overview(**rounds.overview(turn.session, round_, programme, turn.person))


@on_round(cards.RoundSummary)
def summary(
    turn: Turn, round_: Round, programme: Programme, _action: cards.RoundSummary
) -> Message:
    return overview(turn, round_, programme)


@on_round(cards.Rerun)
def rerun(turn: Turn, round_: Round, programme: Programme, _action: cards.Rerun) -> Message:
    rulings.keep_decisions(turn.session, programme, round_)
    return ask_again(turn, programme)


def ask_again(turn: Turn, programme: Programme) -> Message:
    """Ask for a round; when one is on its way already, this is how far it is."""
    earlier = rounds.on_its_way(turn.session, programme)
    was = earlier.state if earlier else None
    round_ = rounds.request(turn.session, programme, turn.person, turn.now)
    if earlier is not None and (round_.id, round_.state) == (earlier.id, was):
        return way_cards.progress(turn.t, progress_of(turn, round_, programme))
    turn.audit("asked for a round", f"round:{round_.id}")
    return way_cards.computing(turn.t, programme.name, round_.id)


def progress_of(turn: Turn, round_: Round, programme: Programme) -> way_cards.OnItsWay:
    return way_cards.OnItsWay(
        round=round_.id,
        programme=programme.name,
        waits=round_.state is RoundState.REQUESTED,
        done=round_.progress,
        minutes=max(0, int((turn.now - round_.requested_at).total_seconds() // 60)),
    )
