"""Columns: weeks on top of each other, and how figures are spread."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from bot.core.charts import Spread, StackedWeeks
from bot.lettering import cut, width
from bot.pictures.sheet import (
    BODY,
    FILL,
    HEADING,
    INK,
    INNER,
    MARGIN,
    QUIET,
    SMALL,
    WHITE,
    WIDTH,
    Sheet,
)

MOST_WEEKS: Final = 12
_BARS = 240  # height of the highest stack
Look = tuple[str, str]  # face, hatching
_SERIES: tuple[Look, ...] = (
    ("#009E73", ""),
    ("#56B4E9", "//"),
    ("#F0E442", "."),
    (WHITE, ""),
)
_RUNS: tuple[Look, ...] = ((FILL, ""), (WHITE, "//"))  # this one, the one before


def weeks(sheet: Sheet, chart: StackedWeeks) -> None:
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


def spread(sheet: Sheet, chart: Spread) -> None:
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
