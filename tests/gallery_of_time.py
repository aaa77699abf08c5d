"""Cards of what happens between rounds: fit checks, what changed, who waits, what was learned."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.cards import changed, fit, learning, waiting
from bot.matching import Importance
from bot.matching.learning import Lesson
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
        "learning.too_few": (
            lambda t, w: learning.too_few(t, w, 0, 10),
            lambda t, w: learning.too_few(t, w, 1, 10),
        ),
        "learning.learned": (
            lambda t, w: learning.learned(t, taught(w, 48)),
            lambda t, w: learning.learned(t, taught(w, 12)),
            lambda t, w: learning.learned(t, replace(taught(w, 12), lessons=())),
        ),
        "learning.taken_over": (lambda t, w: learning.taken_over(t, w, "grow"),),
    }


def taught(words: str, pairs: int) -> learning.Learned:
    """Enough pairs propose something, few do not."""
    enough = pairs >= 30
    found = (
        Lesson("values", pairs, 0.52, 0.27, 0.71, int(enough)),
        Lesson("hours", pairs, -0.21, -0.46, 0.08, 0),
        Lesson("skills", pairs, 0.1, -0.19, 0.37, 0),
    )
    change = {"values": Importance.IMPORTANT} if enough else {}
    return learning.Learned(words, 1, "grow", pairs, pairs - 2, pairs, found, change, {}, "a1")


def waiters(words: str, many: int, room: int) -> waiting.WaitingList:
    first = [
        waiting.Waits(words, DAY - timedelta(days=each), each % 3) for each in range(min(many, 15))
    ]
    return waiting.WaitingList(words, "grow", first, many, room, DAY if room else None)
