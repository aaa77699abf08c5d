"""The part of the gallery about talks in confidence and the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.cards import advisers, audit, listening, talks
from bot.core.deeds import Deed
from bot.core.messages import Message
from bot.texts import Translator
from tests.samples import DAY, LATER, MOMENT

Sample = Callable[[Translator, str], Message]


def of_trust() -> dict[str, tuple[Sample, ...]]:
    return {**_for_who_asks(), **_for_who_is_asked(), **_for_who_runs()}


def _for_who_asks() -> dict[str, tuple[Sample, ...]]:
    return {
        "talks.choose": (
            lambda t, w: talks.choose(
                t, programme_id=1, programme=w, readers=(reader(w), reader(w, adviser=False))
            ),
            lambda t, w: talks.choose(t, programme_id=1, programme=w, readers=()),
        ),
        "talks.write": (
            lambda t, w: talks.write(t, programme_id=1, slug="grow", reader=reader(w)),
            lambda t, w: talks.write(
                t,
                programme_id=1,
                slug="grow",
                reader=reader(w),
                typed=w,
                problem=talks.too_long(t, 2000),
            ),
        ),
        "talks.sent": (lambda t, w: talks.sent(t, asked(w)),),
        "talks.mine": (
            lambda t, w: talks.mine(t, [asked(w), replace(asked(w), state="in_touch")]),
            lambda t, w: talks.mine(
                t, [replace(asked(w), reminded=True), replace(asked(w), gone=True)]
            ),
        ),
        "talks.ended": (lambda t, _: talks.ended(t),),
        "talks.choose_again": (lambda t, w: talks.choose_again(t, slug="grow", name=w),),
    }


def _for_who_is_asked() -> dict[str, tuple[Sample, ...]]:
    return {
        "listening.asked_for": (lambda t, w: listening.asked_for(t, talk=7, programme=w, by=DAY),),
        "listening.reminder": (lambda t, w: listening.reminder(t, talk=7, programme=w),),
        "listening.of_me": (lambda t, w: listening.of_me(t, [(7, w, DAY), (8, w, LATER)]),),
        "listening.request": (
            lambda t, w: listening.request(t, request(w)),
            lambda t, w: listening.request(t, replace(request(w), words="", in_touch=True)),
        ),
        "listening.over": (lambda t, _: listening.over(t),),
        "listening.no_longer_needed": (lambda t, w: listening.no_longer_needed(t, programme=w),),
        "advisers.named": (lambda t, w: advisers.named(t, programme=w, days=2),),
    }


def _for_who_runs() -> dict[str, tuple[Sample, ...]]:
    return {
        "advisers.advisers": (
            lambda t, w: advisers.advisers(
                t, programme_id=1, programme=w, names=(w, w), days="2", note=advisers.saved(t, 2)
            ),
            lambda t, w: advisers.advisers(
                t, programme_id=1, programme=w, names=(), days=w[:20], problem="…"
            ),
        ),
        "audit.trail": (
            lambda t, w: audit.trail(
                t, [line(w, deed) for deed in Deed][:10], zone="Europe/Amsterdam", older=9
            ),
            lambda t, w: audit.trail(
                t,
                [replace(line(w, "refused Approve"), who="", round=3), line(w, "of long ago")],
                zone="Europe/Amsterdam",
                newest=False,
            ),
            lambda t, _: audit.trail(t, [], zone="Europe/Amsterdam"),
        ),
    }


def reader(words: str, *, adviser: bool = True) -> talks.Reader:
    return talks.Reader(3, words, adviser, DAY)


def asked(words: str) -> talks.Asked:
    return talks.Asked(7, words, on=DAY, by=LATER, state="asked")


def request(words: str) -> listening.Request:
    return listening.Request(7, words, words, words, on=DAY, by=LATER)


def line(words: str, did: str) -> audit.Line:
    return audit.Line(9, MOMENT, words, did, "programme:1:person:2", words, person=words)
