"""Words that may be a command or an answer: which of the two they are."""

from __future__ import annotations

import pytest

from bot.content import standard
from handlers import steps
from handlers.router import Audience, router
from storage.models import (
    DialogueState,
)
from tests.hands import Hands, commands
from tests.world import MENTEE

pytestmark = pytest.mark.any_database

THEIRS = [
    entry.name
    for entry in router.commands.values()
    if entry.access.audience is Audience.COORDINATORS
]


@pytest.mark.parametrize("words", ["mentor status", "mentor join", "Mentor  STAND"])
def test_a_known_command_behind_the_name_of_the_bot_is_never_an_answer(
    noor: Hands, words: str
) -> None:
    noor.types("/mentor join")
    noor.types("mentee")
    noor.types(words)
    assert noor.told() == {"role": ("mentee",)}
    assert noor.is_asked == "skills_wanted"


@pytest.mark.parametrize("words", ["join", "meedoen", "digest"])
def test_a_command_without_the_name_is_an_answer_while_a_question_is_open(
    noor: Hands, words: str
) -> None:
    noor.types("/mentor join")
    noor.types("mentee")
    noor.types(words)
    assert noor.told()["skills_wanted"] == (f"={words}",)


def test_an_answer_that_sounds_like_a_command_is_an_answer(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.types("mentee")
    noor.types("status")  # perhaps they want to learn about status reports
    assert noor.is_asked == "goal"
    assert noor.told()["skills_wanted"] == ("=status",)


@pytest.mark.parametrize("words", ["help", "Help!", "hulp", "?", "help?"])
def test_help_is_help_whatever_is_asked(noor: Hands, words: str) -> None:
    noor.types("/mentor join")
    noor.types("mentee")
    noor.types(words)
    assert noor.told() == {"role": ("mentee",)}
    assert "mentor join" in noor.sees
    assert noor.is_asked == "skills_wanted"
    noor.types("Excel")
    assert noor.told()["skills_wanted"] == ("excel",)


@pytest.mark.parametrize("words", ["/mentor status", "  /Mentor status", "/mentor nosuch"])
def test_a_command_called_by_name_is_never_an_answer(noor: Hands, words: str) -> None:
    noor.types("/mentor join")
    noor.types("mentee")
    noor.world.dispatch(noor.said(words, "as-words"))  # a platform without slash commands
    assert noor.told() == {"role": ("mentee",)}
    assert noor.is_asked == "skills_wanted"


def test_the_role_mentor_is_an_answer_and_not_the_name_of_the_bot(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.types("mentor")
    assert noor.told() == {"role": ("mentor",)}
    noor.types("mentor coaching")
    assert noor.is_asked == "offer"


def test_at_the_summary_commands_work_and_words_that_steer_still_steer(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.walks(MENTEE)
    noor.types("status")
    assert noor.dialogue().state is DialogueState.SUMMARY
    assert commands(noor.card) == [("join", "")]
    noor.types("stoppen")  # not: leave the programme
    assert noor.dialogue().state is DialogueState.STOPPED


@pytest.mark.parametrize("locale", ["en", "nl"])
def test_every_answer_can_be_named_at_the_summary_and_is_no_command(locale: str) -> None:
    for question in (*standard().intake, *standard().programme):
        label = question.label[locale]
        assert router.named(label.split()[0]) is None, label
        assert not steps.is_ours(label)
