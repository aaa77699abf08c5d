"""Socket Mode when the line breaks."""

from __future__ import annotations

from tests.backstage import until
from tests.slack.emulator.bots import at_work


def test_a_line_that_slack_renews_is_made_anew_and_nothing_is_lost(file: str) -> None:
    with at_work(file, socket=True) as bot:
        noor = bot["Noor"]
        noor.types("/mentor")
        noor.sees("Hallo Noor!")
        for times in (1, 2):
            bot.slack.loop(bot.slack.between.refresh)
            until(lambda: bot.slack.between.lines == 1, lambda: "no line", 20)
            bot.slack.settles()
            noor.types("help")
            helped = [m for m in noor.messages if "mentor join" in str(m.get("blocks"))]
            assert len(helped) == times
