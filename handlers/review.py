"""Coordinators look at the proposed pairs one by one: approve, swap, forbid, who is left out."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import matching as cards
from bot.cards import review as review_cards
from bot.core.actions import StaleAction
from bot.core.messages import Message
from bot.matching import next_best
from handlers import wording
from handlers.matching import ask_again, opened, overview
from handlers.router import Access, router
from handlers.turn import Turn
from storage import mentorships, profiles, proposals, rounds, wishes
from storage import rules as programme_rules
from storage.models import Programme, ProposalState, Round, RulingKind
from storage.proposals import Proposed

CHOICES = 3


@router.on(cards.ReviewPair, access=Access.COORDINATOR)
def review_pair(turn: Turn, action: cards.ReviewPair) -> Message:
    found = opened(turn, action.round)
    return found if isinstance(found, Message) else _pair_at(turn, *found, action.place)


def _pair_at(turn: Turn, round_: Round, programme: Programme, place: int) -> Message:
    proposed = proposals.of_round(turn.session, round_)
    if not proposed:
        return overview(turn, round_, programme)
    place = max(0, min(place, len(proposed) - 1))
    view = _pair_view(turn, programme, proposed, place)
    return review_cards.pair(turn.t, view, turn.content.intake)


def _pair_view(
    turn: Turn, programme: Programme, proposed: list[Proposed], place: int
) -> review_cards.PairView:
    one = proposed[place]
    running = mentorships.load(turn.session, programme).get(one.mentor_part.id, 0)
    here = sum(p.proposal.mentor_id == one.proposal.mentor_id for p in proposed)
    return review_cards.PairView(
        proposal=one.proposal.id,
        round=one.proposal.round_id,
        place=place,
        of=len(proposed),
        mentor=one.mentor.name,
        mentee=one.mentee.name,
        mentor_about=", ".join(filter(None, (one.mentor.function, one.mentor.department))),
        mentee_about=", ".join(filter(None, (one.mentee.function, one.mentee.department))),
        score=one.proposal.score,
        approved=one.proposal.state is ProposalState.APPROVED,
        load=running + here,
        places=one.mentor_part.capacity,
        contributions=one.contributions,
        lexicon=wording.lexicon(turn),
        wished=wishes.of_pair(turn.session, one.mentor_part, one.mentee_part),
    )


def _opened_proposal(
    turn: Turn, proposal_id: int
) -> tuple[Round, Programme, list[Proposed], int] | Message:
    """A proposal of a round under review, with its place in the list."""
    row = proposals.find(turn.session, proposal_id)
    if row is None:
        raise StaleAction
    found = opened(turn, row[1].id)
    if isinstance(found, Message):
        return found
    round_, programme = found
    proposed = proposals.of_round(turn.session, round_)
    place = next((i for i, p in enumerate(proposed) if p.proposal.id == proposal_id), None)
    if place is None:
        raise StaleAction
    return round_, programme, proposed, place


@router.on(cards.Approve, access=Access.COORDINATOR)
def approve(turn: Turn, action: cards.Approve) -> Message:
    """Approve this pair and go on to the next that is not; after the last, the overview."""
    return _set(turn, action.proposal, ProposalState.APPROVED)


@router.on(cards.Unapprove, access=Access.COORDINATOR)
def unapprove(turn: Turn, action: cards.Unapprove) -> Message:
    return _set(turn, action.proposal, ProposalState.PROPOSED)


def _set(turn: Turn, proposal_id: int, state: ProposalState) -> Message:
    found = _opened_proposal(turn, proposal_id)
    if isinstance(found, Message):
        return found
    round_, programme, proposed, place = found
    proposed[place].proposal.state = state
    turn.session.flush()
    turn.audit(f"set a pair to {state.value}", f"proposal:{proposal_id}")
    if state is ProposalState.PROPOSED:
        rounds.unpin(turn.session, programme, proposed[place].proposal.mentee_id)
        return _pair_at(turn, round_, programme, place)
    order = [*range(place + 1, len(proposed)), *range(place)]
    waiting = [i for i in order if proposed[i].proposal.state is ProposalState.PROPOSED]
    return (
        _pair_at(turn, round_, programme, waiting[0])
        if waiting
        else overview(turn, round_, programme)
    )


@router.on(cards.OtherChoices, access=Access.COORDINATOR)
def other_choices(turn: Turn, action: cards.OtherChoices) -> Message:
    """What another mentor would cost: the true loss, the round solved again for each."""
    found = _opened_proposal(turn, action.proposal)
    if isinstance(found, Message):
        return found
    round_, programme, proposed, place = found
    people = profiles.of_programme(turn.session, programme, turn.now)
    rules = programme_rules.of_programme(turn.session, programme, turn.now)
    # A swap keeps what was approved, so what was approved is not on offer and part of the cost.
    rules = replace(rules, pinned=rules.pinned | _approved(proposed))
    mentee = proposed[place].proposal.mentee_id
    if not any(p.id == mentee and p.mentee for p in people):
        return _pair_at(turn, round_, programme, place)
    found_choices = next_best(people, rules, mentee, round_.seed, CHOICES, round_.engine)
    names = proposals.names(turn.session, [one.mentor for one in found_choices])
    others = [
        review_cards.Choice(
            mentor_id=one.mentor,
            mentor=names[one.mentor],
            score=one.score,
            loss=one.loss,
            fewer=one.fewer,
            moves=len(one.moves),
        )
        for one in found_choices
    ]
    return review_cards.choices(turn.t, _pair_view(turn, programme, proposed, place), others)


def _approved(proposed: list[Proposed]) -> frozenset[tuple[int, int]]:
    return frozenset(
        (one.proposal.mentor_id, one.proposal.mentee_id)
        for one in proposed
        if one.proposal.state is ProposalState.APPROVED
    )


@router.on(cards.Swap, access=Access.COORDINATOR)
def swap(turn: Turn, action: cards.Swap) -> Message:
    found = _opened_proposal(turn, action.proposal)
    if isinstance(found, Message):
        return found
    _, programme, proposed, place = found
    if not proposals.mentors_in(turn.session, programme, action.mentor):
        raise StaleAction
    link = (action.mentor, proposed[place].proposal.mentee_id)
    return _rule_and_rerun(turn, *found[:2], link, RulingKind.PIN)


@router.on(cards.Forbid, access=Access.COORDINATOR)
def forbid(turn: Turn, action: cards.Forbid) -> Message:
    found = _opened_proposal(turn, action.proposal)
    if isinstance(found, Message):
        return found
    one = found[2][found[3]].proposal
    return _rule_and_rerun(turn, *found[:2], (one.mentor_id, one.mentee_id), RulingKind.FORBID)


def _rule_and_rerun(
    turn: Turn, round_: Round, programme: Programme, link: tuple[int, int], kind: RulingKind
) -> Message:
    """Note the coordinator's word on mentor and mentee, keep what was approved, and solve the rest
    again."""
    mentor, mentee = link
    rounds.pin_approved(turn.session, programme, round_)
    rounds.unpin(turn.session, programme, mentee)
    rounds.rule(turn.session, programme, mentor, mentee, kind)
    turn.audit(f"ruled {kind.value} on {mentor} and {mentee}", f"round:{round_.id}")
    return ask_again(turn, programme)


@router.on(cards.LeftOut, access=Access.COORDINATOR)
def left_out(turn: Turn, action: cards.LeftOut) -> Message:
    found = opened(turn, action.round)
    if isinstance(found, Message):
        return found
    round_, _ = found
    t = turn.t
    people = []
    for leftover, participant, person in proposals.leftovers(turn.session, round_):
        both = participant.mentor and participant.mentee
        part = (
            t("mentor and mentee") if both else t("mentor") if participant.mentor else t("mentee")
        )
        people.append((person.name, part, leftover.reasons))
    return review_cards.left_out(t, round_.id, people)
