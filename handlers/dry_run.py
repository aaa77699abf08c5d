"""Coordinators look at a round that is on its way, and at what it comes to."""

from __future__ import annotations

from bot.cards import comparing, on_its_way
from bot.cards import dry_run as cards
from bot.cards import lowest as lowest_cards
from bot.cards import matching as matching_cards
from bot.core.messages import Message
from handlers.matching import held, on_round, progress_of
from handlers.router import Access, router
from handlers.turn import Turn
from storage import dry_runs, roles, rounds
from storage.models import Person, Programme, Round, RoundState


def shown(turn: Turn, round_: Round, programme: Programme) -> Message:
    return cards.result(turn.t, dry_runs.view(turn.session, round_, programme, turn.person))


@on_round(cards.DryRun)
def dry_run(turn: Turn, round_: Round, programme: Programme, _action: cards.DryRun) -> Message:
    return shown(turn, round_, programme)


@on_round(cards.LowestFits)
def lowest_fits(
    turn: Turn, round_: Round, programme: Programme, _action: cards.LowestFits
) -> Message:
    but = turn.person if programme.has_committee else None
    fits = dry_runs.lowest(turn.session, round_, but)
    return lowest_cards.lowest(turn.t, round_.id, round_.number, fits)


@on_round(cards.CompareRuns)
def compare_runs(
    turn: Turn, round_: Round, programme: Programme, _action: cards.CompareRuns
) -> Message:
    earlier = dry_runs.before(turn.session, round_)
    if earlier is None:
        return shown(turn, round_, programme)
    moved = dry_runs.moved(turn.session, round_, earlier)
    return comparing.compared(
        turn.t, dry_runs.view(turn.session, round_, programme, turn.person), moved
    )


@router.on(on_its_way.HowFar, access=Access.COORDINATOR)
def how_far(turn: Turn, action: on_its_way.HowFar) -> Message:
    return _as_it_stands(turn, *held(turn, action.round))


@router.on(on_its_way.StopRound, access=Access.COORDINATOR)
def stop(turn: Turn, action: on_its_way.StopRound) -> Message:
    """As long as it is not there; then it is too late, and no harm: nobody heard of it."""
    round_, programme = held(turn, action.round)
    if round_.state not in rounds.ON_ITS_WAY:
        return _as_it_stands(turn, round_, programme)
    rounds.stop(turn.session, round_, programme)
    turn.audit("stopped a round", f"round:{round_.id}")
    asked = turn.session.get_one(Person, round_.requested_by)
    review = rounds.under_review(turn.session, programme) is not None
    if asked.id != turn.person.id and roles.coordinates(turn.session, asked, programme):
        name, slug, by = programme.name, programme.slug, turn.person.name
        turn.send(
            asked,
            lambda t: on_its_way.was_stopped(t, name, slug, by, review=review),
            key=f"round-stopped:{round_.id}",
        )
    return on_its_way.stopped(turn.t, programme.name, programme.slug, review=review)


def _as_it_stands(turn: Turn, round_: Round, programme: Programme) -> Message:
    t, review = turn.t, rounds.under_review(turn.session, programme) is not None
    match round_.state:
        case RoundState.REQUESTED | RoundState.COMPUTING:
            return on_its_way.progress(t, progress_of(turn, round_, programme))
        case RoundState.REVIEW:
            return shown(turn, round_, programme)
        case RoundState.CANCELLED:
            return on_its_way.stopped(t, programme.name, programme.slug, review=review)
        case RoundState.FAILED:
            return matching_cards.failed(t, programme.name, programme.slug, earlier=review)
        case _:
            return matching_cards.round_over(t, programme.name)
