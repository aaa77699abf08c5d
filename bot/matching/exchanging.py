"""Another mentor for one mentee, or two mentees who exchange theirs, without solving a round again."""

from __future__ import annotations

from collections.abc import Sequence

from bot.matching.blocks import sheet
from bot.matching.candidates import all_of
from bot.matching.people import Profile, Rules
from bot.matching.rules import OTHER, first_broken
from bot.matching.scores import Scores


def scores_of(mentees: Sequence[Profile], mentors: Sequence[Profile], rules: Rules) -> Scores:
    """The score of every pair, below 0 where a rule or the floor keeps them apart: shape (mentees,
    mentors)."""
    return all_of(sheet(mentees, mentors, rules))


def broken_rule(mentor: Profile, mentee: Profile, rules: Rules) -> str:
    """The rule that keeps two people apart: "" for none, OTHER for what stays private and for a fit
    below the floor, which are told alike."""
    [named] = first_broken([mentee], [mentor], rules)
    if named:
        return named
    return "" if scores_of([mentee], [mentor], rules)[0, 0] >= 0 else OTHER
