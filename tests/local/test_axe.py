"""Nothing on the page keeps anybody out: every kind of card, panel and list, as axe sees it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chromium, page
from tests.local import axe
from tests.local.fake_stage import CARDS
from tests.local.served import fake

WHOLE_DAYS = "What happened since"


def test_axe_finds_nothing_serious() -> None:
    source = axe.script()
    found = {}
    with fake() as served, chromium() as browser:
        for card in CARDS:
            served.posts("dm:noor", card)
        with page(browser, width=1440, height=900) as tab:
            tab.goto(f"{served.address}welcome?language=en")
            found["welcome"] = axe.findings(tab, source)
            tab.goto(f"{served.address}?as=noor&language=en")
            _opens_everything(tab)
            found["light"] = axe.findings(tab, source)
            tab.emulate_media(color_scheme="dark")
            found["dark"] = axe.findings(tab, source)
        with page(browser, width=390, height=844) as tab:
            tab.goto(f"{served.address}?as=noor&language=en")
            found["phone"] = axe.findings(tab, source)
            tab.get_by_role("button", name="People and conversations").click()
            found["menu"] = axe.findings(tab, source)
    assert found == {name: [] for name in found}


def _opens_everything(tab: Page) -> None:
    tab.get_by_role("button", name="+1 week").click()
    expect(tab.get_by_text(WHOLE_DAYS)).to_be_visible()
    tab.get_by_role("button", name="Behind the glass: what Koppel knows").click()
    expect(tab.get_by_text("At most one a day.")).to_be_visible()
    tab.locator(".wire summary").first.click()
    expect(tab.locator(".wire pre").first).to_contain_text("blocks")
    tab.get_by_label("Write a message").type("/mentor")
    expect(tab.locator("#commands li").first).to_be_visible()


def test_axe_would_find_a_button_without_a_name() -> None:
    source = axe.script()
    with chromium() as browser, page(browser) as tab:
        tab.set_content("<html lang=en><title>x</title><main><button></button></main></html>")
        assert axe.findings(tab, source) == ["button-name: button"]


pytestmark = pytest.mark.any_database
