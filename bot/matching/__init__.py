"""Who fits whom, and why: criteria, hard rules, the one best assignment, its explanation; pure."""

from bot.matching.alternatives import Alternative, Move, next_best
from bot.matching.criteria import CRITERIA, Criterion
from bot.matching.explain import Contribution, reasons
from bot.matching.importance import FACTORS, Importance, shares, weights_of
from bot.matching.people import EVERY_DEPARTMENT, HALF_HOURS, Profile, Rules, Side, folded
from bot.matching.rounds import Outcome, Pair, Stats, Unmatched, match, score_pair
from bot.matching.rules import NAMED, OTHER, first_broken
from bot.matching.solver import assign

__all__ = [
    "CRITERIA",
    "EVERY_DEPARTMENT",
    "FACTORS",
    "HALF_HOURS",
    "NAMED",
    "OTHER",
    "Alternative",
    "Contribution",
    "Criterion",
    "Importance",
    "Move",
    "Outcome",
    "Pair",
    "Profile",
    "Rules",
    "Side",
    "Stats",
    "Unmatched",
    "assign",
    "first_broken",
    "folded",
    "match",
    "next_best",
    "reasons",
    "score_pair",
    "shares",
    "weights_of",
]
