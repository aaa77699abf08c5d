"""What administrators hear of the workspaces the bot works in."""

from __future__ import annotations

from datetime import date

from bot.core.messages import Message, Note, Text
from bot.texts import Translator


def kept_out(t: Translator, *, workspace: str) -> Message:
    """A workspace refuses us, told in another one."""
    title = t("{workspace} no longer lets me in.", workspace=workspace)
    return Message(
        title,
        (
            Text(f"**{title}**"),
            Text(
                t(
                    "My messages there wait. Please install the app in that workspace again, or"
                    " set a new token; then they leave by themselves. What was for days long past"
                    " by then, I leave out."
                )
            ),
        ),
    )


def let_in(t: Translator, *, workspace: str, since: date, waiting: int) -> Message:
    """A workspace lets us in again, told there."""
    title = t("I am back in {workspace}.", workspace=workspace)
    waited = t.plural(
        "{n} message has waited since {day} and leaves now.",
        "{n} messages have waited since {day} and leave now.",
        waiting,
        day=t.day(since, weekday=False),
    )
    return Message(
        title, (Text(f"**{title}** {waited}"), Note(t("Only administrators read this.")))
    )
