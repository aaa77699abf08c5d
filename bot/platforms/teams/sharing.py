"""The pictures of a message: in it where they fit, or each in a message of its own right after.

Nobody but the readers may see a picture, so it has no address and travels within the message, which
may be 80 KB, counted in UTF-16; as text it takes four thirds, and twice that. A digest's is 23 to
33 KB as it is drawn, 900 pixels wide; 600 wide it is 18 to 24 KB in 32 colours, 15 to 20 in 16, and
within the 1,024 pixels of height that Teams takes. Its words stand on the card in any case.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import NamedTuple
from uuid import uuid4

import structlog
from PIL import Image

from bot import pictures
from bot.core.messages import Message, Picture
from bot.platforms.teams import cards
from bot.platforms.teams.drawing import size
from bot.platforms.teams.texts import Json, summary

ROOM = 70_000  # bytes of a message: well within the 80 KB, with addresses and all
_ALT = 300
log = structlog.get_logger()


class Look(NamedTuple):
    """How well a picture is drawn: its width in pixels at most, and its colours."""

    width: int
    colours: int


HIGHEST = 1_024  # pixels, of what Teams takes
AMPLE = (Look(600, 32), Look(600, 16))
LOOKS = (*AMPLE, Look(440, 16))  # rather a message of its own than as small as the last


def drawn(message: Message) -> list[Json]:
    """The activities to send, in order; takes a moment, so in a thread.

    The first says everything, at least in words.
    """
    found = [_png(picture) for picture in message.all(Picture)]
    for look in AMPLE if found else ():
        inside = _drawn(message, _urls(found, look))
        if size(inside) <= ROOM:
            return [inside]
    return [in_words(message), *_apart(message, found)]


def apart(message: Message) -> list[Json]:
    """Its pictures alone, for where its card stands already."""
    return _apart(message, [_png(picture) for picture in message.all(Picture)])


def in_words(message: Message) -> Json:
    """The activity without pictures."""
    return _drawn(message, {})


def _apart(message: Message, found: Sequence[Image.Image | None]) -> list[Json]:
    """A message for each picture that fits into one."""
    activities = []
    for number, picture in enumerate(message.all(Picture)):
        alone = Message(picture.alt, (picture,))
        for look in LOOKS:
            urls = _urls(found[number : number + 1], look)
            activity = {
                "type": "message",
                "summary": summary(picture.alt, _ALT),
                "attachments": cards.images(alone, urls),
            }
            if urls and size(activity) <= ROOM:
                activities.append(activity)
                break
    return activities


def _drawn(message: Message, urls: Mapping[int, str]) -> Json:
    return cards.message(message, nonce=uuid4().hex[:12], pictures=urls)


def _urls(found: Sequence[Image.Image | None], look: Look) -> dict[int, str]:
    return {n: _url(each, look) for n, each in enumerate(found) if each is not None}


def _url(picture: Image.Image, look: Look) -> str:
    smaller = picture.copy()
    smaller.thumbnail((look.width, HIGHEST), Image.Resampling.BOX)
    flat = smaller.quantize(look.colours, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    out = BytesIO()
    flat.save(out, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


def _png(picture: Picture) -> Image.Image | None:
    """The picture on white; None when it cannot be drawn, and its words must do."""
    try:
        image = Image.open(BytesIO(pictures.png(picture.chart))).convert("RGBA")
    except Exception as error:
        log.error("teams.picture_lost", error=type(error).__name__)
        return None
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")
