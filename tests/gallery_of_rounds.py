"""The cards of a round on its way and of a dry run, with sample values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.cards import comparing, dry_run, lowest, on_its_way
from bot.cards.comparing import Moved
from bot.cards.dry_run import Run, View
from bot.cards.voting import Voting
from bot.core.messages import Message
from bot.matching.findings import Findings
from bot.texts import Translator
from tests.samples import MOMENT, contributions

Sample = Callable[[Translator, str], Message]

STATS = {"mentees": 40, "matched": 38, "mean": 0.62, "worst": 0.31, "proven": 1, "gap": 0.0}
FAIR = {"price": 0.0037, "worst_without": 0.24}
LOST = {"same_team": 31, "capacity": 22, "no_common_language": 12, "past_pair": 3, "other": 9}
FOUND = Findings(
    spread=(0, 0, 0, 3, 5, 9, 12, 6, 2, 1),
    load={0: 3, 1: 12, 2: 10, 3: 2},
    full=9,
    wished=14,
    first=9,
    alone=2,
    idle=3,
    lost=LOST,
)
EARLIER = Findings(spread=(0, 0, 2, 5, 8, 10, 8, 3, 0, 0), wished=14, first=7, alone=4)
BEFORE = Run(2, 1002, "whole", {**STATS, "matched": 36, "mean": 0.58, "worst": 0.33}, EARLIER)
HURRIED = {**STATS, "proven": 0, "gap": 0.0000021}
TERMS = {
    "importance": {},
    "fair": True,
    "floor": 0.2,
    "allow_same_team": True,
    "mixed_departments": [],
    "most_mentees": 0,
    "exclusions": [],
}


def view(words: str, figures: dict[str, float] | None = None, before: Run | None = BEFORE) -> View:
    return View(
        3, words, "grow", Run(3, 1003, "whole", figures or {**STATS, **FAIR}, FOUND), before
    )


def voted(words: str) -> View:
    """Before a committee, with pairs that could not stay."""
    voting = Voting(2, 3, MOMENT, "Europe/Amsterdam", 3)
    return replace(view(words), voting=voting, unkept=((words, words),) * 12)


def nothing(words: str) -> View:
    return View(3, words, "grow", Run(1, 1001, "whole", {"mentees": 2, "proven": 1}, Findings()))


def moved(words: str) -> Moved:
    now = {
        "importance": {"skills": "very_important", "hours": "not_used"},
        "fair": False,
        "floor": 0.3,
        "allow_same_team": False,
        "mixed_departments": [words, "*"],
        "most_mentees": 3,
        "exclusions": [[1, 2], ["Legal", 3]],
    }
    return Moved(12, 3, 1, now, TERMS)


def of_rounds() -> dict[str, tuple[Sample, ...]]:
    fit = lowest.LowFit
    return {
        "on_its_way.computing": (lambda t, w: on_its_way.computing(t, w, 3),),
        "on_its_way.progress": (
            lambda t, w: on_its_way.progress(t, on_its_way.OnItsWay(3, w, False, 0.43, 2)),
            lambda t, w: on_its_way.progress(t, on_its_way.OnItsWay(3, w, True, 0.0, 0)),
        ),
        "on_its_way.stopped": (
            lambda t, w: on_its_way.stopped(t, w, "grow", review=True),
            lambda t, w: on_its_way.stopped(t, w, "grow", review=False),
        ),
        "on_its_way.was_stopped": (
            lambda t, w: on_its_way.was_stopped(t, w, "grow", w, review=True),
        ),
        "dry_run.result": (
            lambda t, w: dry_run.result(t, view(w)),
            lambda t, w: dry_run.result(t, view(w, HURRIED, None)),
            lambda t, w: dry_run.result(t, nothing(w)),
            lambda t, w: dry_run.result(t, voted(w)),
        ),
        "lowest.lowest": (
            lambda t, w: lowest.lowest(t, 3, 2, [fit(w, w, 0.31, 0, contributions())] * 5),
            lambda t, _: lowest.lowest(t, 3, 2, []),
        ),
        "comparing.compared": (
            lambda t, w: comparing.compared(t, view(w), moved(w)),
            lambda t, w: comparing.compared(t, view(w), Moved(0, 0, 0, TERMS, TERMS)),
        ),
    }
