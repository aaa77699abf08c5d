"""What nobody should send the bot in Slack, and somebody will."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from itertools import count
from urllib.parse import urlencode

import pytest
from sqlmodel import select

from bot.cards.questions import Choose
from storage.events import noted
from storage.models import Delivery, DeliveryState, Identity, Person, SeenEvent
from tests import hands
from tests.backstage import until
from tests.slack.emulator.backstage import Json
from tests.slack.emulator.between import Delivery as Delivered
from tests.slack.emulator.between import signed
from tests.slack.emulator.bots import Bot
from tests.slack.emulator.config import CHANNEL, TEAM
from tests.slack.emulator.like_slack import envelope
from tests.slack.emulator.people import Colleague, read
from tests.slack.rules import walk

NUMBERS = count()
NEVER = ("<!channel>", "<!here>", "<@U")


@pytest.fixture(scope="module", autouse=True)
def grow(bot: Bot) -> None:
    """A programme that is open to everybody."""
    thomas = bot["Thomas"]
    thomas.types("/mentor programme create")
    bot.walks(thomas, hands.FORM | {"starts_on": ("2026-03-02",), "ends_on": ("2026-09-01",)})
    thomas.sees("is open for enrolment")


@pytest.fixture
def noor(bot: Bot) -> Colleague:
    """Somebody new, who is asked in Dutch what she wants to learn."""
    noor = bot[f"Noor{next(NUMBERS)}"]
    noor.types("/mentor join")
    noor.clicks(Choose(bot.dialogue(noor).id, bot.dialogue(noor).step, "mentee"))
    assert bot.is_asked(noor) == "skills_wanted"
    return noor


def heard(bot: Bot) -> int:
    return len(bot.rows(select(SeenEvent)))


def said(user: str, text: str, id: str) -> str:
    """Words in a private chat, as Slack sends them."""
    words: Json = {"type": "message", "user": user, "text": text, "ts": f"{time.time():.6f}"}
    where = {"channel": f"D{user}", "channel_type": "im", "event_ts": words["ts"]}
    return json.dumps(envelope(TEAM, "A01KOPPEL", id, words | where))


def _posts(bot: Bot, body: str, headers: dict[str, str]) -> Delivered:
    """Exactly this request reaches the bot."""
    return bot.slack.loop(lambda: bot.slack.between.post(body, headers))


@pytest.mark.parametrize(
    "headers",
    [
        lambda body: signed(body, secret="somebody else's"),
        lambda body: signed(body, at=time.time() - 301),
        lambda body: signed(body + " "),
        lambda _: {},
    ],
    ids=["another secret", "five minutes old", "another body", "no signature"],
)
def test_what_slack_did_not_sign_just_now_is_not_heard(bot: Bot, headers: object) -> None:
    assert callable(headers)
    body, before = said("U01NOOR", "join", "EvFORGED"), heard(bot)
    kind = {"Content-Type": "application/json"}
    done = _posts(bot, body, {**kind, **headers(body)})
    bot.slack.between.deliveries.remove(done)
    assert (done.status, heard(bot)) == (401, before)


def test_what_slack_sends_twice_is_answered_once(bot: Bot, noor: Colleague) -> None:
    body = said(noor.id, "presenting", "EvTWICE")
    step = bot.dialogue(noor).step
    for again in ({}, {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}):
        headers = {"Content-Type": "application/json", **signed(body), **again}
        _posts(bot, body, headers)
    noor.sees("presenteren")
    assert bot.dialogue(noor).step == step + 1
    replies = [row for row in bot.rows(select(Delivery)) if "EvTWICE" in row.key]
    assert len(replies) == 1


def test_a_click_that_arrives_twice_counts_once(bot: Bot, noor: Colleague) -> None:
    noor.clicks("Volgende", skills_wanted="presenteren")
    last = bot.slack.between.deliveries[-1]
    step, before = bot.dialogue(noor).step, heard(bot)
    headers = {**last.headers, **signed(last.body)}
    assert _posts(bot, last.body, headers).status == 200
    assert (bot.dialogue(noor).step, heard(bot)) == (step, before)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("x" * 40_000, "80"),
        ("presenting " * 300, "80"),
        ("🎉👩‍👩‍👧‍👦🇳🇱", ""),
        ("<!channel> <@U01BRAM> *bold* `code` &amp;", ""),
        ("' OR 1=1; -- \x00\u202e", ""),
    ],
    ids=["40 kB", "3,300 characters", "emoji", "marks", "poison"],
)
def test_any_words_get_a_kind_answer(bot: Bot, noor: Colleague, words: str, answer: str) -> None:
    noor.types(words)
    assert answer in read(noor.card)
    assert bot.is_asked(noor) in ("skills_wanted", "goal")
    assert not [d for d in bot.rows(select(Delivery)) if d.state is DeliveryState.FAILED]


def test_an_answer_longer_than_slack_takes_in_an_input_is_too_long_for_us(
    bot: Bot, noor: Colleague
) -> None:
    noor.types("presenteren")
    noor.clicks("Volgende", goal="a" * 3_001)
    assert bot.is_asked(noor) == "goal"
    assert "500" in read(noor.card)


def test_nobody_is_called_by_a_name(bot: Bot) -> None:
    """A colleague calls herself <!channel>; others read exactly that, and nobody is called."""
    name = "<!channel> *R&D* <@U01BRAM>"
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    told = {"id": "U01AYLIN", "team_id": TEAM, "profile": {"real_name": escaped}, "tz": "UTC"}
    bot.slack.tells(type="user_change", user=told)
    assert bot.person(bot["Aylin"]).name == name
    bot["Thomas"].types(f"/mentor coordinators add {name}")
    bot["Thomas"].sees(name)
    for call in bot.slack.between.calls:
        for text in walk(call.args.get("blocks") or []):
            if text.get("type") == "mrkdwn":
                assert not any(shout in text["text"] for shout in NEVER)
        assert not any(shout in str(call.args.get("text")) for shout in NEVER)


def test_a_button_of_another_version_changes_nothing(bot: Bot, noor: Colleague) -> None:
    card, button = noor.finds("Voor nu stoppen")
    before = bot.dialogue(noor)
    for value in ('["Gone",{"x":1}]', "rubbish", "", '["Reply",{"dialogue":-1,"step":"x"}]'):
        noor.clicks_on(card, {**button, "value": value})
        assert bot.dialogue(noor).step == before.step
    noor.sees("verouderd")


def test_an_older_card_changes_nothing(bot: Bot, noor: Colleague) -> None:
    card, button = noor.finds("Volgende")
    _, back = noor.finds("Terug")
    noor.types("presenteren")
    noor.clicks_on(card, button, skills_wanted="Excel")
    noor.clicks_on(card, back)
    assert bot.is_asked(noor) == "goal"
    assert bot.answers(noor)["skills_wanted"] == ("presenting",)


def test_what_people_type_is_kept_as_they_typed_it(bot: Bot, noor: Colleague) -> None:
    goal = "To lead R&D <not> just &amp; survive it, see https://waterkant.example *really*"
    noor.types("presenteren")
    noor.types(goal)
    assert bot.answers(noor)["goal"] == (goal,)
    noor.types("/mentor profile")
    assert bot.answers(noor)["goal"] == (goal,)


def test_somebody_elses_button_changes_nothing(bot: Bot, noor: Colleague) -> None:
    card, button = noor.finds("Voor nu stoppen")
    before, bram = bot.dialogue(noor), bot["Bram"]
    bram.clicks_on(card, button)
    assert bot.dialogue(noor).state is before.state
    assert bot.dialogue(noor).step == before.step


def test_words_between_others_are_not_read(bot: Bot) -> None:
    before = heard(bot)
    bot["Bram"].types("I think we should fire Noor", CHANNEL)
    assert heard(bot) == before


def test_a_mention_is_answered_to_that_person_alone(bot: Bot) -> None:
    bot["Bram"].types("<@U0BOT> help", CHANNEL)
    [*_, last] = bot.slack.messages(CHANNEL)
    assert last["ephemeral_to"] == bot["Bram"].id


def test_a_card_for_one_persons_eyes_in_a_channel_is_answered_in_its_place(bot: Bot) -> None:
    bram = bot["Bram"]
    bram.types("/mentor hepl", CHANNEL)
    card, button = bram.finds("help")
    before = len(bot.slack.messages(CHANNEL))
    bram.clicks_on(card, button)
    until(
        lambda: "private message" in read(bot.slack.messages(CHANNEL)[-1]),
        lambda: f"not answered in its place: {bram.screen}",
    )
    assert bot.slack.modals == []
    assert len(bot.slack.messages(CHANNEL)) == before


def test_what_the_bot_says_itself_is_not_heard(bot: Bot) -> None:
    bot["Bram"].types("/mentor help")
    bodies = [d.body for d in bot.slack.between.deliveries if d.body.startswith("{")]
    echoes = {
        noted(f"slack:{told['team_id']}:{told['event'].get('user', '')}:{told['event_id']}")
        for told in map(json.loads, bodies)
        if told["event"].get("bot_id")
    }
    assert echoes
    assert not echoes & {row.id for row in bot.rows(select(SeenEvent))}


def test_while_slack_is_busy_messages_wait(bot: Bot) -> None:
    bot.slack.between.api.busy["chat.postMessage"] = 2
    bot.expected.add("ratelimited")
    bram = bot["Bram"]
    bram.types("/mentor help", CHANNEL)
    bot.passes(step=timedelta(seconds=2), seconds=6)
    bram.sees("mentor join")
    once = [c for c in bot.slack.between.calls if c.args.get("channel") == bram.id]
    assert len({json.dumps(c.args.get("metadata")) for c in once}) == len(once)


def test_somebody_of_another_organisation_is_told_so_and_not_kept(bot: Bot) -> None:
    form = {
        "team_id": "T99OTHER",
        "channel_id": "C9",
        "channel_name": "x",
        "user_id": "U99EVE",
        "user_name": "eve",
        "command": "/mentor",
        "text": "join",
        "response_url": "",
        "trigger_id": "99.99.99",
    }
    body = urlencode(form)
    headers = {"Content-Type": "application/x-www-form-urlencoded", **signed(body)}
    assert _posts(bot, body, headers).status == 200
    people = bot.rows(select(Person).join(Identity).where(Identity.user == "U99EVE"))
    assert people == []


def test_whoever_leaves_the_company_gets_no_messages(bot: Bot) -> None:
    gone = {"id": "U01BRAM", "team_id": TEAM, "deleted": True, "profile": {"real_name": "Bram"}}
    bot.slack.tells(type="user_change", user=gone)
    until(lambda: not bot.person(bot["Bram"]).active, lambda: "still there")
