"""Who fits whom, and why: criteria, hard rules, the one best assignment, its explanation; pure."""

from bot.matching.alternatives import Alternative, Move, WhatIf, next_best
from bot.matching.criteria import CRITERIA, Criterion
from bot.matching.explain import Contribution, reasons
from bot.matching.importance import FACTORS, Importance, shares, weights_of
from bot.matching.people import EVERY_DEPARTMENT, HALF_HOURS, Profile, Rules, Side, folded
from bot.matching.progress import Cancelled, Progress
from bot.matching.proposals import possible, proposals_for
from bot.matching.rounds import Outcome, Pair, Stats, Unmatched, match, score_pair
from bot.matching.rules import NAMED, OTHER, first_broken
from bot.matching.solver import assign
from bot.matching.talks import talks_for

__all__ = [
    "CRITERIA",
    "EVERY_DEPARTMENT",
    "FACTORS",
    "HALF_HOURS",
    "NAMED",
    "OTHER",
    "Alternative",
    "Cancelled",
    "Contribution",
    "Criterion",
    "Importance",
    "Move",
    "Outcome",
    "Pair",
    "Profile",
    "Progress",
    "Rules",
    "Side",
    "Stats",
    "Unmatched",
    "WhatIf",
    "assign",
    "first_broken",
    "folded",
    "match",
    "next_best",
    "possible",
    "proposals_for",
    "reasons",
    "score_pair",
    "shares",
    "talks_for",
    "weights_of",
]
