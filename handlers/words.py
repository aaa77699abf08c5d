"""Words typed in the private chat mean on every platform what a command means, unless they answer."""

from __future__ import annotations

import re

from bot.cards import common
from bot.core.messages import Message
from handlers import rechecking, steps
from handlers.router import router
from handlers.turn import Turn
from storage import dialogues
from storage.models import Dialogue, DialogueState

# Not every platform has slash commands, so the bot is called by its name as well.
_CALLED = re.compile(r"\s*(/?)mentor(?:\s+|$)", re.IGNORECASE)
_HELP = {"help", "hulp", "?"}  # whatever is asked, nobody's answer is this


@router.typed
def typed(turn: Turn, text: str) -> Message:
    """An answer when one is awaited, else a command, else small talk. “/mentor …” is always a
    command, and “mentor …” whenever there is one of that name."""
    called = _CALLED.match(text)
    name, _, args = (text[called.end() :] if called else text).strip().partition(" ")
    name = name.rstrip("?!.,") or name
    by_name = called is not None and bool(called[1] or router.named(name))
    waiting = dialogues.listening(turn.session, turn.person)
    if waiting is not None and not by_name and not _is_command(waiting, text, name, args):
        checking = waiting.state is DialogueState.CHECKING and not steps.is_ours(text)
        take = rechecking.typed if checking else steps.typed
        return take(turn, waiting, text)
    if called or router.named(name):
        return router.run(turn, name, args) or common.did_not_understand(turn.t)
    return common.did_not_understand(turn.t)


def _is_command(waiting: Dialogue, text: str, name: str, args: str) -> bool:
    """Whether words are a command while a conversation waits: at its end most are, but a question
    takes what is typed as its answer."""
    if name.casefold() in _HELP and not args:
        return True
    at_summary = waiting.state is DialogueState.SUMMARY
    return at_summary and not steps.is_ours(text) and router.named(name) is not None
