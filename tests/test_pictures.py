"""Pictures a coordinator can read in a chat window, whatever the programme is called."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image
from pydantic import TypeAdapter

from bot.core.charts import Chart, GoalBar, GoalBars, KeyFigure, Overview, StackedWeeks
from bot.lettering import cut, drawable, width, wrap
from bot.pictures import png
from bot.pictures.sheet import WIDTH

LONG = "Medewerkerstevredenheidsonderzoeksbegeleidingscommissievergaderingen"
ANSWERS = ((2, 6, 1, 3), (5, 4, 2, 1), (7, 3, 1, 1), (6, 2, 3, 1), (10, 0, 1, 0), (12, 0, 0, 0))


def weeks(count: int = 8, times: int = 1) -> StackedWeeks:
    stacks = [[times * n for n in ANSWERS[week % len(ANSWERS)]] for week in range(count)]
    return StackedWeeks(
        title="Gesprekken per week",
        series=("Gesproken", "Gepland", "Nog niet", "Geen antwoord"),
        weeks=tuple(f"{week + 17} sep" for week in range(count)),
        values=tuple(zip(*stacks, strict=True)) if count else ((), (), (), ()),
        tops=tuple(f"{100 - week}%" for week in range(count)),
        caption="Boven elke staaf: deel dat elkaar sprak, van wie antwoordde",
        empty="Nog geen check-ins",
    )


def overview(title: str = "Voorjaar 2026", words: str = "", count: int = 8) -> Overview:
    figure = KeyFigure(words or "tevredenheid (1-5)", words or "4,2", words or "was 4,1", "up")
    goal = GoalBar(words or "Voelt zich thuis", 62, 80, words or "62%", words or "doel 80%")
    return Overview(
        title=title,
        subtitle=words or "Week van 2 tot en met 8 november",
        figures=(KeyFigure("deelnemers", "42"), KeyFigure("gekoppeld", "36"), *[figure] * 4),
        weeks=weeks(count),
        goals=GoalBars(words or "Doelen", (goal,) * 3),
    )


def opened(picture: bytes) -> Image.Image:
    return Image.open(BytesIO(picture)).convert("RGBA")


def frame(picture: bytes) -> set[tuple[int, ...]]:
    """The colours within ten pixels of the edge, corners aside."""
    pixels = np.asarray(opened(picture))
    strips = [pixels[:10, 20:-20], pixels[-10:, 20:-20], pixels[20:-20, :10], pixels[20:-20, -10:]]
    return {tuple(int(c) for c in colour) for strip in strips for colour in strip.reshape(-1, 4)}


def boxes(chart: Chart, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Each string in the picture and the box it fills."""
    drawn: list[Figure] = []
    save = Figure.savefig

    def spy(figure: Figure, *args: Any, **options: Any) -> None:
        drawn.append(figure)
        save(figure, *args, **options)

    monkeypatch.setattr(Figure, "savefig", spy)
    png(chart)
    texts = [text for text in drawn[0].axes[0].texts if text.get_text()]
    return [(text.get_text(), text.get_window_extent()) for text in texts]


CHARTS: dict[str, Chart] = {
    "a digest": overview(),
    "long words": overview(LONG * 3, LONG),
    "many words": overview("Samen leren van elkaar " * 9, "veel woorden " * 17),
    "nobody yet": overview(count=0),
    "one week": overview(count=1),
    "twelve weeks": overview(count=12),
    "thirty weeks": overview(count=30),
    "long week labels": replace(weeks(12), weeks=("week van 23 november",) * 12),
    "long tops": replace(weeks(12), tops=("83% van 12 koppels",) * 12),
    "long answers": replace(
        weeks(), series=("Nog niet gesproken", LONG, "Gepland", "Geen antwoord")
    ),
    "two long weeks": replace(weeks(2), weeks=(LONG, LONG)),
    "thousands": weeks(8, times=2_345),
    "only zeros": weeks(8, times=0),
    "no figures": Overview("Voorjaar", "", ()),
    "a far target": GoalBars("Doelen", (GoalBar("Uren", 1, 1e9, "1 uur", "doel 1e9"),)),
    "far beyond": GoalBars("Doelen", (GoalBar("Uren", 1e9, 1, "veel", "doel 1"),)),
    "nothing wanted": GoalBars("Doelen", (GoalBar("Uren", 0, 0, "0", "0"),)),
    "below zero": GoalBars("Doelen", (GoalBar("Groei", -5, -3, "-5", "doel -3"),)),
}


@cache
def picture_of(name: str) -> bytes:
    return png(CHARTS[name])


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_overflows_and_no_words_cover_other_words(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = boxes(CHARTS[name], monkeypatch)
    for words, box in placed:
        assert 10 <= box.x0 < box.x1 <= WIDTH - 10, words
    for (a, one), (b, other) in combinations(placed, 2):
        aside = one.x1 <= other.x0 or other.x1 <= one.x0
        assert aside or one.y1 <= other.y0 + 3 or other.y1 <= one.y0 + 3, (a, b)
    assert len(frame(picture_of(name))) == 1


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_small_and_always_the_same(name: str) -> None:
    picture = picture_of(name)
    assert picture.startswith(b"\x89PNG")
    assert opened(picture).width == WIDTH
    assert len(picture) < 60_000
    assert png(CHARTS[name]) == picture


def test_a_digest_is_drawn_in_under_half_a_second() -> None:
    def seconds() -> float:
        before = time.process_time()
        png(overview())
        return time.process_time() - before

    assert min(seconds() for _ in range(5)) < 0.5


def test_threads_draw_what_one_thread_draws() -> None:
    charts: list[Chart] = [overview(count=1), weeks(3), weeks(12), GoalBars("Doelen", ())] * 2
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(png, charts)) == [png(chart) for chart in charts]


def test_one_picture_is_drawn_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    busy: list[int] = []
    save = Figure.savefig

    def slow(figure: Figure, *args: Any, **options: Any) -> None:
        busy.append(1)
        time.sleep(0.02)
        assert len(busy) == 1
        save(figure, *args, **options)
        busy.pop()

    monkeypatch.setattr(Figure, "savefig", slow)
    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(png, [GoalBars("Doelen", ())] * 8))) == 8


@given(st.text(st.characters(), max_size=300), st.text(max_size=40))
@settings(deadline=None, max_examples=25)
@example("🚀 Groei 👩\u200d🏫 ❤️ 2026", "⭐")
@example("برنامج الإرشاد 2026", "שלום עולם")
@example("メンタリング 프로그램 程序", "हिन्दी")
@example("$\\frac{$ and $10^$ _x_ **y**", "100% {braces} %s")
@example("\u202egnirps\x00\n\t\r\x1b[31m\ud800\ufffd\ue000", "e\u0301a\u0308" * 20)
@example(" ", "\u200b")
def test_any_name_can_be_drawn_and_stays_within_the_frame(title: str, words: str) -> None:
    """A glyph that is missing would be a warning, and a warning is an error here."""
    bars = StackedWeeks(words, (title,) * 2, (words,), ((1,), (2,)), tops=(title,), caption=words)
    goal = GoalBar(words, 3, 4, title, words)
    chart = Overview(title, words, (KeyFigure(words, title),), bars, GoalBars(words, (goal,)))
    assert len(frame(png(chart))) == 1


@given(st.text(max_size=120), st.sampled_from([24, 36]), st.integers(100, 820), st.booleans())
@settings(deadline=None, max_examples=60)
@example("i" * 120, 24, 820, False)
@example("W" * 120, 36, 100, True)
def test_words_are_cut_and_wrapped_to_the_room_there_is(
    text: str, size: int, room: int, bold: bool
) -> None:
    for line in (cut(text, size, room, bold=bold), *wrap(text, size, room, bold=bold)):
        assert width(line, size, bold=bold) <= room, line
    if width(drawable(text), size, bold=bold) <= room:
        assert cut(text, size, room, bold=bold) == drawable(text)


def test_a_text_that_is_cut_says_so_and_keeps_as_much_as_fits() -> None:
    assert cut("Tevredenheid", 24, 500) == "Tevredenheid"
    assert cut("Tevredenheid", 24, 120).endswith("…")
    assert wrap("Samen leren van elkaar", 24, 200) == ["Samen leren", "van elkaar"]
    assert cut("1.234.567", 24, 100) == "1.234…"
    first, second = wrap(LONG, 24, 300)
    assert first.endswith("-")
    assert second.endswith("…")
    assert width(first, 24) > 270
    assert wrap("", 24, 300) == []


def test_what_the_typeface_lacks_leaves_a_trace_only_where_words_are_lost() -> None:
    assert drawable("Groei 🚀 samen") == "Groei samen"
    assert drawable("Team 営業部 2026") == "Team … 2026"
    assert drawable("e\u0301e\u0301n") == "één"
    assert drawable("a\u202eb\nc") == "ab c"
    assert drawable("$x^2$") == "$x^2$"


def test_the_card_is_white_with_transparent_corners_for_dark_and_light_chats() -> None:
    picture = opened(picture_of("a digest"))
    corner, edge = picture.getpixel((0, 0)), picture.getpixel((WIDTH // 2, 2))
    assert isinstance(corner, tuple)
    assert isinstance(edge, tuple)
    assert corner[3] == 0
    assert min(edge[:3]) >= 253
    assert edge[3] == 255


def test_the_four_answers_are_told_apart_without_colour() -> None:
    """Mean and spread of a piece of a bar in grey, one bar for each series."""
    looks = []
    for number in range(4):
        values = tuple((100,) if series == number else (0,) for series in range(4))
        chart = StackedWeeks("", ("a", "b", "c", "d"), ("1",), values)
        grey = np.asarray(opened(png(chart)).convert("L"), dtype=float)
        piece = grey[-200:-140, 395:425]
        looks.append((piece.mean(), piece.std()))
    for (mean, spread), (other_mean, other_spread) in combinations(looks, 2):
        assert abs(mean - other_mean) > 20 or abs(spread - other_spread) > 20


def test_a_bar_is_as_high_as_its_number_and_a_goal_as_wide() -> None:
    def coloured(chart: Chart, rgb: tuple[int, int, int]) -> int:
        pixels = np.asarray(opened(png(chart)).convert("RGB"), dtype=int)
        return int((abs(pixels - np.array(rgb)).sum(axis=2) < 12).sum())

    green, blue = (0, 158, 115), (0, 114, 178)
    half = StackedWeeks("", ("a", "b"), ("1", "2"), ((100, 50), (0, 50)))
    full = StackedWeeks("", ("a", "b"), ("1", "2"), ((100, 100), (0, 0)))
    swatch = 30 * 24
    shown = [coloured(chart, green) - swatch for chart in (half, full)]
    assert shown[0] / shown[1] == pytest.approx(0.75, abs=0.02)
    wide = [
        coloured(GoalBars("", (GoalBar("", figure, 80, "", ""),)), blue)
        for figure in (20, 40, None)
    ]
    assert wide[0] / wide[1] == pytest.approx(0.5, abs=0.02)
    assert wide[2] == 0


def test_of_many_weeks_the_last_twelve_are_drawn_and_the_last_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = {text for text, _ in boxes(weeks(30), monkeypatch)}
    assert "46 sep" in words
    assert not words & {f"{week + 17} sep" for week in range(18)}


def test_an_empty_programme_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {text for text, _ in boxes(weeks(8, times=0), monkeypatch)}
    assert words == {"Gesprekken per week", "Nog geen check-ins"}


def test_of_many_goals_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    goals = tuple(GoalBar(f"Doel {n}", n, 9, str(n), "9") for n in range(8))
    words = {text for text, _ in boxes(GoalBars("Doelen", goals), monkeypatch)}
    assert {"Doel 4", "+ 3"} <= words
    assert "Doel 5" not in words


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_travels_as_json(name: str) -> None:
    codec: TypeAdapter[Chart] = TypeAdapter(Chart)
    assert codec.validate_json(codec.dump_json(CHARTS[name])) == CHARTS[name]


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="2 series"):
        StackedWeeks("", ("a", "b"), ("1",), ((1,),))
    with pytest.raises(ValueError, match="5 series"):
        StackedWeeks("", tuple("abcde"), ("1",), ((1,),) * 5)
    with pytest.raises(ValueError, match="needs 2 values"):
        StackedWeeks("", ("a",), ("1", "2"), ((1,),))
    with pytest.raises(ValueError, match="needs 1 values"):
        StackedWeeks("", ("a",), ("1",), ((1,),), tops=("1%", "2%"))
    with pytest.raises(ValueError, match="not negative"):
        StackedWeeks("", ("a",), ("1",), ((-1,),))
