"""Where somebody stands, and what they can do now."""

from __future__ import annotations

from datetime import date

from bot.cards import common
from bot.cards import joining as cards
from bot.core.messages import Message
from bot.texts import LANGUAGES
from handlers.joining import INTAKE
from handlers.router import Access, Entry, mark, may, router
from handlers.turn import Turn
from storage import dialogues, mentorships, people, programmes, waiting, wishers
from storage.models import Part, Participant, Programme


@router.command("status", mark("where you are, what comes next, and when"), aliases=("stand",))
def status(turn: Turn, _args: str) -> Message:
    return turn.privately(
        cards.status(turn.t, standings=standings(turn), paused_until=paused_until(turn))
    )


@router.command("help", mark("everything I can do"), aliases=("hulp", "?"))
def help_(turn: Turn, _args: str) -> Message:
    def lines(access: Access) -> list[common.CommandLine]:
        return [_line(e) for e in router.commands.values() if e.access is access]

    groups = [(turn.t("For everyone"), lines(Access.EVERYONE))]
    if may(turn, Access.COORDINATOR):
        groups.append((turn.t("For coordinators"), lines(Access.COORDINATOR)))
    if may(turn, Access.ADMIN) and lines(Access.ADMIN):
        groups.append((turn.t("For administrators"), lines(Access.ADMIN)))
    return turn.privately(common.help_card(turn.t, groups))


def _line(entry: Entry) -> common.CommandLine:
    return common.CommandLine(entry.name, entry.args, entry.summary)


@router.command("language", mark("the language I speak with you"), args="nl|en", aliases=("taal",))
def language(turn: Turn, args: str) -> Message:
    word = args.casefold().strip()
    chosen = {"nederlands": "nl", "dutch": "nl", "engels": "en", "english": "en"}.get(word, word)
    if chosen not in LANGUAGES:
        return cards.which_language(turn.t)
    turn.person.locale, turn.person.locale_chosen = chosen, True
    return cards.language_set(turn.t)


def standings(turn: Turn) -> list[cards.Standing]:
    """How the person stands in each programme they take part in."""
    running = mentorships.running(turn.session, turn.person)
    wishes = wishers.open_to(turn.session, turn.person, turn.now)
    found = []
    for participant, programme in programmes.participations(turn.session, turn.person):
        here = [m for m in running if m.mentorship.programme_id == programme.id]
        partners = tuple(
            cards.Partner(person.name, member.part.value)
            for mine in here
            for member, person in mine.others
        )
        has_mentor = any(partner.part == Part.MENTOR for partner in partners)
        mentees = sum(partner.part == Part.MENTEE for partner in partners)
        dates = [m.member.ask_at for m in here if m.member.ask_at]
        found.append(
            cards.Standing(
                programme=programme.name,
                mentor=participant.mentor,
                mentee=participant.mentee,
                partners=partners,
                next_check_in=people.today(turn.person, min(dates)) if dates else None,
                next_round=programmes.coming_round(programme, turn.today),
                priority=participant.priority > 0,
                place=_place(turn, participant, programme),
                seeking=(participant.mentee and not has_mentor)
                or (participant.mentor and not mentees),
                slug=programme.slug,
                wishes_until=wishes.get(programme.id),
                zone=turn.person.time_zone,
            )
        )
    return found


def _place(turn: Turn, participant: Participant, programme: Programme) -> int | None:
    """Who was left over by a round is told how many go before them."""
    if not participant.waiting_since:
        return None
    return waiting.place_of(turn.session, programme, participant, turn.now)


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
