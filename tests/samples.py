"""Sample values for cards: each made of some words of people, a name, a programme, an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.cards import (
    announcing,
    attention,
    digest,
    home,
    joining,
    matching,
    means,
    overview,
    questions,
    review,
    review_list,
    surveys,
    wishes,
)
from bot.cards.voting import Voting
from bot.content import standard
from bot.core.answers import Problem, Wrong
from bot.core.insights import Digest, Figure, GoalFigure, Trend, Week
from bot.core.markup import escape
from bot.core.platform import Why
from bot.core.questions import Question
from bot.matching import Contribution
from bot.matching.criteria import EVERY

DAY, LATER = date(2026, 3, 2), date(2027, 1, 31)
MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
CONTENT = standard()
EVIDENCE = {
    "skills": ("presenting", "=juggling"),
    "goal": ("merger",),
    "interests": ("music", "running"),
    "ambitions": ("lead",),
    "values": ("honesty",),
    "work_style": ("plans",),
    "communication": ("walking",),
    "style": ("coach",),
    "learning": ("listens", "asks"),
    "rhythm": ("every_two_weeks",),
    "languages": ("nl", "en"),
    "location": ("Utrecht",),
    "function_sector": ("care",),
    "other_function": ("care", "law"),
    "fresh_eyes": ("2",),
    "seniority": ("2",),
    "hours": ("70",),
}


def contributions(most: int = 99) -> tuple[Contribution, ...]:
    """One for each criterion there is."""
    keys = [one.key for one in EVERY][:most]
    return tuple(Contribution(key, 0.8, 0.1, 0.08, EVIDENCE[key]) for key in keys)


def question(key: str) -> Question:
    every = (*CONTENT.intake, *CONTENT.programme, *CONTENT.rules, *CONTENT.weights, *CONTENT.pulse)
    return next(one for one in every if one.key == key)


def standing(words: str, *, bare: bool = False) -> joining.Standing:
    if bare:
        return joining.Standing(words, mentor=True, mentee=False)
    partners = (joining.Partner(words, "mentor"), joining.Partner(words, "mentee"))
    return joining.Standing(
        words, True, True, partners, DAY, LATER, True, True, wishes_until=MOMENT
    )


def glance(words: str, *, empty: bool = False) -> home.Glance:
    if empty:
        return home.Glance(words, "grow", 0, 0, 0, 0, 0, None, False, None, 0, 0)
    return home.Glance(words, "grow", 60, 20, 41, 24, 12, 0.62, True, Figure(4.2, 11), 2, 1)


def introduction(words: str, most: int = 99) -> announcing.Introduction:
    rows = ((question("goal"), escape(words)),) if most else ()
    return announcing.Introduction(
        words, words, words, words, "", rows, contributions(most), DAY if most else None,
        words if most else "",
    )  # fmt: skip


def asked(key: str, words: str, problem: Problem | None = None) -> questions.Asked:
    one = question(key)
    return questions.Asked(
        title=escape(words),
        dialogue=7,
        step=3,
        question=one,
        number=2,
        of=7,
        required=one.required,
        can_go_back=True,
        value=() if one.choices else (words,),
        problem=problem,
        understood=escape(words) if problem is None else "",
    )


def round_view(words: str, *, empty: bool = False) -> overview.Overview:
    if empty:
        return overview.Overview(1, 1, words, 0, 0, 3, 0.0, 0.0)
    load = tuple((words, 2, 3) for _ in range(10))
    return overview.Overview(
        1,
        2,
        words,
        12,
        5,
        2,
        0.623,
        0.31,
        alone=2,
        idle=1,
        load=load,
        nearly_full=((words, 3, 3),),
        doubtful=3,
        excellent=4,
        rulings=2,
        slug="grow",
    )


def voted_view(words: str, *, members: int = 3) -> overview.Overview:
    """The same before a committee."""
    return replace(
        round_view(words),
        rejected=1,
        voting=Voting(2, members, MOMENT, "Europe/Amsterdam", 3),
        done=matching.TakeBack(1, 4, 9),
        done_pairs=3,
        skipped=1,
    )


def pair_view(words: str, *, approved: bool = False, **about: Any) -> review.PairView:
    place, of = (0, 1) if approved else (1, 3)
    said = "" if approved else words
    stand = review.Stand.APPROVED if approved else review.Stand.UNDECIDED
    view = review.PairView(
        4, 1, place, of, words, words, said, said, 0.61, stand, 2, 3, contributions()
    )
    wished = (wishes.Wished("mentee", 1, words), wishes.Wished("mentor", 5, ""))
    near = (
        {"wished": wished} if approved else {"before": 3, "behind": 5, "mentor_id": 2, "kept": True}
    )
    return replace(view, **{**near, **about})


def ballots(words: str) -> tuple[review.Ballot, ...]:
    """How a pair may stand before a committee, for different people."""
    open_ = review.Ballot(needed=2, yes=(words,), no=(words,), committee=True)
    return (
        open_,
        replace(open_, mine=True),
        replace(open_, mine=False),
        replace(open_, may=False),
        replace(open_, may=False, concerned=True),
    )


def lines(words: str) -> tuple[review_list.Line, ...]:
    """Pairs in a list, each another way."""
    plain = review_list.Line(
        4, words, words, 0.38, review.Stand.UNDECIDED, contributions(), kept=True
    )
    approved = replace(plain, stand=review.Stand.APPROVED, ballot=review.Ballot(yes=(words,)))
    down = replace(plain, stand=review.Stand.REJECTED, contributions=())
    return (plain, approved, down, *(replace(plain, ballot=one) for one in ballots(words)))


def told(words: str, *, survey: means.Survey = means.Survey.SHOWN) -> digest.Told:
    empty = survey is not means.Survey.SHOWN
    trend = Trend(None) if empty else Trend(0.62, 0.54)
    found = Digest(
        programme=words,
        starts=DAY,
        ends=date(2026, 3, 8),
        joined=0 if empty else 60,
        matched=0 if empty else 48,
        met=0 if empty else 20,
        meeting_rate=trend,
        satisfaction=Trend(None) if empty else Trend(4.2, 4.2),
        response_rate=None if empty else 0.81,
        goals=(
            GoalFigure("joined", 60, 80),
            GoalFigure("met_share", None if empty else 62, 80, "%"),
            GoalFigure("satisfaction", None if empty else 4.2, 4.5),
            GoalFigure("response_rate", None, 70, "%"),
        ),
        stuck=0 if empty else 2,
        undelivered=0 if empty else 1,
        disagreements=0 if empty else 1,
        weeks=() if empty else (Week(date(2026, 2, 23), 5, 5, 1), Week(DAY)),
    )
    return digest.Told(found, 0 if empty else 24, survey, 5)


def needs(words: str, why: Why | None = None) -> attention.Attention:
    pairs = (attention.StuckPair((words, words), (words,), DAY),)
    unreached = tuple(attention.Unreached(words, why) for why in (None, *Why))
    channel = attention.Unreached(f"#{words}", why)
    apart = (attention.Apart((words,), (words,)),)
    return attention.Attention(words, pairs, 3, unreached, 9, channel, apart)


def pulse(words: str, *, anonymous: bool) -> surveys.Pulse:
    return surveys.Pulse(3, 2, words, anonymous, 5, (words,), MOMENT, "Europe/Amsterdam")


def results(words: str, *, comments: int, hidden: bool = False) -> surveys.Results:
    figure = None if hidden else Figure(4.2, 11)
    groups = (("mentor", None), ("mentee", figure))
    figures = tuple(surveys.Shown(one.key, figure, groups) for one in CONTENT.pulse[:2])
    return surveys.Results(
        programme=words,
        at_least=5,
        anonymous=not hidden,
        invited=20,
        answered=1 if hidden else 12,
        figures=figures,
        comments=(words,) * comments,
    )


def problem(wrong: Wrong, words: str) -> Problem:
    keys = (
        "limit",
        "length",
        "word",
        "count",
        "minimum",
        "maximum",
        "names",
        "day",
        "near",
        "known",
    )
    return Problem(wrong, {key: words[:60] for key in keys})
