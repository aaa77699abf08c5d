"""One event, one transaction, one answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.cards import common
from bot.content import Content
from bot.core.events import Click, Command, Event, HomeOpened, Typed
from bot.core.messages import Message
from bot.core.news import AccountsSeen, Installed, News, Uninstalled
from bot.texts import translator
from handlers.router import Router
from handlers.turn import Turn
from storage import accounts, events, outbox, people, workspaces
from storage.database import Database
from storage.models import PersonKind
from storage.people import DEFAULTS, Defaults


class Dispatcher:
    """Handles each event exactly once; when it returns, the outcome is on disk."""

    def __init__(
        self,
        database: Database,
        router: Router,
        content: Content,
        clock: Callable[[], datetime],
        organisation: str = "",
        defaults: Defaults = DEFAULTS,
    ) -> None:
        """`organisation` is the employer that every workspace belongs to; without a name each
        workspace is an organisation of its own. `defaults` hold for people met for the first time.
        """
        self._database, self._router = database, router
        self._content, self._clock = content, clock
        self._organisation, self._defaults = organisation, defaults
        self.promised = False  # whether anything may have to be sent since somebody last looked

    def __call__(self, event: Event) -> Message | None:
        """What should now stand where the person acted, or None."""
        event = _storable(event)
        if isinstance(event, HomeOpened):
            with self._database.rehearsal() as session:
                return self._handle(session, event)
        with self._database.transaction() as session:
            first = events.first_time(session, event, self._clock())
            answer = self._handle(session, event) if first else None
            promised = outbox.has_promised(session)
        if first:
            if promised:  # now that it is on disk; several threads may come here at once
                self.promised = True
            return answer
        if isinstance(event, Typed):
            return None  # its answer was promised the first time
        # Seen before: handled again in a transaction that is thrown away. Handlers are safe to
        # repeat, so the answer is the current state, as after a second click, and nothing changes.
        with self._database.rehearsal() as session:
            return self._handle(session, event)

    def _handle(self, session: Session, event: Event) -> Message | None:
        met = people.recognise(session, event, self._defaults)
        if met is None:
            return common.unknown_workspace(translator("en"))
        person, identity = met
        if person.kind is PersonKind.BOT or not person.active:
            return None
        turn = Turn(event, person, identity, session, self._content, self._clock())
        answer = self._router.handle(turn)
        if answer and not event.place.whispers:
            answer = turn.privately(answer)  # what was said there for all to read is said once
        if answer and isinstance(event, Typed):
            # Typed words leave no card to answer in: the answer is a promise of its own.
            key = f"answer:{person.id}:{event.id}"
            outbox.promise(session, person, answer, key=key, now=turn.now, via=identity)
            return None
        return answer

    def hear(self, news: News) -> bool:
        """Remember what a platform tells by itself; False when it was heard before: a removal that
        is told again must not undo an installation that came after it."""
        now = self._clock()
        with self._database.transaction() as session:
            if news.id and not events.first_news(session, news, now):
                return False
            match news:
                case AccountsSeen():
                    accounts.learn(session, news, self._defaults, now)
                case Installed():
                    workspaces.installed(session, news, self._organisation, now, self._defaults)
                case Uninstalled():
                    workspaces.gone(session, news, now)
        return True

    def language_of(self, event: Event) -> str:
        """The language of whoever acts, when nothing else can be done for them."""
        with self._database.look() as session:
            return people.language_of(session, event)


def _storable(event: Event) -> Event:
    """The event without what no database stores: NUL, and halves of a character."""
    match event:
        case Typed():
            return replace(event, text=_clean(event.text))
        case Command():
            return replace(event, name=_clean(event.name), args=_clean(event.args))
        case Click():
            fields = {name: tuple(map(_clean, values)) for name, values in event.fields.items()}
            return replace(event, fields=fields)
    return event


def _clean(text: str) -> str:
    return text.replace("\0", "").encode(errors="ignore").decode()
