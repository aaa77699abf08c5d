"""What a browser sends, as words, and what it gets."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aiohttp import web

from bot.texts import LANGUAGES, Translator, translator

ME, LANGUAGE = "koppel_as", "koppel_language"  # cookies
YEAR = 31_536_000  # seconds


def chosen_language(request: web.Request) -> str:
    """The language that the visitor chose for the page, or "" for that of whom they are."""
    chosen = request.query.get("language", request.cookies.get(LANGUAGE, ""))
    return chosen if chosen in LANGUAGES else ""


def translator_for(request: web.Request, locale: str) -> Translator:
    if chosen := chosen_language(request):
        return translator(chosen)
    if locale:
        return translator(locale)
    wished = request.headers.get("Accept-Language", "").split(",")
    known = (tag[:2].lower() for tag in wished if tag[:2].lower() in LANGUAGES)
    return translator(next(known, "en"))


def html(text: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(text=text, content_type="text/html", headers=headers)


def frame(event: str, data: object, serial: int) -> str:
    return f"event: {event}\nid: {serial}\ndata: {json.dumps(data)}\n\n"


def remember(response: web.Response, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Strict")


def word(form: Mapping[str, object], name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def number(words: str | None) -> int:
    return int(words) if words and words.isascii() and words.isdigit() and len(words) < 13 else -1
