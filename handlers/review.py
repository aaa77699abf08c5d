"""Coordinators look at the proposed pairs one by one and decide, alone or with a committee's votes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

from bot.cards import left_out as left_out_cards
from bot.cards import matching as cards
from bot.cards import pairs as actions
from bot.cards import review as review_cards
from bot.cards import rulings as ruling_cards
from bot.cards.pairs import EVERY, Narrow
from bot.cards.review import Ballot, Stand
from bot.cards.wishes import Wished
from bot.core.actions import StaleAction
from bot.core.messages import Message
from handlers import wording
from handlers.matching import on_round, opened, overview
from handlers.router import Access, router
from handlers.turn import Turn
from storage import committees, mentorships, proposals, roles, rulings, votes, wishes
from storage.models import Programme, Proposal, ProposalState, Round
from storage.proposals import Proposed
from storage.reviewing import Listed

MOST_LEFT_OUT = 15  # names on one card
STANDS = {ProposalState.APPROVED: Stand.APPROVED, ProposalState.REJECTED: Stand.REJECTED}


@dataclass(frozen=True)
class Opened:
    """A pair of a round under review, as whoever acts may see it."""

    round: Round
    programme: Programme
    one: Proposed
    narrow: Narrow
    ballot: Ballot

    @property
    def proposal(self) -> Proposal:
        return self.one.proposal

    @property
    def link(self) -> tuple[int, int]:
        return self.proposal.mentor_id, self.proposal.mentee_id

    @property
    def names(self) -> tuple[str, str]:
        return self.one.mentor.name, self.one.mentee.name


P = TypeVar("P", bound=actions.OfPair)
OnPair = Callable[[Turn, Opened, P], Message]


def on_pair(action: type[P]) -> Callable[[OnPair[P]], OnPair[P]]:
    """A coordinator's button about a proposed pair; where that is over, the answer says so."""

    def register(handler: OnPair[P]) -> OnPair[P]:
        @router.on(action, access=Access.COORDINATOR)
        @wraps(handler)
        def run(turn: Turn, pressed: P) -> Message:
            found = opened_pair(turn, pressed.proposal, pressed.narrow)
            return found if isinstance(found, Message) else handler(turn, found, pressed)

        return handler

    return register


# --- looking ---


@on_round(actions.ReviewPair)
def review_pair(
    turn: Turn, round_: Round, programme: Programme, action: actions.ReviewPair
) -> Message:
    pairs = listed(turn, round_, programme, action.narrow)
    first = pairs.waiting() or next((p.proposal.id for p in pairs.page(0)), 0)
    return _at(turn, round_, programme, action.narrow, first)


@on_pair(actions.OpenPair)
def open_pair(turn: Turn, pair: Opened, _action: actions.OpenPair) -> Message:
    return draw(turn, pair)


def listed(turn: Turn, round_: Round, programme: Programme, narrow: Narrow) -> Listed:
    """The list as this person sees it."""
    votes_here = programme.has_committee and committees.may_vote(
        turn.session, programme, turn.person
    )
    return Listed(turn.session, round_, narrow, turn.person.id if votes_here else None)


def opened_pair(turn: Turn, proposal_id: int, narrow: Narrow = EVERY) -> Opened | Message:
    """A pair that may be decided on; or how things stand, where that is over."""
    row = proposals.find(turn.session, proposal_id)
    if row is None:
        raise StaleAction
    mentee_id = row[0].mentee_id
    found = opened(turn, row[1].id)
    if isinstance(found, Message):
        return found
    [one] = proposals.by_ids(turn.session, [proposal_id])
    if one.proposal.state is ProposalState.DROPPED:
        return ruling_cards.kept_apart_meanwhile(
            turn.t, found[0].id, one.mentor.name, one.mentee.name
        )
    if one.proposal.state is not ProposalState.EXCHANGED:
        return of(turn, *found, one, narrow)
    now = proposals.of_mentee(turn.session, found[0], mentee_id)
    if now is None:
        return overview(turn, *found)
    note = review_cards.exchanged_meanwhile(turn.t, one.mentee.name)
    return draw(turn, of(turn, *found, now, narrow), note)


def of(turn: Turn, round_: Round, programme: Programme, one: Proposed, narrow: Narrow) -> Opened:
    return Opened(round_, programme, one, narrow, ballots(turn, programme, [one])[one.proposal.id])


def ballots(turn: Turn, programme: Programme, pairs: Sequence[Proposed]) -> dict[int, Ballot]:
    """The votes on each of these pairs, by proposal, as whoever acts may see them."""
    cast = votes.on(turn.session, [one.proposal.id for one in pairs], programme)
    members = {person.id for person in roles.coordinators(turn.session, programme)}
    several = programme.has_committee
    found = {}
    for one in pairs:
        two, here = {one.mentor.id, one.mentee.id}, cast.get(one.proposal.id, [])
        mine = next((vote.yes for vote in here if vote.person_id == turn.person.id), None)
        found[one.proposal.id] = Ballot(
            needed=committees.needed(programme, members, two),
            yes=tuple(vote.name for vote in here if vote.yes),
            no=tuple(vote.name for vote in here if not vote.yes),
            mine=mine,
            may=not several or turn.person.id in members - two,
            concerned=several and turn.person.id in two,
            committee=several,
        )
    return found


def draw(turn: Turn, pair: Opened, note: str = "") -> Message:
    """The card of a pair; `note` (mark-up) is what happened to it meanwhile."""
    one, proposal = pair.one, pair.proposal
    pairs = listed(turn, pair.round, pair.programme, pair.narrow)
    running = mentorships.load(turn.session, pair.programme).get(one.mentor_part.id, 0)
    of_mentor = Listed(turn.session, pair.round, Narrow(mentor=proposal.mentor_id))
    before, behind = pairs.beside(proposal)
    view = review_cards.PairView(
        proposal=proposal.id,
        round=proposal.round_id,
        place=pairs.place(proposal),
        of=len(pairs),
        mentor=one.mentor.name,
        mentee=one.mentee.name,
        mentor_about=", ".join(filter(None, (one.mentor.function, one.mentor.department))),
        mentee_about=", ".join(filter(None, (one.mentee.function, one.mentee.department))),
        score=proposal.score,
        stand=STANDS.get(proposal.state, Stand.UNDECIDED),
        load=running + len(of_mentor),
        places=one.mentor_part.capacity,
        contributions=one.contributions,
        lexicon=wording.lexicon(turn),
        narrow=pair.narrow,
        before=before,
        behind=behind,
        mentor_id=proposal.mentor_id,
        kept=rulings.is_pinned(turn.session, pair.programme, pair.link),
        ballot=pair.ballot,
        wished=_wished(turn, one),
    )
    return review_cards.pair(turn.t, view, turn.content.intake, note)


def _wished(turn: Turn, one: Proposed) -> Sequence[Wished]:
    """What the two wished, for whoever is not one of them: a partner reads it only if they may."""
    if turn.person.id in (one.mentor.id, one.mentee.id):
        return ()
    return wishes.of_pair(turn.session, one.mentor_part, one.mentee_part)


def _at(turn: Turn, round_: Round, programme: Programme, narrow: Narrow, id_: int) -> Message:
    """The card of this pair, or the overview where there is none."""
    found = proposals.by_ids(turn.session, [id_])
    if not found:
        return overview(turn, round_, programme)
    return draw(turn, of(turn, round_, programme, found[0], narrow))


# --- deciding ---


@on_pair(actions.Approve)
def approve(turn: Turn, pair: Opened, _action: actions.Approve) -> Message:
    """Say yes to this pair and go on to the next that waits; after the last, the overview."""
    if pair.ballot.committee:
        return _vote(turn, pair, yes=True)
    if pair.proposal.state is ProposalState.APPROVED and not pair.ballot.mine:
        note = review_cards.approved_meanwhile(turn.t, pair.ballot.yes)
        return draw(turn, pair, note)
    votes.cast(turn.session, pair.proposal, turn.person, turn.now, yes=True)
    _set(turn, pair, ProposalState.APPROVED)
    return _onward(turn, pair)


@on_pair(actions.VoteNo)
def vote_no(turn: Turn, pair: Opened, _action: actions.VoteNo) -> Message:
    return _vote(turn, pair, yes=False) if pair.ballot.committee else draw(turn, pair)


def _vote(turn: Turn, pair: Opened, *, yes: bool) -> Message:
    if not pair.ballot.may:
        return draw(turn, pair)
    votes.cast(turn.session, pair.proposal, turn.person, turn.now, yes=yes)
    votes.settle(turn.session, pair.round, pair.programme)
    turn.audit(f"voted {'yes' if yes else 'no'} on a pair", f"proposal:{pair.proposal.id}")
    return _onward(turn, pair)


def _onward(turn: Turn, pair: Opened) -> Message:
    pairs = listed(turn, pair.round, pair.programme, pair.narrow)
    return _at(turn, pair.round, pair.programme, pair.narrow, pairs.waiting(pair.proposal))


@on_pair(actions.Unapprove)
def unapprove(turn: Turn, pair: Opened, _action: actions.Unapprove) -> Message:
    """Undecided again, for everybody or only for whoever takes their vote back."""
    id_, narrow = pair.proposal.id, pair.narrow
    if pair.ballot.committee:
        votes.withdraw(turn.session, pair.proposal, turn.person)
        votes.settle(turn.session, pair.round, pair.programme)
        turn.audit("took a vote back", f"proposal:{id_}")
    else:
        votes.withdraw(turn.session, pair.proposal)
        rulings.unpin(turn.session, pair.programme, pair.proposal.mentee_id)
        _set(turn, pair, ProposalState.PROPOSED)
    return _at(turn, pair.round, pair.programme, narrow, id_)


def _set(turn: Turn, pair: Opened, state: ProposalState) -> None:
    pair.proposal.state = state
    turn.session.flush()
    turn.audit(f"set a pair to {state.value}", f"proposal:{pair.proposal.id}")


# --- who has nobody ---


@on_round(cards.LeftOut)
def left_out(turn: Turn, round_: Round, programme: Programme, _action: cards.LeftOut) -> Message:
    seeking = proposals.seeking(turn.session, round_, programme)
    people = [
        (person.name, participant.id in seeking, leftover.reasons)
        for leftover, participant, person in proposals.leftovers(
            turn.session, round_, MOST_LEFT_OUT
        )
    ]
    number = proposals.count_leftovers(turn.session, round_)
    return left_out_cards.left_out(turn.t, round_.id, people, number)
