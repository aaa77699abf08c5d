"""Rows: goals, parts of a whole and figures with their intervals, a line each."""

from __future__ import annotations

from typing import Final

from bot.core.charts import Bars, GoalBar, GoalBars, Intervals
from bot.lettering import cut, width, wrap
from bot.pictures.sheet import (
    BODY,
    FILL,
    HEADING,
    INK,
    INNER,
    MARGIN,
    PALE,
    QUIET,
    SMALL,
    WHITE,
    WIDTH,
    Sheet,
)

MOST_GOALS: Final = 5
_LABELS = 270  # width of what stands before a bar
_SURE = "#56B4E9"


def goals(sheet: Sheet, chart: GoalBars) -> None:
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


def bars(sheet: Sheet, chart: Bars) -> None:
    """A line each: what it is, its bar on a track that is the whole, its figure."""
    sheet.paragraph(chart.title, HEADING, bold=True)
    sheet.y += 8
    figures = max((width(bar.text, SMALL) for bar in chart.bars), default=0)
    left, room = MARGIN + _LABELS, INNER - _LABELS - figures - 16
    for bar in chart.bars:
        label = cut(bar.label, SMALL, _LABELS - 16)
        sheet.write(MARGIN, sheet.y - 3, label, SMALL)
        sheet.card(left, sheet.y, room, 24, PALE)
        if bar.part:
            sheet.card(left, sheet.y, max(4, room * bar.part), 24, FILL, z=1)
        text = cut(bar.text, SMALL, figures + 1)
        sheet.write(WIDTH - MARGIN - width(text, SMALL), sheet.y - 3, text, SMALL)
        sheet.y += 38


def intervals(sheet: Sheet, chart: Intervals) -> None:
    """A line each: what it is, how sure it is as a bar around its dot, its figure; 0 is a line."""
    sheet.paragraph(chart.title, HEADING, bold=True)
    sheet.y += 8
    figures = max((width(row.text, SMALL) for row in chart.rows), default=0)
    left, room = MARGIN + _LABELS, INNER - _LABELS - figures - 16
    middle, top = left + room / 2, sheet.y - 6
    for row in chart.rows:
        label = cut(row.label, SMALL, _LABELS - 16)
        sheet.write(MARGIN, sheet.y - 3, label, SMALL)
        sheet.card(left, sheet.y, room, 24, PALE)
        start, end = (middle + room / 2 * each for each in (row.low, row.high))
        sheet.card(start, sheet.y + 8, max(4, end - start), 8, _SURE, z=1)
        sheet.card(middle + room / 2 * row.figure - 8, sheet.y + 4, 16, 16, FILL, z=3)
        text = cut(row.text, SMALL, figures + 1)
        sheet.write(WIDTH - MARGIN - width(text, SMALL), sheet.y - 3, text, SMALL)
        sheet.y += 38
    sheet.card(middle - 2, top, 4, sheet.y - top - 8, INK, z=2)
