"""Cards of what happens between rounds: fit checks, what changed, who waits, what was learned."""

from __future__ import annotations

from datetime import timedelta

from bot.cards import changed, fit, waiting
from tests.gallery_of_home import Sample
from tests.samples import DAY, round_view


def of_time() -> dict[str, tuple[Sample, ...]]:
    return {
        "fit.fit_check": (lambda t, w: fit.fit_check(t, id_=7, partners=(w,)),),
        "fit.thanks": tuple(
            lambda t, _, answer=answer: fit.thanks(t, answer)
            for answer in ("good", "deciding", "not")
        ),
        "fit.does_not_fit": (lambda t, w: fit.does_not_fit(t, programme=w, who=w, partners=(w,)),),
        "changed.changed": (
            lambda t, w: changed.changed(t, round_view(w), ((w, w, "same_team"),), "a1"),
            lambda t, w: changed.changed(t, round_view(w), ((w, w, ""),) * 12, "a2"),
        ),
        "waiting.waiting_list": (
            lambda t, w: waiting.waiting_list(t, waiters(w, 1, 2)),
            lambda t, w: waiting.waiting_list(t, waiters(w, 40, 0)),
            lambda t, w: waiting.waiting_list(t, waiters(w, 0, 0)),
        ),
        "waiting.latecomers": (
            lambda t, w: waiting.latecomers(t, programme=w, slug="g", newcomers=1, room=1),
            lambda t, w: waiting.latecomers(t, programme=w, slug="g", newcomers=3, room=5),
        ),
    }


def waiters(words: str, many: int, room: int) -> waiting.WaitingList:
    first = [
        waiting.Waits(words, DAY - timedelta(days=each), each % 3) for each in range(min(many, 15))
    ]
    return waiting.WaitingList(words, "grow", first, many, room, DAY if room else None)
