from __future__ import annotations

import pytest

from bot.cards import announcing, reasons, review
from bot.content import standard
from bot.content.skills import standard as skills
from bot.core.markup import plain
from bot.core.messages import Message, Note
from bot.matching import Contribution, Rules, score_pair
from bot.matching.criteria import EVERY
from bot.texts import LANGUAGES, translator
from tests.matching.crowd import mentee, mentor, tags
from tests.samples import EVIDENCE, introduction, pair_view

pytestmark = pytest.mark.any_database

INTAKE = standard().intake


def told(language: str, key: str, *evidence: str) -> str:
    one = Contribution(key, 1.0, 0.1, 0.1, evidence)
    [line] = reasons.why(translator(language), [one], INTAKE, lexicon=skills())
    return plain(line)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [criterion.key for criterion in EVERY])
def test_every_criterion_has_a_name_and_a_sentence_in_every_language(
    key: str, language: str
) -> None:
    t = translator(language)
    assert reasons.criterion_name(t, key) != key
    assert told(language, key, *EVIDENCE[key])


def test_no_two_criteria_are_told_alike() -> None:
    sentences = [told("en", criterion.key, *EVIDENCE[criterion.key]) for criterion in EVERY]
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize(
    ("key", "evidence", "english", "dutch"),
    [
        ("rhythm", ("monthly",), "Both would like to meet: once a month", "elke maand"),
        ("languages", ("nl", "en"), "both speak: Dutch and English", "Nederlands en Engels"),
        ("location", ("Utrecht",), "Both work in: Utrecht", "Werken allebei in: Utrecht"),
        ("learning", ("listens",), "The other says: I listen well", "ik luister goed"),
        ("work_style", ("plans",), "A similar way of working: I plan ahead", "ik plan vooruit"),
        (
            "other_function",
            ("care", "law"),
            "world of their own: care and welfare – law and justice",
            "zorg en welzijn – recht en justitie",
        ),
    ],
)
def test_a_reason_reads_as_a_sentence(
    key: str, evidence: tuple[str, ...], english: str, dutch: str
) -> None:
    assert told("en", key, *evidence).endswith(english)
    assert told("nl", key, *evidence).endswith(dutch)


def test_a_reason_of_a_real_pair_can_be_told() -> None:
    everything = {"location": "Zwolle", "rhythm": "weekly", "languages": tags("nl en")}
    _, found = score_pair(
        mentor(1, seniority=1, function="clerk", **everything),
        mentee(2, seniority=4, function="*nurse*", **everything),
        Rules(reverse=True, other_function=True),
    )
    lines = reasons.why(translator("en"), found, INTAKE, most=20, lexicon=skills())
    assert {plain(line).split(":")[0] for line in lines} == {
        "Each brings a world of their own",
        "The mentor has fewer years of work behind them",
        "Both would like to meet",
        "Languages that both speak",
        "Both work in",
    }
    assert "*nurse* – clerk" in {plain(line).split(": ")[1] for line in lines}


def test_both_partners_and_the_coordinator_read_what_was_not_looked_at() -> None:
    for language, gender, age in (("en", "gender", "age"), ("nl", "geslacht", "leeftijd")):
        t = translator(language)
        cards = (
            announcing.to_mentee(t, introduction("Noor"), INTAKE, ()),
            announcing.to_mentor(t, introduction("Noor"), INTAKE, ()),
            review.pair(t, pair_view("Noor"), INTAKE),
        )
        for card in cards:
            [note] = [line for line in notes(card) if gender in line]
            assert age in note


def test_where_no_reason_is_told_nobody_reads_what_was_not_looked_at() -> None:
    t = translator("en")
    silent = announcing.to_mentee(t, introduction("Noor", most=0), INTAKE, ())
    assert not [line for line in notes(silent) if "gender" in line]


def notes(card: Message) -> list[str]:
    return [plain(part.body) for part in card.parts if isinstance(part, Note)]


def test_a_goal_that_only_names_the_shared_skill_is_not_told_again() -> None:
    skill = Contribution("skills", 1.0, 0.3, 0.3, ("leadership",))
    echo = Contribution("goal", 1.0, 0.2, 0.2, ("leadership",))
    more = Contribution("goal", 1.0, 0.2, 0.2, ("leadership", "boats"))
    dutch = translator("nl")
    assert len(reasons.why(dutch, [skill, echo], INTAKE, lexicon=skills())) == 1
    both = reasons.why(dutch, [skill, more], INTAKE, lexicon=skills())
    assert plain(both[1]).endswith("leidinggeven en boats")  # a skill has a Dutch name


def test_what_a_wisher_reads_of_a_candidate_is_no_calendar() -> None:
    hours = Contribution("hours", 1.0, 0.3, 0.3, ("80",))
    values = Contribution("values", 1.0, 0.1, 0.1, EVIDENCE["values"])
    [line] = reasons.about(translator("en"), [hours, values], INTAKE, lexicon=skills())
    assert plain(line).startswith("What matters to both")
