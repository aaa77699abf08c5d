"""Who fits whom, and why: criteria, hard rules, the one best assignment, its explanation; pure."""

from bot.matching.alternatives import Alternative, Move, WhatIf, next_best
from bot.matching.criteria import CRITERIA, Criterion
from bot.matching.explain import Contribution, reasons
from bot.matching.people import HALF_HOURS, Profile, Rules
from bot.matching.rounds import Outcome, Pair, Stats, Unmatched, match, score_pair
from bot.matching.rules import NAMED, OTHER
from bot.matching.solver import assign
from bot.matching.swaps import LOOP, Swap, place_for, swap

__all__ = [
    "CRITERIA",
    "HALF_HOURS",
    "LOOP",
    "NAMED",
    "OTHER",
    "Alternative",
    "Contribution",
    "Criterion",
    "Move",
    "Outcome",
    "Pair",
    "Profile",
    "Rules",
    "Stats",
    "Swap",
    "Unmatched",
    "WhatIf",
    "assign",
    "match",
    "next_best",
    "place_for",
    "reasons",
    "score_pair",
    "swap",
]
