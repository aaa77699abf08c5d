"""What people do in Teams, from the activity to what they see."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import select

from bot.core.actions import RunCommand
from bot.core.messages import Message, say
from bot.dispatcher import Dispatcher
from bot.platforms.teams import adapter, answers, newcomers
from bot.platforms.teams.places import Places
from storage import outbox
from storage.models import Delivery, Identity, Person, Role, SeenEvent, Workspace
from tests.teams import said
from tests.teams.fake_connector import Outcome
from tests.teams.rules import check_card
from tests.teams.said import BOT, CHANNEL, NOOR, PRIYA, TEAM, THOMAS
from tests.teams.tenant import Tenant, buttons, person, tenant, words
from tests.world import World

pytestmark = pytest.mark.any_database


def tell(world: World, story: Callable[[Tenant], Awaitable[None]], **given: object) -> None:
    async def told() -> None:
        async with tenant(world, NOOR, THOMAS, PRIYA, **given) as here:  # type: ignore[arg-type]
            await story(here)

    asyncio.run(told())


def people(world: World) -> dict[str, Person]:
    return {person.name: person for person in world.rows(select(Person))}


def test_whoever_adds_the_bot_is_welcomed_once_and_known_by_name_language_and_zone(
    world: World,
) -> None:
    async def story(here: Tenant) -> None:
        assert (await here.installs(PRIYA)).status == 202
        assert await here.until(lambda: here.in_chat(PRIYA))
        check_card(here.last_card(PRIYA))
        await here.installs(PRIYA, "add-upgrade")
        await asyncio.sleep(0.2)
        assert len(here.in_chat(PRIYA)) == 1

    tell(world, story)
    priya = people(world)["Priya Nair"]
    assert (priya.locale, priya.time_zone, priya.country) == ("en", "Europe/London", "GB")
    assert priya.email == "priya@example.com"


def test_an_installation_that_teams_tells_twice_is_welcomed_once(world: World) -> None:
    async def story(here: Tenant) -> None:
        body = said.installed(PRIYA, service=here.fake.service)
        await here.sends(body)
        assert await here.until(lambda: here.in_chat(PRIYA))
        await here.sends(body)
        await asyncio.sleep(0.2)
        assert len(here.in_chat(PRIYA)) == 1

    tell(world, story)


def test_nobody_is_greeted_by_an_id(world: World) -> None:
    """An installation does not say what somebody is called, and Teams may not tell in time."""

    async def story(here: Tenant) -> None:
        here.fake.always("/members/", Outcome(404, "ConversationNotFound"))
        body = said.installed(PRIYA, service=here.fake.service)
        del body["from"]["name"]
        await here.sends(body)
        assert await here.until(lambda: here.in_chat(PRIYA))
        assert here.in_chat(PRIYA) == ["Hello!"]

    tell(world, story)


def test_words_are_answered_in_the_private_chat(world: World) -> None:
    async def story(here: Tenant) -> None:
        assert (await here.says(NOOR, "help")).status == 202
        assert await here.until(lambda: here.in_chat(NOOR))
        assert "Iedereen" in words(here.last_card(NOOR)) or "iedereen" in words(
            here.last_card(NOOR)
        )

    tell(world, story)


def test_a_click_is_answered_in_the_place_of_the_card(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        helping = buttons(here.last_card(NOOR))["Wat kun jij allemaal?"]
        reply = await here.clicks(NOOR, helping)
        assert reply.status == 200
        assert reply.json["statusCode"] == 200
        check_card(reply.card)
        assert len(here.in_chat(NOOR)) == 1  # nothing new below

    tell(world, story)


def test_a_click_that_teams_sends_again_gets_the_same_answer_and_counts_once(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        data = buttons(here.last_card(NOOR))["Wat kun jij allemaal?"]
        body = said.execute(NOOR, data, service=here.fake.service)
        first, second = await here.sends(body), await here.sends(body)
        assert words(first.card) == words(second.card)

    tell(world, story)
    seen = [row.id for row in world.rows(select(SeenEvent))]
    assert len(seen) == len(set(seen)) == 2


def test_a_click_of_an_older_client_changes_the_card(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        before = here.in_chat(NOOR)
        data = buttons(here.last_card(NOOR))["Wat kun jij allemaal?"]
        assert (await here.submits(NOOR, data, "1")).status == 202
        assert await here.until(lambda: here.in_chat(NOOR) != before)
        assert len(here.in_chat(NOOR)) == 1

    tell(world, story)


def test_a_card_that_cannot_be_changed_any_more_is_answered_below(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        data = buttons(here.last_card(NOOR))["Wat kun jij allemaal?"]
        here.fake.always("PUT", Outcome(404, "ActivityNotFoundInConversation"))
        await here.submits(NOOR, data, "1")
        assert await here.until(lambda: len(here.in_chat(NOOR)) == 2)

    tell(world, story)


def test_nothing_private_is_said_in_a_channel(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.mentions(NOOR, "status")
        assert await here.until(lambda: here.fake.stands(CHANNEL) or here.fake.activities)
        await here.until(lambda: here.in_chat(NOOR))
        in_channel = [
            text for place in here.fake.activities if place.startswith("19:")
            for text in here.fake.stands(place)
        ]  # fmt: skip
        assert [text for text in in_channel if "privébericht" not in text] == []
        assert len(in_channel) == 1
        assert len(here.in_chat(NOOR)) == 1

    tell(world, story)


def test_words_that_answer_openly_elsewhere_are_private_in_a_channel_of_teams(
    world: World,
) -> None:
    """In Slack a channel's answer can be for one pair of eyes; in Teams it cannot."""

    async def story(here: Tenant) -> None:
        await here.mentions(NOOR, "language")
        await here.until(lambda: here.in_chat(NOOR))
        assert "taal" in here.in_chat(NOOR)[0].casefold()

    tell(world, story)


@pytest.mark.parametrize("guard", [8.0, 0.3])
def test_a_click_in_a_channel_is_answered_in_private_however_long_it_takes(
    world: World, monkeypatch: pytest.MonkeyPatch, guard: float
) -> None:
    """What comes late is a message in the channel, for all to read."""
    told = Dispatcher.__call__

    def slow(self: Dispatcher, event: object) -> Message | None:
        time.sleep(0.6 if guard < 1 else 0)
        return told(self, event)  # type: ignore[arg-type]

    async def story(here: Tenant) -> None:
        where = {n: said.mention(NOOR, "")[n] for n in ("conversation", "channelData")}
        data = {"wire": RunCommand("language").encode()}
        reply = await here.clicks(NOOR, data, **where)
        assert await here.until(lambda: here.in_chat(NOOR))
        assert "taal" in here.in_chat(NOOR)[0].casefold()
        assert "taal" not in reply.text.casefold()
        await here.until(lambda: guard > 1 or here.fake.stands(CHANNEL), 1.0)
        assert all("privébericht" in text for text in here.fake.stands(CHANNEL))

    monkeypatch.setattr(Dispatcher, "__call__", slow)
    tell(world, story, guard=guard)


def test_a_channel_that_was_only_talked_in_is_remembered_as_a_channel(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.mentions(NOOR, "help", thread="1700000000001")
        await here.until(lambda: here.in_chat(NOOR))
        [call] = [c for c in here.fake.called("POST") if "19%3Amentoring" in c.path]
        assert "messageid%3D1700000000001" in call.path

    tell(world, story)


def test_what_takes_long_is_answered_after_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly = Dispatcher.__call__

    def slow(self: Dispatcher, event: object) -> Message | None:
        time.sleep(0.6)
        return slowly(self, event)  # type: ignore[arg-type]

    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        before = here.in_chat(NOOR)
        data = buttons(here.last_card(NOOR))["Wat kun jij allemaal?"]
        began = time.monotonic()
        reply = await here.clicks(NOOR, data, "1")
        assert time.monotonic() - began < 0.55
        assert reply.json == answers.WAIT
        assert await here.until(lambda: here.in_chat(NOOR) != before)
        assert len(here.in_chat(NOOR)) == 1

    monkeypatch.setattr(Dispatcher, "__call__", slow)
    tell(world, story, guard=0.3)


def test_what_fails_says_so_kindly(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        data = buttons(here.last_card(NOOR))["Wat kun jij allemaal?"]
        monkeypatch.setattr(Dispatcher, "__call__", lambda *_: 1 / 0)
        reply = await here.clicks(NOOR, data)
        assert "misgegaan" in words(reply.card) or "mis" in words(reply.card)
        await here.says(NOOR, "help")
        assert await here.until(lambda: len(here.in_chat(NOOR)) == 2)

    tell(world, story)


def test_a_click_is_answered_also_when_where_it_was_cannot_be_written_down(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise OSError

    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        data = buttons(here.last_card(NOOR))["Wat kun jij allemaal?"]
        monkeypatch.setattr(Places, "heard", fails)
        check_card((await here.clicks(NOOR, data)).card)

    tell(world, story)


def test_a_button_of_another_time_is_out_of_date(world: World) -> None:
    async def story(here: Tenant) -> None:
        for wire in ('["NoSuchAction",{}]', "rubbish", ""):
            check_card((await here.clicks(NOOR, {"wire": wire})).card)

    tell(world, story)


def test_whoever_takes_the_bot_out_is_not_written_to_until_they_come_back(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        await here.installs(NOOR, "remove")
        _promise(world, "Een")
        await here.app.post()
        assert len(here.in_chat(NOOR)) == 1
        await here.says(NOOR, "help")
        assert await here.until(lambda: len(here.in_chat(NOOR)) == 2)

    tell(world, story)
    states = [row.state.value for row in world.rows(select(Delivery)) if row.key == "test:Een"]
    assert states == ["unreachable"]


def _promise(world: World, text: str) -> None:
    with world.database.transaction() as session:
        noor = session.exec(select(Person).where(Person.name == NOOR.name)).one()
        outbox.promise(session, noor, say(text), key=f"test:{text}", now=world.now)


def test_a_team_that_adds_the_bot_has_colleagues_to_name(world: World) -> None:
    guest = said.Someone("gast", "Gijs Gast", 9)

    async def story(here: Tenant) -> None:
        here.fake.pages[TEAM] = [
            [person(NOOR), person(THOMAS)],
            [person(guest, userRole="guest"), {"id": "28:x"}],
        ]
        await here.sends(said.in_team(NOOR, service=here.fake.service))
        added = said.update(
            NOOR, "teamMemberAdded", service=here.fake.service, membersAdded=[dict(BOT)]
        )
        await here.sends(added)
        assert await here.until(lambda: {"Thomas Bakker", "Gijs Gast"} <= set(people(world)))

    tell(world, story)
    assert people(world)["Gijs Gast"].kind.value == "guest"
    assert people(world)["Thomas Bakker"].kind.value == "employee"


def test_a_colleague_of_a_team_is_the_same_person_when_they_speak(world: World) -> None:
    """A list of members calls `objectId` what an activity calls `aadObjectId`."""

    async def story(here: Tenant) -> None:
        listed = person(THOMAS)
        listed["objectId"] = listed.pop("aadObjectId")
        here.fake.pages[TEAM] = [[listed]]
        added = said.update(
            NOOR, "teamMemberAdded", service=here.fake.service, membersAdded=[dict(BOT)]
        )
        await here.sends(added)
        assert await here.until(lambda: "Thomas Bakker" in people(world))
        await here.says(THOMAS, "help")
        assert await here.until(lambda: here.in_chat(THOMAS))

    tell(world, story)
    known = [row.user for row in world.rows(select(Identity))]
    assert sorted(known) == sorted((NOOR.user, THOMAS.user))


def test_whom_the_settings_name_becomes_administrator_when_they_come(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.says(NOOR, "help")
        await here.says(PRIYA, "help")
        await here.until(lambda: here.in_chat(PRIYA))

    tell(world, story, admin="priya@example.com")
    [role] = world.rows(select(Role))
    assert role.person_id == people(world)["Priya Nair"].id


def test_somebody_whom_teams_does_not_tell_of_is_answered_all_the_same(world: World) -> None:
    async def story(here: Tenant) -> None:
        here.fake.always("/members/", Outcome(502))
        await here.says(NOOR, "help")
        assert await here.until(lambda: here.in_chat(NOOR), 10)

    tell(world, story)
    assert "Noor de Vries" in people(world)


def test_a_guest_stays_one_when_teams_does_not_tell(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newcomers, "FRESH", 0.0)  # a day later

    async def story(here: Tenant) -> None:
        here.fake.people[NOOR.member] = person(NOOR, userRole="guest")
        await here.says(NOOR, "help")
        assert await here.until(lambda: here.in_chat(NOOR))
        assert people(world)[NOOR.name].kind.value == "guest"
        here.fake.always("/members/", Outcome(404, "ConversationNotFound"))
        await here.says(NOOR, "help")
        assert await here.until(lambda: len(here.in_chat(NOOR)) == 2)

    tell(world, story)
    assert people(world)[NOOR.name].kind.value == "guest"


@pytest.mark.parametrize(
    "more",
    [
        {"channelId": "webchat"},
        {"conversation": {}},
        {"from": {"id": "28:robot", "name": "Robot"}},
        {"type": "messageReaction"},
        {"type": "typing"},
        {"channelData": {}, "conversation": {"id": "a:noor"}},
    ],
)
def test_what_is_not_for_us_is_heard_and_left_alone(world: World, more: said.Json) -> None:
    async def story(here: Tenant) -> None:
        assert (await here.says(NOOR, "help", **more)).status == 202
        await asyncio.sleep(0.1)
        assert not here.fake.called("POST")

    tell(world, story)
    assert world.rows(select(Identity)) == []


def test_the_bot_stops_in_time_also_while_teams_tells_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "GUARD", 0.3)

    async def story(here: Tenant) -> None:
        here.fake.always("/members/", Outcome(hang=True))
        await here.installs(NOOR)

    began = time.monotonic()
    tell(world, story)
    assert time.monotonic() - began < 8


def test_many_people_at_once_are_each_answered_in_their_own_chat(world: World) -> None:
    async def story(here: Tenant) -> None:
        crowd = (NOOR, THOMAS, PRIYA)
        await asyncio.gather(*(here.says(who, "help") for who in crowd for _ in range(2)))
        for who in crowd:
            assert await here.until(lambda who=who: len(here.in_chat(who)) == 2)  # type: ignore[misc]

    tell(world, story)
    assert [w.platform for w in world.rows(select(Workspace))].count("teams") == 1
