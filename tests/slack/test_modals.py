"""Forms in a window: sent back wrong and right, twice, or by somebody else."""

from __future__ import annotations

import pytest
from sqlmodel import select

from storage.models import Programme
from tests.slack.fake_slack import Outcome
from tests.slack.office import TEAM, Office, account
from tests.slack.rules import check_view, shown
from tests.slack.test_adapter import tell
from tests.slack.windows import (
    BRAM,
    CHAT,
    GOAL,
    SAVE,
    USER,
    block_of,
    filled,
    kept,
    runs,
    settings,
    told,
    window,
)
from tests.world import World

pytestmark = pytest.mark.any_database

NINA = account("U03NINA", "Nina Bos")


# --- from a card ---


def test_a_form_that_a_card_leads_to_opens_in_a_window_with_what_is_known(world: World) -> None:
    async def story(here: Office) -> None:
        view, url = await window(here, world)
        check_view(view)
        assert view["submit"]["text"] == SAVE
        assert "present my plans" in str(filled(view["blocks"])[block_of(view["blocks"], "goal")])
        assert url not in here.fake.responses  # the card waits as it is

    tell(world, story, BRAM)


def test_what_is_wrong_stands_under_its_own_field_and_nothing_is_stored(world: World) -> None:
    async def story(here: Office) -> None:
        view, url = await window(here, world)
        before = kept(world)
        blocks = view["blocks"]
        wrong = filled(blocks, goal="", languages=(), rhythm="monthly")
        reply = await here.submits(USER, view, wrong)
        assert reply.json["response_action"] == "errors"
        assert set(reply.json["errors"]) == {
            block_of(blocks, "goal"),
            block_of(blocks, "languages"),
        }
        assert kept(world) == before
        right = filled(blocks, goal=GOAL, rhythm="monthly")  # in the same window, once more
        assert (await here.submits(USER, view, right)).json == {}
        assert told(world)["goal"] == [GOAL]
        assert await here.until(lambda: here.fake.responses.get(url))

    tell(world, story, BRAM)


def test_right_answers_are_kept_the_window_closes_and_the_card_shows_them(world: World) -> None:
    async def story(here: Office) -> None:
        view, url = await window(here, world)
        sent = filled(view["blocks"], goal=GOAL, rhythm="monthly")
        reply = await here.submits(USER, view, sent)
        assert (reply.status, reply.json) == (200, {})
        assert (told(world)["goal"], told(world)["rhythm"]) == ([GOAL], ["monthly"])
        [put] = await here.until(lambda: here.fake.responses.get(url))
        assert put["replace_original"]
        assert GOAL in shown(put["blocks"])
        assert here.fake.changed == []
        assert here.in_chat(USER) == []

    tell(world, story, BRAM)


def test_a_card_whose_address_is_over_is_changed_all_the_same(world: World) -> None:
    async def story(here: Office) -> None:
        view, _ = await window(here, world)
        here.fake.response_status = 404
        await here.submits(USER, view, filled(view["blocks"], goal=GOAL))
        [put] = await here.until(lambda: here.fake.changed)
        assert (put["channel"], put["ts"]) == (CHAT, "1795316140.000007")
        assert GOAL in str(put["blocks"])
        assert here.in_chat(USER) == []

    tell(world, story, BRAM)


def test_when_the_card_is_gone_the_answer_is_a_message(world: World) -> None:
    async def story(here: Office) -> None:
        view, _ = await window(here, world)
        here.fake.response_status = 404
        here.fake.always("chat.update", Outcome("message_not_found"))
        await here.submits(USER, view, filled(view["blocks"], goal=GOAL))
        assert await here.until(lambda: here.in_chat(USER))
        [said] = here.fake.called("chat.postMessage", TEAM)
        assert (said["channel"], GOAL in str(said["blocks"])) == (USER, True)

    tell(world, story, BRAM)


def test_another_role_brings_its_questions_into_the_same_window(world: World) -> None:
    async def story(here: Office) -> None:
        view, url = await window(here, world)
        reply = await here.submits(USER, view, filled(view["blocks"], role="mentor"))
        assert reply.json["response_action"] == "update"
        view = reply.json["view"]
        check_view(view)
        assert told(world)["role"] == ["mentee"]
        wrong = await here.submits(USER, view, filled(view["blocks"]))
        assert block_of(view["blocks"], "offer") in wrong.json["errors"]
        more = {"offer": "I led a team.", "skills_offered": "coaching", "capacity": "2"}
        reply = await here.submits(USER, view, filled(view["blocks"], **more))
        assert reply.json == {}
        assert told(world)["role"] == ["mentor"]
        [put] = await here.until(lambda: here.fake.responses.get(url))
        assert "I led a team." in shown(put["blocks"])

    tell(world, story, BRAM)


def test_the_same_form_sent_twice_changes_nothing_more(world: World) -> None:
    async def story(here: Office) -> None:
        view, url = await window(here, world)
        sent = filled(view["blocks"], goal=GOAL)
        assert (await here.submits(USER, view, sent, trigger_id="t-same")).json == {}
        after = kept(world)
        assert (await here.submits(USER, view, sent, trigger_id="t-same")).json == {}
        assert kept(world) == after
        puts = await here.until(lambda: (found := here.fake.responses[url])[1:] and found)
        assert GOAL in shown(puts[1]["blocks"])

    tell(world, story, BRAM)


def test_nobody_sends_the_form_of_somebody_else(world: World) -> None:
    async def story(here: Office) -> None:
        view, _ = await window(here, world)
        answers, deeds = kept(world)
        await here.submits("U03NINA", view, filled(view["blocks"], goal="Stolen."))
        assert kept(world) == (answers, [*deeds, "refused SaveProfile"])

    tell(world, story, BRAM, NINA)


# --- by a command ---


def test_a_command_that_needs_a_form_opens_a_window_and_the_outcome_stands_in_it(
    world: World,
) -> None:
    async def story(here: Office) -> None:
        view = await settings(here, world)
        sent = filled(view["blocks"], name="Grow on", rhythm="monthly")
        reply = await here.submits(USER, view, sent)
        assert reply.json["response_action"] == "update"
        check_view(reply.json["view"])
        assert "Grow on" in shown(reply.json["view"]["blocks"])
        [row] = world.rows(select(Programme))
        assert (row.name, row.rhythm) == ("Grow on", "monthly")
        assert here.fake.responses == {}
        assert here.in_chat(USER) == []

    tell(world, story, BRAM)


def test_settings_that_cannot_be_are_told_under_their_fields_and_change_nothing(
    world: World,
) -> None:
    async def story(here: Office) -> None:
        view = await settings(here, world)
        before = kept(world)
        for name, value in (("name", ""), ("ends_on", "2026-01-01")):
            wrong = filled(view["blocks"], **{name: value, "rhythm": "monthly"})
            reply = await here.submits(USER, view, wrong)
            assert reply.json["response_action"] == "errors"
            assert set(reply.json["errors"]) == {block_of(view["blocks"], name)}
        assert kept(world) == before

    tell(world, story, BRAM)


def test_settings_sent_twice_are_changed_and_written_down_once(world: World) -> None:
    async def story(here: Office) -> None:
        view = await settings(here, world)
        sent = filled(view["blocks"], name="Grow on")
        await here.submits(USER, view, sent, trigger_id="t-same")
        after = kept(world)
        reply = await here.submits(USER, view, sent, trigger_id="t-same")
        assert reply.json["response_action"] == "update"
        assert kept(world) == after

    tell(world, story, BRAM)


def test_a_command_in_a_channel_opens_no_window_there(world: World) -> None:
    async def story(here: Office) -> None:
        runs(world, "Bram Jansen")
        reply = await here.command(USER, "settings", channel="C01GEN")
        assert reply.json["response_type"] == "ephemeral"
        assert await here.until(lambda: here.in_chat(USER))
        assert here.fake.modals == []

    tell(world, story, BRAM)
