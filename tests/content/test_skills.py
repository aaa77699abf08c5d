"""From people's own words to a known skill: right, or left as typed, but not wrong."""

from __future__ import annotations

import gc
import string
import weakref
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content import skills
from bot.content.extending import extended
from bot.content.skills import How, Lexicon

LEXICON = skills.standard()
LABELS = [(label, one.id) for one in LEXICON.concepts.values() for label in one.all_labels()]


def tag(words: str) -> str:
    return LEXICON.understand(words).tag


def test_every_skill_has_labels_in_both_languages_and_a_group() -> None:
    assert len(LEXICON.concepts) >= 800
    for one in LEXICON.concepts.values():
        assert one.group
        assert one.labels["en"] and one.labels["nl"], one.id
        assert not one.id.startswith(skills.FREE_MARK)


def test_no_label_and_no_abbreviation_means_two_skills() -> None:
    meanings = defaultdict(set)
    for one in LEXICON.concepts.values():
        for label in (*one.all_labels(), *one.abbreviations):
            meanings[skills.normal(label)].add(one.id)
            meanings[skills.normal(label).replace(" ", "")].add(one.id)
    assert not {label: ids for label, ids in meanings.items() if len(ids) > 1}


@pytest.mark.parametrize("shout", [str, str.upper, str.title, lambda words: f"  {words}. "])
def test_every_label_and_abbreviation_means_its_own_skill(shout: Callable[[str], str]) -> None:
    for label, id_ in LABELS:
        found = LEXICON.understand(shout(label))
        assert (found.tag, found.how) == (id_, How.EXACT) or found.how is How.ABBREVIATION, label
    for one in LEXICON.concepts.values():
        for word in one.abbreviations:
            assert tag(shout(word)) == one.id


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_is_shown_is_read_back_as_the_same_skill(language: str) -> None:
    for id_ in LEXICON.concepts:
        assert tag(LEXICON.label(id_, language)) == id_


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("java", "javascript"),
        ("inkoop", "verkoop"),
        ("inkopen", "verkopen"),
        ("boekhouden", "boekbinden"),
        ("C", "C++"),
        ("C", "C#"),
        ("C", "R"),
        ("accounting", "account management"),
        ("ML", "HR"),
        ("AI", "HR"),
        ("project management", "product management"),
        ("baking", "banking"),
        ("tekenen", "rekenen"),
        ("lassen", "wassen"),
        ("verzorgen", "bezorgen"),
        ("mediation", "meditation"),
        ("IT support", "AI support"),
        ("mentoring", "monitoring"),
        ("netwerken", "verwerken"),
        ("training", "tracking"),
        ("data science", "life sciences"),
    ],
)
def test_words_that_look_alike_are_not_taken_for_each_other(one: str, other: str) -> None:
    assert tag(one) != tag(other)


@pytest.mark.parametrize(
    ("words", "id_", "how"),
    [
        ("Boekhouden", "accounting", How.EXACT),
        ("bookkeeping", "accounting", How.EXACT),
        ("financiele administratie", "accounting", How.EXACT),
        ("AVG", "privacy", How.ABBREVIATION),
        ("h.r.", "hr", How.ABBREVIATION),
        ("P & O", "hr", How.ABBREVIATION),
        ("java script", "javascript", How.SQUASHED),
        ("tijd management", "time-management", How.SQUASHED),
        ("boekhouder", "accounting", How.STEM),
        ("onderhandelingen", "negotiating", How.STEM),
        ("onderhandlen", "negotiating", How.TYPO),
        ("comunication", "communication", How.TYPO),
        ("projectmanagemetn", "project-management", How.TYPO),
        ("presentation skills", "presenting", How.STEM),
        ("Excel (gevorderd)", "excel", How.EXACT),
        ("kennis van boekhouden", "accounting", How.EXACT),
        ("beter leren plannen", "planning", How.EXACT),
        ("leren leren", "learning", How.EXACT),
        ("AI (kunstmatige intelligentie)", "artificial-intelligence", How.ABBREVIATION),
        (".NET", "csharp", How.EXACT),
        ("bijen houden", "=bijen houden", How.FREE),
        ("account", "=account", How.FREE),
        ("PM", "=pm", How.FREE),
        ("", "", How.FREE),
    ],
)
def test_words_are_understood_by_the_surest_step(words: str, id_: str, how: How) -> None:
    found = LEXICON.understand(words)
    assert (found.tag, found.how) == (id_, how)


def test_a_free_word_matches_itself_however_it_is_written_and_is_shown_as_typed() -> None:
    assert tag("Bijen  houden") == tag("bijen houden ") == tag("BIJEN HOUDEN")
    assert LEXICON.label(tag("Bijen houden"), "en") == "bijen houden"
    assert LEXICON.label("accounting", "nl") == "boekhouden"
    assert LEXICON.label("accounting", "xx") == "accounting"
    assert LEXICON.label("gone-from-the-lexicon", "nl") == "gone-from-the-lexicon"


def typo(words: str, rng: Random) -> str:
    """One random slip: a letter left out, put in, changed, or two swapped."""
    at, letter = rng.randrange(len(words)), rng.choice(string.ascii_lowercase)
    before, here, after = words[:at], words[at], words[at + 1 :]
    slips = (after, letter + here + after, letter + after, after[:1] + here + after[1:])
    return before + rng.choice(slips)


def test_a_single_typo_is_understood_or_left_alone_but_hardly_ever_misread() -> None:
    rng, right, free, wrong = Random(20), 0, 0, []
    for label, id_ in LABELS:
        for _ in range(4 if len(label) >= 6 else 0):
            word = typo(label.lower(), rng)
            found = LEXICON.understand(word)
            right += found.tag == id_
            free += found.how is How.FREE
            if found.tag != id_ and found.how is not How.FREE:
                wrong.append((label, word, found))
    total = right + free + len(wrong)
    assert total > 7_000
    assert len(wrong) <= total / 1000, wrong
    assert right >= 0.9 * total


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("plannen, feedback geven; Excel", ["plannen", "feedback geven", "Excel"]),
        ("- plannen\n- Excel\r\n* HR", ["plannen", "Excel", "HR"]),
        ("1. plannen\n2) Excel", ["plannen", "Excel"]),
        ("plannen en Excel", ["plannen", "Excel"]),
        ("Coaching and Excel", ["Coaching", "Excel"]),
        ("koken & bakken", ["koken", "bakken"]),
        ("Excel/Word", ["Excel", "Word"]),
        ("UX/UI", ["UX/UI"]),
        ("R&D", ["R&D"]),
        ("research and development", ["research and development"]),
        ("health and safety", ["health and safety"]),
        ("normen en waarden", ["normen en waarden"]),
        ("health and safety and planning", ["health and safety", "planning"]),
        ("HR en werving en selectie", ["HR", "werving en selectie"]),
        ("wet- en regelgeving", ["wet- en regelgeving"]),
        ("in- en verkoop", ["inkoop", "verkoop"]),
        ("hout- en steenbewerking", ["hout- en steenbewerking"]),
        ("bomen en struiken knippen", ["bomen en struiken knippen"]),
        ("Excel, excel,, Excel ,", ["Excel", "excel"]),
        ("", []),
        (" ,;\n ", []),
        ("en", ["en"]),
    ],
)
def test_a_list_is_split_where_people_mean_it(text: str, items: list[str]) -> None:
    assert LEXICON.split(text) == items


def test_a_list_is_read_with_each_skill_once() -> None:
    found = LEXICON.read("boekhouden, accounting; Bookkeeping en HR, bijen houden")
    assert [one.tag for one in found] == ["accounting", "hr", "=bijen houden"]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "(" * 10_000,
        "a/" * 5_000,
        "in- en " * 1_500,
        " en ".join(["plannen"] * 10_000),
        ", ".join(f"vaardigheid nummer {n}" for n in range(10_000)),
        ", ".join(["onderhandlen"] * 10_000),
        "👩🏽‍🚀🦄, مهارات التواصل، כישורים; \u202eneknelp\u202c, \u200b, \ud800, \0",
        "\u0301" * 10_000,
        "ﷺ" * 10_000,
    ],
)
def test_whatever_somebody_types_takes_little_time_and_gives_few_tidy_tags(text: str) -> None:
    LEXICON.read("warm up")
    began = perf_counter()
    found = LEXICON.read(text)
    assert perf_counter() - began < 2
    assert len(found) <= skills.MOST_SKILLS
    for one in found:
        assert 0 < len(one.tag) <= skills.MOST_CHARACTERS + 1
        one.tag.encode()  # fit to be stored
        assert "\u202e" not in one.tag and "\0" not in one.tag


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_understood_and_what_is_shown_is_understood_alike(text: str) -> None:
    found = LEXICON.understand(text)
    again = LEXICON.understand(LEXICON.label(found.tag, "nl"))
    assert again.tag == found.tag
    for item in LEXICON.split(text):
        assert item and len(item) <= skills.MOST_CHARACTERS


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([label for label, _ in LABELS]), min_size=1, max_size=8))
def test_known_labels_in_a_list_are_all_found(labels: list[str]) -> None:
    ids = {tag(label) for label in labels}
    assert {one.tag for one in LEXICON.read(", ".join(labels))} == ids
    assert {one.tag for one in LEXICON.read("\n".join(labels))} == ids


def test_suggestions_are_general_and_near_what_is_known_of_somebody() -> None:
    general = LEXICON.suggest(6)
    groups = [LEXICON.concepts[id_].group for id_ in general]
    assert len(set(groups)) == 6
    near = LEXICON.suggest(4, ["Finance", "controller"])
    assert {LEXICON.concepts[id_].group for id_ in near} == {"finance"}
    assert "controlling" not in near
    assert LEXICON.suggest(5, ["niets bekends", ""]) == LEXICON.suggest(5)
    assert LEXICON.suggest(0) == ()
    assert len(set(LEXICON.suggest(10_000))) == len(LEXICON.concepts)


def test_threads_share_a_lexicon() -> None:
    words = [typo(label.lower(), Random(n)) for n, (label, _) in enumerate(LABELS[:200])]
    fresh = Lexicon(LEXICON.concepts.values())
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(fresh.understand, words)) == list(map(fresh.understand, words))


def test_what_was_looked_up_goes_with_its_lexicon() -> None:
    mine = extended(skills.standard(), [])
    assert mine.understand("presenting") == mine.understand("presenting")
    gone = weakref.ref(mine)
    del mine
    gc.collect()
    assert gone() is None


def test_only_few_and_short_words_are_remembered() -> None:
    mine = extended(skills.standard(), [])
    for number in range(3_000):
        mine.understand(f"{number}")
    assert mine._remembered.cache_info().currsize == 1024
    looked_up = mine._remembered.cache_info().misses
    mine.understand("a word of more than sixty characters, which is likely to be a sentence")
    assert mine._remembered.cache_info().misses == looked_up
