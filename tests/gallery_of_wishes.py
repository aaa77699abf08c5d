"""The part of the gallery about wishes and trial talks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.cards import trials, wish_form, wishes, wishings
from bot.core.messages import Message
from bot.texts import Translator
from tests.samples import CONTENT, DAY, MOMENT, contributions, question

Sample = Callable[[Translator, str], Message]


def of_wishes() -> dict[str, tuple[Sample, ...]]:
    intake = CONTENT.intake
    return {
        "wishes.candidates": (
            lambda t, w: wishes.candidates(t, view(w), intake),
            lambda t, w: wishes.candidates(t, unnamed(w), intake),
            lambda t, w: wishes.candidates(t, replace(view(w), mentee=False), intake),
            lambda t, w: wishes.candidates(t, replace(view(w), candidates=()), intake),
        ),
        "wish_form.form": (
            lambda t, w: wish_form.form(t, view(w)),
            lambda t, w: wish_form.form(t, replace(unnamed(w), mentee=False)),
            lambda t, w: wish_form.form(
                t, view(w), {"reason_s1": (w,), "colleague": (w,)}, {"rank_s1": "…", "avoid": "…"}
            ),
        ),
        "wishes.state": (
            lambda t, w: wishes.state(t, view(w), wishes.kept(t, view(w), invited=True)),
            lambda t, w: wishes.state(t, replace(unnamed(w), open=False)),
            lambda t, w: wishes.state(t, replace(view(w), candidates=())),
        ),
        "wishes.closed": (lambda t, w: wishes.closed(t, replace(view(w), open=False)),),
        "wishes.not_asked": (lambda t, w: wishes.not_asked(t, w),),
        "wishes.invitation": (
            lambda t, w: wishes.invitation(t, programme=w, slug="grow", by=w),
            lambda t, w: wishes.invitation(t, programme=w, slug="grow", by=""),
        ),
        **_of_wishings(),
        **_of_trials(),
    }


def view(words: str) -> wishes.View:
    told = ((question("skills_offered"), ("presenting", words)), (question("offer"), (words,)))
    some = tuple(
        wishes.Candidate(f"s{n}", n, words, words, contributions(4), told, rank=n, reason=words)
        for n in range(3)
    )
    own = wishes.Candidate("w9", -1, words, "", rank=3, own=True, available=False)
    return wishes.View(
        1, words, "grow", True, True, MOMENT, "Europe/Amsterdam", False, True, False, True,
        (*some, own),
    )  # fmt: skip


def unnamed(words: str) -> wishes.View:
    named = view(words)
    hidden = tuple(replace(one, name="", about="") for one in named.candidates)
    return replace(named, anonymous=True, trial_talks=False, candidates=hidden)


def _of_wishings() -> dict[str, tuple[Sample, ...]]:
    def count(words: str, *, open: bool = True, takes_part: bool = False) -> wishings.Count:
        made = wishings.Count(1, 1, words, "grow", open, MOMENT, "Europe/Amsterdam", 12, 7)
        return replace(made, takes_part=takes_part)

    plan = ("grow", 12, 5)
    choices = wishings.OpenWishing(1, DAY.toordinal(), True, True, True, 25)
    few = wishings.OpenWishing(1, DAY.toordinal(), False, False, False, 0)

    def planned(t: Translator, words: str, chosen: wishings.OpenWishing) -> Message:
        made = wishings.Plan(words, *plan, words, MOMENT, "Europe/Amsterdam")
        return wishings.sure_to_open(t, made, chosen)

    return {
        "wishings.sure_to_open": (
            lambda t, w: planned(t, w, choices),
            lambda t, w: planned(t, w, few),
        ),
        "wishings.opening": (lambda t, w: wishings.opening(t, count(w)),),
        "wishings.count": (
            lambda t, w: wishings.count(t, count(w, takes_part=True)),
            lambda t, w: wishings.count(t, count(w), "…"),
            lambda t, w: wishings.count(t, replace(count(w), open=False, talks=4, words=3)),
        ),
        "wishings.sure_to_close": (lambda t, w: wishings.sure_to_close(t, count(w)),),
        "wishings.closed": (
            lambda t, w: wishings.closed(t, count(w, open=False)),
            lambda t, w: wishings.closed(t, replace(count(w), open=False, talks=4)),
        ),
    }


def _of_trials() -> dict[str, tuple[Sample, ...]]:
    def both(words: str) -> tuple[trials.Other, ...]:
        return trials.Other(words, words, False), trials.Other(words, "", True)

    return {
        "trials.told": (
            lambda t, w: trials.told(t, w, both(w), DAY),
            lambda t, w: trials.told(t, w, both(w)[:1], None),
        ),
        "trials.ask": (
            lambda t, w: trials.ask(t, 1, both(w)[0], again=False),
            lambda t, w: trials.ask(t, 1, both(w)[1], again=True),
        ),
        "trials.thanks": (lambda t, _: trials.thanks(t),),
        "trials.closed": (lambda t, _: trials.closed(t),),
    }
