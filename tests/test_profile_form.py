"""Several answers changed at once: to the same effect as one after the other, or not at all."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlmodel import select

from bot.cards.forms import SaveProfile
from bot.cards.questions import Change, EditProfile
from bot.content import standard
from bot.core import questions as flow
from bot.core.markup import escape, plain
from bot.core.messages import Ask, Message, Note
from bot.core.questions import Values
from bot.platforms.local.screen import draw
from bot.platforms.slack import blocks
from storage.models import Answer, DialogueState, Participant
from tests.hands import Hands, meanings
from tests.slack.rules import check_view
from tests.world import MENTEE, MENTOR, World

pytestmark = pytest.mark.any_database

HOSTILE = ("x" * 10_000, "🎉", "=1+1", "<!channel> <@U1>", "مرحبا", "**b** _i_ `c`")


@pytest.fixture
def grow(world: World) -> World:
    world.programme()
    return world


def told(world: World) -> list[tuple[str, list[str]]]:
    return sorted((row.question, row.values) for row in world.rows(select(Answer)))


def opened(person: Hands) -> Message:
    person.types("/mentor profile")
    person.presses(EditProfile)
    assert person.card is not None
    assert person.card.form
    return person.card


def saves(person: Hands, **changes: str | Values) -> None:
    opened(person)
    person.presses(SaveProfile, **changes)


def is_the_form(person: Hands) -> bool:
    return any(isinstance(action, SaveProfile) for action in person.offers)


def test_the_form_holds_every_question_with_what_was_told(grow: World) -> None:
    Hands(grow, "Bram")
    noor = Hands(grow, "Noor", "nl")
    noor.joins({**MENTEE, "languages": ("nl", "en")})
    asks = {ask.name: ask for ask in opened(noor).all(Ask)}
    applicable = flow.applicable(standard().intake, {"role": ("mentee",)})
    assert set(asks) == {question.key for question in applicable} - {"consent"}
    assert asks["goal"].value == MENTEE["goal"]
    assert asks["skills_wanted"].value == ("presenting",)  # as she typed it
    assert set(asks["languages"].value) == {"nl", "en"}
    assert asks["motivation"].label.endswith("(mag je overslaan)")


def test_who_reads_an_answer_is_said_once_above_the_fields(grow: World) -> None:
    noor = Hands(grow, "Noor")
    noor.joins(MENTEE | {"languages": ("nl", "en")})
    parts = opened(noor).parts
    notes = [part.body for part in parts if isinstance(part, Note)]
    assert len(notes) == len(set(notes)) == 3
    names = [part.name for part in parts if isinstance(part, Ask)]
    assert parts[[*parts].index(noor.inputs["avoid"]) - 1] == Note(notes[-1])
    assert "Nobody will see this" in notes[-1]
    assert names[-1] == "avoid"


CHANGES: dict[str, Values] = {
    "goal": ("To chair a meeting.",),
    "languages": ("nl", "en", "de"),
    "rhythm": ("monthly",),
    "skills_wanted": ("negotiating, Excel",),
    "interests": ("music", "travel"),
    "avoid": ("Bram",),
    "function": ("=1+1 <!channel>",),
}


def one_by_one(person: Hands, changes: Mapping[str, Values]) -> None:
    person.types("/mentor profile")
    for key, values in changes.items():
        if any(raw == key for raw, _ in person.inputs["which"].options):
            person.presses(Change, which=key)
            person.walks({key: values})
    more = {key: values for key, values in changes.items() if key not in person.told()}
    person.types("/mentor profile")
    person.clicks("Tell more (optional)")
    while person.is_asked:
        if person.is_asked in more:
            if any(type(action).__name__ == "Choose" for action in person.offers):
                person.chooses(more[person.is_asked][0])
            else:
                person.fills(**{person.is_asked: more[person.is_asked]})
        else:
            person.types("skip")


def test_the_form_and_the_conversation_leave_the_same_behind(grow: World) -> None:
    Hands(grow, "Bram")
    noor, eva = Hands(grow, "Noor"), Hands(grow, "Eva")
    for person in (noor, eva):
        person.joins(MENTEE | {"languages": ("nl", "en")})
    one_by_one(noor, CHANGES)
    saves(eva, **CHANGES)
    spoken = {key: values for key, values in noor.told().items() if values}
    assert eva.told() == spoken  # skipped questions have no answer in either
    assert eva.told()["avoid"] == (str(grow.people["Bram"].row.id),)  # type: ignore[attr-defined]
    assert dict(part(eva)) == dict(part(noor))
    assert eva.dialogue().state is noor.dialogue().state is DialogueState.SUMMARY


def part(person: Hands) -> Mapping[str, object]:
    row = person.takes_part()
    assert row is not None
    return {k: getattr(row, k) for k in ("mentor", "mentee", "capacity", "rhythm", "state")}


def test_what_was_changed_is_named_and_counts_at_once(grow: World) -> None:
    noor = Hands(grow, "Noor")
    noor.joins(MENTEE | {"languages": ("nl", "en")})
    saves(noor, rhythm="monthly", goal="To lead.")
    assert "Changed: Goal and How often." in noor.sees
    assert "Goal: To lead." in noor.sees
    taken = noor.takes_part()
    assert taken is not None
    assert taken.rhythm == "monthly"


def test_saving_what_was_there_changes_nothing(grow: World) -> None:
    noor = Hands(grow, "Noor", "nl")
    noor.joins(MENTEE | {"languages": ("nl", "en")})
    before = told(grow)
    saves(noor)
    assert "Er is niets veranderd." in noor.sees
    assert told(grow) == before


def test_what_is_wrong_stands_beside_each_field_and_nothing_is_stored(grow: World) -> None:
    noor = Hands(grow, "Noor")
    noor.joins(MENTEE | {"languages": ("nl", "en")})
    before = told(grow)
    long = "x" * 10_000
    saves(noor, goal=long, avoid="Nobody Here", languages=(), motivation="To learn.")
    assert is_the_form(noor)
    wrong = {name for name, ask in noor.inputs.items() if ask.error}
    assert wrong == {"goal", "avoid", "languages"}
    assert noor.inputs["goal"].value == (long,)
    assert noor.inputs["avoid"].value == ("Nobody Here",)
    assert noor.inputs["motivation"].value == ("To learn.",)
    assert "Nothing has been saved yet" in noor.sees
    assert told(grow) == before
    noor.presses(SaveProfile, goal="To lead.", avoid="", languages=("nl",))
    assert noor.told()["motivation"] == ("To learn.",)
    assert noor.told()["languages"] == ("nl",)


@pytest.mark.parametrize("words", HOSTILE)
def test_peoples_words_stay_as_they_wrote_them(grow: World, words: str) -> None:
    noor = Hands(grow, "Noor")
    noor.joins(MENTEE | {"languages": ("nl", "en")})
    saves(noor, goal=words, limits=words)
    if len(words) > 500:
        assert is_the_form(noor)
        assert noor.inputs["goal"].value == (words,)
    else:
        assert noor.told()["goal"] == noor.told()["limits"] == (words,)
        assert words in noor.sees
    assert noor.card is not None
    check_view(blocks.view(noor.card, nonce="n", title=noor.card.summary))


def test_an_optional_answer_can_be_taken_back_and_a_required_one_not(grow: World) -> None:
    noor = Hands(grow, "Noor")
    noor.joins(MENTEE | {"languages": ("nl", "en")})
    saves(noor, motivation="To learn.")
    saves(noor, motivation="  ", goal="🎉")
    assert noor.told()["motivation"] == ()
    saves(noor, goal=" \u200b ")
    assert noor.inputs["goal"].error
    assert noor.told()["goal"] == ("🎉",)


def test_another_role_brings_the_questions_that_go_with_it(grow: World) -> None:
    noor = Hands(grow, "Noor")
    noor.joins(MENTEE | {"languages": ("nl", "en")})
    saves(noor, role="mentor", rhythm="weekly")
    assert is_the_form(noor)
    assert "a few more questions" in noor.sees
    assert {"skills_offered", "offer", "capacity"} <= set(noor.inputs)
    assert not {"skills_wanted", "goal"} & set(noor.inputs)
    assert noor.inputs["rhythm"].value == ("weekly",)
    assert noor.told()["role"] == ("mentee",)
    noor.presses(SaveProfile)
    assert noor.inputs["offer"].error
    noor.presses(SaveProfile, offer="I led a team.", skills_offered="coaching", capacity="2")
    assert not is_the_form(noor)
    taken = noor.takes_part()
    assert taken is not None
    assert (taken.mentor, taken.mentee, taken.capacity) == (True, False, 2)
    assert "goal" not in noor.told()  # as when the role is changed in conversation


def test_an_answer_that_becomes_required_is_asked_beside_its_field(grow: World) -> None:
    bram = Hands(grow, "Bram")
    both = MENTOR | MENTEE | {"role": ("both",), "languages": ("nl", "en")}
    bram.joins(both)
    saves(bram, role="mentor")
    assert {name for name, ask in bram.inputs.items() if ask.error} == {"offer", "capacity"}


# --- who, and when ---


def test_an_older_form_changes_nothing_and_shows_how_things_stand(grow: World) -> None:
    noor = Hands(grow, "Noor")
    noor.joins(MENTEE | {"languages": ("nl", "en")})
    opened(noor)
    [old] = [action for action in noor.offers if isinstance(action, SaveProfile)]
    noor.presses(SaveProfile, goal="First.")
    answer = noor.forges(old, goal=("Second.",))
    assert answer is not None
    assert "Goal: First." in draw(answer)
    assert noor.told()["goal"] == ("First.",)
    again = noor.again()  # the platform sends the same click once more
    assert again is not None
    assert "Goal: First." in draw(again)


def test_nobody_saves_the_profile_of_somebody_else(grow: World) -> None:
    noor, eva = Hands(grow, "Noor"), Hands(grow, "Eva")
    noor.joins(MENTEE | {"languages": ("nl", "en")})
    opened(noor)
    [save] = [action for action in noor.offers if isinstance(action, SaveProfile)]
    answer = eva.forges(save, goal=("Stolen.",))
    assert answer is not None
    assert "out of date" in draw(answer) or "no longer" in draw(answer)
    assert noor.told()["goal"] == MENTEE["goal"]


def test_who_has_not_joined_yet_is_not_offered_the_form(grow: World) -> None:
    noor = Hands(grow, "Noor")
    noor.types("/mentor join")
    noor.walks(MENTEE | {"languages": ("nl", "en")})
    assert not any(isinstance(action, EditProfile) for action in noor.offers)
    dialogue = noor.dialogue()
    noor.forges(SaveProfile(dialogue.id, dialogue.step), goal=("Early.",))
    assert noor.told()["goal"] == MENTEE["goal"]
    assert grow.rows(select(Participant)) == []


def test_a_form_sent_without_its_fields_changes_nothing(grow: World) -> None:
    noor = Hands(grow, "Noor")
    noor.joins(MENTEE | {"languages": ("nl", "en")})
    before = noor.told()
    dialogue = noor.dialogue()
    noor.forges(SaveProfile(dialogue.id, dialogue.step))
    assert noor.told() == before


@pytest.mark.parametrize("role", ["mentor", "mentee", "both"])
@pytest.mark.parametrize("locale", ["en", "nl"])
def test_the_whole_form_fits_in_a_window_on_slack(grow: World, role: str, locale: str) -> None:
    noor = Hands(grow, "Noor", locale)
    noor.joins(MENTOR | MENTEE | {"role": (role,), "languages": ("nl", "en")})
    card = opened(noor)
    view = blocks.view(card, nonce="n", title=card.summary)
    check_view(view)
    labels = str(view)
    for ask in card.all(Ask):
        assert plain(ask.label).split()[0] in labels
        assert ask.name in labels
    assert escape("Grow") == card.summary
    assert SaveProfile in {type(action) for action in meanings(card)}
