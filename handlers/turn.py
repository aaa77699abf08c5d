"""One event in the hands of a handler: who acted, what the bot remembers, how to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.cards import common
from bot.content import Content
from bot.core.deeds import REFUSED, Deed
from bot.core.events import Click, Event
from bot.core.messages import Message
from bot.core.questions import Values
from bot.texts import Translator, translator
from storage import audit, outbox, people
from storage.models import Identity, Person


@dataclass(frozen=True)
class Turn:
    """A handler returns what should now stand where the person acted, and promises the rest."""

    event: Event
    person: Person
    identity: Identity
    session: Session
    content: Content
    now: datetime

    @property
    def t(self) -> Translator:
        """The words of the person who acts; a new language counts from the next sentence on."""
        return translator(self.person.locale)

    @property
    def today(self) -> date:
        """The date where the person is."""
        return people.today(self.person, self.now)

    @property
    def fields(self) -> Mapping[str, Values]:
        """What was filled in on the card that was clicked."""
        return self.event.fields if isinstance(self.event, Click) else {}

    def send(
        self,
        to: Person,
        card: Callable[[Translator], Message],
        *,
        key: str,
        via: Identity | None = None,
        at: datetime | None = None,
    ) -> bool:
        """Promise a message in the reader's language. It leaves after this turn is committed (or
        later, `at` a moment), even after a crash; a second promise with the same key is dropped."""
        message = card(translator(to.locale))
        return outbox.promise(self.session, to, message, key=key, now=at or self.now, via=via)

    def privately(self, card: Message) -> Message:
        """Answer in the private chat: here when this is it, else there, with a word here."""
        if self.event.place.private:
            return card
        outbox.promise(
            self.session,
            self.person,
            card,
            key=f"private:{self.person.id}:{self.event.id}",
            now=self.now,
            via=self.identity,
        )
        return common.look_in_private(self.t)

    def audit(self, deed: Deed, subject: str = "") -> None:
        """Write down what a coordinator or admin did: ids only."""
        audit.write(self.session, self.person, deed, subject, now=self.now)

    def audit_refusal(self, what: str, subject: str = "") -> None:
        """Write down what somebody tried that is not for them: ids only."""
        did = f"{REFUSED}{what}"
        audit.write(self.session, self.person, did, subject, now=self.now, allowed=False)
