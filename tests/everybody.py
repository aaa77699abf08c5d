"""A workspace in which everybody is there once and everything is going on, to try rights on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import event
from sqlmodel import Session, SQLModel, col, select

from bot.core.events import Event
from bot.core.messages import Message
from bot.dispatcher import Dispatcher
from bot.rights import Who
from handlers.routes import router
from storage import roles
from storage.database import Database
from storage.models import (
    AuditEntry,
    CheckIn,
    Dialogue,
    Duty,
    FitCheck,
    Identity,
    Invite,
    InviteState,
    Link,
    Member,
    Participant,
    Person,
    PersonKind,
    Programme,
    Proposal,
    Ruling,
    RulingKind,
    Said,
    TalkRequest,
    TrialTalk,
    TrialVoice,
    Wave,
    WaveState,
    Wisher,
    Wishing,
    WishingState,
)
from storage.models.mentorships import Part
from tests.hands import Hands, admin, appoint, matched
from tests.reviewing import coordinator, last_round, matches, mentee, mentor
from tests.world import World

SECRET = "What only Amira may read."
NAMES = {
    Who.STRANGER: "Sam",
    Who.GUEST: "Gus",
    Who.PARTICIPANT: "Noor",
    Who.PARTNER: "Bram",
    Who.ELSEWHERE: "Joost",
    Who.COORDINATOR: "Tess",
    Who.ADVISER: "Amira",
    Who.ADMIN: "Ada",
}


class Forgetful(Database):
    """Tells what an event did, and forgets it: every deed meets the same world."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.noted: list[tuple[str, bool, int]] = []
        self.wrote: set[str] = set()
        event.listen(self.engine, "before_cursor_execute", self._watch)

    def _watch(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        words = statement.split()
        match words[0].upper():
            case "INSERT" | "DELETE":
                self.wrote.add(words[2].strip('"'))
            case "UPDATE":
                self.wrote.add(words[1].strip('"'))

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with self.rehearsal() as session:
            before = session.exec(select(AuditEntry.id)).all()
            self.wrote.clear()
            yield session
            session.flush()
            new = select(AuditEntry).where(col(AuditEntry.id).not_in(before))
            self.noted = [(e.did, e.allowed, e.person_id) for e in session.exec(new)]


@dataclass
class Stage:
    """Everybody, and the numbers of what is going on."""

    world: World
    database: Forgetful
    people: dict[Who, Hands]
    ids: dict[str, Any]

    def does(self, deed: Event) -> Message | None:
        """The answer to one deed in the world as it was set up."""
        clock = self.world.now
        return Dispatcher(self.database, router, self.world.content, lambda: clock)(deed)

    def close(self) -> None:
        self.database.close()
        self.world.close()


def stage(url: str) -> Stage:
    world = World(url)
    bram, noor = matched(world)
    world.now += timedelta(days=15)
    world.tick()
    tess, joost = coordinator(world, "Tess"), Hands(world, "Joost")
    appoint(joost, programme=world.programme("Lead"))
    amira, ada = Hands(world, "Amira"), admin(world, "Ada")
    appoint(amira, Duty.ADVISER, 1)
    others = [
        Hands(world, "Sam", kind=PersonKind.STRANGER),
        Hands(world, "Gus", kind=PersonKind.GUEST),
    ]
    for number in range(2):
        mentor(world, f"Mentor{number}")
        mentee(world, f"Mentee{number}")
    matches(world, tess)
    people = [*others, noor, bram, joost, tess, amira, ada]
    by_name = {one.name: one for one in people}
    world.opens("slack")
    ids = _goings_on(world, noor, bram, amira)
    everybody = {who: by_name[name] for who, name in NAMES.items()}
    return Stage(world, Forgetful(url), everybody, ids)


def _goings_on(world: World, noor: Hands, bram: Hands, amira: Hands) -> dict[str, Any]:
    """What a button can be about: of Noor, of Grow, and of the round that is under review."""
    round_ = last_round(world)
    with world.database.transaction() as session:
        made = _Making(session, world, noor.row.id, bram.row.id)
        first, second = session.exec(
            select(Proposal).where(Proposal.round_id == round_.id).order_by(col(Proposal.id))
        ).all()[:2]
        ruling = made.add(
            Ruling(
                programme_id=1,
                mentor_id=first.mentor_id,
                mentee_id=first.mentee_id,
                kind=RulingKind.FORBID,
            )
        )
        dialogue = session.exec(select(Dialogue).where(Dialogue.person_id == noor.row.id)).one()
        grow = session.get_one(Programme, 1)
        assert roles.advisers(session, grow)
        grow.importance = {"skills": "very_important"}
        return {
            "programme": 1,
            "round": round_.id,
            "proposal": first.id,
            "other": second.id,
            "mentor": second.mentor_id,
            "ruling": ruling.id,
            "dialogue": dialogue.id,
            "step": dialogue.step,
            "reader": amira.row.id,
            **made.questions(),
            **made.wishes(),
            **made.accounts(),
            **made.talk(amira.row.id),
        }


@dataclass
class _Making:
    session: Session
    world: World
    noor: int
    bram: int

    def add(self, row: Any) -> Any:
        assert isinstance(row, SQLModel)
        self.session.add(row)
        self.session.flush()
        return row

    def questions(self) -> dict[str, int]:
        """A check-in, a fit check and a survey that Noor has not answered."""
        member = self.session.exec(select(Member).where(Member.person_id == self.noor)).one()
        check_in = self.session.exec(select(CheckIn).where(CheckIn.member_id == member.id)).first()
        assert check_in
        today = self.world.now.date()
        check = self.add(
            FitCheck(
                member_id=member.id,
                mentorship_id=member.mentorship_id,
                due_on=today,
                asked_at=self.world.now,
            )
        )
        wave = self.session.exec(select(Wave).where(Wave.programme_id == 1)).first()
        assert wave
        wave.state = WaveState.OPEN
        wave.opens_at, wave.closes_at = self.world.now, self.world.now + timedelta(days=5)
        invited = Invite.wave_id == wave.id, Invite.person_id == self.noor
        invite = self.session.exec(select(Invite).where(*invited)).first() or self.add(
            Invite(wave_id=wave.id, person_id=self.noor)
        )
        invite.state = InviteState.ASKED
        return {"check_in": check_in.id, "check": check.id, "invite": invite.id}

    def wishes(self) -> dict[str, int]:
        """A wishing that is open, and a trial talk of Noor and Bram."""
        in_a_week = self.world.now + timedelta(days=7)
        wishing = self.add(
            Wishing(programme_id=1, state=WishingState.OPEN, closes_at=in_a_week, trial_talks=True)
        )
        noor, bram = (
            self.session.exec(select(Participant).where(Participant.person_id == person)).one()
            for person in (self.noor, self.bram)
        )
        self.add(Wisher(wishing_id=wishing.id, participant_id=noor.id, part=Part.MENTEE))
        talk = self.add(TrialTalk(programme_id=1, mentor_id=bram.id, mentee_id=noor.id))
        voice = self.add(TrialVoice(talk_id=talk.id, participant_id=noor.id, asked=1))
        return {"wishing": wishing.id, "voice": voice.id}

    def accounts(self) -> dict[str, int]:
        """A second account of Noor's, and one that may be hers too; both were asked."""
        slack = self.world.workspaces["slack"]
        mine = self.add(Identity(person_id=self.noor, workspace_id=slack, user="noor", address="x"))
        twin = self.add(Person(organisation_id=self.world.organisation, name="N. Visser"))
        theirs = self.add(
            Identity(person_id=twin.id, workspace_id=slack, user="visser", address="y")
        )
        link = self.add(
            Link(
                identity_id=theirs.id,
                owner_id=self.noor,
                account_says=Said.ASKED,
                owner_says=Said.ASKED,
            )
        )
        return {"account": mine.id, "link": link.id}

    def talk(self, reader: int) -> dict[str, int]:
        """Noor asked for a talk."""
        request = self.add(
            TalkRequest(
                programme_id=1,
                person_id=self.noor,
                reader_id=reader,
                words=SECRET,
                asked_at=self.world.now,
                promised_at=self.world.now + timedelta(days=2),
            )
        )
        return {"talk": request.id, "asked": request.id}
