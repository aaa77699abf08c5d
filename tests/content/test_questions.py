"""What the questionnaires promise: both languages, honest readers, few required questions."""

from __future__ import annotations

import re
from datetime import date
from itertools import chain

import pytest

from bot.content import standard
from bot.core.answers import read
from bot.core.markup import spans
from bot.core.messages import Kind
from bot.core.questions import Choice, Question, Readers, Reads, applicable, required

CONTENT = standard()
BY_FILE = (
    CONTENT.intake,
    CONTENT.programme,
    CONTENT.rules,
    CONTENT.weights,
    CONTENT.pulse,
)
ALL = tuple(question for file in BY_FILE for question in file)
ROLES = ("mentor", "mentee", "both")
TODAY = date(2026, 3, 2)


def name(question: Question) -> str:
    return question.key


@pytest.mark.parametrize("question", ALL, ids=name)
def test_a_question_its_reason_and_its_choices_stand_in_both_languages(question: Question) -> None:
    wordings = [question.wording, question.why, *(choice.wording for choice in question.choices)]
    wordings += [wording for wording in (question.label, question.example) if wording]
    for wording in wordings:
        assert set(wording) == {"en", "nl"}, wording
        assert all(text == text.strip() and text for text in wording.values())


@pytest.mark.parametrize("question", ALL, ids=name)
def test_a_choice_has_choices_and_other_kinds_have_none(question: Question) -> None:
    values = [choice.value for choice in question.choices]
    assert len(set(values)) == len(values)
    assert bool(values) == (question.kind in (Kind.CHOICE, Kind.CHOICES))
    if question.kind is Kind.CHOICES:
        assert 1 <= question.max_chosen <= len(values)


@pytest.mark.parametrize("questions", BY_FILE)
def test_conditions_refer_to_an_earlier_question_and_to_its_choices(
    questions: tuple[Question, ...],
) -> None:
    for at, question in enumerate(questions):
        earlier = {one.key: one for one in questions[:at]}
        for key, values in chain(question.only_if.items(), question.required_if.items()):
            assert set(values) <= {choice.value for choice in earlier[key].choices}


@pytest.mark.parametrize("question", (*CONTENT.intake, *CONTENT.programme), ids=name)
def test_what_is_summed_up_has_a_short_label(question: Question) -> None:
    assert all(0 < len(question.label[language]) <= 60 for language in ("en", "nl"))


@pytest.mark.parametrize("questions", BY_FILE)
def test_keys_are_unique(questions: tuple[Question, ...]) -> None:
    keys = [question.key for question in questions]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("role", ROLES)
def test_at_most_seven_questions_are_required_whatever_the_role(role: str) -> None:
    asked = [question.key for question in required(CONTENT.intake, {"role": (role,)})]
    assert len(asked) <= 7
    assert {"role", "languages", "rhythm", "consent"} <= set(asked)


def test_a_mentor_is_asked_what_they_offer_and_a_mentee_what_they_seek() -> None:
    asked = {
        role: {q.key for q in required(CONTENT.intake, {"role": (role,)})} - {"role"}
        for role in ROLES
    }
    assert {"skills_offered", "offer", "capacity"} <= asked["mentor"]
    assert {"skills_wanted", "goal"} <= asked["mentee"]
    assert {"skills_offered", "skills_wanted", "goal"} <= asked["both"]
    assert not {"skills_wanted", "goal"} & asked["mentor"]
    assert not {"skills_offered", "offer", "capacity"} & asked["mentee"]


def test_a_target_is_asked_for_each_figure_that_the_coordinator_chose_and_no_other() -> None:
    targets = next(q for q in CONTENT.programme if q.key == "targets")
    for choice in targets.choices:
        answers = {"targets": (choice.value,)}
        asked = [q.key for q in required(CONTENT.programme, answers) if q.only_if]
        assert asked == [f"target_{choice.value}"]
    assert not [q for q in applicable(CONTENT.programme, {}) if q.only_if]


def test_only_the_solver_reads_whom_somebody_avoids_and_a_pulse_is_anonymous() -> None:
    solver = [q.key for q in ALL if q.readers is Readers.SOLVER]
    assert solver == ["avoid"]
    assert {q.readers for q in CONTENT.pulse} == {Readers.ANONYMOUS}
    assert {q.key for q in ALL if q.reads is Reads.PEOPLE} == {"avoid"}


def test_the_same_eight_styles_are_offered_and_wanted_in_the_same_words() -> None:
    by_key = {question.key: question for question in CONTENT.intake}
    assert by_key["styles_offered"].choices == by_key["styles_wanted"].choices
    assert len(by_key["styles_offered"].choices) == 8


@pytest.mark.parametrize("question", ALL, ids=name)
def test_labels_fit_in_a_menu_of_a_chat_window(question: Question) -> None:
    for choice in question.choices:
        assert all(len(label) <= 75 for label in choice.wording.values()), choice


@pytest.mark.parametrize("question", [q for q in ALL if q.choices], ids=name)
def test_whoever_types_a_label_or_its_first_part_means_that_choice(question: Question) -> None:
    for choice in question.choices:
        for label in choice.wording.values():
            words = {short(label)} if question.kind is Kind.CHOICES else {label, short(label)}
            for typed in words:
                assert read(question, (typed,), typed=True, today=TODAY) == (choice.value,), typed


@pytest.mark.parametrize("question", [q for q in ALL if q.kind is Kind.CHOICES], ids=name)
def test_labels_can_be_typed_in_a_list(question: Question) -> None:
    few = question.choices[: question.max_chosen]
    for language in ("en", "nl"):
        typed = ", ".join(short(choice.wording[language]) for choice in few)
        found = read(question, (typed,), typed=True, today=TODAY)
        assert found == tuple(choice.value for choice in few), typed


def short(label: str) -> str:
    """What somebody types of «Coach: lets you find your own answer»."""
    return re.split(r"[:(]", label)[0].strip()


def test_no_sentence_uses_marks_by_accident() -> None:
    for text in every_sentence():
        assert "".join(span.text for span in spans(text)) == text, text
        assert not re.search(r"\s{2}|[<>`~\[\]]|\bu\b|\buw\b", text), text


def test_the_reason_is_one_or_two_short_sentences() -> None:
    for question in ALL:
        for text in question.why.values():
            assert len(text) <= 140, text
            assert text.endswith((".", "?", "!")), text
            assert 1 <= len(re.findall(r"[.?!](?:\s|$)", text)) <= 2, text


def test_starters_are_many_in_both_languages_and_each_ends_in_a_question_or_a_task() -> None:
    assert len(CONTENT.starters) >= 24
    assert len([one for one in CONTENT.starters if not one.about]) >= 8
    for one in CONTENT.starters:
        assert set(one.wording) == {"en", "nl"}
        assert all(text.endswith(("?", ".")) for text in one.wording.values())
    for language in ("en", "nl"):
        texts = [one.wording[language] for one in CONTENT.starters]
        assert len(set(texts)) == len(texts)


def test_starters_belong_to_an_answer_that_somebody_can_give() -> None:
    answers = {f"{q.key}:{choice.value}" for q in CONTENT.intake for choice in q.choices}
    assert {one.about for one in CONTENT.starters if one.about} <= answers


@pytest.mark.parametrize("key", ["interests", "ambitions", "values"])
def test_whatever_a_pair_shares_there_is_a_starter_about_it(key: str) -> None:
    question = next(q for q in CONTENT.intake if q.key == key)
    abouts = {one.about for one in CONTENT.starters}
    assert {f"{key}:{choice.value}" for choice in question.choices} <= abouts


def every_sentence() -> list[str]:
    wordings = [one.wording for one in CONTENT.starters]
    for question in ALL:
        choices: tuple[Choice, ...] = question.choices
        wordings += [
            question.wording,
            question.why,
            question.example,
            question.label,
            *(c.wording for c in choices),
        ]
    return [text for wording in wordings for text in wording.values()]
