"""Invented people who act only through cards and words, each in their own way.

They read what everybody can read: labels, inputs, buttons. A temperament decides how quick, how
talkative and how faithful they are; the same seed gives the same people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from bot.cards.checkins import AnswerCheckIn, RemindLater
from bot.cards.fit import AnswerFit
from bot.cards.joining import Leave
from bot.cards.questions import Choose, Confirm, Enough, Reply, Skip, TellMore
from bot.cards.surveys import SendPulse
from bot.content.company import JOIN
from bot.core.actions import Action, StaleAction
from bot.core.markup import plain
from bot.core.messages import Ask, Button, Kind, Message
from bot.platforms.local.screen import LocalPerson

MOST_STEPS = 60  # of one conversation: more means that it goes round in circles
NONSENSE = ("huh?", "<!channel> 🎉", "asdf qwerty", "=1+1", "مرحبا", "   ", "help me", "42")


@dataclass(frozen=True)
class Temperament:
    """Shares are of 1; weeks count from the announcement, 0 is never."""

    silent: float  # lets a question pass
    types: float  # types rather than clicks
    nonsense: float  # says something beside the point first
    tells_more: float
    hesitates: bool  # stops half-way when joining, and goes on a day later
    meets: float
    pauses_in: int = 0
    leaves_in: int = 0

    @staticmethod
    def draw(rng: Random) -> Temperament:
        quiet = rng.random() < 0.08
        return Temperament(
            silent=0.9 if quiet else rng.uniform(0.02, 0.25),
            types=rng.choice((0.0, 0.2, 0.5, 0.9)),
            nonsense=rng.choice((0.0, 0.0, 0.05, 0.2)),
            tells_more=rng.random(),
            hesitates=rng.random() < 0.15,
            meets=0.05 if quiet else rng.uniform(0.45, 0.95),
            pauses_in=rng.randint(2, 8) if rng.random() < 0.05 else 0,
            leaves_in=rng.randint(3, 10) if rng.random() < 0.03 else 0,
        )


class Actor:
    """One invented person with hands, eyes and a temperament."""

    def __init__(self, hands: LocalPerson, answers: Mapping[str, str], rng: Random) -> None:
        self.hands, self.answers, self.rng = hands, answers, rng
        self.temperament = Temperament.draw(rng)
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
                return False
            card = self._card()
            if card is None or not self._step(card, tells_more):
                break
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
            card = self._card() or card
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
        for _ in range(4):
            actions = _actions(card)
            if any(isinstance(a, AnswerCheckIn) for a in actions.values()):
                self._checks_in(card, met)
            elif any(isinstance(a, SendPulse) for a in actions.values()):
                self._says_how_it_goes(card)
            elif any(isinstance(a, AnswerFit) for a in actions.values()):
                self._says_whether_it_fits(card)
            else:
                return
            card = self._card() or card

    def _checks_in(self, card: Message, met: bool) -> None:
        if self.rng.random() < 0.08 and self._press(card, RemindLater):
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

    def _says_whether_it_fits(self, card: Message) -> None:
        """Who meets faithfully mostly likes the match."""
        liking = self.temperament.meets + self.rng.gauss(0, 0.2)
        says = "good" if liking > 0.45 else "deciding" if liking > 0.2 else "not"
        self._click(card, lambda a: isinstance(a, AnswerFit) and a.answer == says)

    def _says_how_it_goes(self, card: Message) -> None:
        values: dict[str, str] = {}
        for ask in card.all(Ask):
            if ask.options:
                liking = self.temperament.meets * 4 + self.rng.gauss(0.6, 0.9)
                place = max(0, min(len(ask.options) - 1, round(liking)))
                values[ask.name] = ask.options[place][0]
            elif self.rng.random() < 0.3:
                values[ask.name] = self.rng.choice(COMMENTS[self.hands.user[-1] > "m"])
        self._press(card, SendPulse, **values)

    def pauses(self) -> None:
        self.hands.types("/mentor pause 2 weeks")

    def leaves(self) -> None:
        self.hands.types("/mentor leave")
        card = self._card()
        if card is not None:
            self._press(card, Leave)

    # --- hands ---

    def _card(self) -> Message | None:
        return self.hands.card

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


COMMENTS = {
    True: (
        "Fijne gesprekken, ik leer veel.",
        "Het is lastig om een moment te vinden.",
        "Meer voorbeelden zouden helpen.",
        "Mijn mentor luistert echt.",
    ),
    False: (
        "Good talks, I learn a lot.",
        "Finding a time is hard.",
        "A little more structure would help.",
        "I feel heard.",
    ),
}


def _actions(card: Message) -> dict[str, Action]:
    """What each button of a card would do, by its label."""
    found: dict[str, Action] = {}
    for button in card.all(Button):
        try:
            found.setdefault(plain(button.label), Action.decode(button.wire))
        except StaleAction:
            continue
    return found
