"""What would be, if a mentee had another mentor: worked out at once, so only where that is quick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bot.cards.choices import Choice
from bot.cards.exchanges import ExchangeView, Half
from bot.matching import Contribution, Profile, next_best, score_pair
from bot.matching.exchanging import broken_rule, scores_of
from bot.matching.people import Link
from handlers.review import Opened
from handlers.turn import Turn
from storage import profiles, programmes, proposals, reviewing
from storage import rules as rules_of
from storage.proposals import Proposed

CHOICES = 3
SUGGESTED = 5  # exchanges
# Mentees times mentors of which a round is solved while somebody waits: half a second at the most.
DIRECT = 2**19
COMPARED = 50  # mentors, or pairs to exchange with, beside one another


@dataclass(frozen=True)
class Choices:
    """Other mentors for one mentee; `costed` when what the round would lose is worked out."""

    found: list[Choice]
    costed: bool


@dataclass(frozen=True)
class Refused:
    """Two people who cannot be a pair: (mentor, mentee), and the rule or OTHER."""

    names: tuple[str, str]
    rule: str


@dataclass(frozen=True)
class Trial:
    """An exchange that may be, with the pairs it makes."""

    view: ExchangeView
    pairs: tuple[tuple[Link, float, tuple[Contribution, ...]], ...]


def others(turn: Turn, pair: Opened) -> Choices | None:
    """The mentors this mentee could have instead; None when they look for no mentor any more."""
    mentees, mentors = programmes.sides(turn.session, pair.programme)
    costed = mentees * mentors <= DIRECT
    found = _costed(turn, pair) if costed else _likely(turn, pair)
    return None if found is None else Choices(found, costed)


def _costed(turn: Turn, pair: Opened) -> list[Choice] | None:
    """With what the whole round would lose. A new round keeps what was approved, so that is not on
    offer, and part of the cost."""
    people = profiles.of_programme(turn.session, pair.programme, turn.now)
    mentee = pair.proposal.mentee_id
    if not any(p.id == mentee and p.mentee for p in people):
        return None
    rules = rules_of.of_next_round(turn.session, pair.programme, turn.now)
    best = next_best(people, rules, mentee, pair.round.seed, CHOICES + 1, pair.round.engine)
    # Who came or changed since the round was computed may have made the present mentor second best.
    found = [one for one in best if one.mentor != pair.proposal.mentor_id][:CHOICES]
    names = proposals.names(turn.session, [one.mentor for one in found])
    return [
        Choice(
            mentor_id=one.mentor,
            mentor=names[one.mentor],
            score=one.score,
            loss=one.loss,
            fewer=one.fewer,
            moves=len(one.moves),
        )
        for one in found
    ]


def _likely(turn: Turn, pair: Opened) -> list[Choice] | None:
    """By fit alone, among the mentors with the most room."""
    mentor, mentee = pair.link
    ids = [id_ for id_ in reviewing.roomy(turn.session, pair.round, COMPARED) if id_ != mentor]
    people = _people(turn, pair, [*ids, mentee])
    if mentee not in people or not people[mentee].mentee:
        return None
    mentors = [people[id_] for id_ in ids if id_ in people and people[id_].mentor]
    if not mentors:
        return []
    rules = rules_of.of_programme(turn.session, pair.programme, turn.now)
    scores = scores_of([people[mentee]], mentors, rules)[0]
    best = sorted(range(len(mentors)), key=lambda k: (-scores[k], mentors[k].id))[:CHOICES]
    fits = [k for k in best if scores[k] >= 0]
    names = proposals.names(turn.session, [mentors[k].id for k in fits])
    return [Choice(mentors[k].id, names[mentors[k].id], float(scores[k])) for k in fits]


def broken(turn: Turn, pair: Opened, link: Link) -> str:
    """The rule that forbids this mentor for this mentee, "" for none."""
    people = _people(turn, pair, link)
    if any(id_ not in people for id_ in link):
        return "gone"
    rules = rules_of.of_programme(turn.session, pair.programme, turn.now)
    return broken_rule(people[link[0]], people[link[1]], rules)


def exchanges(turn: Turn, pair: Opened) -> tuple[list[ExchangeView], int]:
    """With whom this pair could exchange at the least loss, and with how many it was compared."""
    proposed = reviewing.candidates(turn.session, pair.round, pair.proposal, COMPARED)
    if pair.ballot.committee:
        proposed = [p for p in proposed if turn.person.id not in (p.mentor.id, p.mentee.id)]
    ids = {part.id for one in proposed for part in (one.mentor_part, one.mentee_part)}
    people = _people(turn, pair, [*ids, *pair.link])
    there = [one for one in proposed if _are_there(one, people)]
    if not there or not _are_there(pair.one, people):
        return [], len(proposed)
    rules = rules_of.of_programme(turn.session, pair.programme, turn.now)
    mentor, mentee = (people[id_] for id_ in pair.link)
    to_them = scores_of([people[p.mentee_part.id] for p in there], [mentor], rules)[:, 0]
    to_us = scores_of([mentee], [people[p.mentor_part.id] for p in there], rules)[0]
    views = [
        _view(pair.one, other, float(ours), float(theirs))
        for other, ours, theirs in zip(there, to_us, to_them, strict=True)
        if min(ours, theirs) >= 0 and other.proposal.mentor_id != pair.proposal.mentor_id
    ]
    views.sort(key=lambda view: (view.loss, view.other))
    possible = (view for view in views if not _loop(turn, pair, view))
    return list(islice(possible, SUGGESTED)), len(proposed)


def trial(turn: Turn, pair: Opened, other: Opened) -> Trial | Refused:
    """What an exchange makes of two pairs, or the first rule that forbids it."""
    new = ((other.link[0], pair.link[1]), (pair.link[0], other.link[1]))
    names = ((other.names[0], pair.names[1]), (pair.names[0], other.names[1]))
    people = _people(turn, pair, [*pair.link, *other.link])
    rules = rules_of.of_programme(turn.session, pair.programme, turn.now)
    for link, who in zip(new, names, strict=True):
        if any(id_ not in people for id_ in link):
            return Refused(who, "gone")
        rule = broken_rule(people[link[0]], people[link[1]], rules)
        if not rule and proposals.is_proposed(turn.session, pair.round, (link[1], link[0])):
            rule = "loop"
        if rule:
            return Refused(who, rule)
    scored = [score_pair(people[mentor], people[mentee], rules) for mentor, mentee in new]
    view = _view(pair.one, other.one, scored[0][0], scored[1][0])
    return Trial(view, tuple((link, *found) for link, found in zip(new, scored, strict=True)))


def _people(turn: Turn, pair: Opened, ids: Sequence[int]) -> dict[int, Profile]:
    found = profiles.of_programme(turn.session, pair.programme, turn.now, ids)
    return {profile.id: profile for profile in found}


def _are_there(one: Proposed, people: dict[int, Profile]) -> bool:
    """Both still take part as what they are in this pair."""
    mentor, mentee = people.get(one.mentor_part.id), people.get(one.mentee_part.id)
    return bool(mentor and mentee and mentor.mentor and mentee.mentee)


def _view(one: Proposed, other: Proposed, ours: float, theirs: float) -> ExchangeView:
    before = (_half(one, one, one.proposal.score), _half(other, other, other.proposal.score))
    after = (_half(other, one, ours), _half(one, other, theirs))
    return ExchangeView(one.proposal.id, other.proposal.id, before, after)


def _half(mentor: Proposed, mentee: Proposed, score: float) -> Half:
    return Half(mentor.mentor.name, mentee.mentee.name, score)


def _loop(turn: Turn, pair: Opened, view: ExchangeView) -> bool:
    """Whether somebody would be the mentor of their own mentor."""
    [other] = proposals.by_ids(turn.session, [view.other])
    links = (
        (pair.proposal.mentee_id, other.proposal.mentor_id),
        (other.proposal.mentee_id, pair.proposal.mentor_id),
    )
    return any(proposals.is_proposed(turn.session, pair.round, link) for link in links)
