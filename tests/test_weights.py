"""Coordinators say in words how much each criterion counts, and see the sums."""

from __future__ import annotations

import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from sqlmodel import select

from bot.cards.weights import DefaultWeights, SaveWeights
from bot.core.charts import Bar, Bars
from bot.core.messages import Picture
from bot.core.questions import Values
from bot.matching import CRITERIA, Importance
from bot.pictures import png
from bot.platforms.local.screen import draw
from bot.platforms.slack import blocks
from storage import rules
from storage.models import AuditEntry, Programme
from tests.hands import Hands, commands, errors, made
from tests.reviewing import coordinator, last_round, matches, mentee, mentor, proposed
from tests.slack.rules import check_view
from tests.world import World

KEYS = [criterion.key for criterion in CRITERIA]
NOTHING = dict.fromkeys(KEYS, Importance.NOT_USED.value)

pytestmark = pytest.mark.any_database


@pytest.fixture
def tess(world: World) -> Hands:
    """Coordinates Grow."""
    world.programme()
    return coordinator(world, "Tess")


def weighs(person: Hands, **fields: str | Values) -> None:
    person.types("/mentor weights")
    person.presses(SaveWeights, **fields)


def sums(person: Hands) -> dict[str, float]:
    """What the picture's words say each criterion makes up."""
    assert person.card is not None
    [picture] = person.card.all(Picture)
    parts, _, whole = picture.alt.partition(": ")[2].partition(" = ")
    assert whole == "100%"
    found = re.findall(r"([^+]+) ([\d.,]+)%(?: \+ |$)", parts)
    return {name.strip(): float(part.replace(",", ".")) for name, part in found}


@pytest.mark.parametrize("word", ["weights", "gewichten", "weights grow"])
def test_the_form_asks_of_every_criterion_how_much_it_counts(tess: Hands, word: str) -> None:
    tess.types(f"/mentor {word}")
    values = {name: ask.value for name, ask in tess.inputs.items()}
    assert values == {key: ("normal",) for key in KEYS} | {
        "other_function": ("no",),
        "fair": ("yes",),
    }
    assert "Only the coordinators will see this" in tess.sees
    assert "Gender, age and appraisals are no criterion" in tess.sees
    assert tess.card is not None
    assert tess.card.form
    check_view(blocks.view(tess.card, nonce="n", title=tess.card.summary))


def test_beside_each_criterion_stands_its_share_and_together_they_are_the_whole(
    tess: Hands,
) -> None:
    tess.types("/mentor weights")
    hints = {name: ask.hint for name, ask in tess.inputs.items() if name in KEYS}
    shares = [float(re.findall(r"[\d.]+", hint)[0]) for hint in hints.values()]
    assert sum(shares) == pytest.approx(100)
    assert sum(sums(tess).values()) == pytest.approx(100)
    assert sorted(sums(tess).values()) == sorted(share for share in shares if share)


def test_a_choice_in_words_changes_the_shares_and_is_written_down(tess: Hands) -> None:
    tess.types("/mentor weights")
    before = sums(tess)
    weighs(tess, skills="very_important", hours="not_used", goal="a_little")
    after = sums(tess)
    assert after["Skills"] > before["Skills"] * 1.5
    assert after["Goal"] < before["Goal"] / 2
    assert "Working hours" in before.keys() - after.keys()
    assert sum(after.values()) == pytest.approx(100)
    assert "Changed: Skills, Goal and Working hours." in tess.sees
    assert rules.importance(made(tess))["skills"] is Importance.VERY_IMPORTANT
    [entry] = tess.world.rows(select(AuditEntry))
    assert (entry.did, entry.subject) == ("changed weights", "programme:1:skills,goal,hours")
    assert commands(tess.card) == [("match", "grow"), ("weights", "grow")]


def test_something_has_to_count_and_nothing_filled_in_is_lost(tess: Hands) -> None:
    weighs(tess, **NOTHING, fair="no")
    assert errors(tess).keys() == {KEYS[0]}
    assert "at least one" in errors(tess)[KEYS[0]]
    assert {tess.inputs[key].value for key in KEYS} == {("not_used",)}
    assert tess.inputs["fair"].value == ("no",)
    assert made(tess).importance == {}
    assert made(tess).fair
    tess.presses(SaveWeights, goal="a_little")
    assert sums(tess) == {"Goal": 100}


def test_one_tap_leads_back_to_the_defaults(tess: Hands) -> None:
    tess.types("/mentor weights")
    before = sums(tess)
    weighs(tess, skills="not_used", other_function="yes")
    tess.types("/mentor weights")
    tess.presses(DefaultWeights)
    assert sums(tess) == before
    assert made(tess).importance == {}
    assert made(tess).other_function


@pytest.mark.parametrize("word", ["", "🎉", "x" * 10_000, "4", "VERY_IMPORTANT"])
def test_a_word_that_is_no_choice_is_refused_beside_its_field(tess: Hands, word: str) -> None:
    weighs(tess, skills=word, goal="important")
    assert errors(tess).keys() == {"skills"}
    assert tess.inputs["goal"].value == ("important",)
    assert made(tess).importance == {}


def test_what_an_older_version_stored_of_a_criterion_that_is_no_more_does_no_harm(
    tess: Hands,
) -> None:
    with tess.world.database.transaction() as session:
        row = session.get_one(Programme, 1)
        row.importance = {"shoe_size": "important", "skills": "huge", "goal": "important"}
    tess.types("/mentor weights")
    assert tess.inputs["goal"].value == ("important",)
    assert tess.inputs["skills"].value == ("normal",)


def test_saving_without_a_change_changes_nothing(tess: Hands) -> None:
    weighs(tess)
    assert "Nothing has changed." in tess.sees
    assert made(tess).importance == {}
    assert tess.world.rows(select(AuditEntry)) == []


def test_only_who_runs_a_programme_sees_and_changes_its_weights(tess: Hands) -> None:
    world = tess.world
    weighs(tess, goal="important")
    tess.types("/mentor weights")
    [form] = [action for action in tess.offers if isinstance(action, SaveWeights)]
    before = made(tess).importance
    lead = world.programme("Lead")
    eva, noor = coordinator(world, "Eva", programme=lead), Hands(world, "Noor")
    for person in (eva, noor):
        for action in (form, DefaultWeights(1), DefaultWeights(2**31 - 1)):
            answer = person.forges(action, skills=("not_used",))
            assert answer is not None
            assert "Only a coordinator of the programme can do this" in draw(answer)
        person.types("/mentor weights grow")
        assert not person.inputs
    assert made(tess).importance == before
    refused = [entry for entry in world.rows(select(AuditEntry)) if not entry.allowed]
    assert len(refused) == 7


def test_who_saves_an_older_form_undoes_nothing(tess: Hands) -> None:
    eva = coordinator(tess.world, "Eva")
    eva.types("/mentor weights")
    weighs(tess, skills="important")
    eva.presses(SaveWeights, goal="important")
    assert "Somebody else has just changed" in eva.sees
    assert eva.inputs["skills"].value == ("important",)
    assert rules.importance(made(tess))["goal"] is Importance.NORMAL


def test_in_dutch_it_reads_as_dutch(world: World) -> None:
    world.programme()
    tess = coordinator(world, "Tess", locale="nl")
    tess.types("/mentor gewichten")
    assert "Geslacht, leeftijd en beoordelingen" in tess.sees
    tess.presses(SaveWeights, skills="very_important")
    assert sum(sums(tess).values()) == pytest.approx(100)
    assert "Waar een match uit bestaat" in tess.sees


def test_the_next_round_weighs_as_it_was_told(world: World) -> None:
    world.programme()
    tess = coordinator(world, "Tess")
    mentor(world, "Bram", skills_offered=("presenting",), interests=("music",))
    mentor(world, "Eva", skills_offered=("python",), interests=("running",))
    mentee(world, "Noor", skills_wanted=("presenting",), interests=("running",))
    matches(world, tess)
    assert proposed(world) == {("Bram", "Noor")}
    weighs(tess, **(NOTHING | {"interests": "normal"}))
    tess.clicks("Match again")
    world.tick()
    assert proposed(world) == {("Eva", "Noor")}
    assert last_round(world).figures["mean"] == 1.0


# --- the picture ---


def test_the_bars_are_drawn_and_higher_the_more_there_are() -> None:
    heights = []
    for count in (0, 1, 16):
        bars = tuple(Bar("نص " + "x" * 80, n / 16, f"{n}%") for n in range(count))
        drawn = png(Bars("What makes up a fit", bars))
        heights.append(Image.open(BytesIO(drawn)).height)
        assert Image.open(BytesIO(drawn)).width == 900
    assert heights == sorted(set(heights))


def test_a_bar_is_as_long_as_its_part_of_the_whole_and_all_of_it_fills_the_track() -> None:
    def drawn(*parts: float) -> int:
        """How wide the blue of these bars is, text of one width beside them."""
        bars = Bars("", tuple(Bar("", part, "100%") for part in parts))
        pixels = np.asarray(Image.open(BytesIO(png(bars))).convert("RGB"), dtype=int)
        blue = abs(pixels - np.array((0, 114, 178))).sum(axis=2) < 12
        return int(blue.sum(axis=1).max())

    whole = drawn(1.0)
    assert drawn(0.25) / whole == pytest.approx(0.25, abs=0.01)
    assert drawn(0.25, 0.1) / whole == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("part", [-0.1, 1.1, float("nan")])
def test_a_bar_is_a_part_of_a_whole(part: float) -> None:
    with pytest.raises(ValueError, match="part of a whole"):
        Bar("x", part, "")
