"""A card as each chat service gets it, for the developer who looks at it in the simulated workspace."""

from __future__ import annotations

from bot.platforms.local.view import Wires
from bot.platforms.slack import blocks
from bot.platforms.teams import cards

WIRES: Wires = {
    "Slack": lambda card, _: blocks.message(card, nonce="page"),
    "Teams": lambda card, language: cards.card(card, nonce="page", lang=language),
}
