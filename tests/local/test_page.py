"""The page of the simulated workspace, asked by a client that behaves like a browser."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.events import Click, Command, Typed
from bot.core.messages import say
from bot.platforms.local.chat import BOT
from tests.local.fake_stage import DIGEST, MONDAY, QUESTION
from tests.local.visit import Visit, visit


@visit
async def test_the_first_visit_explains_itself_and_proposes_whom_to_be(page: Visit) -> None:
    first = await page.get("/")
    assert (first.status, first.headers["Location"]) == (303, "welcome")
    shown = await page.text("/welcome")
    assert "an invented company" in shown
    assert "./?as=noor" in shown
    assert "Join the programme" in shown


@visit
async def test_everything_about_people_is_escaped(page: Visit) -> None:
    for path in ("/welcome", "/?as=x%3Cy"):
        shown = await page.text(path)
        assert "<i>" not in shown.replace("<i></i>", "")
        assert "&lt;i&gt;&#34;Eve&#34; &amp; Co" in shown


@visit
async def test_the_page_speaks_the_language_of_whom_you_are_unless_you_choose(page: Visit) -> None:
    assert '<html lang="nl">' in await page.text("/?as=noor")
    assert '<html lang="en">' in await page.text("/?as=thomas")
    assert '<html lang="nl">' in await page.text("/?as=thomas&language=nl")
    assert '<html lang="nl">' in await page.text("/?as=thomas")  # it was remembered
    assert '<html lang="en">' in await page.text("/?as=thomas&language=")
    assert '<html lang="nl">' in await page.text(
        "/welcome", **{"Accept-Language": "nl-BE,en;q=0.5"}
    )


@visit
async def test_a_command_reaches_the_bot_and_its_answer_reaches_the_page(page: Visit) -> None:
    async with page.listen("as=noor&in=dm:noor&since=0") as noor:
        assert await page.post("say", as_="noor", in_="dm:noor", text="/mentor join  me") == 204
        [command] = page.stage.heard
        assert isinstance(command, Command)
        assert (command.name, command.args) == ("join", "me")
        shown = ""
        while "What are you good at?" not in shown:
            shown = "".join(post["html"] for post in (await noor.hears("posts"))["posts"])
        assert "&lt;b&gt;knitting&lt;/b&gt;" in shown


@visit
async def test_a_click_carries_its_fields_and_replaces_the_card(page: Visit) -> None:
    card = page.chat.post("dm:noor", BOT, QUESTION)
    form = {"f.skills": "talks", "f.other": "a\r\nb", "f.planted": "x", "as": "noor"}
    press = {"post": str(card.id), "version": "1", "button": "0"}
    assert await page.post("press", **form, **press) == 204
    [click] = page.stage.heard
    assert isinstance(click, Click)
    assert click.fields == {"skills": ("talks",), "other": ("a\nb",)}
    after = page.chat.find(card.id)
    assert after is not None
    assert after.card == say("Thank you, that is **noted**.")
    # A second click on what stood there before does nothing.
    assert await page.post("press", **form, **press) == 409
    assert len(page.stage.heard) == 1


@visit
async def test_nobody_acts_or_looks_where_they_may_not(page: Visit) -> None:
    card = page.chat.post("dm:noor", BOT, DIGEST)
    press = {"post": str(card.id), "version": "1", "button": "0"}
    assert await page.post("press", as_="thomas", **press) == 404
    assert await page.post("press", as_="nobody", **press) == 404
    assert await page.post("press", as_="noor", **{**press, "button": "7"}) == 404
    assert await page.post("press", as_="noor", **{**press, "post": "x"}) == 404
    assert await page.post("say", as_="thomas", in_="dm:noor", text="hi") == 404
    assert await page.post("say", as_="noor", in_="#mentoring", text="hi") == 404
    picture = f"/pictures/{card.id}/0.png"
    assert (await page.get(f"{picture}?as=thomas")).status == 404
    assert "What are you good" not in await page.text("/?as=thomas&in=dm:noor")
    assert page.stage.heard == []


@visit
async def test_a_picture_is_drawn_for_those_who_see_the_message(page: Visit) -> None:
    card = page.chat.post("#mentoring", BOT, DIGEST)
    response = await page.get(f"/pictures/{card.id}/0.png?as=thomas")
    assert response.content_type == "image/png"
    assert (await response.read()).startswith(b"\x89PNG")
    assert (await page.get(f"/pictures/{card.id}/1.png?as=thomas")).status == 404
    assert (await page.get("/pictures/999/0.png?as=thomas")).status == 404
    assert f"pictures/{card.id}/0.png?as=thomas" in await page.text("/?as=thomas&in=%23mentoring")


@visit
async def test_unread_marks_come_live_and_go_when_read(page: Visit) -> None:
    page.chat.post("dm:noor", BOT, say("Since the page was drawn"))
    async with page.listen("as=thomas&in=dm:thomas&since=0") as thomas:
        heard = await thomas.hears("posts")
        assert heard["people"] == {"noor": 1, "thomas": 0, "priya": 0, "x<y": 0}
        page.chat.post("#mentoring", BOT, say("News"))
        heard = await thomas.hears("posts")
        assert heard["posts"] == []
        assert heard["unread"] == {"dm:thomas": 0, "#mentoring": 1}
        assert heard["people"] == {"thomas": 0, "priya": 0}  # what is asked of them alone
    shown = await page.text("/?as=thomas&in=%23mentoring")
    assert '<p class="new">' in shown
    assert '<p class="new">' not in await page.text("/?as=thomas&in=%23mentoring")


@visit
async def test_words_meant_for_one_stay_with_one(page: Visit) -> None:
    async with page.listen("as=priya&in=%23mentoring&since=0") as priya:
        await page.post("say", as_="thomas", in_="#mentoring", text="/mentor status")
        await page.post("say", as_="thomas", in_="#mentoring", text="good morning")
        shown = ""
        while "good morning" not in shown:
            shown += "".join(post["html"] for post in (await priya.hears("posts"))["posts"])
        assert "status" not in shown
    assert "Only visible to you" in await page.text("/?as=thomas&in=%23mentoring")
    assert "You said" not in await page.text("/?as=priya&in=%23mentoring")


@visit
async def test_a_page_that_was_away_hears_what_it_missed(page: Visit) -> None:
    async with page.listen("as=noor&in=dm:noor&since=0") as noor:
        await noor.hears("posts")
        first = page.chat.post("dm:noor", BOT, say("One"))
        await noor.hears("posts")
    page.chat.replace(first.id, say("One, changed"))
    page.chat.post("dm:noor", BOT, say("Two"))
    async with page.listen("as=noor&in=dm:noor&since=0", **{"Last-Event-ID": noor.last_id}) as noor:
        shown = "".join(post["html"] for post in (await noor.hears("posts"))["posts"])
        assert "One, changed" in shown
        assert "Two" in shown
    async with page.listen("as=noor&in=dm:noor&since=99") as noor:
        await noor.hears("restart")  # another workspace than the page was drawn from


@visit
async def test_winding_shows_its_way_and_what_happened(page: Visit) -> None:
    page.stage.gate = gate = asyncio.Event()
    async with page.listen("as=thomas&in=dm:thomas&since=0") as thomas:
        assert (await thomas.hears("clock"))["text"] == "Monday 2 March 09:00"
        assert await page.post("wind", as_="thomas", step="week") == 204
        assert await page.post("wind", as_="thomas", step="week") == 409
        assert await page.post("start-over", as_="thomas") == 409
        halfway = await thomas.hears("clock")
        assert halfway["running"]
        assert 0 < halfway["progress"] < 1
        gate.set()
        while (state := await thomas.hears("clock"))["running"]:
            pass
        assert state["text"] == "Monday 9 March 09:00"
        assert "<b>Friday 6 March 09:00:</b> 1 digest &lt;sent&gt;" in state["story"]
        assert "<b>Tuesday 3 March 09:00:</b> 14 check-ins asked" in await page.text("/?as=thomas")
        assert await page.post("put-away", as_="thomas") == 204
        assert (await thomas.hears("clock"))["story"] == ""


@pytest.mark.parametrize(
    ("user", "step", "until"),
    [
        ("thomas", "hour", "2026-03-02T09:00:00+00:00"),
        ("thomas", "morning", "2026-03-03T08:00:00+00:00"),
        ("priya", "morning", "2026-03-03T03:30:00+00:00"),
        ("noor", "week", "2026-03-09T08:00:00+00:00"),
    ],
)
def test_each_button_of_the_clock_leads_where_it_says(user: str, step: str, until: str) -> None:
    @visit
    async def story(page: Visit) -> None:
        async with page.listen(f"as={user}&since=0") as somebody:
            assert await page.post("wind", as_=user, step=step) == 204
            while not (await somebody.hears("clock"))["story"]:
                pass
        assert page.stage.time.isoformat() == until

    story()


@visit
async def test_a_clock_that_breaks_says_so(page: Visit) -> None:
    page.stage.broken = True
    async with page.listen("as=noor&since=0&language=en") as noor:
        assert await page.post("wind", as_="noor", step="hour") == 204
        while not (state := await noor.hears("clock"))["story"]:
            pass
        assert not state["running"]
        assert "the clock stopped" in state["story"]
    assert await page.post("wind", as_="noor", step="decade") == 400


@visit
async def test_starting_over_forgets_everything_on_every_page(page: Visit) -> None:
    page.chat.post("dm:noor", BOT, say("One"))
    page.stage.time = MONDAY.replace(day=9)
    async with page.listen("as=noor&in=dm:noor&since=1") as noor:
        assert await page.post("start-over", as_="noor") == 204
        await noor.hears("restart")
    assert "Say hello to Koppel" in await page.text("/?as=noor&language=en")
    assert page.stage.time == MONDAY


@visit
async def test_earlier_messages_come_when_asked_for(page: Visit) -> None:
    for number in range(100):
        page.chat.post("dm:noor", BOT, say(f"Message {number}."))
    shown = await page.text("/?as=noor")
    assert "Message 60." in shown
    assert "Message 59." not in shown
    response = await page.get("/earlier?as=noor&in=dm:noor&before=61")
    shown = await response.text()
    assert shown.index("Message 20.") < shown.index("Message 59.")
    assert "Message 60." not in shown
    assert response.headers["X-Earlier"] == "yes"
    assert (await page.get("/earlier?as=noor&in=dm:noor&before=21")).headers["X-Earlier"] == "no"


@visit
async def test_empty_words_are_not_said(page: Visit) -> None:
    assert await page.post("say", as_="noor", in_="dm:noor", text=" \r\n ") == 204
    assert await page.post("say", as_="noor", in_="dm:noor", text="a\r\nb") == 204
    [typed] = page.stage.heard
    assert isinstance(typed, Typed)
    assert typed.text == "a\nb"


@visit
async def test_a_bot_that_falls_over_takes_nothing_with_it(page: Visit) -> None:
    page.stage.broken = True
    assert await page.post("say", as_="noor", in_="dm:noor", text="/mentor") == 500
    page.stage.broken = False
    assert await page.post("say", as_="noor", in_="dm:noor", text="/mentor") == 204
