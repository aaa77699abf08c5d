"""The two icons of the app: a pair of rings, each held by the other."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageChops, ImageDraw

COLOUR = "#0F6B63"
_FINE = 8  # drawn so many times larger, so that the edges are smooth
# By the width of the icon: how wide the pair, how thick a ring, and the gap where one goes under.
_SAFE = (118, 13, 4)  # of 192; Teams cuts the corners and asks that a sign keeps within 120
_SMALL = (29, 2.6, 1.2)  # of 32


def colour() -> bytes:
    """192 by 192: white rings on our green, to the very edge."""
    icon = Image.new("RGB", (192, 192), COLOUR)
    icon.paste("white", mask=_pair(192, *_SAFE))
    return _png(icon)


def outline() -> bytes:
    """32 by 32: white and nothing else, as Teams colours it itself."""
    icon = Image.new("RGBA", (32, 32), "white")
    icon.putalpha(_pair(32, *_SMALL))
    return _png(icon)


def _pair(size: int, wide: float, thick: float, gap: float) -> Image.Image:
    """Two rings as a mask: the right one goes over the left below, and under it above."""
    radius = wide * 0.33
    left, right = size / 2 - wide / 2 + radius, size / 2 + wide / 2 - radius
    first, second = _ring(size, left, radius, thick), _ring(size, right, radius, thick)
    above = Image.new("L", first.size, 0)
    ImageDraw.Draw(above).rectangle((0, 0, size * _FINE, size * _FINE // 2), fill=255)
    # Around the ring that goes over, the other is cut away.
    near_first = ImageChops.multiply(_ring(size, left, radius + gap, thick + 2 * gap), above)
    near_second = ImageChops.subtract(_ring(size, right, radius + gap, thick + 2 * gap), above)
    pair = ImageChops.lighter(
        ImageChops.subtract(first, near_second), ImageChops.subtract(second, near_first)
    )
    return pair.reduce(_FINE)


def _ring(size: int, x: float, radius: float, thick: float) -> Image.Image:
    """One ring at half the height; `radius` is to its outer edge."""
    ring = Image.new("L", (size * _FINE, size * _FINE), 0)
    box = [x - radius, size / 2 - radius, x + radius, size / 2 + radius]
    width = round(thick * _FINE)
    ImageDraw.Draw(ring).ellipse([each * _FINE for each in box], outline=255, width=width)
    return ring


def _png(icon: Image.Image) -> bytes:
    out = BytesIO()
    icon.save(out, "PNG", optimize=True)
    return out.getvalue()
