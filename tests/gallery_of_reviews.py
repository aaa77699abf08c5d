"""The part of the gallery that coordinators review a round with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.cards import (
    approving,
    choices,
    committee,
    exchanges,
    left_out,
    overview,
    review,
    review_list,
    rulings,
)
from bot.cards.pairs import EVERY, Narrow, Show
from bot.cards.voting import ALONE
from bot.core.markup import escape
from bot.core.messages import Message
from bot.texts import Translator
from tests.samples import (
    CONTENT,
    LATER,
    MOMENT,
    ballots,
    lines,
    pair_view,
    round_view,
    voted_view,
)

Sample = Callable[[Translator, str], Message]


def of_reviews() -> dict[str, tuple[Sample, ...]]:
    return {**_overviews(), **_pairs(), **_lists(), **_approving(), **_rulings(), **_exchanges()}


def _overviews() -> dict[str, tuple[Sample, ...]]:
    def sure(t: Translator, w: str, *, waiting: int) -> Message:
        next_round = LATER if waiting else None
        return overview.sure_to_announce(t, round_view(w), waiting=waiting, next_round=next_round)

    lost = {"capacity": 3, "no_common_language": 1, "avoids": 2, "somewhat_new": 1}
    return {
        "overview.overview": (
            lambda t, w: overview.overview(t, round_view(w)),
            lambda t, w: overview.overview(t, round_view(w, empty=True)),
            lambda t, w: overview.overview(t, voted_view(w)),
            lambda t, w: overview.overview(t, voted_view(w, members=1)),
            lambda t, w: overview.overview(t, replace(voted_view(w), voting=ALONE, skipped=0)),
        ),
        "overview.sure_to_announce": (
            lambda t, w: sure(t, w, waiting=0),
            lambda t, w: sure(t, w, waiting=3),
        ),
        "left_out.left_out": (
            lambda t, w: left_out.left_out(t, 1, [(w, True, lost)] * 15, 20),
            lambda t, w: left_out.left_out(t, 1, [(w, False, {})], 1),
        ),
    }


def _pairs() -> dict[str, tuple[Sample, ...]]:
    others = tuple(choices.Choice(n, "", 0.5, 0.03 * (1 - n), 0, n) for n in range(3))

    def pair(t: Translator, w: str, one: review.PairView) -> Message:
        return review.pair(t, one, CONTENT.intake, escape(w))

    def asked(w: str, *, costed: bool = True) -> choices.Mentee:
        return choices.Mentee(4, w, w, 0.61, EVERY, costed)

    return {
        "review.pair": (
            lambda t, w: review.pair(t, pair_view(w), CONTENT.intake),
            lambda t, w: pair(t, w, pair_view(w, approved=True)),
            lambda t, w: pair(t, w, pair_view(w, approved=True, ballot=review.Ballot(yes=(w,)))),
            lambda t, w: pair(t, w, pair_view(w, stand=review.Stand.REJECTED)),
            *(
                lambda t, w, n=n: review.pair(t, pair_view(w, ballot=ballots(w)[n]), CONTENT.intake)
                for n in range(5)
            ),
        ),
        "choices.choices": (
            lambda t, w: choices.choices(t, asked(w), [replace(o, mentor=w) for o in others]),
            lambda t, w: choices.choices(
                t, asked(w, costed=False), [replace(o, mentor=w) for o in others]
            ),
            lambda t, w: choices.choices(t, asked(w), ()),
        ),
    }


def _lists() -> dict[str, tuple[Sample, ...]]:
    def listed(w: str, narrow: Narrow = EVERY, **about: object) -> review_list.ListView:
        view = review_list.ListView(1, w, narrow, lines(w), 10, 5000, 10)
        return replace(view, **about)  # type: ignore[arg-type]

    narrow = Narrow(Show.DOUBTFUL, 3)
    return {
        "review_list.pairs": (
            lambda t, w: review_list.pairs(t, listed(w, voting=True), CONTENT.intake),
            lambda t, w: review_list.pairs(
                t, listed(w, replace(narrow, word=w[:60]), mentor=w), CONTENT.intake
            ),
            lambda t, w: review_list.pairs(t, listed(w, lines=(), start=0, of=0), CONTENT.intake),
        ),
        "review_list.which": (
            lambda t, w: review_list.which(
                t, 1, Narrow(Show.MINE, word=w[:60]), voting=True, rejected=True, problem=escape(w)
            ),
            lambda t, _: review_list.which(t, 1, EVERY, voting=False, rejected=False),
        ),
    }


def _approving() -> dict[str, tuple[Sample, ...]]:
    some = (approving.Counted(80, 1, 9), approving.Counted(70, 1200, 3800))
    return {
        "approving.ask": (
            lambda t, w: approving.ask(t, 1, some, votes=False, typed=w[:20], problem=escape(w)),
            lambda t, _: approving.ask(t, 1, (), votes=True),
        ),
        "approving.sure": (
            lambda t, _: approving.sure(t, 1, some[1], votes=False),
            lambda t, _: approving.sure(t, 1, some[0], votes=True, own=1),
            lambda t, _: approving.sure(t, 1, approving.Counted(90, 0, 0), votes=False),
        ),
    }


def _rulings() -> dict[str, tuple[Sample, ...]]:
    def rows(w: str) -> tuple[rulings.Row, ...]:
        return (
            rulings.Row(1, w, w, "forbid", w, MOMENT, w),
            rulings.Row(2, w, w, "rejected"),
            rulings.Row(3, w, w, "pin", w, MOMENT),
        )

    return {
        "rulings.kept_apart_meanwhile": (lambda t, w: rulings.kept_apart_meanwhile(t, 1, w, w),),
        "rulings.forbid": (
            lambda t, w: rulings.forbid(t, 4, (w, w), EVERY),
            lambda t, w: rulings.forbid(t, 4, (w, w), EVERY, typed=w, problem=escape(w)),
        ),
        "rulings.rulings": (
            lambda t, w: rulings.rulings(
                t, 1, rows(w), place=10, of=30, page=10, zone="Europe/Amsterdam", lifted=True
            ),
            lambda t, _: rulings.rulings(t, 1, (), place=0, of=0, page=10, zone="UTC"),
        ),
    }


def _exchanges() -> dict[str, tuple[Sample, ...]]:
    def view(w: str, gain: float) -> exchanges.ExchangeView:
        half = exchanges.Half(w, w, 0.5)
        return exchanges.ExchangeView(4, 5, (half, half), (replace(half, score=0.5 + gain), half))

    return {
        "exchanges.exchanges": (
            lambda t, w: exchanges.exchanges(
                t,
                4,
                (w, w),
                EVERY,
                [view(w, gain) for gain in (0.1, 0.0, -0.2)],
                compared=100,
                typed=w,
                problem=escape(w),
            ),
            lambda t, w: exchanges.exchanges(t, 4, (w, w), EVERY, (), compared=0),
        ),
        "exchanges.sure": (
            lambda t, w: exchanges.sure(t, view(w, -0.1), EVERY, votes=False),
            lambda t, w: exchanges.sure(t, view(w, 0.1), EVERY, votes=True),
        ),
        "exchanges.refused": tuple(
            lambda t, w, rule=rule: exchanges.refused(t, 4, (w, w), EVERY, rule)
            for rule in ("reporting_line", "self", "loop", "gone", "other")
        ),
    }


def of_committees() -> dict[str, tuple[Sample, ...]]:
    def view(w: str) -> committee.Committee:
        return committee.Committee(1, w, "grow", (w, w, w), "2", "3", waits=True)

    def up(t: Translator, w: str, number: int) -> Message:
        lacking = [(w, w, 1)] * min(number, 10)
        return committee.time_is_up(
            t, round_=1, programme=w, approved=3, undecided=lacking, number=number, needed=2
        )

    return {
        "committee.committee": (
            lambda t, w: committee.committee(t, view(w)),
            lambda t, w: committee.committee(
                t, view(w), problems={committee.VOTES: escape(w), committee.DAYS: escape(w)}
            ),
            lambda t, w: committee.committee(t, view(w), saved=committee.saved(t, 2, 3, 4)),
        ),
        "committee.please_vote": (
            lambda t, w: committee.please_vote(
                t, round_=1, programme=w, pairs=3, closes=MOMENT, zone="Europe/Amsterdam"
            ),
        ),
        "committee.time_is_up": (
            lambda t, w: up(t, w, 0),
            lambda t, w: up(t, w, 1),
            lambda t, w: up(t, w, 40),
        ),
    }
