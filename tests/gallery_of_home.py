"""The part of the gallery with the page that always stands there, and the door to outsiders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.cards import checkins, guests, home, joining, surveys
from bot.core.messages import Message
from bot.texts import Translator
from tests.samples import CONTENT, LATER, glance, pulse, standing

Sample = Callable[[Translator, str], Message]


def of_home() -> dict[str, tuple[Sample, ...]]:
    def full(t: Translator, w: str) -> Message:
        sections = (
            home.introduction(t),
            home.waiting(t, 2),
            home.half_way(t, [(w, "grow")]),
            home.mine(t, (standing(w), standing(w, bare=True)), LATER),
            home.runs(t, (glance(w), glance(w, empty=True)), 20),
            home.offers((joining.Offer(t("Join"), "join"),)),
        )
        return home.page(t, w, sections)

    def check_in(t: Translator, w: str) -> Message:
        return checkins.check_in(t, id_=5, partners=(w,), since_days=14, programme="grow")

    def survey(t: Translator, w: str) -> Message:
        return surveys.form(t, pulse(w, anonymous=True), CONTENT.pulse)

    def doors(t: Translator, *, welcome: bool) -> Message:
        kinds = ("guest", "stranger")
        return guests.guests(t, [guests.Door(kind, welcome, 3, 1) for kind in kinds])

    return {
        "guests.guests": (
            lambda t, _: doors(t, welcome=True),
            lambda t, _: doors(t, welcome=False),
        ),
        "home.page": (
            full,
            lambda t, _: home.page(t, "", ()),
            lambda t, w: home.page(t, w, (joining.not_for_guests(t).parts,)),
            lambda t, w: home.page(t, w, (home.runs(t, (replace(glance(w), useful=None),), 1),)),
        ),
        "home.open_questions": (
            lambda t, _: home.open_questions(t, ()),
            lambda t, w: home.open_questions(t, (check_in(t, w), survey(t, w))),
            lambda t, w: home.open_questions(t, (survey(t, w),)),
        ),
    }
