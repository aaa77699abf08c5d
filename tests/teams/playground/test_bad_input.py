"""What nobody should send the bot in Teams, and somebody will."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.cards.questions import Choose, Reply
from storage import schema
from storage.models import Delivery, DeliveryState
from tests.teams.playground.bots import NOOR, PROGRAMME, THOMAS, Bot, at_work
from tests.teams.playground.people import Colleague, asked

POISON = {
    "10,000 characters": "x" * 10_000,
    "emoji": "🎉👩‍👩‍👧‍👦🇳🇱",
    "right to left": "مرحبا \u202eabc",
    "mentions": "<at>everyone</at> <!channel> @Koppel",
    "a formula": "=1+1",
    "a link": "[click](https://evil.example) ![x](https://evil.example/x.png)",
    "HTML": "<b>bold</b> <script>alert(1)</script> &amp;",
}
poison = pytest.mark.parametrize("words", POISON.values(), ids=POISON)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """A programme that is open to everybody."""
    folder: Path = tmp_path_factory.mktemp("bad-input")
    url = f"sqlite:///{(folder / 'koppel.sqlite').as_posix()}"
    schema.upgrade(url)
    with at_work(url, THOMAS, NOOR) as bot:
        for name in ("Thomas", "Noor"):
            bot[name].installs()
        bot.makes(bot["Thomas"], PROGRAMME)
        yield bot


@pytest.fixture
def noor(bot: Bot) -> Colleague:
    """Noor, who is asked what she wants to learn, and then why."""
    noor = bot["Noor"]
    noor.types("join")
    if bot.is_asked(noor) == "role":
        noor.clicks(Choose(bot.dialogue(noor).id, bot.dialogue(noor).step, "mentee"))
    if bot.is_asked(noor) == "skills_wanted":
        noor.clicks("Next", skills_wanted="presenting")
    while bot.is_asked(noor) != "goal":
        noor.clicks("Back")
    return noor


@poison
def test_any_words_get_a_kind_answer(bot: Bot, noor: Colleague, words: str) -> None:
    noor.types(words)
    said = noor.card.reads
    assert "went wrong" not in said
    assert ("500" in said) is (len(words) > 500)
    assert not [d for d in bot.rows(select(Delivery)) if d.state is DeliveryState.FAILED]


@poison
def test_any_words_in_an_input_are_kept_as_they_are(bot: Bot, noor: Colleague, words: str) -> None:
    noor.clicks("Next", goal=words)
    if len(words) > 500:
        assert bot.is_asked(noor) == "goal"
        assert "500" in noor.card.reads
        return
    assert bot.answers(noor)["goal"] == (words,)
    noor.clicks("Back")
    assert asked(noor.card.card)["goal"]["value"] == words.replace("\u202e", "")


def test_an_error_stands_beside_the_field_and_what_was_typed_is_kept(noor: Colleague) -> None:
    long = "I want to lead. " * 40
    noor.clicks("Next", goal=long)
    body = noor.card.card["body"]
    [place] = [n for n, found in enumerate(body) if str(found.get("id")).endswith(":goal")]
    assert body[place]["value"] == long
    assert any("500" in str(found) for found in body[place + 1 : place + 3])


def test_a_click_that_arrives_again_is_answered_with_how_things_stand(
    bot: Bot, noor: Colleague
) -> None:
    seen, button = noor.finds(Reply)
    noor.clicks_on(seen, button, goal="To lead")
    step = bot.dialogue(noor).step
    answer = noor.clicks_on(seen, button, goal="To follow")
    assert bot.dialogue(noor).step == step
    assert bot.answers(noor)["goal"] == ("To lead",)
    assert answer["value"]["body"]


def test_an_older_client_fills_in_the_same_form(bot: Bot, noor: Colleague) -> None:
    seen, _ = noor.finds(Reply)
    noor.submits(Reply, goal="To lead")
    assert bot.answers(noor)["goal"] == ("To lead",)
    assert noor.card.id == seen.id  # the answer took the place of the form
    assert bot.is_asked(noor) == "languages"


def test_the_home_card_and_help_are_there_for_the_asking(bot: Bot) -> None:
    bot["Noor"].types("home")
    bot["Noor"].sees("Hello Noor!")
    bot["Noor"].types("help")
    assert "mentor join" in bot["Noor"].card.reads
