"""Pictures of the bot in Slack, for people to judge: `python -m tests.slack.emulator.pictures FOLDER`.

What is drawn is local-slack's page, not Slack's: it shows what we send, in about the right place.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from bot.cards.questions import Confirm
from bot.cards.surveys import SendPulse
from storage import schema
from tests import hands
from tests.backstage import until
from tests.browser import chromium, page
from tests.slack.emulator.bots import Bot, at_work
from tests.slack.emulator.config import CHANNEL
from tests.slack.emulator.people import Colleague, asked, buttons

PROGRAMME = hands.FORM | {
    "starts_on": ("2026-03-02",),
    "ends_on": ("2026-09-01",),
    "rhythm": ("every_two_weeks",),
    "channel": ("mentoring",),
}

FRAMELESS = """
    .topbar, .composer, .channel-header { display: none !important; }
    .messages, .main, .home { overflow: visible !important; height: auto !important; flex: none; }
    .home-inner { padding: 18px; } .modal { box-shadow: none; }
"""


class Camera:
    """Takes what somebody sees, without the frame of local-slack's own page."""

    def __init__(self, bot: Bot, browser: Browser, folder: Path) -> None:
        self._bot, self._browser, self._folder = bot, browser, folder

    @contextmanager
    def sees(self, somebody: Colleague) -> Iterator[Page]:
        with page(self._browser, width=1000, height=1400) as tab:
            tab.goto(self._bot.slack.address)
            tab.locator("select").first.select_option(somebody.id)
            tab.add_style_tag(content=FRAMELESS)
            yield tab

    def card(self, name: str, somebody: Colleague, room: str = "", last: int = 1) -> None:
        """The last message of a conversation, or the last few."""
        with self.sees(somebody) as tab:
            room = room or somebody.member.name
            tab.locator(".sidebar-item", has_text=room).first.click()
            expect(tab.locator(".msg").first).to_be_visible()
            for picture in tab.locator(".file-image img").all():
                picture.scroll_into_view_if_needed()
                expect(picture).not_to_have_js_property("naturalWidth", 0)
            tab.add_style_tag(content=f".msg:not(:nth-last-child(-n+{last})){{display:none}}")
            self._shoot(tab.locator(".messages"), name)

    def home(self, name: str, somebody: Colleague) -> None:
        with self.sees(somebody) as tab:
            tab.locator(".sidebar-item", has_text="Koppel").last.click()
            expect(tab.locator(".home .bk-header").first).to_be_visible()
            self._shoot(tab.locator(".home-inner"), name)

    def window(self, name: str, somebody: Colleague) -> None:
        with self.sees(somebody) as tab:
            self._shoot(tab.locator(".modal"), name)

    def _shoot(self, place: Locator, name: str) -> None:
        expect(place).to_be_visible()
        place.evaluate("() => new Promise((done) => setTimeout(done, 300))")
        expect(place.locator(".bk-unknown")).to_have_count(0)  # what that page cannot draw
        place.screenshot(path=self._folder / f"slack-{name}.png")


def tell(bot: Bot, camera: Camera) -> None:
    """The story, with a picture wherever there is something to see."""
    thomas, noor, bram = bot["Thomas"], bot["Noor"], bot["Bram"]
    thomas.types("/mentor programme create")
    while key := bot.is_asked(thomas):
        thomas.answers(PROGRAMME, key)
    thomas.clicks("Tell more (optional)")
    thomas.answers(PROGRAMME, "channel")
    thomas.clicks("Enough for now")
    thomas.clicks(Confirm)
    bram.types("/mentor join")
    bot.walks(bram, hands.MENTOR)
    noor.types("/mentor meedoen")
    camera.card("joining", noor)
    bot.walks(noor, hands.MENTEE)
    thomas.types("/mentor match")
    thomas.sees("Dry run of")
    for label in ("Approve all", "Announce…", "Announce now"):
        thomas.clicks(label)
    noor.sees("Maak kennis met je mentor")
    camera.card("announcement", noor)
    noor.opens_home()
    camera.home("home", noor)
    bot.passes(days=15, step=timedelta(hours=3))
    _are_asked_again(bot, camera)
    thomas.types("/mentor digest", CHANNEL)
    until(lambda: bot.slack.messages(CHANNEL)[-1].get("files"), lambda: "no picture")
    camera.card("digest", thomas, "mentoring", last=2)
    aylin = bot["Aylin"]
    aylin.opens_home()
    [join] = [b for b in buttons(aylin.home["blocks"]) if "join" in b.get("value", "")]
    aylin.clicks_at_home(join["text"]["text"])
    aylin.clicks_in_modal("Mentee")
    camera.window("window", aylin)


def _are_asked_again(bot: Bot, camera: Camera) -> None:
    """The second time without a survey, whose inputs that page cannot draw in a message."""
    bram = bot["Bram"]
    for label in ("Yes, we met", SendPulse):
        card, _ = bram.finds(label)
        fields = {name: "4" for name in asked(card) if not name.endswith("_tell")}
        bram.clicks(label, **fields)
    bot.passes(days=14, step=timedelta(hours=3))
    bram.sees("have you met")
    camera.card("check-in", bram)
    bram.clicks("Yes, we met")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as passing:
        url = f"sqlite:///{passing}/koppel.sqlite"
        schema.upgrade(url)
        with at_work(url) as bot, chromium() as browser:
            tell(bot, Camera(bot, browser, folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
