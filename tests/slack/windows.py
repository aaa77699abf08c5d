"""Cards and windows as people in Slack use them: found by label, filled in by the question's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from bot.platforms.slack.inputs import unsafe
from storage import programmes, roles
from storage.models import Answer, AuditEntry, Person, Programme, Workspace
from tests.hands import MENTEE
from tests.slack.fake_slack import Json
from tests.slack.office import TEAM, Office, account
from tests.slack.rules import options_of, state, walk
from tests.world import World

BRAM = account("U02BRAM", "Bram Jansen")
USER, CHAT = "U02BRAM", "DU02BRAM"
SAVE, SEVERAL = "Save", "Change several at once"
GOAL = "To chair a meeting."


def wire(blocks: list[Json], label: str) -> str:
    """What a button means."""
    [found] = [
        str(each["value"])
        for each in walk(blocks)
        if each.get("type") == "button" and each["text"]["text"] == label
    ]
    return found


def block_of(blocks: list[Json], name: str) -> str:
    """The id of the block that asks this."""
    [found] = [
        str(block["block_id"])
        for block in blocks
        if block["type"] == "input" and name_of(block["element"]) == name
    ]
    return found


def name_of(element: Json) -> str:
    return unsafe(element["action_id"].split(":", 2)[2])


def filled(blocks: list[Json], **answers: str | Sequence[str]) -> Json:
    """Every input as it stands, these excepted."""
    asked = {name_of(block["element"]) for block in blocks if block["type"] == "input"}
    assert set(answers) <= asked

    def choose(element: Json) -> Json | None:
        return _given(element, answers[name]) if (name := name_of(element)) in answers else None

    found: Json = state(blocks, choose)["values"]
    return found


def _given(element: Json, answer: str | Sequence[str]) -> Json:
    match element["type"]:
        case "plain_text_input":
            return {"value": answer or None}
        case "datepicker":
            return {"selected_date": answer or None}
        case "checkboxes" | "multi_static_select":
            return {"selected_options": [o for o in options_of(element) if o["value"] in answer]}
        case _:
            [option] = [o for o in options_of(element) if o["value"] == answer]
            return {"selected_option": option}


# --- the middle of a story ---


def programme(world: World, **about: Any) -> int:
    """A programme of whoever works in the Slack of this story, open to everyone there."""
    [workspace] = world.rows(select(Workspace).where(Workspace.platform == "slack"))
    return world.programme(
        organisation_id=workspace.organisation_id, channel_workspace_id=workspace.id, **about
    )


def takes_part(world: World, name: str) -> None:
    """Somebody joined a programme of their own."""
    world.joins(name, MENTEE, programme(world))


def runs(world: World, name: str) -> None:
    """Somebody coordinates a programme."""
    made = programme(world, goal="leadership", floor=0.3)
    with world.database.transaction() as session:
        person = session.exec(select(Person).where(Person.name == name)).one()
        row = session.get_one(Programme, made)
        programmes.aim_at(session, row, {"joined": 60})
        roles.appoint(session, person, row)


def told(world: World) -> dict[str, list[str]]:
    return {row.question: row.values for row in world.rows(select(Answer))}


def kept(world: World) -> tuple[list[Any], list[Any]]:
    """All that a form could have changed, and what was written down of it."""
    answers = world.rows(select(Answer).order_by(col(Answer.id)))
    made = world.rows(select(Programme))
    noted = world.rows(select(AuditEntry))
    return [row.model_dump() for row in (*answers, *made)], [row.did for row in noted]


async def profile(here: Office, world: World) -> str:
    """Bram's profile stands in his chat with the bot; what opens the form."""
    takes_part(world, "Bram Jansen")
    url = here.response_url()
    reply = await here.command(USER, "profile", channel=CHAT, response_url=url)
    card = reply.json or (await here.until(lambda: here.fake.responses.pop(url, [])))[0]
    return wire(card["blocks"], SEVERAL)


async def window(here: Office, world: World) -> tuple[Json, str]:
    """The form of Bram's profile in a window, and where the card is changed that it came from."""
    url = here.response_url()
    await here.clicks(USER, await profile(here, world), response_url=url, trigger_id="t-open")
    [view] = await here.until(lambda: here.fake.modals)
    assert here.fake.called("views.open", TEAM)[0]["trigger_id"] == "t-open"
    return view, url


async def settings(here: Office, world: World) -> Json:
    """The settings of Bram's programme in a window, by a command."""
    runs(world, "Bram Jansen")
    reply = await here.command(USER, "settings", channel=CHAT, trigger_id="t-open")
    assert (reply.status, reply.text) == (200, "")
    view: Json
    [view] = await here.until(lambda: here.fake.modals)
    assert here.fake.called("views.open", TEAM)[0]["trigger_id"] == "t-open"
    return view
