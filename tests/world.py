"""A simulated workspace, a database and a clock that only moves when told: stories read as stories."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.content import Content, standard
from bot.core.events import Event
from bot.core.messages import Message
from bot.core.platform import Letter
from bot.dispatcher import Dispatcher
from bot.platforms.local.chat import Account, Chat, private_chat
from bot.platforms.local.platform import WORKSPACE, LocalPlatform
from bot.platforms.local.screen import LocalPerson
from handlers.routes import router
from scheduler import clock, delivery
from storage import dialogues, programmes, roles, surveys
from storage.models import (
    Delivery,
    Dialogue,
    DialogueState,
    Identity,
    Organisation,
    Person,
    Programme,
    Workspace,
)
from tests import sealed

T = TypeVar("T", bound=SQLModel)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)  # ten o'clock in Amsterdam

MENTOR = {
    "role": ("mentor",),
    "skills_offered": ("presenting", "coaching"),
    "offer": ("I led three teams through a merger and know how to present bad news.",),
    "languages": ("en", "nl"),
    "rhythm": ("every_two_weeks",),
    "capacity": ("1",),
    "consent": ("yes",),
}
MENTEE = {
    "role": ("mentee",),
    "skills_wanted": ("presenting",),
    "goal": ("I want to present my plans to the board without shaking.",),
    "languages": ("en", "nl"),
    "rhythm": ("every_two_weeks",),
    "consent": ("yes",),
}


class Elsewhere(LocalPlatform):
    """Another chat service in the same story, under the name of a real one."""

    def __init__(self, chat: Chat, name: str) -> None:
        super().__init__(chat)
        self.name, self.workspace = name, f"a workspace in {name}"

    async def send(self, letter: Letter) -> None:
        """As in Slack, somebody whom nobody has spoken with is reached by their account."""
        known = ":" in letter.address or letter.address.startswith("#")
        address = letter.address if known else private_chat(letter.address)
        await super().send(replace(letter, address=address))


class World:
    """What happens in a story: people act, time passes, messages arrive."""

    def __init__(self, url: str) -> None:
        self.now = MONDAY
        self.database = sealed.opened(url)
        self.chat = Chat(clock=lambda: self.now)
        self.local = LocalPlatform(self.chat)
        self.elsewhere: dict[str, Elsewhere] = {}
        self.content: Content = standard()
        self.people: dict[str, LocalPerson] = {}
        self.letters: dict[str, str] = {}  # by key, what was sent: the outbox forgets it
        self.chat.open_channel("#mentoring", ())
        with self.database.transaction() as session:
            organisation = Organisation(name="Waterkant")
            session.add(organisation)
            session.flush()
            self.organisation = organisation.id
            workspace = Workspace(
                organisation_id=organisation.id, platform="local", external=WORKSPACE
            )
            session.add(workspace)
            session.flush()
            self.workspace = workspace.id
        self.workspaces = {"local": self.workspace}

    def opens(self, platform: str) -> None:
        """The organisation works in another chat service too."""
        made = Elsewhere(Chat(clock=lambda: self.now), platform)
        self.elsewhere[platform] = made
        with self.database.transaction() as session:
            workspace = Workspace(
                organisation_id=self.organisation,
                platform=platform,
                external=made.workspace,
                name="Waterkant",
            )
            session.add(workspace)
            session.flush()
            self.workspaces[platform] = workspace.id

    def platform(self, name: str) -> LocalPlatform:
        return self.elsewhere.get(name, self.local)

    def close(self) -> None:
        self.database.close()

    # --- who is there ---

    def person(
        self, name: str, locale: str = "en", *, on: str = "local", **about: Any
    ) -> LocalPerson:
        """Somebody who works here; their account is their name in lower case."""
        user = name.casefold()
        platform = self.platform(on)
        platform.chat.welcome(Account(user, name, locale))
        if platform is self.local:
            self.chat.open_channel("#mentoring", {*self.people_users(), user})
        with self.database.transaction() as session:
            person = Person(
                organisation_id=self.organisation,
                name=name,
                locale=locale,
                introduced=True,
                **about,
            )
            session.add(person)
            session.flush()
            session.add(
                Identity(
                    person_id=person.id,
                    workspace_id=self.workspaces[on],
                    user=user,
                    address=f"dm:{user}",
                )
            )
        self.people[name] = LocalPerson(platform, user, self.dispatch)
        return self.people[name]

    def people_users(self) -> set[str]:
        return set(self.chat.accounts)

    def admin(self, name: str, locale: str = "en") -> LocalPerson:
        person = self.person(name, locale)
        with self.database.transaction() as session:
            roles.appoint(session, self._person(session, name), None)
        return person

    def coordinator(self, name: str, locale: str = "en") -> LocalPerson:
        """Runs the programme that was made last."""
        person = self.person(name, locale)
        with self.database.transaction() as session:
            programme = session.exec(select(Programme).order_by(col(Programme.id).desc())).first()
            roles.appoint(session, self._person(session, name), programme)
        return person

    def _person(self, session: Session, name: str) -> Person:
        return session.exec(select(Person).where(Person.name == name)).one()

    # --- shortcuts to the middle of a story ---

    def programme(self, name: str = "Grow", weeks: int = 26, **about: Any) -> int:
        """A programme that began today, open to everyone."""
        today = self.now.date()
        with self.database.transaction() as session:
            programme = Programme(
                **{
                    "organisation_id": self.organisation,
                    "name": name,
                    "slug": name.casefold().replace(" ", "-"),
                    "languages": ["nl", "en"],
                    "starts_on": today,
                    "ends_on": today + timedelta(weeks=weeks),
                    "channel_workspace_id": self.workspace,
                    "channel_address": "#mentoring",
                    "next_round_on": today + timedelta(days=14),
                    "next_digest_at": programmes.next_friday("Europe/Amsterdam", today),
                    "floor": 0.1,
                    **about,
                }
            )
            session.add(programme)
            session.flush()
            surveys.plan_waves(session, programme)
            return programme.id

    def joins(self, name: str, answers: dict[str, tuple[str, ...]], programme: int = 1) -> None:
        """Somebody has gone through the intake and confirmed."""
        with self.database.transaction() as session:
            person = self._person(session, name)
            dialogue = Dialogue(
                person_id=person.id,
                questionnaire="intake",
                subject_id=programme,
                state=DialogueState.DONE,
                confirmed=True,
                touched_at=self.now,
            )
            session.add(dialogue)
            session.flush()
            for question, values in answers.items():
                dialogues.keep(session, dialogue, question, values)
            role = answers["role"][0]
            programmes.enrol(
                session,
                person,
                session.get_one(Programme, programme),
                mentor=role in ("mentor", "both"),
                mentee=role in ("mentee", "both"),
                capacity=int(answers.get("capacity", ("1",))[0]),
                rhythm=answers["rhythm"][0],
                now=self.now,
            )

    def pair(
        self,
        mentor: str,
        mentee: str,
        locales: tuple[str, str] = ("en", "en"),
        on: tuple[str, str] = ("local", "local"),
        **rhythm: str,
    ) -> tuple[LocalPerson, LocalPerson]:
        """Two people who were matched, approved and announced by a coordinator called Thomas."""
        if not self.rows(select(Programme)):
            self.programme()
        one = self.person(mentor, locales[0], on=on[0])
        other = self.person(mentee, locales[1], on=on[1])
        self.matches(mentor, mentee, **rhythm)
        return one, other

    def matches(self, mentor: str, mentee: str, **rhythm: str) -> None:
        """The same, for two who are here already."""
        wish = (rhythm.get("rhythm", "every_two_weeks"),)
        self.joins(mentor, MENTOR | {"rhythm": wish})
        self.joins(mentee, MENTEE | {"rhythm": wish})
        thomas = self.people.get("Thomas") or self.coordinator("Thomas")
        thomas.types("/mentor match")
        self.tick()
        thomas.clicks("Approve all")
        thomas.clicks("Announce…")
        thomas.clicks("Announce now")
        self.tick()

    # --- time and events ---

    def dispatch(self, event: Event) -> Message | None:
        answer = Dispatcher(self.database, router, self.content, lambda: self.now)(event)
        self.deliver()
        return answer

    def deliver(self) -> None:
        """The post goes round."""
        for queue in delivery.due(self.database, self.now):
            while claimed := delivery.claim(self.database, queue, self.now):
                sent = {one.letter.key: one.letter.message.to_json() for one in claimed}
                self.letters.update(sent)
                failures = asyncio.run(delivery.send(claimed, self.platform(queue.platform)))
                delivery.note(self.database, claimed, failures, self.now)

    def tick(self) -> None:
        """Every job runs once, and the post."""
        clock.run_jobs(self.database, self.content, self.now)
        self.deliver()

    def passes(self, step: timedelta = timedelta(hours=1), **span: float) -> None:
        """Time goes by, hour by hour, with everything that falls due in it."""
        until = self.now + timedelta(**span)
        while self.now < until:
            self.now = min(self.now + step, until)
            self.tick()

    # --- what is remembered ---

    def rows(self, query: SelectOfScalar[T]) -> Sequence[T]:
        with self.database.look() as session:
            found = session.exec(query).all()
            session.expunge_all()
        for row in found:
            if isinstance(row, Delivery) and not row.message:
                row.message = self.letters.get(row.key, "")
        return found
