"""Hands for stories that press a button by what it means: the sentences may be reworded."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from sqlmodel import col, select

from bot.cards.questions import Choose, Confirm, Reply, Skip, TellMore
from bot.core.actions import Action, RunCommand
from bot.core.events import Click, Event, HomeOpened, Place, Typed, Who
from bot.core.messages import Button, Message, Style
from bot.core.questions import Values
from bot.platforms.local.platform import WORKSPACE
from bot.platforms.local.screen import LocalPerson
from storage.models import Answer, Delivery, Dialogue, Duty, Participant, Person, Programme, Role
from tests import world as standard
from tests.world import World

NUMBERS = count(1)
# As the form gives them back: the languages in the order of the options.
MENTEE = standard.MENTEE | {"languages": ("nl", "en")}
MENTOR = standard.MENTOR | {"languages": ("nl", "en")}
FORM: dict[str, Values] = {
    "name": ("Growing together",),
    "goal": ("leadership",),
    "targets": ("joined", "met_share", "satisfaction"),
    "target_joined": ("60",),
    "target_met_share": ("80",),
    "target_satisfaction": ("4.0",),
    "languages": ("nl", "en"),
    "starts_on": ("2026-04-01",),
    "ends_on": ("2026-10-01",),
    "rhythm": ("monthly",),
    "same_team": ("no",),
    "floor": ("high",),
    "smallest_group": ("7",),
}
# What a neutral message about somebody else never says.
NEUTRAL = ("because", "reason", "sorry", "unfortunately", "omdat", "reden", "helaas", "probleem")


class Hands(LocalPerson):
    """Somebody of a story; what they did last can be sent again, as platforms in doubt do."""

    def __init__(self, world: World, name: str, locale: str = "en", **about: Any) -> None:
        world.person(name, locale, **about)
        world.people[name] = self
        self.world, self.name = world, name
        self.deeds: list[Event] = []
        super().__init__(world.local, name.casefold(), self._does)

    def _does(self, event: Event) -> Message | None:
        self.deeds.append(event)
        return self.world.dispatch(event)

    # --- acting ---

    @property
    def offers(self) -> list[Action]:
        """What the buttons of the card in front of this person mean."""
        return meanings(self.card)

    def presses(self, meaning: type[Action] | Action, **fields: str | Values) -> None:
        """Press the first button of the newest card that means this."""
        fits = [
            place
            for place, action in enumerate(self.offers)
            if action == meaning or (isinstance(meaning, type) and isinstance(action, meaning))
        ]
        if not fits or self.card is None:
            raise LookupError(f"{self.name} sees no {meaning}, only {self.offers}")
        label = self.card.all(Button)[fits[0]].label
        posted, _ = self._by_change(f"dm:{self.user}")[0]
        values = {name: ask.value for name, ask in self.inputs.items()}
        values |= {n: (v,) if isinstance(v, str) else v for n, v in fields.items()}
        assert set(values) == set(self.inputs), (label, fields)
        deed = self.platform.clicks(self.user, posted.id, fits[0], values)
        self.platform.answer(deed, self._does(deed.event))

    def chooses(self, value: str) -> None:
        """Press the button of this option."""
        options = [a for a in self.offers if isinstance(a, Choose) and a.value == value]
        if not options:
            raise LookupError(f"{self.name} sees no option {value}, only {self.offers}")
        self.presses(options[0])

    def fills(self, **fields: str | Values) -> None:
        """Fill in the question on the card and send it."""
        self.presses(Reply, **fields)

    def joins(self, answers: Mapping[str, Values]) -> None:
        """Go through the whole intake by buttons and confirm."""
        self.types("/mentor join")
        self.walks(answers)
        self.presses(Confirm)

    def walks(self, answers: Mapping[str, Values]) -> None:
        """Answer whatever is asked until nothing is."""
        while key := self.is_asked:
            if any(isinstance(action, Choose) for action in self.offers):
                self.chooses(answers[key][0])
            else:
                self.fills(**{key: answers[key]})

    def is_led_to(self, key: str, answers: Mapping[str, Values]) -> None:
        """Join, answer in words what comes before, and stop at this question."""
        self.types("/mentor join")
        while self.is_asked not in ("", key):
            self.types(", ".join(answers[self.is_asked]))
        if not self.is_asked:
            self.presses(TellMore)
            while self.is_asked != key:
                self.presses(Skip)

    # --- what platforms and strangers do ---

    def again(self) -> Message | None:
        """The last deed arrives once more; nobody sees the answer but the story."""
        return self.world.dispatch(self.deeds[-1])

    def forges(self, action: Action, *, id: str = "", **fields: Values) -> Message | None:
        """A press on a button that is not on the screen: made up, or from long ago."""
        return self.world.dispatch(self._click(action, id or f"forged-{next(NUMBERS)}", fields))

    def _click(self, action: Action, id: str, fields: Mapping[str, Values]) -> Click:
        return Click(*self.base(id), action=action, fields=fields)

    def said(self, text: str, id: str) -> Typed:
        """Typed words as an event, not sent."""
        return Typed(*self.base(id), text=text)

    def base(self, id: str) -> tuple[str, Who, Place, str]:
        home = f"dm:{self.user}"
        return id, Who("local", WORKSPACE, self.user), Place(home), home

    # --- what is remembered of this person ---

    @property
    def row(self) -> Person:
        [found] = self.world.rows(select(Person).where(Person.name == self.name))
        return found

    def dialogue(self, questionnaire: str = "intake", subject: int | None = None) -> Dialogue:
        """The conversation that was touched last."""
        query = select(Dialogue).where(
            Dialogue.person_id == self.row.id, Dialogue.questionnaire == questionnaire
        )
        if subject is not None:
            query = query.where(Dialogue.subject_id == subject)
        return self.world.rows(query.order_by(col(Dialogue.touched_at).desc()))[0]

    def told(self, questionnaire: str = "intake", subject: int | None = None) -> dict[str, Values]:
        """Every answer that is kept, by question."""
        dialogue = self.dialogue(questionnaire, subject)
        rows = self.world.rows(select(Answer).where(Answer.dialogue_id == dialogue.id))
        return {row.question: tuple(row.values) for row in rows}

    @property
    def is_asked(self) -> str:
        """The question whose answer is awaited, or ""."""
        dialogue = self.world.rows(
            select(Dialogue)
            .where(Dialogue.person_id == self.row.id)
            .order_by(col(Dialogue.touched_at).desc(), col(Dialogue.id).desc())
        )[0]
        return dialogue.asking if dialogue.state.value == "asking" else ""

    def takes_part(self, programme: int = 1) -> Participant | None:
        """Their place in a programme, also when they left."""
        rows = self.world.rows(
            select(Participant).where(
                Participant.person_id == self.row.id, Participant.programme_id == programme
            )
        )
        return rows[0] if rows else None

    @property
    def received(self) -> list[str]:
        """Every message promised to this person, as it travels."""
        mine = select(Delivery).where(Delivery.person_id == self.row.id)
        return [row.message for row in self.world.rows(mine.order_by(col(Delivery.id)))]


def admin(world: World, name: str, locale: str = "en") -> Hands:
    """Somebody who appoints coordinators and makes programmes."""
    person = Hands(world, name, locale)
    appoint(person, Duty.ADMIN)
    return person


def appoint(person: Hands, duty: Duty = Duty.COORDINATOR, programme: int | None = None) -> None:
    with person.world.database.transaction() as session:
        session.add(Role(person_id=person.row.id, duty=duty, programme_id=programme))


def programmes(world: World) -> list[Programme]:
    return list(world.rows(select(Programme).order_by(col(Programme.id))))


def made(person: Hands) -> Programme:
    """The first programme of this person's world, as it is now."""
    return programmes(person.world)[0]


def errors(person: Hands) -> dict[str, str]:
    """What the form in front of this person says beside its fields."""
    return {name: ask.error for name, ask in person.inputs.items() if ask.error}


def opens_home(person: Hands) -> Message:
    """The Home page as this person sees it now."""
    page = person.world.dispatch(HomeOpened(*person.base(f"home-{next(NUMBERS)}")))
    assert page is not None
    loud = [one for one in page.all(Button) if one.style is Style.PRIMARY]
    assert len(loud) <= 1
    return page


def matched(world: World) -> tuple[Hands, Hands]:
    """Bram (English) mentors Noor (Dutch), announced by Thomas."""
    world.programme()
    bram, noor = Hands(world, "Bram"), Hands(world, "Noor", "nl")
    world.joins("Bram", MENTOR)
    world.joins("Noor", MENTEE)
    thomas = world.coordinator("Thomas")
    thomas.types("/mentor match")
    world.tick()
    thomas.clicks("Approve all")
    thomas.clicks("Announce…")
    thomas.clicks("Announce now")
    world.tick()
    return bram, noor


def commands(card: Message | None) -> list[tuple[str, str]]:
    """The commands that a card's buttons run."""
    return [(a.name, a.args) for a in meanings(card) if isinstance(a, RunCommand)]


def meanings(card: Message | None) -> list[Action]:
    """What the buttons of a card do, in order."""
    return [Action.decode(button.wire) for button in card.all(Button)] if card else []
