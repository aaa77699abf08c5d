"""The page of the simulated workspace in a real browser: the first minutes of a visitor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.core.events import Click
from tests.browser import chromium, page
from tests.local.fake_stage import CARDS, DIGEST, FakeStage
from tests.local.served import Served, fake, quiet


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def test_a_visitor_joins_by_words_and_buttons_and_winds_the_clock(browser: Browser) -> None:
    with fake() as served, page(browser) as tab, quiet(tab):
        tab.goto(served.address)
        tab.get_by_role("link", name="English").click()
        tab.get_by_role("link", name="Join the programme").click()
        expect(tab.get_by_role("heading", name="Say hello to Koppel")).to_be_visible()
        _completes_a_command(tab)
        _answers_a_card(tab, served)
        _sees_an_error_beside_its_field(tab, served)

        tab.get_by_role("searchbox", name="Search people").fill("coord")
        expect(tab.locator(".people").get_by_text("Noor")).to_be_hidden()
        tab.get_by_role("link", name=re.compile("Thomas Berg")).click()
        served.posts("#mentoring", DIGEST)
        mark = tab.locator('[data-conversation="#mentoring"]')
        expect(mark).to_have_text("1 unread")
        tab.get_by_role("link", name=re.compile("mentoring")).click()
        expect(mark).to_be_hidden()
        picture = tab.get_by_role("img", name="14 pairs met, 4 planned a meeting, 2 were silent.")
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("naturalWidth", 900)
        _winds_a_week(tab)
        _starts_over(tab)


def _completes_a_command(tab: Page) -> None:
    tab.wait_for_load_state()  # the page's script hears no words before it is there
    composer = tab.get_by_label("Write a message")
    expect(composer).to_have_value("/mentor join")  # what the step proposes waits there
    composer.fill("")
    composer.type("/")
    expect(tab.get_by_role("option")).to_have_count(3)
    composer.press("ArrowDown")
    expect(tab.get_by_role("option", selected=True)).to_contain_text("/mentor join")
    composer.press("Tab")
    expect(composer).to_have_value("/mentor join ")
    composer.press("Enter")
    expect(tab.get_by_role("heading", name="What are you good at?")).to_be_visible()
    composer.fill("/mentor")
    composer.press("Enter")  # complete as it is: nothing is added to it
    expect(tab.locator("#log")).to_contain_text("You said nothing.")
    expect(composer).to_have_value("")
    expect(tab.locator("#tour .done")).to_have_count(1)


def _answers_a_card(tab: Page, served: Served[FakeStage]) -> None:
    tab.get_by_label("Excel").uncheck()
    tab.get_by_label("Giving talks").check()
    tab.get_by_label("Something else").fill("knitting <3")
    tab.get_by_label("Something else").press("Enter")
    expect(tab.locator("#log")).to_contain_text("Thank you, that is noted.")
    expect(tab.locator(".card")).to_have_count(0)
    [*_, click] = served.do(lambda stage: stage.heard)
    assert isinstance(click, Click)
    assert click.fields == {"skills": ("talks", "plan"), "other": ("knitting <3",)}


def _sees_an_error_beside_its_field(tab: Page, served: Served[FakeStage]) -> None:
    served.posts("dm:noor", CARDS[1])
    expect(tab.get_by_label("Ends on")).to_have_value("32 May")
    expect(tab.get_by_label("Ends on")).to_have_accessible_description(
        "We cannot read this as a day."
    )
    expect(tab.get_by_label("Mentor: I help someone")).to_be_checked()
    expect(tab.get_by_label("What is it for?")).to_have_value("Line one\nline two")


def _winds_a_week(tab: Page) -> None:
    expect(tab.locator("[data-clock]")).to_have_text("Monday 2 March 09:00")
    tab.get_by_role("button", name="+1 week").click()
    expect(tab.get_by_text("Friday 6 March 09:00: 1 digest <sent>")).to_be_visible()
    expect(tab.locator("[data-clock]")).to_have_text("Monday 9 March 09:00")
    expect(tab.locator('[data-person="noor"]')).to_have_text("1 unread")
    tab.get_by_role("button", name="Close", exact=True).click()
    expect(tab.get_by_text("Friday 6 March 09:00")).to_have_count(0)


def _starts_over(tab: Page) -> None:
    tab.get_by_role("button", name="Start over").click()
    expect(tab.get_by_role("heading", name="Say hello to Koppel")).to_be_visible()
    expect(tab.locator("[data-clock]")).to_have_text("Monday 2 March 09:00")


def test_every_part_fits_in_light_dark_and_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    with fake() as served:
        for card in CARDS:
            served.posts("dm:noor", card)
        for scheme in schemes:
            for width in (1280, 390):
                with page(browser, width=width, height=844) as tab, quiet(tab):
                    tab.emulate_media(color_scheme=scheme)
                    tab.goto(f"{served.address}?as=noor&language=en")
                    expect(tab.locator(".picture")).to_have_js_property("naturalWidth", 900)
                    expect(tab.locator(".card")).to_have_count(len(CARDS))
                    _nothing_sticks_out(tab)
                    tab.screenshot(path=tmp_path / f"{scheme}-{width}.png")


def _nothing_sticks_out(tab: Page) -> None:
    wide = tab.evaluate(
        """() => [...document.querySelectorAll("main, main *")]
            .filter((each) => each.checkVisibility())
            .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
            .map((each) => each.outerHTML.slice(0, 80))"""
    )
    assert wide == []


def test_on_a_phone_the_people_are_behind_a_button(browser: Browser) -> None:
    with fake() as served, page(browser, width=390) as tab, quiet(tab):
        tab.goto(f"{served.address}welcome")
        _nothing_sticks_out(tab)
        tab.keyboard.press("Escape")
        tab.goto(f"{served.address}?as=thomas")
        people = tab.get_by_role("navigation", name="People and conversations")
        expect(people).to_be_hidden()
        served.posts("#mentoring", DIGEST)
        expect(tab.locator(".dot")).to_be_visible()
        tab.get_by_role("button", name="People and conversations").click()
        expect(people).to_be_visible()
        tab.keyboard.press("Escape")
        expect(people).to_be_hidden()


def test_a_server_that_stopped_is_told_to_the_visitor(browser: Browser) -> None:
    with page(browser) as tab:
        with fake() as served:
            tab.goto(f"{served.address}?as=noor&language=en")
        tab.get_by_label("Write a message").fill("are you there?")
        tab.get_by_role("button", name="Send").click()
        expect(tab.get_by_role("alert")).to_have_text(
            "Koppel does not answer. Is it still running?"
        )
        expect(tab.get_by_label("Write a message")).to_have_value("are you there?")
