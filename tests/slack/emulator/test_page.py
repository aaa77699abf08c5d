"""What somebody sees in a browser: the digest with its picture, and the Home tab."""

from __future__ import annotations

from pathlib import Path

from tests import hands
from tests.backstage import until
from tests.browser import chromium
from tests.slack.emulator.bots import at_work
from tests.slack.emulator.config import CHANNEL
from tests.slack.emulator.pictures import Camera


def test_the_digest_and_the_home_tab_are_drawn(file: str, tmp_path: Path) -> None:
    with at_work(file) as bot, chromium() as browser:
        thomas, noor = bot["Thomas"], bot["Noor"]
        camera = Camera(bot, browser, tmp_path)
        thomas.types("/mentor programme create")
        dates = {"starts_on": ("2026-03-02",), "ends_on": ("2026-09-01",)}
        bot.walks(thomas, hands.FORM | dates)
        thomas.types("/mentor digest", CHANNEL)
        until(lambda: bot.slack.messages(CHANNEL)[-1].get("files"), lambda: "no picture")
        camera.card("digest", thomas, "mentoring", last=2)
        noor.opens_home()
        camera.home("home", noor)
    assert {path.name for path in tmp_path.glob("*.png")} == {"slack-digest.png", "slack-home.png"}
