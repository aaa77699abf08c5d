"""What Teams and the rest of the world call the same thing."""

from __future__ import annotations

NAME = "teams"
MESSAGES = "/api/messages"  # where Teams reaches the bot
