"""Coordinators give a mentee another mentor, or let two mentees exchange theirs, seeing the cost."""

from __future__ import annotations

from bot.cards import choices as choice_cards
from bot.cards import exchanges as cards
from bot.cards import pairs as actions
from bot.cards import review as review_cards
from bot.cards.pairs import LONGEST_WORD
from bot.core.actions import StaleAction
from bot.core.deeds import Deed
from bot.core.messages import Message
from handlers import what_if
from handlers.review import Opened, draw, of, on_pair, opened_pair
from handlers.router import Access, router
from handlers.rulings import rule, rule_and_rerun
from handlers.turn import Turn
from storage import programmes, proposals, reviewing, votes
from storage.models import ProposalState, RulingKind

MOST_CALLED = 5  # of one name


@on_pair(actions.OtherChoices)
def other_choices(turn: Turn, pair: Opened, _action: actions.OtherChoices) -> Message:
    """Who else could be the mentor, and what that would cost the whole round."""
    choices = None if pair.ballot.concerned else what_if.others(turn, pair)
    if choices is None:
        return draw(turn, pair)
    view = choice_cards.Mentee(
        pair.proposal.id, *pair.names, pair.proposal.score, pair.narrow, choices.costed
    )
    return choice_cards.choices(turn.t, view, choices.found)


@router.on(actions.Swap, access=Access.COORDINATOR)
def swap(turn: Turn, action: actions.Swap) -> Message:
    """Fix the mentor that was chosen and solve the rest again."""
    found = opened_pair(turn, action.proposal)
    if isinstance(found, Message):
        return found
    if not proposals.mentors_in(turn.session, found.programme, action.mentor):
        raise StaleAction
    if found.ballot.concerned or _gives_themself(turn, found, action.mentor):
        return draw(turn, found)
    link = (action.mentor, found.proposal.mentee_id)
    if rule_broken := what_if.broken(turn, found, link):
        mentor = proposals.names(turn.session, [action.mentor])[action.mentor]
        names = (mentor, found.names[1])
        return cards.refused(turn.t, found.proposal.id, names, found.narrow, rule_broken)
    return rule_and_rerun(turn, found, link, RulingKind.PIN)


def _gives_themself(turn: Turn, pair: Opened, mentor: int) -> bool:
    """Where several decide, nobody takes a mentee."""
    part = programmes.participation(turn.session, turn.person, pair.programme)
    return pair.ballot.committee and part is not None and part.id == mentor


@on_pair(actions.Exchanges)
def exchanges(turn: Turn, pair: Opened, _action: actions.Exchanges) -> Message:
    return _exchanges(turn, pair)


def _exchanges(turn: Turn, pair: Opened, typed: str = "", problem: str = "") -> Message:
    if pair.ballot.concerned:
        return draw(turn, pair)
    found, compared = what_if.exchanges(turn, pair)
    return cards.exchanges(
        turn.t,
        pair.proposal.id,
        pair.names,
        pair.narrow,
        found,
        compared=compared,
        typed=typed,
        problem=problem,
    )


@on_pair(actions.FindExchange)
def find_exchange(turn: Turn, pair: Opened, _action: actions.FindExchange) -> Message:
    """The mentee whose name was typed, or why it names nobody."""
    word = " ".join(" ".join(turn.fields.get(cards.NAME, ())).split())
    fits = []
    if word and len(word) <= LONGEST_WORD:
        fits = reviewing.called(turn.session, pair.round, word, pair.proposal, MOST_CALLED + 1)
    exact = [one for one in fits if one.mentee.name.casefold() == word.casefold()]
    fits = exact or fits
    if len(fits) == 1:
        return _look(turn, pair, fits[0].proposal.id)
    names = [one.mentee.name for one in fits[:MOST_CALLED]]
    problem = cards.not_found(turn.t, word, names)
    return _exchanges(turn, pair, word[:LONGEST_WORD], problem)


@on_pair(actions.Exchange)
def exchange(turn: Turn, pair: Opened, action: actions.Exchange) -> Message:
    """What the exchange of these two costs; once that is seen, it is done."""
    return _look(turn, pair, action.other, sure=action.sure)


def _look(turn: Turn, pair: Opened, other_id: int, *, sure: bool = False) -> Message:
    row = proposals.find(turn.session, other_id)
    if row is None or row[1].id != pair.round.id or other_id == pair.proposal.id:
        raise StaleAction
    other = opened_pair(turn, other_id, pair.narrow)
    if isinstance(other, Message):
        return other
    if pair.ballot.concerned or other.ballot.concerned:
        return draw(turn, pair if pair.ballot.concerned else other)
    trial = what_if.trial(turn, pair, other)
    if isinstance(trial, what_if.Refused):
        return cards.refused(turn.t, pair.proposal.id, trial.names, pair.narrow, trial.rule)
    if not sure:
        several = pair.ballot.committee
        return cards.sure(turn.t, trial.view, pair.narrow, votes=several)
    return _exchange(turn, pair, other, trial)


def _exchange(turn: Turn, pair: Opened, other: Opened, trial: what_if.Trial) -> Message:
    for one in (pair, other):
        votes.withdraw(turn.session, one.proposal)
        one.proposal.state = ProposalState.EXCHANGED
    made = [
        proposals.propose(turn.session, pair.round, link, score, contributions)
        for link, score, contributions in trial.pairs
    ]
    for proposal in made:
        link = (proposal.mentor_id, proposal.mentee_id)
        rule(turn, pair.programme, link, RulingKind.PIN)
        if not pair.ballot.committee:
            proposal.state = ProposalState.APPROVED
            votes.cast(turn.session, proposal, turn.person, turn.now, yes=True)
    turn.session.flush()
    ids = (pair.proposal.id, other.proposal.id)
    turn.audit(Deed.EXCHANGED, f"proposal:{ids[0]}:{ids[1]}")
    [now] = proposals.by_ids(turn.session, [made[0].id])
    note = review_cards.exchanged(turn.t, pair.names[1], other.names[1])
    return draw(turn, of(turn, pair.round, pair.programme, now, pair.narrow), note)
