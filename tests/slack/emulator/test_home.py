"""The Home tab and the windows that open from it, on both ways to the bot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.cards.questions import Confirm
from bot.core.actions import RunCommand
from storage import schema
from storage.models import Participant
from tests import hands
from tests.backstage import until
from tests.slack.emulator.bots import Bot, at_work
from tests.slack.emulator.people import Colleague, buttons
from tests.slack.rules import shown


@pytest.fixture(scope="module", params=[False, True], ids=["HTTP", "Socket Mode"])
def bot(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    folder: Path = tmp_path_factory.mktemp("home")
    url = f"sqlite:///{(folder / 'koppel.sqlite').as_posix()}"
    schema.upgrade(url)
    with at_work(url, socket=request.param) as working:
        thomas = working["Thomas"]
        thomas.types("/mentor programme create")
        working.walks(
            thomas, hands.FORM | {"starts_on": ("2026-03-02",), "ends_on": ("2026-09-01",)}
        )
        yield working


def page(somebody: Colleague) -> str:
    return shown(somebody.opens_home()["blocks"])


def test_the_home_tab_speaks_the_language_of_whoever_looks(bot: Bot) -> None:
    assert "Hallo Noor!" in page(bot["Noor"])
    assert "verouderd" not in page(bot["Noor"])
    assert "Hello Bram!" in page(bot["Bram"])


def test_a_button_of_the_home_tab_opens_a_window(bot: Bot) -> None:
    noor = bot["Noor"]
    noor.opens_home()
    noor.clicks_at_home(RunCommand("help"))
    assert "mentor join" in shown(noor.modal["blocks"])
    noor.closes_modal()
    assert bot.slack.modals == []


def test_somebody_joins_in_a_window_and_the_home_tab_knows(bot: Bot) -> None:
    bram = bot["Bram"]
    bram.opens_home()
    [join] = [b for b in buttons(bram.home["blocks"]) if "join" in b.get("value", "")]
    bram.clicks_at_home(join["text"]["text"])
    bram.clicks_in_modal("Mentee")
    bram.submits(skills_wanted="")
    assert "⚠️" in shown(bram.modal["blocks"])
    for key in ("skills_wanted", "goal", "languages"):
        assert bot.is_asked(bram) == key
        assert bram.submits(**{key: hands.MENTEE[key]}) == {}
    bram.clicks_in_modal("Every two weeks")
    bram.clicks_in_modal("Yes, that's fine with me")
    assert hands.MENTEE["goal"][0] in shown(bram.modal["blocks"])
    assert bot.answers(bram) == hands.MENTEE
    _confirms(bram)
    assert "You are in!" in shown(bram.modal["blocks"])
    bram.closes_modal()
    [taking_part] = bot.rows(select(Participant))
    assert taking_part.person_id == bot.person(bram).id
    until(
        lambda: "Growing together" in shown(bram.home["blocks"]),
        lambda: f"the Home tab does not know: {shown(bram.home['blocks'])}",
    )


def _confirms(somebody: Colleague) -> None:
    """The first primary button of a window may be its Submit."""
    if any(isinstance(meaning, Confirm) for meaning in somebody.offers_in_modal):
        somebody.clicks_in_modal(Confirm)
    else:
        somebody.submits()


def test_a_window_that_nobody_needs_any_more_changes_nothing(bot: Bot) -> None:
    noor = bot["Noor"]
    noor.opens_home()
    [join] = [b for b in buttons(noor.home["blocks"]) if "join" in b.get("value", "")]
    noor.clicks_at_home(join["text"]["text"])
    old = noor.modal
    noor.types("mentee")
    assert bot.is_asked(noor) == "skills_wanted"
    before = bot.dialogue(noor).step
    noor.clicks_in_modal("Mentor")
    assert bot.dialogue(noor).step == before
    assert bot.answers(noor)["role"] == ("mentee",)
    assert noor.modal["id"] != old["id"]
