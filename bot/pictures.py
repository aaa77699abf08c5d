"""Charts as PNG, legible in a chat window: 900 pixels wide, shown there at about half of that.

Colours are Okabe and Ito's (jfly.uni-koeln.de/color); in grey, hatching and
numbers tell them apart. The card is white with round corners, for light chats and dark ones. The
same chart gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from threading import Lock
from typing import Final

from bot.core.charts import (
    Bars,
    Chart,
    GoalBar,
    GoalBars,
    KeyFigure,
    Overview,
    Spread,
    StackedWeeks,
)
from bot.lettering import cut, width, wrap
from bot.sheet import (
    BODY,
    FILL,
    HEADING,
    HUGE,
    INK,
    INNER,
    MARGIN,
    PALE,
    QUIET,
    SMALL,
    TITLE,
    WHITE,
    WIDTH,
    Sheet,
)

MOST_WEEKS: Final = 12
MOST_GOALS: Final = 5
MOST_FIGURES: Final = 6
_BARS = 240  # height of the highest stack
_LABELS = 270  # width of what stands before a bar
Look = tuple[str, str]  # face, hatching
_SERIES: tuple[Look, ...] = (
    ("#009E73", ""),
    ("#56B4E9", "//"),
    ("#F0E442", "."),
    (WHITE, ""),
)
_RUNS: tuple[Look, ...] = ((FILL, ""), (WHITE, "//"))  # this one, the one before
_ARROWS = {"up": "▲ ", "down": "▼ ", "same": "= ", "unknown": ""}

_one_at_a_time = Lock()


def png(chart: Chart) -> bytes:
    """Draw a chart: a PNG 900 pixels wide and as high as it needs; safe from any thread."""
    with _one_at_a_time:
        sheet = Sheet()
        match chart:
            case Overview():
                _overview(sheet, chart)
            case StackedWeeks():
                _weeks(sheet, chart)
            case GoalBars():
                _goals(sheet, chart)
            case Spread():
                _spread(sheet, chart)
            case Bars():
                _bars(sheet, chart)
        return sheet.to_png()


def _overview(sheet: Sheet, chart: Overview) -> None:
    sheet.paragraph(chart.title, TITLE, bold=True)
    sheet.paragraph(chart.subtitle, BODY, colour=QUIET)
    sheet.y += 12
    _figures(sheet, chart.figures[:MOST_FIGURES])
    if chart.weeks:
        sheet.y += 26
        _weeks(sheet, chart.weeks)
    if chart.goals and chart.goals.bars:
        sheet.y += 26
        _goals(sheet, chart.goals)


def _figures(sheet: Sheet, figures: Sequence[KeyFigure]) -> None:
    across, gap = 2 if len(figures) in (2, 4) else 3, 14
    wide = (INNER - gap * (across - 1)) / across
    for first in range(0, len(figures), across):
        row = figures[first : first + across]
        lines = max(len(wrap(figure.label, SMALL, wide - 32)) for figure in row)
        high = 82 + 31 * (lines + any(figure.note for figure in row))
        for column, figure in enumerate(row):
            x = MARGIN + column * (wide + gap)
            sheet.card(x, sheet.y, wide, high, PALE)
            _figure(sheet, figure, x + 16, wide - 32, 66 + 31 * lines)
        sheet.y += high + gap
    sheet.y -= gap if figures else 0


def _figure(sheet: Sheet, figure: KeyFigure, x: float, room: float, note_at: float) -> None:
    value, size = cut(figure.value, HUGE, room, bold=True), HUGE
    if value.endswith("…"):
        size = TITLE - 2
        value = cut(figure.value, size, room, bold=True)
    sheet.write(x, sheet.y + 6 + HUGE - size, value, size, bold=True)
    for number, line in enumerate(wrap(figure.label, SMALL, room)):
        sheet.write(x, sheet.y + 68 + 31 * number, line, SMALL, colour=QUIET)
    if figure.note:
        note = cut(_ARROWS[figure.direction] + figure.note, SMALL, room)
        sheet.write(x, sheet.y + note_at, note, SMALL)


def _weeks(sheet: Sheet, chart: StackedWeeks) -> None:
    sheet.paragraph(chart.title, HEADING, bold=True)
    stacks = list(zip(*chart.values, strict=True))[-MOST_WEEKS:]
    if not any(map(any, stacks)):
        sheet.paragraph(chart.empty, BODY, colour=QUIET)
        return
    sheet.paragraph(chart.caption, SMALL, colour=QUIET)
    _legend(sheet, chart.series)
    sheet.y += 40
    slot, floor = INNER / len(stacks), sheet.y + _BARS
    wide = min(slot * 0.76, 120)
    scale = _BARS / max(map(sum, stacks))
    for number, stack in enumerate(stacks):
        _stack(sheet, stack, MARGIN + slot * (number + 0.5) - wide / 2, floor, wide, scale)
    sheet.box(MARGIN, floor, INNER, 1, INK)
    _row(sheet, chart.tops[-MOST_WEEKS:], [floor - sum(stack) * scale - 33 for stack in stacks])
    _row(sheet, chart.weeks[-MOST_WEEKS:], [floor + 8] * len(stacks))
    sheet.y = floor + 40


def _stack(
    sheet: Sheet, stack: Sequence[int], left: float, floor: float, wide: float, scale: float
) -> None:
    """One week's bar, with a number in each part that has room for it."""
    for value, total, (face, hatch) in zip(stack, accumulate(stack), _SERIES, strict=False):
        top, high, label = floor - total * scale, value * scale, str(value)
        if high:
            sheet.box(left, top, wide, high, face, hatch)
        needed = width(label, SMALL)
        if high < 32 or needed > wide - 14:
            continue
        x, y = left + (wide - needed) / 2, top + high / 2 - 14
        if hatch:
            sheet.card(x - 5, y, needed + 10, 28, face, z=2)
        sheet.write(x, y - 1, label, SMALL)


def _row(sheet: Sheet, labels: Sequence[str], ys: Sequence[float]) -> None:
    """Labels centred on the bars, smaller where they are many; too wide: every second, third …"""
    slot = INNER / max(1, len(labels))
    shown = [cut(label, SMALL, INNER / 2) for label in labels]
    size = SMALL if all(width(label, SMALL) + 8 < slot for label in shown) else SMALL - 3
    widest = max((width(label, size) for label in shown), default=0)
    over = max(0, (widest - slot) / 2 - 28)  # the last one moves in so far from the edge
    step = int((widest + 8 + over) // slot) + 1
    for number in range(len(shown) - 1, -1, -step):
        needed = width(shown[number], size)
        x = MARGIN + slot * (number + 0.5) - needed / 2
        sheet.write(min(max(x, 12), WIDTH - 12 - needed), ys[number], shown[number], size)


def _legend(sheet: Sheet, series: Sequence[str], looks: Sequence[Look] = _SERIES) -> None:
    x = float(MARGIN)
    sheet.y += 8
    for name, (face, hatch) in zip(series, looks, strict=False):
        label = cut(name, SMALL, INNER - 44)
        needed = 44 + width(label, SMALL)
        if x > MARGIN and x + needed > WIDTH - MARGIN:
            x, sheet.y = float(MARGIN), sheet.y + 38
        sheet.box(x, sheet.y + 2, 32, 26, face, hatch)
        sheet.write(x + 44, sheet.y, label, SMALL)
        x += needed + 30
    sheet.y += 34


def _spread(sheet: Sheet, chart: Spread) -> None:
    """Two bars side by side for each range, this run's in the stronger colour."""
    sheet.paragraph(chart.title, HEADING, bold=True)
    sheet.paragraph(chart.caption, SMALL, colour=QUIET)
    _legend(sheet, chart.series, _RUNS)
    sheet.y += 40
    slot, floor = INNER / max(1, len(chart.ranges)), sheet.y + _BARS
    wide = min(slot * 0.8 / len(chart.series), 90)
    scale = _BARS / max(1, *(max(row, default=0) for row in chart.values))
    for number in range(len(chart.ranges)):
        left = MARGIN + slot * (number + 0.5) - wide * len(chart.series) / 2
        for place, (row, look) in enumerate(zip(chart.values, _RUNS, strict=False)):
            _bar(sheet, row[number], left + place * wide, floor, wide, scale, look)
    sheet.box(MARGIN, floor, INNER, 1, INK)
    _row(sheet, chart.ranges, [floor + 8] * len(chart.ranges))
    sheet.y = floor + 40


def _bar(
    sheet: Sheet,
    value: int,
    left: float,
    floor: float,
    wide: float,
    scale: float,
    look: Look,
) -> None:
    """A bar with its number above it, where that has room."""
    high, label = value * scale, str(value)
    if not value:
        return
    sheet.box(left, floor - high, wide, high, *look)
    size = SMALL if width(label, SMALL) < wide else SMALL - 6
    if (needed := width(label, size)) <= wide + 6:
        sheet.write(left + (wide - needed) / 2, floor - high - size - 9, label, size)


def _goals(sheet: Sheet, chart: GoalBars) -> None:
    sheet.paragraph(chart.title, HEADING, bold=True)
    for bar in chart.bars[:MOST_GOALS]:
        sheet.y += 8
        _goal(sheet, bar)
    if len(chart.bars) > MOST_GOALS:
        sheet.paragraph(f"+ {len(chart.bars) - MOST_GOALS}", BODY, colour=QUIET)


def _goal(sheet: Sheet, bar: GoalBar) -> None:
    """What it is and how far (on one line where both fit), and a bar with a mark at the target."""
    target = cut(bar.target_text, BODY, INNER / 2 - 16)
    target_at = WIDTH - MARGIN - width(target, BODY)
    known = bar.figure is not None  # what is only said to be unknown does not stand out
    figure = cut(bar.figure_text, BODY, target_at - 16 - MARGIN, bold=known)
    figure_at = target_at - 16 - width(figure, BODY, bold=known)
    label = wrap(bar.label, BODY, figure_at - MARGIN - 24) if figure_at > WIDTH / 2 else []
    if len(label) == 1:
        sheet.write(MARGIN, sheet.y, label[0], BODY)
    else:
        sheet.paragraph(bar.label, BODY)
    sheet.write(figure_at, sheet.y, figure, BODY, bold=known)
    sheet.write(target_at, sheet.y, target, BODY, colour=QUIET)
    sheet.y += 42
    most = max(bar.target, bar.figure or 0) * 1.08 or 1
    sheet.card(MARGIN, sheet.y, INNER, 24, PALE)
    if bar.figure is not None and bar.figure > 0:
        sheet.card(MARGIN, sheet.y, INNER * bar.figure / most, 24, FILL, z=1)
    mark = MARGIN + INNER * max(0, bar.target) / most
    sheet.card(mark - 5, sheet.y - 8, 10, 40, WHITE, z=1)
    sheet.card(mark - 3, sheet.y - 6, 6, 36, INK, z=2)
    sheet.y += 38


def _bars(sheet: Sheet, chart: Bars) -> None:
    """A line each: what it is, its bar, its figure."""
    sheet.paragraph(chart.title, HEADING, bold=True)
    sheet.y += 8
    figures = max((width(bar.text, SMALL) for bar in chart.bars), default=0)
    longest = max((bar.part for bar in chart.bars), default=0) or 1
    left, room = MARGIN + _LABELS, INNER - _LABELS - figures - 16
    for bar in chart.bars:
        label = cut(bar.label, SMALL, _LABELS - 16)
        sheet.write(MARGIN, sheet.y - 3, label, SMALL)
        sheet.card(left, sheet.y, room, 24, PALE)
        if bar.part:
            sheet.card(left, sheet.y, max(4, room * bar.part / longest), 24, FILL, z=1)
        text = cut(bar.text, SMALL, figures + 1)
        sheet.write(WIDTH - MARGIN - width(text, SMALL), sheet.y - 3, text, SMALL)
        sheet.y += 38
