"""One round of a programme: from profiles to pairs with reasons, and who is left over and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bot.matching.board import Board, laid_out, pinned
from bot.matching.candidates import AREA
from bot.matching.explain import Contribution, explain, score_of
from bot.matching.large import SOLVED
from bot.matching.people import Link, Profile, Rules
from bot.matching.progress import Progress, Way
from bot.matching.quiet import quiet
from bot.matching.rules import Reasons, in_parts, why_unmatched, why_without_mentee
from bot.matching.scores import weights_in
from bot.matching.settling import Settled, settled
from bot.matching.solver import NOBODY, Chosen

EXPLAINED = 0.97  # how far a round is when every pair has its reasons


@dataclass(frozen=True, slots=True)
class Pair:
    mentor: int  # participant id
    mentee: int  # participant id
    score: float  # 0 … 1, the exact sum of the contributions' points
    contributions: tuple[Contribution, ...]
    pinned: bool = False
    bonus: float = 0.0  # for what they wished; no part of the score


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Somebody who takes part and has nobody; the paused, guests, bots, full mentors do not."""

    participant: int
    role: Literal["mentor", "mentee"]
    reasons: Reasons  # candidates lost per rule; () when there was no candidate at all


@dataclass(frozen=True, slots=True)
class Stats:
    mentees: int  # taking part
    mentors: int  # taking part, with a place left
    places: int  # of those mentors together
    matched: int  # mentees with a mentor
    total: float  # sum of the scores
    mean: float  # of the scores; 0 when nobody is matched
    worst: float  # lowest score; 0 when nobody is matched
    proven: bool  # no arrangement within the rules is better
    gap: float = 0.0  # by what share more the pairs could be worth to the round, loops aside
    rounds: int = 1  # times that a large round was solved until its prices proved it
    price: float = 0.0  # of fairness: what share of fit and wishes together it takes
    worst_without: float = 0.0  # the lowest score, wishes left out, there would be without fairness


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round proposes; the same for the same profiles (in any order), rules and seed."""

    pairs: tuple[Pair, ...]  # by mentee
    unmatched: tuple[Unmatched, ...]  # mentees first, then mentors
    refused_pins: tuple[Link, ...]  # a hard rule, the floor or a better pin forbids it
    stats: Stats
    seed: int
    engine: str  # what solved it; with the seed it repeats the round exactly
    raised_to: float = 0.0  # the floor of fit and wish that fairness reached; 0 without it


@quiet()
def match(
    profiles: Sequence[Profile],
    rules: Rules | None = None,
    seed: int = 0,
    engine: str = "",
    progress: Progress | None = None,
) -> Outcome:
    """The best pairs for everybody who takes part, within the rules.

    Greatest number of mentees first, then the longest waiting, then the greatest total score;
    `seed` decides between equals. `engine` asks for the one that an earlier outcome names, so that
    equals fall as they fell then. `progress` hears now and then how far it is, 0 … 1, and may raise
    Cancelled. Raises ValueError for two profiles with one id, for weights that `weights_used`
    refuses, and for an engine that is not here.
    """
    rules, way = rules or Rules(), Way(progress)
    board = pinned(laid_out(profiles, rules), rules.pinned)
    found = settled(board, seed, engine, way)
    found.search.large = None  # what was learnt on the way leaves its room to the reasons
    way.to(SOLVED)(1)
    chosen = found.arranged.chosen
    pairs = _pairs(board, chosen, rules)
    way.to(EXPLAINED)(1)
    left_over = _left_over(board, chosen, rules)
    way.to(1)(1)
    return Outcome(
        pairs,
        left_over,
        board.refused,
        _stats(board, pairs, found),
        seed,
        found.arranged.solved.engine,
        found.search.field.floor,
    )


def score_pair(
    mentor: Profile, mentee: Profile, rules: Rules | None = None
) -> tuple[float, tuple[Contribution, ...]]:
    """The score of one pair, 0 … 1, and its contributions, as in `match`; no hard rule is read."""
    rules = rules or Rules()
    [contributions] = explain([mentee], [mentor], weights_in(rules))
    return score_of(contributions), contributions


def _pairs(board: Board, chosen: Chosen, rules: Rules) -> tuple[Pair, ...]:
    rows = np.flatnonzero(chosen != NOBODY).tolist()
    mentees = [board.mentees[row] for row in rows]
    mentors = [board.mentors[chosen[row]] for row in rows]
    explained = explain(mentees, mentors, weights_in(rules))
    pins = set(board.pins)
    return tuple(
        Pair(
            mentor.id,
            mentee.id,
            score_of(contributions),
            contributions,
            (mentor.id, mentee.id) in pins,
            rules.bonus.get((mentor.id, mentee.id), 0.0),
        )
        for mentee, mentor, contributions in zip(mentees, mentors, explained, strict=True)
    )


def _left_over(board: Board, chosen: Chosen, rules: Rules) -> tuple[Unmatched, ...]:
    load = np.bincount(chosen[chosen != NOBODY], minlength=len(board.mentors))
    alone = [
        mentee
        for mentee, place in zip(board.mentees, chosen.tolist(), strict=True)
        if place == NOBODY and _takes_part(mentee)
    ]
    idle = [
        mentor
        for mentor, mentees in zip(board.mentors, load.tolist(), strict=True)
        if not mentees and mentor.capacity > 0 and _takes_part(mentor)
    ]
    few = max(1, AREA // max(1, len(board.mentees), len(board.mentors)))
    return (
        *(
            Unmatched(mentee.id, "mentee", reasons)
            for some in in_parts(alone, few)
            for mentee, reasons in zip(some, why_unmatched(some, board.mentors, rules), strict=True)
        ),
        *(
            Unmatched(mentor.id, "mentor", reasons)
            for some in in_parts(idle, few)
            for mentor, reasons in zip(
                some, why_without_mentee(board.mentees, some, rules), strict=True
            )
        ),
    )


def _stats(board: Board, pairs: tuple[Pair, ...], found: Settled) -> Stats:
    mentors = [p for p in board.mentors if p.capacity > 0 and _takes_part(p)]
    scores = [pair.score for pair in pairs]
    arranged = found.arranged
    return Stats(
        sum(map(_takes_part, board.mentees)),
        len(mentors),
        sum(mentor.capacity for mentor in mentors),
        len(pairs),
        sum(scores, 0.0),
        sum(scores, 0.0) / len(scores) if scores else 0.0,
        min(scores, default=0.0),
        arranged.proven,
        arranged.solved.gap,
        arranged.solved.rounds,
        found.price,
        found.worst_without,
    )


def _takes_part(profile: Profile) -> bool:
    return not (profile.paused or profile.guest or profile.bot)
