"""The sheet that charts are drawn on, in pixels, so that each string is measured before it is placed
and nothing overflows."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Patch, Rectangle
from PIL import Image

from bot.lettering import DPI, typeface, wrap

WIDTH: Final = 900
MARGIN: Final = 40
INNER: Final = WIDTH - 2 * MARGIN
SMALL, BODY, HEADING, TITLE, HUGE = 24, 26, 30, 36, 50  # 24 pixels are 11 at 400 wide
INK, QUIET, PALE, WHITE, FILL = "#1B1F24", "#57606A", "#EEF1F4", "#FFFFFF", "#0072B2"
_COLOURS = 31  # in the file; one more is the transparent corner


class Sheet:
    """A sheet that is written from the top; `y` is how far it is filled, in pixels."""

    def __init__(self) -> None:
        self.y = float(MARGIN)
        self._figure = Figure(dpi=DPI)
        self._figure.patch.set_alpha(0)
        self._axes = self._figure.add_axes((0, 0, 1, 1), frameon=False, xticks=[], yticks=[])

    def write(
        self, x: float, y: float, line: str, size: int, *, bold: bool = False, colour: str = INK
    ) -> None:
        """One line from `x` to the right, a little over one size high from `y` down."""
        font = typeface(size, bold)
        self._axes.text(x, y + size, line, font=font, color=colour, ha="left", parse_math=False)

    def paragraph(self, text: str, size: int, *, bold: bool = False, colour: str = INK) -> None:
        """At most two lines over the whole width."""
        for line in wrap(text, size, INNER, bold=bold):
            self.write(MARGIN, self.y, line, size, bold=bold, colour=colour)
            self.y += round(size * 1.35)

    def box(self, x: float, y: float, wide: float, high: float, face: str, hatch: str = "") -> None:
        """A part of a bar: outlined in ink."""
        patch = Rectangle((x, y), wide, high, facecolor=face, edgecolor=INK, linewidth=1.2)
        if hatch:
            patch.set(hatch=hatch, hatch_linewidth=1.5)
        self._place(patch, z=1)

    def card(self, x: float, y: float, wide: float, high: float, face: str, z: int = 0) -> None:
        """A plain surface with round corners."""
        shape = f"round,pad=0,rounding_size={min(16, wide / 2, high / 2)}"
        patch = FancyBboxPatch((x, y), wide, high, shape, facecolor=face, edgecolor="none")
        self._place(patch, z)

    def to_png(self) -> bytes:
        height = round(self.y + MARGIN)
        self.card(0, 0, WIDTH, height, WHITE, z=-1)
        self._axes.set(xlim=(0, WIDTH), ylim=(height, 0))
        self._figure.set_size_inches(WIDTH / DPI, height / DPI)
        pixels, out = BytesIO(), BytesIO()
        self._figure.savefig(pixels, format="rgba", dpi=DPI)
        drawn = Image.frombytes("RGBA", (WIDTH, height), pixels.getvalue())
        small = drawn.convert("RGB").quantize(_COLOURS, Image.Quantize.FASTOCTREE)
        corners = drawn.getchannel("A").point([255] * 128 + [0] * 128)
        palette = small.getpalette() or []
        small.putpalette(palette + [255] * (3 * _COLOURS + 3 - len(palette)))
        small.paste(_COLOURS, mask=corners)
        small.save(out, "PNG", compress_level=8, transparency=_COLOURS)
        return out.getvalue()

    def _place(self, patch: Patch, z: int) -> None:
        patch.set_zorder(z)
        self._axes.add_artist(patch)
