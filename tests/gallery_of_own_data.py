"""The part of the gallery about what is held of somebody, and how it goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.cards import own_data
from bot.cards.own_data_told import as_json, readable, sections
from bot.core.messages import Message
from bot.texts import Translator
from tests.samples import CONTENT, DAY

Sample = Callable[[Translator, str], Message]


def of_own_data() -> dict[str, tuple[Sample, ...]]:
    def told(t: Translator, w: str) -> Message:
        return own_data.my_data(t, sections(t, held(w), 12))

    def files(t: Translator, w: str) -> Message:
        return own_data.files(t, readable=readable(t, held(w), CONTENT), data=as_json(held(w)))

    return {
        "own_data.my_data": (told,),
        "own_data.files": (files,),
        "own_data.on_its_way": (lambda t, _w: own_data.on_its_way(t),),
        "own_data.what_follows": (
            lambda t, _w: own_data.what_follows(t, partners=(), programmes=(), alone=()),
            lambda t, w: own_data.what_follows(t, partners=(w, w), programmes=(w,), alone=(w,)),
        ),
        "own_data.really": (lambda t, _w: own_data.really(t),),
        "own_data.erased": (lambda t, _w: own_data.erased(t),),
        "own_data.soon_forgotten": (
            lambda t, w: own_data.soon_forgotten(t, programme=w, slug="grow", day=DAY),
        ),
    }


def held(words: str) -> dict[str, list[dict[str, object]]]:
    """Something of every kind."""
    return {
        "about": [{"name": words, "email": words, "languages": ["en"], "accounts": [words]}],
        "programmes": [{"programme": words, "mentor": True, "joined": date(2026, 3, 2)}],
        "answers": [{"programme": words, "question": "goal", "answer": [words], "typed": []}],
        "pairs": [{"partner": words, "started": date(2026, 3, 2), "ended": None}],
        "check_ins": [{"asked": "met", "due": date(2026, 3, 2), "answer": "met"}],
        "wishes": [{"wish": words, "reason": words}],
        "surveys": [{"survey": "start", "question": "tell", "answer": words}],
        "duties": [{"duty": "coordinator", "programme": words}],
        "messages": [{"state": "sent"}],
    }
