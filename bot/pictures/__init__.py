"""Charts as PNG, legible in a chat window: 900 pixels wide, shown there at about half of that.

Colours are Okabe and Ito's (jfly.uni-koeln.de/color); in grey, hatching and numbers tell them apart.
The card is white with round corners, for light chats and dark ones. The same chart gives the same
bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Final

from bot.core.charts import (
    Bars,
    Chart,
    GoalBars,
    Intervals,
    KeyFigure,
    Overview,
    Spread,
    StackedWeeks,
)
from bot.lettering import cut, wrap
from bot.pictures.columns import spread, weeks
from bot.pictures.rows import bars, goals, intervals
from bot.pictures.sheet import (
    BODY,
    HUGE,
    INNER,
    MARGIN,
    PALE,
    QUIET,
    SMALL,
    TITLE,
    Sheet,
)

MOST_FIGURES: Final = 6
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
                weeks(sheet, chart)
            case GoalBars():
                goals(sheet, chart)
            case Spread():
                spread(sheet, chart)
            case Bars():
                bars(sheet, chart)
            case Intervals():
                intervals(sheet, chart)
        return sheet.to_png()


def _overview(sheet: Sheet, chart: Overview) -> None:
    sheet.paragraph(chart.title, TITLE, bold=True)
    sheet.paragraph(chart.subtitle, BODY, colour=QUIET)
    sheet.y += 12
    _figures(sheet, chart.figures[:MOST_FIGURES])
    if chart.weeks:
        sheet.y += 26
        weeks(sheet, chart.weeks)
    if chart.goals and chart.goals.bars:
        sheet.y += 26
        goals(sheet, chart.goals)


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
