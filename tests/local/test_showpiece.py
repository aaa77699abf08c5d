"""What a visitor sees in the first minutes, in a real browser and with the whole bot behind it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.simulation.company import CHANNEL
from bot.simulation.workspace import SimulatedWorkspace
from tests.browser import chromium, page
from tests.local.served import Served, quiet, simulated
from tests.slack import rules as slack
from tests.teams import rules as teams

BUSY = 30_000  # milliseconds for what jobs do, on a machine with other work
pytestmark = pytest.mark.any_database


def test_a_whole_programme_in_two_minutes(tmp_path: Path) -> None:
    with (
        simulated(tmp_path) as served,
        chromium() as browser,
        page(browser, locale="nl-NL") as tab,
        quiet(tab),
    ):
        tab.goto(served.address)
        _joins(tab)
        _matches(tab)
        _sees_all_three(tab)
        _winds(tab)
        _answers(tab)
        _reads_the_digest(tab)
        _paints_at_once(browser, served)


def _joins(tab: Page) -> None:
    tab.get_by_role("link", name="Doe mee als Noor").click()
    composer = _sends(tab, "/mentor join")
    _press(tab, "Mentee")
    for words in ("Excel, presenteren", "Ik wil een lastig overleg kunnen leiden."):
        expect(tab.get_by_label("Je antwoord").last).to_be_visible()
        number = tab.locator(".post").count()
        composer.fill(words)
        composer.press("Enter")
        expect(tab.locator(".post")).to_have_count(number + 2)
    tab.get_by_label("Nederlands").check()
    for label in ("Volgende", "Om de week", "Ja, dat vind ik goed", "Ja, meld me aan"):
        _press(tab, label)
    expect(tab.locator("#log")).to_contain_text("Je doet mee!")
    expect(tab.locator("#tour .done")).to_have_count(1)


def _sends(tab: Page, proposed: str) -> Locator:
    """What the step of the tour has put into the composer."""
    composer = tab.get_by_label("Schrijf een bericht")
    expect(composer).to_have_value(proposed)
    tab.wait_for_load_state()
    composer.press("Enter")
    return composer


def _press(tab: Page, label: str) -> None:
    tab.locator("#log").get_by_role("button", name=label, exact=True).last.click()


def _matches(tab: Page) -> None:
    tab.get_by_role("link", name="Koppel mensen als Thomas").click()
    _sends(tab, "/mentor match")
    _press(tab, "Een voor een bekijken")
    expect(tab.locator("#log")).to_contain_text("begeleidt")
    tab.get_by_role("button", name="+1 uur").click()
    expect(tab.locator(".story")).to_contain_text("wachten op jou als Thomas", timeout=BUSY)
    for label in ("Overzicht", "Alles goedkeuren", "Bekendmaken…", "Nu bekendmaken"):
        _press(tab, label)
    expect(tab.locator("#log")).to_contain_text("weten nu van elkaar", timeout=BUSY)


def _sees_all_three(tab: Page) -> None:
    """A card as Slack and Teams get it, and both would take it."""
    tab.locator(".wire summary").first.click()
    drawn = tab.locator(".wire pre")
    expect(drawn).to_have_count(2)
    for_slack, for_teams = (json.loads(text) for text in drawn.all_inner_texts())
    slack.check_message(for_slack)
    teams.check_card(for_teams)


def _winds(tab: Page) -> None:
    tab.get_by_role("button", name="Achter het glas").click()
    expect(tab.locator("#glass")).to_contain_text("Volgend statusoverzicht")
    for _ in range(3):
        tab.get_by_role("button", name="+1 week").click()
        expect(tab.get_by_role("progressbar")).to_be_visible()
        expect(tab.get_by_role("progressbar")).to_be_hidden(timeout=BUSY)
    expect(tab.locator(".story")).to_contain_text("check-ins gevraagd")
    expect(tab.locator(".story")).to_contain_text("hebben elkaar gesproken")


def _answers(tab: Page) -> None:
    mark = tab.locator('[data-person="noor"]')
    expect(mark).to_be_visible()
    tab.locator(".people").get_by_role("link", name="Noor").click()
    expect(tab.locator("#glass")).to_contain_text("als mentee van")
    _press(tab, "Ja, gesproken")
    expect(tab.locator("#log")).to_contain_text("Fijn om te horen!")


def _reads_the_digest(tab: Page) -> None:
    tab.locator(".people").get_by_role("link", name="Thomas").click()
    tab.get_by_role("link", name=CHANNEL.removeprefix("#")).click()
    picture = tab.locator(".picture").last
    expect(picture).to_have_js_property("naturalWidth", 900)
    assert picture.get_attribute("alt")
    tab.reload()
    expect(tab.locator("#tour .done")).to_have_count(3)


def _paints_at_once(browser: Browser, served: Served[SimulatedWorkspace]) -> None:
    """Forty people and two thousand messages are there within a second."""
    for number in range(2_000):
        served.posts(CHANNEL, f"Nummer {number}", author="thomas")
    with page(browser) as tab:
        painted = [_first_paint(tab, f"{served.address}?as=thomas&in=%23mentoring") for _ in "123"]
    assert min(painted) < 1_000


def _first_paint(tab: Page, address: str) -> float:
    tab.goto(address)
    tab.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    script = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    return float(tab.evaluate(script))
