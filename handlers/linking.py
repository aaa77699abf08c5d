"""Somebody is known in two places: they say so in both, and choose where they hear from us."""

from __future__ import annotations

from datetime import timedelta

from bot.cards import linking as cards
from bot.core.actions import StaleAction
from bot.core.deeds import Deed
from bot.core.messages import Message
from bot.core.working_time import next_open
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import links, people, roles
from storage.links import Two
from storage.models import Identity, Person, Said, Workspace

A_MOMENT = timedelta(seconds=3)  # what somebody asked for comes first


@router.afterwards
def ask_here(turn: Turn) -> None:
    """Whoever acts is asked once they have their answer: before they do everything twice."""
    for two in links.of(turn.session, turn.person):
        other = two.said_by(two.other(turn.person))
        if two.said_by(turn.person) is Said.NOTHING and other is not Said.NO:
            _ask(turn, two, turn.person)
            break


def _ask(turn: Turn, two: Two, whom: Person) -> None:
    """Here when the answer has come, or there in their working hours."""
    here = whom.id == turn.person.id
    there = two.account if whom.id == two.person.id else None
    hours = people.working_time(whom)
    two.say(whom, Said.ASKED)
    other = _other(turn, two, whom)
    turn.send(
        whom,
        lambda t: cards.also_you(t, other),
        key=f"also-you:{two.link.id}:{whom.id}:{turn.event.id}",
        via=turn.identity if here else there,
        at=turn.now + A_MOMENT if here else next_open(hours, turn.now),
    )
    turn.session.flush()


def _other(turn: Turn, two: Two, me: Person) -> cards.Other:
    return cards.Other(two.link.id, two.other(me).name, _where(turn, two, me))


def _where(turn: Turn, two: Two, me: Person) -> cards.Place:
    return _place(links.workspace(turn.session, two, me))


def _place(workspace: Workspace) -> cards.Place:
    return cards.Place(workspace.platform, workspace.name)


@router.on(cards.SameAs, access=Access.OWNER)
def same_as(turn: Turn, action: cards.SameAs) -> Message:
    two = _found(turn, action.link)
    me, other = turn.person, two.other(turn.person)
    there = two.said_by(other)
    two.say(me, Said.YES if action.yes else Said.NO)
    if not action.yes:
        if there is Said.YES:
            here = _where(turn, two, other)
            key = f"kept-apart:{two.link.id}:{turn.event.id}"
            turn.send(other, lambda t: cards.kept_apart(t, here), key=key)
        turn.audit(Deed.NOT_THEIR_ACCOUNT, f"identity:{two.account.id}")
        return cards.not_me(turn.t)
    two.link.via = turn.identity.id
    if there is Said.NOTHING:
        _ask(turn, two, other)
    return _how_it_stands(turn, two)


def _found(turn: Turn, link: int) -> Two:
    found = links.find(turn.session, turn.person, link)
    if found is None:
        raise StaleAction
    return found


def _how_it_stands(turn: Turn, two: Two) -> Message:
    """For who has said yes."""
    place = _where(turn, two, turn.person)
    match two.said_by(two.other(turn.person)):
        case Said.YES:
            return cards.both_said_yes(turn.t)
        case Said.NO:
            return cards.kept_apart(turn.t, place)
        case _:
            return cards.asked_there(turn.t, place)


@router.on(cards.AskAgain, access=Access.OWNER)
def ask_again(turn: Turn, action: cards.AskAgain) -> Message:
    """The question once more, also to who said no; what was said in the other account stays."""
    two = _found(turn, action.link)
    if two.said_by(turn.person) is Said.YES:
        return turn.privately(_how_it_stands(turn, two))
    two.say(turn.person, Said.ASKED)
    return turn.privately(cards.also_you(turn.t, _other(turn, two, turn.person)))


@router.command(
    "accounts",
    mark("where I know you, and where you hear from me"),
    access=Access.EVERYONE,
    aliases=("koppelingen",),
)
def accounts(turn: Turn, _args: str) -> Message:
    return turn.privately(_accounts(turn))


def _accounts(turn: Turn) -> Message:
    others = links.of(turn.session, turn.person)
    for two in others:
        if two.said_by(turn.person) is Said.NOTHING:
            two.say(turn.person, Said.ASKED)  # here it stands already
    mine = links.accounts(turn.session, turn.person)
    return cards.accounts(
        turn.t,
        [
            cards.Mine(
                account=account.id,
                place=_place(workspace),
                preferred=number == 0,
                here=account.id == turn.identity.id,
            )
            for number, (account, workspace) in enumerate(mine)
        ],
        [_other(turn, two, turn.person) for two in others],
    )


def _mine(turn: Turn, account_id: int) -> tuple[Identity, Workspace]:
    """An open account of whoever acts."""
    for account, workspace in links.accounts(turn.session, turn.person):
        if account.id == account_id:
            return account, workspace
    raise StaleAction


@router.on(cards.Prefer, access=Access.OWNER)
def prefer(turn: Turn, action: cards.Prefer) -> Message:
    account, _ = _mine(turn, action.account)
    links.prefer(turn.session, account)
    return turn.privately(_accounts(turn))


@router.on(cards.NotMine, access=Access.OWNER)
def not_mine(turn: Turn, action: cards.NotMine) -> Message:
    account, workspace = _mine(turn, action.account)
    if account.id == turn.identity.id:
        raise StaleAction
    links.part(turn.session, account, turn.person, turn.identity)
    turn.audit(Deed.PARTED_ACCOUNT, f"identity:{account.id}")
    name, place = turn.person.name, _place(workspace)
    for admin in roles.admins(turn.session, turn.person.organisation_id):
        key = f"not-theirs:{account.id}:{turn.event.id}:{admin.id}"
        turn.send(admin, lambda t: cards.not_theirs(t, name, place), key=key)
    return turn.privately(cards.parted(turn.t, place))
