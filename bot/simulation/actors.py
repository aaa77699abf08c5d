"""Invented people who act only through cards and words, each in their own way.

They read what everybody can read: labels, inputs, buttons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from random import Random

from bot.cards.checkins import AnswerCheckIn, RemindLater
from bot.cards.fit import AnswerFit
from bot.cards.joining import Leave
from bot.cards.matching import Announce, ApproveAll
from bot.cards.questions import Choose, Confirm, Enough, Reply, Skip, TellMore
from bot.cards.surveys import SendPulse
from bot.cards.trials import SayOfTalk
from bot.cards.understood import AsMeant
from bot.cards.wishes import EditWishes, NoWishes, SaveWishes
from bot.content.company import JOIN, phrases
from bot.core.actions import Action, RunCommand, StaleAction
from bot.core.markup import plain
from bot.core.messages import Ask, Button, Kind, Message
from bot.platforms.local.screen import LocalPerson
from bot.simulation.temperament import Temperament

MOST_STEPS = 60  # of one conversation: more means that it goes round in circles
MOST_ASKED = 8  # in one message
NONSENSE = ("huh?", "<!channel> 🎉", "asdf qwerty", "=1+1", "مرحبا", "   ", "help me", "42")


class Did(StrEnum):
    """What somebody did, for whoever tells the story."""

    JOINED = "joined"
    HESITATED = "hesitated"
    MET = "met"
    NOT_MET = "not_met"
    LATER = "later"
    SURVEYED = "surveyed"
    MISFIT = "misfit"
    WISHED = "wished"
    SAID_OF_TALK = "said_of_talk"
    PAUSED = "paused"
    LEFT = "left"
    MATCHED = "matched"


class Actor:
    """One invented person with hands, eyes and a temperament."""

    def __init__(
        self, hands: LocalPerson, answers: Mapping[str, str], rng: Random, locale: str = "en"
    ) -> None:
        self.hands, self.answers, self.rng, self.locale = hands, answers, rng, locale
        self.temperament = Temperament.draw(rng)
        self.did: list[Did] = []
        self.half_way = False
        self.told: set[int] = set()  # check-ins they answered: what must be remembered

    # --- joining ---

    def joins(self) -> bool:
        """Walk through the intake; False when they stop half-way and will go on another day."""
        self.hands.types("/mentor join")
        stops_at = self.rng.randint(2, 5) if self.temperament.hesitates and not self.half_way else 0
        tells_more = self.rng.random() < self.temperament.tells_more
        for step in range(MOST_STEPS):
            if stops_at and step == stops_at:
                self.half_way = True
                self.did.append(Did.HESITATED)
                return False
            card = self.hands.card
            if card is None or not self._step(card, tells_more):
                break
        self.did.append(Did.JOINED)
        return True

    def _step(self, card: Message, tells_more: bool) -> bool:
        """One step of the intake; False when there is nothing left to do."""
        actions = _actions(card)
        if any(isinstance(action, Confirm) for action in actions.values()):
            if tells_more and self._press(card, TellMore):
                return True
            self._press(card, Confirm)
            return False
        if self.rng.random() < self.temperament.nonsense:
            self.hands.types(self.rng.choice(NONSENSE))
            card = self.hands.card or card
        if self._press(card, AsMeant):
            return True
        asked = next((ask.name for ask in card.all(Ask)), "")
        if asked:
            return self._answer(card, asked)
        choices = [a for a in actions.values() if isinstance(a, Choose)]
        return bool(choices) and self._choose(card, choices)

    def _answer(self, card: Message, asked: str) -> bool:
        words = self.answers.get(asked, "")
        if not words:
            return self._press(card, Skip) or self._press(card, Enough)
        [ask] = [one for one in card.all(Ask) if one.name == asked]
        if ask.kind in (Kind.CHOICES, Kind.CHOICE):
            return self._press(card, Reply, **{asked: tuple(words.split(JOIN))})
        if self.rng.random() < self.temperament.types:
            self.hands.types(words)
            return True
        return self._press(card, Reply, **{asked: words})

    def _choose(self, card: Message, choices: list[Choose]) -> bool:
        wanted = set(self.answers.values())
        fitting = [one for one in choices if one.value in wanted]
        chosen = (fitting or choices)[0]
        return self._click(card, lambda action: action == chosen)

    # --- what comes by ---

    def reacts(self, card: Message, met: bool) -> None:
        """Answer whatever a message asks, or not."""
        ways: dict[type[Action], Callable[[Message], None]] = {
            AnswerCheckIn: lambda card: self._checks_in(card, met),
            SendPulse: self._says_how_it_goes,
            AnswerFit: self._says_whether_it_fits,
            SayOfTalk: self._says_of_a_talk,
            EditWishes: self._wishes,
        }
        for _ in range(MOST_ASKED):
            asked = {type(action) for action in _actions(card).values()}
            way = next((kind for kind in ways if kind in asked), None)
            if way is None:
                return
            ways[way](card)
            if way is EditWishes:
                del ways[EditWishes]  # what they wished can be changed, and they do not
            card = self.hands.card or card

    def _checks_in(self, card: Message, met: bool) -> None:
        if self.rng.random() < 0.08 and self._press(card, RemindLater):
            self.did.append(Did.LATER)
            return
        honest = "met" if met else self.rng.choice(("planned", "not_yet", "not_yet"))
        if self.rng.random() < 0.05:
            honest = "not_yet" if met else "met"
        chosen = next(
            (
                action
                for action in _actions(card).values()
                if isinstance(action, AnswerCheckIn) and action.answer == honest
            ),
            None,
        )
        if chosen and self._click(card, lambda action: action == chosen):
            self.told.add(chosen.check_in)
            self.did.append(Did.MET if chosen.answer == "met" else Did.NOT_MET)

    def _says_whether_it_fits(self, card: Message) -> None:
        """Who meets faithfully mostly likes the match."""
        liking = self.temperament.meets + self.rng.gauss(0, 0.2)
        says = "good" if liking > 0.45 else "deciding" if liking > 0.2 else "not"
        said = self._click(card, lambda a: isinstance(a, AnswerFit) and a.answer == says)
        if said and says == "not":
            self.did.append(Did.MISFIT)

    def _says_of_a_talk(self, card: Message) -> None:
        says = self.rng.choices(("yes", "maybe", "no"), (5, 3, 2))[0]
        if self._click(card, lambda a: isinstance(a, SayOfTalk) and a.says == says):
            self.did.append(Did.SAID_OF_TALK)

    def _wishes(self, card: Message) -> None:
        """One to three of those who are shown, the first with a reason; or no preference."""
        if self.rng.random() < 0.2 or not self._press(card, EditWishes):
            self._press(card, NoWishes)
            return
        form = self.hands.card or card
        names = [ask.name for ask in form.all(Ask) if ask.name.startswith("rank_")]
        names.remove("rank_colleague")
        chosen = self.rng.sample(names, min(len(names), self.rng.randint(1, 3)))
        values = {name: str(rank) for rank, name in enumerate(chosen, 1)}
        if chosen:
            values[chosen[0].replace("rank_", "reason_")] = self._phrase("wishes")
        if self._press(form, SaveWishes, **values):
            self.did.append(Did.WISHED)

    def _says_how_it_goes(self, card: Message) -> None:
        values: dict[str, str] = {}
        for ask in card.all(Ask):
            if ask.options:
                liking = self.temperament.meets * 4 + self.rng.gauss(0.6, 0.9)
                place = max(0, min(len(ask.options) - 1, round(liking)))
                values[ask.name] = ask.options[place][0]
            elif self.rng.random() < 0.3:
                values[ask.name] = self._phrase("comments")
        if self._press(card, SendPulse, **values):
            self.did.append(Did.SURVEYED)

    def chats(self) -> str:
        """What they tell colleagues after a talk, if anything."""
        talks = Did.MET in self.did and self.rng.random() < self.temperament.chats
        return self._phrase("talked") if talks else ""

    def _phrase(self, subject: str) -> str:
        return str(self.rng.choice(phrases()[subject])[self.locale])

    def pauses(self) -> None:
        self.hands.types("/mentor pause 2 weeks")
        self.did.append(Did.PAUSED)

    def leaves(self) -> None:
        self.hands.types("/mentor leave")
        card = self.hands.card
        if card is not None and self._press(card, Leave):
            self.did.append(Did.LEFT)

    def matches(self, card: Message) -> None:
        """What a coordinator does on the day of a round, and when it is there to look at."""
        if self._click(card, lambda a: isinstance(a, RunCommand) and a.name == "match"):
            return
        for kind in (ApproveAll, Announce, Announce):
            shown = self.hands.card
            if shown is None or not self._press(shown, kind):
                return
        self.did.append(Did.MATCHED)

    # --- hands ---

    def _press(self, card: Message, kind: type[Action], **fields: str | tuple[str, ...]) -> bool:
        return self._click(card, lambda action: isinstance(action, kind), **fields)

    def _click(
        self, card: Message, fits: Callable[[Action], bool], **fields: str | tuple[str, ...]
    ) -> bool:
        label = next((label for label, action in _actions(card).items() if fits(action)), None)
        if label is None:
            return False
        self.hands.fills_in(label, fields)
        return True


def _actions(card: Message) -> dict[str, Action]:
    """What each button of a card would do, by its label."""
    found: dict[str, Action] = {}
    for button in card.all(Button):
        try:
            found.setdefault(plain(button.label), Action.decode(button.wire))
        except StaleAction:
            continue
    return found
