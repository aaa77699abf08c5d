"""Pictures of the bot in Teams, for people to judge: `python -m tests.teams.playground.pictures FOLDER`.

What is drawn is the Agents Playground's page, which has Microsoft's own way of drawing cards.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import FloatRect

from storage import schema
from tests import hands
from tests.backstage import Loop
from tests.browser import chromium
from tests.teams.playground.bots import BRAM, NOOR, PROGRAMME, THOMAS, Bot, environment
from tests.teams.playground.page import CARD, Desk, desk

FRAME = (72, 34, 20, 8)  # pixels left of, above, right of and below a card: who said it, and when
BARE = (10, 10, 10, 10)
COLOURS = 96
YES = "Ja, dat vind ik goed"
ASKED_FOR = "statusoverzicht van week 12"  # and not what comes by itself each week
NAMES = ("welcome", "joining", "review", "announcement", "check-in", "digest")


class Camera:
    """Takes the last card in front of somebody, with the name of who sent it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str, of: Desk, words: str = "") -> None:
        """The last card, or the last that has these words."""
        of.rests()
        card = of.tab.locator(CARD).filter(has_text=words).last
        card.scroll_into_view_if_needed()
        box = card.bounding_box()
        assert box
        left, above, right, below = BARE if words else FRAME
        path = self._folder / f"teams-{name}.png"
        clip = FloatRect(
            x=box["x"] - left,
            y=box["y"] - above,
            width=box["width"] + left + right,
            height=box["height"] + above + below,
        )
        of.tab.screenshot(path=path, clip=clip)
        Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)


@contextmanager
def stage(url: str) -> Iterator[tuple[Bot, dict[str, Desk]]]:
    """Everybody sits before an open page; opening it has added the bot."""
    with (
        Loop() as loop,
        Bot(loop, environment(url)) as bot,
        bot.people.meets(THOMAS, NOOR, BRAM),
        chromium() as browser,
        ExitStack() as open_pages,
    ):
        desks = {}
        for first, colleague in bot.people.found.items():
            opened = desk(browser, colleague.address, height=1600)
            desks[first] = open_pages.enter_context(opened)
            colleague.sees(f"Hello {first}!")
        yield bot, desks
        bot.stops()


def tell(bot: Bot, desks: dict[str, Desk], shoot: Camera) -> None:
    """The story, with a picture wherever there is something to see."""
    noor, thomas = desks["Noor"], desks["Thomas"]
    noor.sees("I am Koppel")
    shoot("welcome", noor)
    thomas.opens("Mentoraat")  # which adds the bot there
    thomas.opens()
    bot.makes(bot["Thomas"], PROGRAMME)
    bot["Bram"].types("join")
    bot.walks(bot["Bram"], hands.MENTOR)
    _noor_joins(noor, shoot)
    thomas.types("mentor match")
    thomas.sees("Dry run of Growing together, round 1")
    thomas.clicks("Review one by one")
    thomas.sees("Pair 1 of 1")
    shoot("review", thomas)
    for title, then in (
        ("Approve", "Announce…"),
        ("Announce…", "Announce now"),
        ("Announce now", "on their way"),
    ):
        thomas.clicks(title)
        thomas.sees(then)
    noor.sees("Maak kennis met je mentor")
    shoot("announcement", noor)
    bot.passes(days=15, step=timedelta(hours=6))
    desks["Bram"].sees("have you met in the past 14 days?")
    shoot("check-in", desks["Bram"])
    desks["Bram"].clicks("Yes, we met")
    desks["Bram"].sees("Good to hear")
    thomas.opens("Mentoraat")
    thomas.types("digest", mention=True)
    thomas.sees(ASKED_FOR)
    shoot("digest", thomas, ASKED_FOR)


def _noor_joins(noor: Desk, shoot: Camera) -> None:
    """By whatever a question offers: buttons, boxes to tick, and words."""
    noor.types("mentor language nl")
    noor.sees("Nederlands")
    noor.types("meedoen")
    noor.sees("vraag 1 van 7")
    noor.clicks("Mentee")
    noor.sees("vraag 2 van 6")
    noor.fills("Je antwoord", "presenteren")
    shoot("joining", noor)
    noor.clicks("Volgende")
    noor.sees("vraag 3 van 6")
    [goal] = hands.MENTEE["goal"]
    noor.fills("Je antwoord", goal)
    noor.clicks("Volgende")
    noor.sees("vraag 4 van 6")
    noor.types("Nederlands en Engels")  # words do as well
    for question, answer in (("Hoe vaak", "Om de week"), ("Vind je dat goed?", YES)):
        noor.sees(question)
        noor.clicks(answer)
    noor.sees("Akkoord")
    noor.clicks("Ja, meld me aan")
    noor.sees("Je doet mee!")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as passing:
        url = f"sqlite:///{passing}/koppel.sqlite"
        schema.upgrade(url)
        with stage(url) as (bot, desks):
            tell(bot, desks, Camera(folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
