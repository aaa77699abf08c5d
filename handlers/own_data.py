"""Somebody sees what is held of them, takes it along, or has it erased; nobody else is asked."""

from __future__ import annotations

from bot.cards import own_data as cards
from bot.cards import own_data_told as told
from bot.core.messages import Message
from handlers import pausing
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import erasing, mentorships, own_data, programmes, roles


@router.command(
    "my-data",
    mark("see what I hold about you"),
    aliases=("mijn-gegevens", "gegevens"),
    access=Access.EVERYONE,
)
def my_data(turn: Turn, _args: str) -> Message:
    held = own_data.held(turn.session, turn.person, turn.content)
    return turn.privately(cards.my_data(turn.t, told.sections(turn.t, held, _kept(turn))))


@router.on(cards.SendMyData, access=Access.EVERYONE)
def send(turn: Turn, _action: cards.SendMyData) -> Message:
    """As a promise, so that it arrives in the private chat wherever the button stood."""
    held = own_data.held(turn.session, turn.person, turn.content)
    readable, data = told.readable(turn.t, held, turn.content), told.as_json(held)
    turn.send(
        turn.person,
        lambda t: cards.files(t, readable=readable, data=data),
        key=f"my-data:{turn.person.id}:{turn.event.id}",
        via=turn.identity,
    )
    return cards.on_its_way(turn.t)


@router.command(
    "erase-me",
    mark("have everything about you erased"),
    aliases=("wis-mij",),
    access=Access.EVERYONE,
)
def erase_me(turn: Turn, _args: str) -> Message:
    partners = [p.name for m in mentorships.running(turn.session, turn.person) for _, p in m.others]
    mine = [p.name for _, p in programmes.participations(turn.session, turn.person)]
    alone = roles.nobody_else_runs(turn.session, turn.person)
    return turn.privately(
        cards.what_follows(
            turn.t,
            partners=list(dict.fromkeys(partners)),
            programmes=mine,
            alone=[programme.name for programme in alone],
        )
    )


@router.on(cards.EraseForGood, access=Access.EVERYONE)
def once_more(turn: Turn, _action: cards.EraseForGood) -> Message:
    return cards.really(turn.t)


@router.on(cards.EraseNow, access=Access.EVERYONE)
def erase_now(turn: Turn, _action: cards.EraseNow) -> Message:
    """Partners hear it as they hear of anybody who leaves, and then there is nobody any more."""
    t = turn.t
    for _, programme in programmes.participations(turn.session, turn.person):
        pausing.take_leave(turn, programme)
    erasing.erase(turn.session, turn.person, turn.now)
    return cards.erased(t)


def _kept(turn: Turn) -> int:
    """The months that are the longest of this person's programmes."""
    mine = programmes.participations(turn.session, turn.person)
    return max((programme.kept_months for _, programme in mine), default=programmes.KEPT_MONTHS)
