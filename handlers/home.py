"""Where somebody stands, and what they can do now."""

from __future__ import annotations

from datetime import date, datetime

from bot.cards import common
from bot.cards import joining as cards
from bot.cards import talks as talk_cards
from bot.core.messages import Message
from bot.texts import LANGUAGES
from handlers.joining import INTAKE
from handlers.router import Access, Audience, Entry, mark, may, router
from handlers.turn import Turn
from storage import dialogues, people, programmes, seats, talks, waiting, wishers
from storage.models import Part, Programme
from storage.seats import Seat


@router.command(
    "status",
    mark("where you are, what comes next, and when"),
    access=Access.EVERYONE,
    aliases=("stand",),
)
def status(turn: Turn, _args: str) -> Message:
    asked = [talk_cards.told(turn.t, one) for one in talks.of_person(turn.session, turn.person)]
    return turn.privately(
        cards.status(
            turn.t, standings=standings(turn), paused_until=paused_until(turn), talks=asked
        )
    )


@router.command("help", mark("everything I can do"), access=Access.EVERYONE, aliases=("hulp", "?"))
def help_(turn: Turn, _args: str) -> Message:
    def lines(audience: Audience) -> list[common.CommandLine]:
        return [_line(e) for e in router.commands.values() if e.access.audience is audience]

    groups = [(turn.t("For everyone"), lines(Audience.EVERYONE))]
    if may(turn, Access.ANY_COORDINATOR):
        groups.append((turn.t("For coordinators"), lines(Audience.COORDINATORS)))
    if may(turn, Access.ADMIN):
        groups.append((turn.t("For administrators"), lines(Audience.ADMINISTRATORS)))
    return turn.privately(common.help_card(turn.t, groups))


def _line(entry: Entry) -> common.CommandLine:
    return common.CommandLine(entry.name, entry.args, entry.summary)


@router.command(
    "language",
    mark("the language I speak with you"),
    access=Access.EVERYONE,
    args="nl|en",
    aliases=("taal",),
)
def language(turn: Turn, args: str) -> Message:
    word = args.casefold().strip()
    chosen = {"nederlands": "nl", "dutch": "nl", "engels": "en", "english": "en"}.get(word, word)
    if chosen not in LANGUAGES:
        return cards.which_language(turn.t)
    turn.person.locale, turn.person.locale_chosen = chosen, True
    return cards.language_set(turn.t)


def standings(turn: Turn) -> list[cards.Standing]:
    """How the person stands in each programme they take part in."""
    found = seats.of(turn.session, turn.person)
    wishes = dict[int, datetime]()
    if any(seat.wished for seat in found):
        wishes = wishers.open_to(turn.session, turn.person, turn.now)
    return [_standing(turn, seat, wishes.get(seat.programme)) for seat in found]


def _standing(turn: Turn, seat: Seat, wishes_until: datetime | None) -> cards.Standing:
    beside = seat.beside
    has_mentor = any(one.part is Part.MENTOR for one in beside)
    has_mentee = any(one.part is Part.MENTEE for one in beside)
    dates = [one.ask_at for one in beside if one.ask_at]
    return cards.Standing(
        programme=seat.name,
        mentor=seat.mentor,
        mentee=seat.mentee,
        partners=tuple(cards.Partner(one.name, one.part.value) for one in beside),
        next_check_in=people.today(turn.person, min(dates)) if dates else None,
        next_round=programmes.coming_round(seat.next_round_on, turn.today),
        priority=seat.priority > 0,
        place=_place(turn, seat),
        seeking=(seat.mentee and not has_mentor) or (seat.mentor and not has_mentee),
        slug=seat.slug,
        wishes_until=wishes_until,
        zone=turn.person.time_zone,
    )


def _place(turn: Turn, seat: Seat) -> int | None:
    """Who was left over by a round is told how many go before them."""
    if not seat.waiting_since:
        return None
    programme = turn.session.get_one(Programme, seat.programme)
    return waiting.place_of(turn.session, programme, seat.participant, turn.now)


def paused_until(turn: Turn) -> date | None:
    """The day on which the person is back, while they are away."""
    until = turn.person.paused_until
    return people.today(turn.person, until) if until and turn.now < until else None


def half_way(turn: Turn) -> list[Programme]:
    """The programmes that the person began to join and may still."""
    if not people.may_take_part(turn.person):
        return []
    joined = {p.id for _, p in programmes.participations(turn.session, turn.person)}
    begun = {d.subject_id for d in dialogues.begun(turn.session, turn.person, INTAKE)}
    open_to_me = programmes.open_to(turn.session, turn.person)
    return [p for p in open_to_me if p.id in begun - joined]


def may_join(turn: Turn) -> bool:
    """Whether there is a programme that the person may join and is not in."""
    joined = programmes.participations(turn.session, turn.person)
    open_to_me = programmes.open_to(turn.session, turn.person)
    return people.may_take_part(turn.person) and len(joined) < len(open_to_me)
