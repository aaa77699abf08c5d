"""What happened while the clock was wound, from what was sent and what people did: counted, not read."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cards.checkins import AnswerCheckIn
from bot.cards.fit import AnswerFit
from bot.cards.surveys import SendPulse
from bot.cards.trials import SayOfTalk
from bot.cards.wishes import EditWishes
from bot.core.actions import Action, StaleAction
from bot.core.messages import Button, Message
from bot.platforms.local.chat import Posted
from bot.platforms.local.stage import Happened
from bot.simulation.actors import Did

SHORT = timedelta(days=8)  # told by day; a longer time by week


def plural(one: str, many: str) -> tuple[str, str]:
    """Two English source sentences that are translated where they are shown."""
    return one, many


# By the first word of a delivery's key: why it was sent.
_SENT = {
    "announced": plural("{n} person hears of a match", "{n} people hear of their match"),
    "waiting": plural("{n} person has no match yet", "{n} people have no match yet"),
    "round": plural("a matching round is ready for review", "a matching round is ready for review"),
    "digest": plural("a digest appears", "{n} messages with the digest"),
    "pulse": plural("a survey closes", "{n} messages with a survey’s figures"),
    "stuck": plural("{n} pair seems stuck", "{n} pairs seem stuck"),
    "round-due": plural("a matching round is due", "{n} matching rounds are due"),
    "wishes": plural("the wishes are in", "the wishes are in"),
    "does-not-fit": plural(
        "a coordinator hears of a match that does not fit",
        "coordinators hear of {n} matches that do not fit",
    ),
}
# By what the card of a nudge asks.
_ASKED: dict[type[Action], tuple[str, str]] = {
    AnswerCheckIn: plural("{n} check-in asked", "{n} check-ins asked"),
    AnswerFit: plural(
        "{n} person asked whether the match fits", "{n} people asked whether it fits"
    ),
    SendPulse: plural("{n} survey sent", "{n} surveys sent"),
    EditWishes: plural("{n} person asked for wishes", "{n} people asked for wishes"),
    SayOfTalk: plural("{n} asked about a first talk", "{n} asked about their first talks"),
}
_DID = {
    Did.JOINED: plural("{n} person joins", "{n} people join"),
    Did.HESITATED: plural("{n} stops half-way, for now", "{n} stop half-way, for now"),
    Did.MET: plural("{n} has met", "{n} have met"),
    Did.NOT_MET: plural("{n} has not met yet", "{n} have not met yet"),
    Did.SURVEYED: plural("{n} survey filled in", "{n} surveys filled in"),
    Did.MISFIT: plural("{n} match does not fit", "{n} matches do not fit"),
    Did.WISHED: plural("{n} person makes wishes", "{n} people make wishes"),
    Did.SAID_OF_TALK: plural("{n} says how a first talk was", "{n} say how their first talk was"),
    Did.PAUSED: plural("{n} person takes a break", "{n} people take a break"),
    Did.LEFT: plural("{n} person leaves", "{n} people leave"),
    Did.MATCHED: plural(
        "a coordinator approves and announces the pairs", "the pairs are announced"
    ),
}


_ORDER = (*_ASKED.values(), *_DID.values(), *_SENT.values())
_HERE = ZoneInfo("Europe/Amsterdam")  # whose days these are


class Story:
    """Counts by day, or by week when much time passes."""

    def __init__(self, begin: datetime, until: datetime) -> None:
        self._by_week = until - begin > SHORT
        self._began: dict[date, datetime] = {}
        self._counts: Counter[tuple[date, tuple[str, str]]] = Counter()

    def hear(self, posted: Posted) -> None:
        """A message was sent."""
        kind = posted.key.partition(":")[0]
        if kind in _SENT and not (self._by_week and kind == "digest"):  # there is one every week
            self._count(_SENT[kind], posted.at)
        elif kind == "nudge" and posted.card:
            for asked in _asked(posted.card):
                self._count(_ASKED[asked], posted.at)

    def see(self, did: tuple[Did, ...], at: datetime) -> None:
        """Somebody did this."""
        for one in did:
            if one in _DID:
                self._count(_DID[one], at)

    def _count(self, words: tuple[str, str], at: datetime) -> None:
        day = at.astimezone(_HERE).date()
        if self._by_week:
            day -= timedelta(days=day.weekday())
        self._began.setdefault(day, at)
        self._counts[day, words] += 1

    def told(self) -> list[Happened]:
        """All of it, by day or week: what was asked, what people did, what they hear."""
        order = sorted(self._counts, key=lambda one: (one[0], _ORDER.index(one[1])))
        return [
            Happened(self._began[day], *words, self._counts[day, words], week=self._by_week)
            for day, words in order
        ]


def _asked(card: Message) -> set[type[Action]]:
    found = set()
    for button in card.all(Button):
        try:
            found.add(type(Action.decode(button.wire)))
        except StaleAction:
            continue
    return found & set(_ASKED)
