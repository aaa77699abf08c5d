"""A coordinator announces a round, after seeing what will happen and what has changed."""

from __future__ import annotations

from bot.cards import changed as changed_cards
from bot.cards import matching as cards
from bot.cards import overview as overviews
from bot.core.deeds import Deed
from bot.core.messages import Message
from handlers.matching import on_round, view_of
from handlers.turn import Turn
from storage import changes, programmes, proposals, rulings, votes
from storage.changes import Broken
from storage.models import Programme, ProposalState, Round, RoundState


@on_round(cards.Announce)
def announce(turn: Turn, round_: Round, programme: Programme, action: cards.Announce) -> Message:
    """Once what will happen was seen, and nothing changed since; a job does the telling, once."""
    view = view_of(turn, round_, programme)
    if not view.approved:
        return cards.nothing_approved(turn.t, round_.id)
    broken = _broken(turn, round_, programme)
    if changes.mark(broken) != action.kept:
        return _changed(turn, view, broken) if broken else _sure(turn, round_, programme, view)
    if not action.sure:
        return _sure(turn, round_, programme, view, action.kept)
    round_.state = RoundState.ANNOUNCING
    turn.audit(Deed.ANNOUNCED, f"round:{round_.id}")
    return cards.announcing(turn.t, programme.name)


@on_round(changed_cards.LeaveOut)
def leave_out(
    turn: Turn, round_: Round, programme: Programme, action: changed_cards.LeaveOut
) -> Message:
    """Those pairs are not approved any more; what has changed once more is shown first."""
    broken = _broken(turn, round_, programme)
    if broken and changes.mark(broken) != action.mark:
        return _changed(turn, view_of(turn, round_, programme), broken)
    for one in broken:
        one.proposed.proposal.state = ProposalState.PROPOSED
        votes.withdraw(turn.session, one.proposed.proposal)
        rulings.unpin(turn.session, programme, one.proposed.proposal.mentee_id)
    turn.session.flush()
    turn.audit(Deed.LEFT_OUT, f"round:{round_.id}:{len(broken)}")
    view = view_of(turn, round_, programme)
    if not view.approved:
        return cards.nothing_approved(turn.t, round_.id)
    return _sure(turn, round_, programme, view)


def _broken(turn: Turn, round_: Round, programme: Programme) -> list[Broken]:
    approved = proposals.of_round(turn.session, round_, ProposalState.APPROVED)
    return changes.broken(turn.session, programme, approved, turn.now)


def _changed(turn: Turn, view: overviews.Overview, broken: list[Broken]) -> Message:
    pairs = [(one.proposed.mentor.name, one.proposed.mentee.name, one.rule) for one in broken]
    return changed_cards.changed(turn.t, view, pairs, changes.mark(broken))


def _sure(
    turn: Turn, round_: Round, programme: Programme, view: overviews.Overview, kept: str = ""
) -> Message:
    waiting = proposals.waiting(turn.session, round_, programme, turn.now)
    return overviews.sure_to_announce(
        turn.t,
        view,
        waiting=len(waiting),
        next_round=programmes.plan_round(programme, turn.today),
        kept=kept,
    )
