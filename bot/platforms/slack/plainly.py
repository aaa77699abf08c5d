"""A message without any layout, for when Slack does not take it as it was drawn."""

from __future__ import annotations

from bot.core.messages import Message
from bot.platforms.plainly import lines
from bot.platforms.slack.mrkdwn import Json, summary

MOST = 3_900  # characters; Slack may part a longer text in two


def text(message: Message) -> Json:
    """What chat.postMessage takes: the words line by line, as far as they fit, nothing else."""
    return {
        "text": "\n".join(lines(message, summary, MOST)),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }
