"""Somebody who hammers: they are told to wait, everybody else notices nothing, and nothing piles up."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from bot.core.actions import RunCommand
from storage.models import Delivery, SeenEvent
from tests.slack.office import Office
from tests.slack.test_adapter import tell
from tests.slack.test_wire import payload
from tests.world import World

pytestmark = pytest.mark.any_database
MUCH = "veel tegelijk"
AT_ONCE = 3


@pytest.fixture(autouse=True)
def three_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.PERSON", (AT_ONCE, 0.0))


def test_a_command_too_many_is_answered_kindly_and_somebody_else_is_answered(world: World) -> None:
    async def story(here: Office) -> None:
        said = [(await here.command("U01NOOR", "help")).text for _ in range(AT_ONCE + 2)]
        assert [MUCH in text for text in said] == [False] * AT_ONCE + [True] * 2
        assert MUCH not in (await here.command("U02BRAM", "help")).text

    tell(world, story)
    assert len(world.rows(select(SeenEvent))) == AT_ONCE + 1


def test_a_click_too_many_leaves_the_card_as_it_is(world: World) -> None:
    async def story(here: Office) -> None:
        for _ in range(AT_ONCE):
            await here.command("U01NOOR", "help")
        assert (await here.clicks("U01NOOR", RunCommand("help").encode())).status == 200
        assert await here.until(lambda: here.fake.responses)
        [[answer]] = here.fake.responses.values()
        assert MUCH in answer["text"]
        assert "replace_original" not in answer
        assert answer["response_type"] == "ephemeral"

    tell(world, story)


def test_words_too_many_are_sent_again_later_by_slack(world: World) -> None:
    async def story(here: Office) -> None:
        said = [(await here.types("U01NOOR", "help")).status for _ in range(AT_ONCE + 2)]
        assert said == [200] * AT_ONCE + [429] * 2
        assert (await here.event("U01NOOR", "app_home_opened")).status == 429
        assert (await here.event("U01NOOR", "app_mention")).status == 429
        assert (await here.types("U02BRAM", "help")).status == 200

    tell(world, story)
    theirs = select(Delivery).where(col(Delivery.key).startswith("answer:"))
    assert len(world.rows(theirs)) == AT_ONCE + 1


def test_a_form_too_many_stays_open_with_what_was_filled_in(world: World) -> None:
    async def story(here: Office) -> None:
        for _ in range(AT_ONCE):
            await here.command("U01NOOR", "help")
        view = payload("view_submission")["view"]
        assert (await here.submits("U01NOOR", view, {})).status == 429

    tell(world, story)


def test_one_event_that_is_sent_again_and_again_is_remembered_once(world: World) -> None:
    async def story(here: Office) -> None:
        body = payload("message_im") | {"event_id": "Ev1"}
        body["event"] |= {"user": "U01NOOR", "channel": "DU01NOOR", "text": "help"}
        for _ in range(AT_ONCE * 10):
            await here.sends(body)

    tell(world, story)
    assert len(world.rows(select(SeenEvent))) == 1
    assert len(world.rows(select(Delivery))) == 1


def test_who_does_not_sign_is_no_person_and_takes_nobodys_turn(world: World) -> None:
    async def story(here: Office) -> None:
        for _ in range(AT_ONCE * 2):
            assert (await here.command("U01NOOR", "help", secret="another")).status == 401
        assert MUCH not in (await here.command("U01NOOR", "help")).text

    tell(world, story)
