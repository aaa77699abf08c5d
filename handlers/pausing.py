"""Away for a while, back again, or gone: the partner is told in neutral words."""

from __future__ import annotations

from datetime import date, time, timedelta

from bot.cards import joining as cards
from bot.core.dates import read_end
from bot.core.messages import Message
from bot.core.working_time import at_local
from handlers import programmes
from handlers.joining import INTAKE
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import dialogues, guests, mentorships, people, wishes
from storage import programmes as stored
from storage.mentorships import Mine
from storage.models import Part, ParticipantState, Person, Programme

LONGEST = timedelta(days=366)


@router.command(
    "pause",
    mark("leave me alone until a date"),
    access=Access.EVERYONE,
    args="until …",
    aliases=("pauze", "pauzeer"),
)
def pause(turn: Turn, args: str) -> Message:
    if not args:
        return cards.pause_until_when(turn.t, problem="")
    until = read_end(args, turn.today)
    if until is None:
        problem = turn.t("I cannot read a date in “{word}”.", word=args[:60])
        return cards.pause_until_when(turn.t, problem=problem)
    if not turn.today < until <= turn.today + LONGEST:
        problem = turn.t("A pause ends after today, and lasts a year at most.")
        return cards.pause_until_when(turn.t, problem=problem)
    person = turn.person
    back = at_local(people.working_time(person), until, time())
    if person.paused_until != back or not people.is_paused(person, turn.now):
        person.paused_from, person.paused_until = turn.now, back
        _tell_partners(turn, f"away:{turn.event.id}", until)
    return cards.paused(turn.t, until)


@router.command(
    "resume", mark("end your pause"), access=Access.EVERYONE, aliases=("hervat", "terug")
)
def resume(turn: Turn, _args: str) -> Message:
    was_paused = people.is_paused(turn.person, turn.now)
    if was_paused:
        turn.person.paused_until = turn.now
        _tell_partners(turn, f"back:{turn.event.id}", None)
    return cards.resumed(turn.t, was_paused=was_paused)


def _tell_partners(turn: Turn, why: str, until: date | None) -> None:
    name = turn.person.name
    told: set[int] = set()
    for mine in mentorships.running(turn.session, turn.person):
        for _, partner in mine.others:
            if partner.id in told:
                continue
            told.add(partner.id)
            turn.send(
                partner,
                lambda t: (
                    cards.partner_away(t, partner=name, until=until)
                    if until
                    else cards.partner_back(t, partner=name)
                ),
                key=f"{why}:{partner.id}",
            )


@router.command(
    "leave",
    mark("stop taking part"),
    access=Access.EVERYONE,
    args="[programme]",
    aliases=("vertrek", "stoppen"),
)
def leave(turn: Turn, args: str) -> Message:
    mine = [programme for _, programme in stored.participations(turn.session, turn.person)]
    if not mine:
        return cards.not_in_any(turn.t)
    programme = programmes.one(turn, args, command="leave", among=mine)
    if isinstance(programme, Message):
        return turn.privately(programme)
    partners = [p.name for m in _running_in(turn, programme) for _, p in m.others]
    return turn.privately(
        cards.sure_to_leave(
            turn.t, programme_id=programme.id, programme=programme.name, partners=partners
        )
    )


@router.on(cards.Leave, access=Access.PARTICIPANT)
def left(turn: Turn, action: cards.Leave) -> Message:
    programme = turn.session.get_one(Programme, action.programme)
    if not take_leave(turn, programme):
        return cards.not_in_any(turn.t)
    return cards.left(turn.t, programme.name)


def take_leave(turn: Turn, programme: Programme) -> bool:
    """The person leaves a programme, and their partners hear it in neutral words. False when they
    never took part in it."""
    # Held before the participant is read: a partner who leaves at this moment changes both.
    ending = _running_in(turn, programme, held=True)
    participant = stored.participation(turn.session, turn.person, programme)
    if participant is None:
        return False
    if participant.state is ParticipantState.ACTIVE:
        for mine in ending:
            mentorships.end(turn.session, mine, turn.now)
            for member, partner in mine.others:
                _tell_of_end(turn, mine, partner, again=member.part is Part.MENTEE)
        participant.state, participant.left_at = ParticipantState.LEFT, turn.now
        participant.priority = 0
        intake = dialogues.find(turn.session, turn.person, INTAKE, programme.id)
        if intake:
            dialogues.put_away(turn.session, intake)
        wishes.forget(turn.session, participant)
        turn.session.flush()
        guests.reconsider(turn.session, turn.person)
    return True


def _running_in(turn: Turn, programme: Programme, *, held: bool = False) -> list[Mine]:
    running = mentorships.running(turn.session, turn.person, held=held)
    return [mine for mine in running if mine.programme.id == programme.id]


def _tell_of_end(turn: Turn, mine: Mine, partner: Person, *, again: bool) -> None:
    name = turn.person.name
    turn.send(
        partner,
        lambda t: cards.partner_left(t, partner=name, again=again),
        key=f"ended:{mine.mentorship.id}:{partner.id}",
    )
