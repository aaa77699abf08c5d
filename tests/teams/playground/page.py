"""What somebody sees of Teams in a browser: the Playground's own page, driven like a person would.

with chromium() as browser, desk(browser, address) as noor:
    noor.types("mentor join")
    noor.clicks("Mentee")
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import page

PATIENCE = 20_000.0  # milliseconds
PERSONAL = "Personal Chat"
CARD = ".ac-adaptiveCard"
RESTS = """() => new Promise((done) => {  // a card is drawn more than once
    let waiting = setTimeout(done, 500);
    new MutationObserver(() => {
        clearTimeout(waiting);
        waiting = setTimeout(done, 500);
    }).observe(document.body, { childList: true, subtree: true });
})"""


class Desk:
    """The page in front of one person; what they do happens in the last card and the open chat."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab

    # --- where ---

    def opens(self, chat: str = PERSONAL) -> None:
        """Go to a chat or a channel by its name; the first time, that adds the app there."""
        self.tab.get_by_role("treeitem", name=re.compile(re.escape(chat))).first.click()
        ready = self.tab.get_by_role("button", name="Send Message").or_(self._post)
        expect(ready.first).to_be_visible()
        self.rests()

    @property
    def _post(self) -> Locator:
        """In a channel one starts a conversation first."""
        return self.tab.get_by_role("button", name="Post", exact=True)

    # --- in the chat ---

    def types(self, text: str, *, mention: bool = False) -> None:
        """Send words; with a mention, the bot is picked from the list behind an @."""
        box = self.tab.get_by_role("textbox").last
        box.click()
        if mention:
            self.tab.keyboard.type("@")
            menu = self.tab.get_by_role("listbox").get_by_role("menuitem")
            menu.filter(has_text="Koppel").first.click()
            self.rests()
            text = f" {text}"
        self.tab.keyboard.type(text)
        self.tab.keyboard.press("Enter")

    def mocks(self, activity: str) -> None:
        """Send what is under «Mock an Activity», say «Uninstall application»."""
        self.tab.get_by_role("button", name="Mock an Activity").click()
        self.tab.get_by_role("menuitem").filter(has_text=activity).first.click()
        self.tab.get_by_role("button", name="Send activity").click()

    # --- on the last card ---

    @property
    def card(self) -> Locator:
        return self.tab.locator(CARD).last

    def reads(self) -> str:
        """All that stands on the last card, what is typed in its inputs left out."""
        return self.card.inner_text()

    def sees(self, words: str) -> None:
        """Wait for these words, wherever they stand in the conversation, and until it rests."""
        said = self.tab.get_by_role("paragraph").filter(has_text=words)
        drawn = self.tab.locator(CARD).get_by_text(words)
        expect(said.or_(drawn).last).to_be_visible(timeout=PATIENCE)
        self.rests()

    def clicks(self, title: str) -> None:
        self.card.get_by_role("button", name=title, exact=True).click()

    def fills(self, label: str, text: str) -> None:
        """Type into the input under this label: words, a number, or a day as 2026-12-31."""
        day = self.card.get_by_role("combobox", name=label, exact=True)
        if day.count():
            self._picks(day, date.fromisoformat(text))
            return
        words = self.card.get_by_role("textbox", name=label, exact=True)
        number = self.card.get_by_role("spinbutton", name=label, exact=True)
        self._types_over(words.or_(number), text)

    def chooses(self, label: str, *options: str) -> None:
        """Choose under this label, whether it is drawn as dots, boxes or a list."""
        field = self.card.get_by_role("combobox", name=label, exact=True)
        for option in options:
            if field.count():
                field.click()
                one = self.tab.get_by_role("option", name=option, exact=True)
                several = self.tab.get_by_role("menuitemcheckbox", name=option, exact=True)
                one.or_(several).last.click()
            else:
                self._ticks(option)

    def _ticks(self, option: str) -> None:
        dot = self.card.get_by_role("radio", name=option, exact=True)
        box = self.card.get_by_role("checkbox", name=option)
        dot.or_(box).last.check()

    # --- for people to judge ---

    def rests(self) -> None:
        """Wait until nothing is drawn any more."""
        self.tab.evaluate(RESTS)

    def shoots(self, path: Path, *, card: bool = False) -> Path:
        """Write what is on the screen, or the last card alone, to a file."""
        self.rests()
        (self.card if card else self.tab).screenshot(path=path)
        return path

    def _types_over(self, field: Locator, text: str) -> None:
        """Key by key: what a script puts in at once, the page forgets again."""
        field.click()
        for key in ("ControlOrMeta+A", "Delete"):
            self.tab.keyboard.press(key)
        self.tab.keyboard.type(text)
        self.tab.keyboard.press("Tab")
        expect(field).to_have_value(text)

    def _picks(self, field: Locator, day: date) -> None:
        """Leaf through the calendar; it opens at the present month."""
        field.click()
        calendar = self.tab.get_by_role("dialog", name="Calendar")
        wanted = calendar.get_by_role("button", name=day.strftime(f"{day.day}, %B, %Y"), exact=True)
        while not wanted.count():
            calendar.get_by_role("button", name="Next month").click()
        wanted.click()
        expect(calendar).to_have_count(0)


@contextmanager
def desk(browser: Browser, address: str, *, height: int = 1200) -> Iterator[Desk]:
    """Open the page: that adds the app to the personal chat, which the bot hears."""
    with page(browser, height=height) as tab:
        tab.goto(address, wait_until="domcontentloaded")
        found = Desk(tab)
        found.opens()
        yield found
