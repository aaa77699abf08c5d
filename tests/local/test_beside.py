"""What stands beside a conversation: the tour, the glass, each card as other services get it."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime

import pytest

from bot.content.company import looks, people
from bot.platforms.local.chat import BOT
from bot.platforms.local.faces import HAIR, SKIN, draw
from bot.platforms.local.winding import goal
from tests.local.fake_stage import DIGEST, MONDAY
from tests.local.visit import Visit, visit
from tests.slack import rules as slack
from tests.teams import rules as teams


@visit
async def test_the_glass_is_for_whom_one_is_and_escapes_what_it_shows(page: Visit) -> None:
    shown = await page.text("/glass?as=noor&in=dm:noor")
    assert "asks &lt;noor&gt; in dm:noor, in nl" in shown
    assert "At most one a day." in shown
    assert (await page.get("/glass?as=nobody")).status == 404
    assert "in dm:noor" in await page.text("/glass?as=noor&in=%23mentoring")  # not hers to see


@visit
async def test_a_card_is_shown_as_slack_and_teams_would_take_it(page: Visit) -> None:
    card = page.chat.post("#mentoring", BOT, DIGEST)
    shown = await page.text(f"/wire/{card.id}?as=thomas")
    for_slack, for_teams = (
        json.loads(html.unescape(text))
        for text in re.findall(r"<pre[^>]*>(.*?)</pre>", shown, re.S)
    )
    slack.check_message(for_slack)
    teams.check_card(for_teams)
    assert (await page.get(f"/wire/{card.id}?as=noor")).status == 404
    typed = page.chat.post("#mentoring", "thomas", "words")
    assert (await page.get(f"/wire/{typed.id}?as=thomas")).status == 404


@visit
async def test_the_tour_leads_and_ticks_itself_off_on_every_page(page: Visit) -> None:
    welcome = await page.text("/welcome")
    assert 'href="./?as=noor&say=/mentor%20join"' in welcome
    shown = await page.text("/?as=noor&say=%3Cb%3E")
    assert "&lt;b&gt;</textarea>" in shown
    assert 'class="done"' not in shown
    async with page.listen("as=thomas&in=dm:thomas&since=0") as thomas:
        await thomas.hears("clock")
        assert await page.post("say", as_="noor", in_="dm:noor", text="/mentor join") == 204
        assert 'class="done"' in (await thomas.hears("clock"))["tour"]


@visit
async def test_to_the_end_goes_to_the_end_and_then_a_week_further(page: Visit) -> None:
    for expected in ("Monday 16 March 09:00", "Monday 23 March 09:00"):
        async with page.listen("as=thomas&in=dm:thomas&since=0") as thomas:
            assert await page.post("wind", as_="thomas", step="end") == 204
            while (await thomas.hears("clock"))["text"] != expected:
                pass  # it is wound as long as it takes; nothing heard is a failure


@pytest.mark.parametrize(
    ("now", "step", "expected"),
    [
        (MONDAY, "friday", datetime(2026, 3, 6, 11, tzinfo=UTC)),
        (datetime(2026, 3, 6, 10, tzinfo=UTC), "friday", datetime(2026, 3, 6, 11, tzinfo=UTC)),
        (datetime(2026, 3, 6, 11, tzinfo=UTC), "friday", datetime(2026, 3, 13, 11, tzinfo=UTC)),
        (datetime(2026, 3, 27, 12, tzinfo=UTC), "friday", datetime(2026, 4, 3, 10, tzinfo=UTC)),
        (MONDAY, "morning", datetime(2026, 3, 3, 8, tzinfo=UTC)),
    ],
)
def test_friday_is_noon_of_whoever_presses_it(now: datetime, step: str, expected: datetime) -> None:
    assert goal(step, now, "Europe/Amsterdam") == expected


def test_everybody_has_a_face_and_the_cast_one_of_their_own() -> None:
    cast = [one.user for one in people() if one.kind != "bot"]
    assert set(cast) == set(looks())
    assert len({draw(user, looks()[user]) for user in cast}) == len(cast)
    assert {word for said in looks().values() for word in said.split()} <= {
        *SKIN, *HAIR, "beard", "glasses", "short", "side", "long", "bob", "ponytail", "bun", "afro",
        "receding", "curly", "bald", "scarf",
    }  # fmt: skip
    assert draw("<x>", "") == draw("<x>", "")
    assert len({draw(f"user-{n}", "") for n in range(200)}) > 100
