"""The audit trail as an administrator reads it: who did what, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.actions import Action, RunCommand
from bot.core.deeds import REFUSED, Deed
from bot.core.markup import escape
from bot.core.messages import Button, Heading, Message, Note, Part, Style, Text, button
from bot.texts import Translator, mark

SAID: dict[str, str] = {
    Deed.APPOINTED: mark("appointed a coordinator"),
    Deed.DISMISSED: mark("dismissed a coordinator"),
    Deed.NAMED_ADVISER: mark("named a confidential adviser"),
    Deed.DROPPED_ADVISER: mark("took away a confidential adviser"),
    Deed.PROMISED_ANSWERS: mark("changed how soon a request for a talk is answered"),
    Deed.MADE_PROGRAMME: mark("made a programme"),
    Deed.CHANGED_SETTINGS: mark("changed the settings"),
    Deed.CHANGED_RULES: mark("changed the rules"),
    Deed.CHANGED_WEIGHTS: mark("changed the weights"),
    Deed.TOOK_OVER_WEIGHTS: mark("took over the weights that were learned"),
    Deed.CHANGED_COMMITTEE: mark("changed the committee"),
    Deed.ASKED_ROUND: mark("asked for a round"),
    Deed.STOPPED_ROUND: mark("stopped a round"),
    Deed.APPROVED_PAIR: mark("approved a pair"),
    Deed.UNDECIDED_PAIR: mark("made a pair undecided again"),
    Deed.APPROVED_PAIRS: mark("approved several pairs"),
    Deed.TOOK_BACK_PAIRS: mark("took several approvals back"),
    Deed.VOTED_YES: mark("voted yes on a pair"),
    Deed.VOTED_NO: mark("voted no on a pair"),
    Deed.TOOK_VOTE_BACK: mark("took a vote back"),
    Deed.EXCHANGED: mark("let two mentees exchange mentors"),
    Deed.KEPT_TOGETHER: mark("kept two people together"),
    Deed.KEPT_APART: mark("kept two people apart"),
    Deed.LIFTED: mark("no longer keeps two people together or apart"),
    Deed.LEFT_OUT: mark("left out pairs that had changed"),
    Deed.ANNOUNCED: mark("announced a round"),
    Deed.ASKED_WISHES: mark("asked everybody for wishes"),
    Deed.CLOSED_WISHES: mark("closed the wishes"),
    Deed.PROLONGED_WISHES: mark("moved the last day for wishes"),
    Deed.READ_DIGEST: mark("asked for the digest"),
    Deed.DECIDED_WORD: mark("decided what a word for a skill means"),
    Deed.UNDECIDED_WORD: mark("took back what a word for a skill means"),
    Deed.ADDED_SKILL: mark("added a skill"),
    Deed.LET_IN: mark("let people from outside in"),
    Deed.KEPT_OUT: mark("kept people from outside out"),
    Deed.JOINED_ACCOUNTS: mark("was found to be one person with another record"),
    Deed.PARTED_ACCOUNT: mark("said that an account is somebody else’s"),
    Deed.NOT_THEIR_ACCOUNT: mark("said that another account is not theirs"),
}


@dataclass(frozen=True)
class ReadAudit(Action):
    """What was written down before this entry; 0: the newest."""

    before: int


@dataclass(frozen=True)
class Line:
    """What somebody did or tried; names are of today."""

    id: int
    at: datetime
    who: str  # empty when they are no more
    did: str
    subject: str
    programme: str = ""
    round: int = 0
    person: str = ""  # to whom it was done


def trail(
    t: Translator, lines: Sequence[Line], *, zone: str, older: int = 0, newest: bool = True
) -> Message:
    """`older` is the entry before which the next page begins, where there is one."""
    title = t("Who did what")
    parts: list[Part] = [Heading(title)]
    if not lines:
        parts.append(Text(t("Nothing has been written down yet.")))
    parts += [Text(_told(t, line, zone)) for line in lines]
    parts.append(
        Note(
            t(
                "Coordinators and administrators leave a trace of what they change, and so does"
                " whoever is refused something. It holds numbers, never what anybody wrote; nobody"
                " can change it or take anything out of it."
            )
        )
    )
    parts += _ways(t, older, newest=newest)
    return Message(title, tuple(parts))


def _ways(t: Translator, older: int, *, newest: bool) -> list[Button]:
    found = []
    if older:
        found.append(button(t("Older"), ReadAudit(older), Style.PRIMARY))
    if not newest:
        found.append(button(t("Newest"), ReadAudit(0)))
    return [*found, button(t("What can I do now?"), RunCommand("home"))]


def _told(t: Translator, line: Line, zone: str) -> str:
    who = escape(line.who) or t("somebody who is no longer known")
    where = escape(line.programme)
    if line.round:
        where += " · " + t("round {number}", number=line.round)
    words = [_deed(t, line.did), where, escape(line.person), escape(line.subject)]
    day = t.day(line.at.astimezone(ZoneInfo(zone)).date(), weekday=False)
    return f"{day} {t.clock(line.at, zone)} · **{who}**: " + " · ".join(filter(None, words))


def _deed(t: Translator, did: str) -> str:
    if did.startswith(REFUSED):
        return t("was refused “{what}”", what=did.removeprefix(REFUSED))
    source = SAID.get(did, "")
    return t(source) if source else escape(did)
