"""People ask somebody they trust for a talk; whoever was asked says how it stands."""

from __future__ import annotations

from bot.cards import joining, listening
from bot.cards import talks as cards
from bot.core.actions import StaleAction
from bot.core.messages import Message, together
from handlers import programmes
from handlers.asked import and_the_rest
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import people, talks
from storage import programmes as stored
from storage.models import Person, Programme, TalkRequest, TalkState


@router.command(
    "talk",
    mark("talk to somebody in confidence, and see how that stands"),
    access=Access.EVERYONE,
    args="[programme]",
    aliases=("praten", "gesprek"),
)
def talk(turn: Turn, args: str) -> Message:
    """What somebody was asked, what they asked for, and whom they can ask."""
    found = [*_asked_of_me(turn), *_mine(turn)]
    taking_part = [p for _, p in stored.participations(turn.session, turn.person)]
    if taking_part or not found:
        found.append(_choose(turn, args, taking_part))
    return turn.privately(together(found[-1].summary, tuple(found)))


def _asked_of_me(turn: Turn) -> list[Message]:
    requests = [
        (id_, name, people.today(turn.person, by))
        for id_, name, by in talks.asked_of(turn.session, turn.person)
    ]
    return [listening.of_me(turn.t, requests)] if requests else []


def _mine(turn: Turn) -> list[Message]:
    requests = talks.of_person(turn.session, turn.person)
    return [cards.mine(turn.t, requests)] if requests else []


def _choose(turn: Turn, args: str, taking_part: list[Programme]) -> Message:
    if not taking_part:
        return joining.not_in_any(turn.t)
    programme = programmes.one(turn, args, command="talk", among=taking_part)
    if isinstance(programme, Message):
        return programme
    readers = talks.readers(turn.session, programme, turn.person, turn.now)
    return cards.choose(
        turn.t, programme_id=programme.id, programme=programme.name, readers=readers
    )


@router.on(cards.TalkTo, access=Access.PARTICIPANT)
def talk_to(turn: Turn, action: cards.TalkTo) -> Message:
    programme, reader = _chosen(turn, action)
    return cards.write(turn.t, programme_id=programme.id, slug=programme.slug, reader=reader)


def _chosen(turn: Turn, action: cards.TalkTo | cards.SendTalk) -> tuple[Programme, cards.Reader]:
    programme = turn.session.get_one(Programme, action.programme)
    for reader in talks.readers(turn.session, programme, turn.person, turn.now):
        if reader.id == action.reader:
            return programme, reader
    raise StaleAction


@router.on(cards.SendTalk, access=Access.PARTICIPANT)
def send(turn: Turn, action: cards.SendTalk) -> Message:
    """Once: whoever asked already sees how that stands."""
    programme, chosen = _chosen(turn, action)
    reader = turn.session.get_one(Person, chosen.id)
    words = "\n".join(turn.fields.get(cards.WORDS, ())).strip()
    request = talks.already(turn.session, programme, turn.person, reader.id)
    if request is None and len(words) > cards.LONGEST:
        return cards.write(
            turn.t,
            programme_id=programme.id,
            slug=programme.slug,
            reader=chosen,
            typed=words,
            problem=cards.too_long(turn.t, len(words)),
        )
    if request is None:
        request = talks.ask(turn.session, programme, turn.person, reader, words, turn.now)
        _tell(turn, request, reader, programme)
    return and_the_rest(turn, cards.sent(turn.t, talks.seen(request, reader, turn.person)))


def _tell(turn: Turn, request: TalkRequest, reader: Person, programme: Programme) -> None:
    by = people.today(reader, request.promised_at)
    turn.send(
        reader,
        lambda t: listening.asked_for(t, talk=request.id, programme=programme.name, by=by),
        key=f"talk:{request.id}",
    )


@router.on(cards.EndTalk, access=Access.OWNER)
def end(turn: Turn, action: cards.EndTalk) -> Message:
    """Whoever was not in touch yet hears that it is no longer needed, and not by whom."""
    request = talks.held(turn.session, action.asked)
    if request.state not in talks.OPEN:
        return cards.ended(turn.t)
    was_heard = request.state is TalkState.IN_TOUCH
    if not was_heard:
        programme = turn.session.get_one(Programme, request.programme_id)
        turn.send(
            turn.session.get_one(Person, request.reader_id),
            lambda t: listening.no_longer_needed(t, programme=programme.name),
            key=f"talk-withdrawn:{request.id}",
        )
    talks.end(turn.session, request, TalkState.DONE if was_heard else TalkState.WITHDRAWN)
    return cards.ended(turn.t)
