"""The picture beside somebody's name, drawn from a few words: «light bob red glasses»."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from bot.platforms.local.posted import BOT

SKIN = {
    "pale": "#f7dac6",
    "light": "#eec3a2",
    "tan": "#d29d74",
    "brown": "#a86e48",
    "dark": "#7b4c32",
}
HAIR = {
    "blonde": "#e2b65c",
    "brown": "#6a432a",
    "dark": "#2a2221",
    "red": "#b4552d",
    "grey": "#9aa1a5",
    "white": "#dde1e2",
    "teal": "#2f7f86",
}
_BACKS = ("#f3d9c9", "#efe0b4", "#d9e6bd", "#c4e4d2", "#c2e3ea", "#cbdcf3", "#d8d7f4", "#e7d5f0")
_SHIRTS = ("#8a4b2f", "#7a5c12", "#4d6b22", "#23704d", "#1f6f82", "#2c62a8", "#5453ad", "#a03c77")
_INK = "#2a2221"

# Behind the head, and over it.
_HAIR_BEHIND = {
    "long": "M10 16C10 8 14 4 20 4s10 4 10 12v13q-3 2.5-6 2.5h-8q-3 0-6-2.5z",
    "bob": "M10.3 16C10.3 8 14 4.4 20 4.4S29.7 8 29.7 16v7.5q-1.5 3-5 3h-9.4q-3.5 0-5-3z",
    "ponytail": "M26 8c6 0 7.5 8 5 16-1 2.5-3.5 2-3.5-.5 1-5 .5-9-2-12z",
    "bun": "M20 7.5m-4.2-3a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0-8.4 0z",
    "afro": "M20 1.5a11.5 11.5 0 0 1 11.2 14.5q-1 5-4 6.5H12.8q-3-1.5-4-6.5A11.5 11.5 0 0 1 20 1.5z",
    "scarf": "M20 3C12 3 8.8 9 9.3 16.5c.4 5 .8 9.5-1.8 14h25c-2.6-4.5-2.2-9-1.8-14C31.2 9 28 3 20 3z",
}
_HAIR_BEFORE = {
    "short": "M12 16c-1.2-7.5 3-11 8-11s9.2 3.5 8 11c-.7-3-1.7-4.8-3.2-5.6"
    "-3 1.2-6.6 1.2-9.6 0-1.5.8-2.5 2.6-3.2 5.6z",
    "side": "M12 16.5C10.5 9 15 4.7 20.5 4.7c5.2 0 8.9 4 7.5 11.8"
    "-.6-3.2-1.5-5-3-6.5-3.5 2.3-7 2.8-10.5 2.3-1.2 1-2 2.2-2.5 4.2z",
    "long": "M12 18C10.5 9.5 15 5 20 5s9.5 4.5 8 13c-1-4.5-3.5-7.2-8-9-4.5 1.8-7 4.5-8 9z",
    "bob": "M11.5 17.5C11 9.5 14.5 5 20 5s9 4.5 8.5 12.5c-.8-2.7-1.5-4.3-2.5-5.7H14c-1 1.4-1.7 3-2.5 5.7z",
    "ponytail": "M12 16.5C11 9 15 5 20.5 5c5.2 0 8.7 4 7.5 11.5-.8-3.2-2-5.2-4-6.5-4 .5-9.5 1.5-12 6.5z",
    "bun": "M12 16c-.6-7.5 3.5-10.8 8-10.8s8.6 3.3 8 10.8c-1.4-3.8-4-6-8-6s-6.6 2.2-8 6z",
    "afro": "M12.2 14.5C12.5 9 15.5 7 20 7s7.5 2 7.8 7.5C25.5 12 23 11.2 20 11.2s-5.5.8-7.8 3.3z",
    "receding": "M12 18c-1.3-4.5-.5-8 2-9.5-.8 3-.3 5-.8 8.5zM28 18c1.3-4.5.5-8-2-9.5.8 3 .3 5 .8 8.5z",
}
_CURLS = ((12.4, 13.5), (13.6, 9.3), (17.2, 6.6), (21.6, 6.2), (25.6, 8.5), (27.7, 12.8))
_BEARD = (
    "M12.3 18.5c.2 6 3.4 9.5 7.7 9.5s7.5-3.5 7.7-9.5c-1 2-2 2.7-3.7 2.5"
    "-2.6-.9-5.4-.9-8 0-1.7.2-2.7-.5-3.7-2.5z"
)


@dataclass(frozen=True)
class Face:
    """Somebody as they stand in a list or beside a message."""

    user: str
    name: str
    title: str = ""
    place: str = ""
    locale: str = "en"
    looks: str = ""
    unread: int = 0
    known: bool = True  # drawn once on the page, and shown from there

    @property
    def is_bot(self) -> bool:
        return self.user == BOT

    @property
    def id(self) -> str:
        return f"face-{zlib.crc32(self.user.encode()):x}"

    @property
    def drawing(self) -> Markup:
        return draw(self.user, self.looks)


@lru_cache(512)
def draw(user: str, looks: str) -> Markup:
    """The inside of an SVG of 40 by 40. Whoever has no looks gets some, always the same."""
    number = zlib.crc32(user.encode())
    skin, style, hair, *extras = (looks or _any(number)).split()
    parts = [
        _shape("M0 0h40v40H0z", _BACKS[number % len(_BACKS)]),
        _shape(_HAIR_BEHIND.get(style, ""), HAIR[hair]),
        _shape("M4.5 40c.5-8 7-11.5 15.5-11.5S35 32 35.5 40z", _SHIRTS[number // 8 % 8]),
        _shape("M16.4 22h7.2v6.5q-3.6 4.5-7.2 0z", SKIN[skin]),
        _shape("M16.4 25.5q3.6 2 7.2 0v1.5q-3.6 2.5-7.2 0z", "#0000001c"),
        *_head(SKIN[skin], style, HAIR[hair], extras),
    ]
    return Markup("").join(parts)


def _head(skin: str, style: str, hair: str, extras: list[str]) -> list[Markup]:
    ears = (
        "" if style == "scarf" else "M12 16.5a1.8 1.9 0 1 0 .3 3.7zM28 16.5a1.8 1.9 0 1 1-.3 3.7z"
    )
    wide = 7.3 if style == "scarf" else 8.0
    head = Markup('<ellipse cx="20" cy="17" rx="{}" ry="9.3" fill="{}"/>').format(wide, skin)
    curls = [
        Markup('<circle cx="{}" cy="{}" r="3.3" fill="{}"/>').format(x, y, hair)
        for x, y in (_CURLS if style == "curly" else ())
    ]
    return [
        _shape(ears, skin),
        head,
        _shape(_BEARD if "beard" in extras else "", hair),
        _shape(_HAIR_BEFORE.get(style, ""), hair),
        *curls,
        _shape(_rings(1.1, 16.8, 23.2), _INK),
        _line("M17.2 21.7q2.8 2.2 5.6 0", "#fff" if "beard" in extras else _INK),
        _line(_rings(2.9, 16.6, 23.4) if "glasses" in extras else "", _INK),
    ]


def _rings(radius: float, *places: float) -> str:
    arc = f"a{radius} {radius} 0 1 0"
    return "".join(
        f"M{place - radius:g} 16.8{arc} {2 * radius:g} 0{arc}{-2 * radius:g} 0z" for place in places
    )


def _shape(path: str, fill: str) -> Markup:
    return Markup('<path d="{}" fill="{}"/>').format(path, fill) if path else Markup("")


def _line(path: str, color: str) -> Markup:
    drawn = '<path d="{}" fill="none" stroke="{}" stroke-width="1.1" stroke-linecap="round"/>'
    return Markup(drawn).format(path, color) if path else Markup("")


def _any(number: int) -> str:
    styles = (*_HAIR_BEFORE, "curly")
    return " ".join(
        (
            [*SKIN][number % len(SKIN)],
            styles[number // 5 % len(styles)],
            [*HAIR][number // 64 % 6],
            "glasses" if number // 512 % 4 == 0 else "",
        )
    )
