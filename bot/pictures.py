"""Charts as PNG, legible in a chat window: 900 pixels wide, shown there at about half of that.

Everything is drawn in pixels on one sheet, so that each string is measured before it is placed and
nothing overflows. Colours are Okabe and Ito's (jfly.uni-koeln.de/color); in grey, hatching and
numbers tell them apart. The card is white with round corners, for light chats and dark ones. The
same chart gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import accumulate
from threading import Lock
from typing import Final

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Patch, Rectangle
from PIL import Image

from bot.core.charts import (
    Bars,
    Chart,
    GoalBar,
    GoalBars,
    Intervals,
    KeyFigure,
    Overview,
    StackedWeeks,
)
from bot.lettering import DPI, cut, typeface, width, wrap

WIDTH: Final = 900
MOST_WEEKS: Final = 12
MOST_GOALS: Final = 5
MOST_FIGURES: Final = 6
_MARGIN = 40
_INNER = WIDTH - 2 * _MARGIN
_BARS = 240  # height of the highest stack
_LABELS = 270  # width of what stands before a bar
_SMALL, _BODY, _HEADING, _TITLE, _HUGE = 24, 26, 30, 36, 50  # 24 pixels are 11 at 400 wide
_INK, _QUIET, _PALE, _WHITE, _FILL = "#1B1F24", "#57606A", "#EEF1F4", "#FFFFFF", "#0072B2"
_SERIES = (("#009E73", ""), ("#56B4E9", "//"), ("#F0E442", "."), (_WHITE, ""))  # face, hatching
_ARROWS = {"up": "▲ ", "down": "▼ ", "same": "= ", "unknown": ""}
_COLOURS = 31  # in the file; one more is the transparent corner

_one_at_a_time = Lock()


def png(chart: Chart) -> bytes:
    """Draw a chart: a PNG 900 pixels wide and as high as it needs; safe from any thread."""
    with _one_at_a_time:
        sheet = _Sheet()
        match chart:
            case Overview():
                _overview(sheet, chart)
            case StackedWeeks():
                _weeks(sheet, chart)
            case GoalBars():
                _goals(sheet, chart)
            case Bars():
                _bars(sheet, chart)
            case Intervals():
                _intervals(sheet, chart)
        return sheet.to_png()


class _Sheet:
    """A sheet that is written from the top; `y` is how far it is filled, in pixels."""

    def __init__(self) -> None:
        self.y = float(_MARGIN)
        self._figure = Figure(dpi=DPI)
        self._figure.patch.set_alpha(0)
        self._axes = self._figure.add_axes((0, 0, 1, 1), frameon=False, xticks=[], yticks=[])

    def write(
        self, x: float, y: float, line: str, size: int, *, bold: bool = False, colour: str = _INK
    ) -> None:
        """One line from `x` to the right, a little over one size high from `y` down."""
        font = typeface(size, bold)
        self._axes.text(x, y + size, line, font=font, color=colour, ha="left", parse_math=False)

    def paragraph(self, text: str, size: int, *, bold: bool = False, colour: str = _INK) -> None:
        """At most two lines over the whole width."""
        for line in wrap(text, size, _INNER, bold=bold):
            self.write(_MARGIN, self.y, line, size, bold=bold, colour=colour)
            self.y += round(size * 1.35)

    def box(self, x: float, y: float, wide: float, high: float, face: str, hatch: str = "") -> None:
        """A part of a bar: outlined in ink."""
        patch = Rectangle((x, y), wide, high, facecolor=face, edgecolor=_INK, linewidth=1.2)
        if hatch:
            patch.set(hatch=hatch, hatch_linewidth=1.5)
        self._place(patch, z=1)

    def card(self, x: float, y: float, wide: float, high: float, face: str, z: int = 0) -> None:
        """A plain surface with round corners."""
        shape = f"round,pad=0,rounding_size={min(16, wide / 2, high / 2)}"
        patch = FancyBboxPatch((x, y), wide, high, shape, facecolor=face, edgecolor="none")
        self._place(patch, z)

    def to_png(self) -> bytes:
        height = round(self.y + _MARGIN)
        self.card(0, 0, WIDTH, height, _WHITE, z=-1)
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


def _overview(sheet: _Sheet, chart: Overview) -> None:
    sheet.paragraph(chart.title, _TITLE, bold=True)
    sheet.paragraph(chart.subtitle, _BODY, colour=_QUIET)
    sheet.y += 12
    _figures(sheet, chart.figures[:MOST_FIGURES])
    if chart.weeks:
        sheet.y += 26
        _weeks(sheet, chart.weeks)
    if chart.goals and chart.goals.bars:
        sheet.y += 26
        _goals(sheet, chart.goals)


def _figures(sheet: _Sheet, figures: Sequence[KeyFigure]) -> None:
    across, gap = 2 if len(figures) in (2, 4) else 3, 14
    wide = (_INNER - gap * (across - 1)) / across
    for first in range(0, len(figures), across):
        row = figures[first : first + across]
        lines = max(len(wrap(figure.label, _SMALL, wide - 32)) for figure in row)
        high = 82 + 31 * (lines + any(figure.note for figure in row))
        for column, figure in enumerate(row):
            x = _MARGIN + column * (wide + gap)
            sheet.card(x, sheet.y, wide, high, _PALE)
            _figure(sheet, figure, x + 16, wide - 32, 66 + 31 * lines)
        sheet.y += high + gap
    sheet.y -= gap if figures else 0


def _figure(sheet: _Sheet, figure: KeyFigure, x: float, room: float, note_at: float) -> None:
    value, size = cut(figure.value, _HUGE, room, bold=True), _HUGE
    if value.endswith("…"):
        size = _TITLE - 2
        value = cut(figure.value, size, room, bold=True)
    sheet.write(x, sheet.y + 6 + _HUGE - size, value, size, bold=True)
    for number, line in enumerate(wrap(figure.label, _SMALL, room)):
        sheet.write(x, sheet.y + 68 + 31 * number, line, _SMALL, colour=_QUIET)
    if figure.note:
        note = cut(_ARROWS[figure.direction] + figure.note, _SMALL, room)
        sheet.write(x, sheet.y + note_at, note, _SMALL)


def _weeks(sheet: _Sheet, chart: StackedWeeks) -> None:
    sheet.paragraph(chart.title, _HEADING, bold=True)
    stacks = list(zip(*chart.values, strict=True))[-MOST_WEEKS:]
    if not any(map(any, stacks)):
        sheet.paragraph(chart.empty, _BODY, colour=_QUIET)
        return
    sheet.paragraph(chart.caption, _SMALL, colour=_QUIET)
    _legend(sheet, chart.series)
    sheet.y += 40
    slot, floor = _INNER / len(stacks), sheet.y + _BARS
    wide = min(slot * 0.76, 120)
    scale = _BARS / max(map(sum, stacks))
    for number, stack in enumerate(stacks):
        _stack(sheet, stack, _MARGIN + slot * (number + 0.5) - wide / 2, floor, wide, scale)
    sheet.box(_MARGIN, floor, _INNER, 1, _INK)
    _row(sheet, chart.tops[-MOST_WEEKS:], [floor - sum(stack) * scale - 33 for stack in stacks])
    _row(sheet, chart.weeks[-MOST_WEEKS:], [floor + 8] * len(stacks))
    sheet.y = floor + 40


def _stack(
    sheet: _Sheet, stack: Sequence[int], left: float, floor: float, wide: float, scale: float
) -> None:
    """One week's bar, with a number in each part that has room for it."""
    for value, total, (face, hatch) in zip(stack, accumulate(stack), _SERIES, strict=False):
        top, high, label = floor - total * scale, value * scale, str(value)
        if high:
            sheet.box(left, top, wide, high, face, hatch)
        needed = width(label, _SMALL)
        if high < 32 or needed > wide - 14:
            continue
        x, y = left + (wide - needed) / 2, top + high / 2 - 14
        if hatch:
            sheet.card(x - 5, y, needed + 10, 28, face, z=2)
        sheet.write(x, y - 1, label, _SMALL)


def _row(sheet: _Sheet, labels: Sequence[str], ys: Sequence[float]) -> None:
    """Labels centred on the bars, smaller where they are many; too wide: every second, third …"""
    slot = _INNER / max(1, len(labels))
    shown = [cut(label, _SMALL, _INNER / 2) for label in labels]
    size = _SMALL if all(width(label, _SMALL) + 8 < slot for label in shown) else _SMALL - 3
    widest = max((width(label, size) for label in shown), default=0)
    over = max(0, (widest - slot) / 2 - 28)  # the last one moves in so far from the edge
    step = int((widest + 8 + over) // slot) + 1
    for number in range(len(shown) - 1, -1, -step):
        needed = width(shown[number], size)
        x = _MARGIN + slot * (number + 0.5) - needed / 2
        sheet.write(min(max(x, 12), WIDTH - 12 - needed), ys[number], shown[number], size)


def _legend(sheet: _Sheet, series: Sequence[str]) -> None:
    x = float(_MARGIN)
    sheet.y += 8
    for name, (face, hatch) in zip(series, _SERIES, strict=False):
        label = cut(name, _SMALL, _INNER - 44)
        needed = 44 + width(label, _SMALL)
        if x > _MARGIN and x + needed > WIDTH - _MARGIN:
            x, sheet.y = float(_MARGIN), sheet.y + 38
        sheet.box(x, sheet.y + 2, 32, 26, face, hatch)
        sheet.write(x + 44, sheet.y, label, _SMALL)
        x += needed + 30
    sheet.y += 34


def _goals(sheet: _Sheet, chart: GoalBars) -> None:
    sheet.paragraph(chart.title, _HEADING, bold=True)
    for bar in chart.bars[:MOST_GOALS]:
        sheet.y += 8
        _goal(sheet, bar)
    if len(chart.bars) > MOST_GOALS:
        sheet.paragraph(f"+ {len(chart.bars) - MOST_GOALS}", _BODY, colour=_QUIET)


def _goal(sheet: _Sheet, bar: GoalBar) -> None:
    """What it is and how far (on one line where both fit), and a bar with a mark at the target."""
    target = cut(bar.target_text, _BODY, _INNER / 2 - 16)
    target_at = WIDTH - _MARGIN - width(target, _BODY)
    known = bar.figure is not None  # what is only said to be unknown does not stand out
    figure = cut(bar.figure_text, _BODY, target_at - 16 - _MARGIN, bold=known)
    figure_at = target_at - 16 - width(figure, _BODY, bold=known)
    label = wrap(bar.label, _BODY, figure_at - _MARGIN - 24) if figure_at > WIDTH / 2 else []
    if len(label) == 1:
        sheet.write(_MARGIN, sheet.y, label[0], _BODY)
    else:
        sheet.paragraph(bar.label, _BODY)
    sheet.write(figure_at, sheet.y, figure, _BODY, bold=known)
    sheet.write(target_at, sheet.y, target, _BODY, colour=_QUIET)
    sheet.y += 42
    most = max(bar.target, bar.figure or 0) * 1.08 or 1
    sheet.card(_MARGIN, sheet.y, _INNER, 24, _PALE)
    if bar.figure is not None and bar.figure > 0:
        sheet.card(_MARGIN, sheet.y, _INNER * bar.figure / most, 24, _FILL, z=1)
    mark = _MARGIN + _INNER * max(0, bar.target) / most
    sheet.card(mark - 5, sheet.y - 8, 10, 40, _WHITE, z=1)
    sheet.card(mark - 3, sheet.y - 6, 6, 36, _INK, z=2)
    sheet.y += 38


def _bars(sheet: _Sheet, chart: Bars) -> None:
    """A line each: what it is, its bar, its figure."""
    sheet.paragraph(chart.title, _HEADING, bold=True)
    sheet.y += 8
    figures = max((width(bar.text, _SMALL) for bar in chart.bars), default=0)
    longest = max((bar.part for bar in chart.bars), default=0) or 1
    left, room = _MARGIN + _LABELS, _INNER - _LABELS - figures - 16
    for bar in chart.bars:
        label = cut(bar.label, _SMALL, _LABELS - 16)
        sheet.write(_MARGIN, sheet.y - 3, label, _SMALL)
        sheet.card(left, sheet.y, room, 24, _PALE)
        if bar.part:
            sheet.card(left, sheet.y, max(4, room * bar.part / longest), 24, _FILL, z=1)
        text = cut(bar.text, _SMALL, figures + 1)
        sheet.write(WIDTH - _MARGIN - width(text, _SMALL), sheet.y - 3, text, _SMALL)
        sheet.y += 38


def _intervals(sheet: _Sheet, chart: Intervals) -> None:
    """A line each: what it is, how sure it is as a bar around its dot, its figure; 0 is a line."""
    sheet.paragraph(chart.title, _HEADING, bold=True)
    sheet.y += 8
    figures = max((width(row.text, _SMALL) for row in chart.rows), default=0)
    left, room = _MARGIN + _LABELS, _INNER - _LABELS - figures - 16
    middle, top = left + room / 2, sheet.y - 6
    for row in chart.rows:
        label = cut(row.label, _SMALL, _LABELS - 16)
        sheet.write(_MARGIN, sheet.y - 3, label, _SMALL)
        sheet.card(left, sheet.y, room, 24, _PALE)
        start, end = (middle + room / 2 * each for each in (row.low, row.high))
        sheet.card(start, sheet.y + 8, max(4, end - start), 8, _SERIES[1][0], z=1)
        sheet.card(middle + room / 2 * row.figure - 8, sheet.y + 4, 16, 16, _FILL, z=3)
        text = cut(row.text, _SMALL, figures + 1)
        sheet.write(WIDTH - _MARGIN - width(text, _SMALL), sheet.y - 3, text, _SMALL)
        sheet.y += 38
    sheet.card(middle - 2, top, 4, sheet.y - top - 8, _INK, z=2)
