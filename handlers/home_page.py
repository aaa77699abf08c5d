"""The page that always stands there: one section a concern, each leaves out what there is not."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards import home as cards
from bot.cards import joining
from bot.cards.joining import Offer
from bot.core.messages import Message, Note, Part
from handlers.asked import open_check_ins
from handlers.home import half_way, may_join, paused_until, standings
from handlers.router import router
from handlers.turn import Turn
from storage import glances, people, programmes, roles, surveys

Section = Callable[[Turn], list[Part]]


@router.home
def page(turn: Turn) -> Message:
    """What is this person's today; looking at it changes nothing."""
    name = turn.person.name.split(" ")[0]
    return cards.page(turn.t, name, [section(turn) for section in SECTIONS])


@router.on(cards.ShowOpen)
def show_open(turn: Turn, _action: cards.ShowOpen) -> Message:
    """Every question that was asked and not answered, ready to be answered."""
    return turn.privately(cards.open_questions(turn.t, _open(turn)))


def _open(turn: Turn) -> list[Message]:
    in_surveys = surveys.open_cards(turn.session, turn.person, turn.now, turn.content)
    return [*open_check_ins(turn), *in_surveys]


def introduction(turn: Turn) -> list[Part]:
    return [] if turn.person.introduced else cards.introduction(turn.t)


def waiting(turn: Turn) -> list[Part]:
    return cards.waiting(turn.t, len(_open(turn)))


def joining_half_way(turn: Turn) -> list[Part]:
    return cards.half_way(turn.t, [(p.name, p.slug) for p in half_way(turn)])


def mine(turn: Turn) -> list[Part]:
    return cards.mine(turn.t, standings(turn), paused_until(turn))


def runs(turn: Turn) -> list[Part]:
    """The programmes that the person runs."""
    if not roles.coordinates_any(turn.session, turn.person):
        return []
    run = programmes.coordinated_by(turn.session, turn.person)
    if not run:
        return cards.offers([Offer(turn.t("Make a programme"), "programme", "create")])
    found = glances.glances(turn.session, run[: cards.MOST_RUN], turn.today)
    return cards.runs(turn.t, found, len(run))


def not_for_guests(turn: Turn) -> list[Part]:
    """For who may not take part, and does not."""
    taking_part = programmes.participations(turn.session, turn.person)
    if people.may_take_part(turn.person) or taking_part:
        return []
    return list(joining.not_for_guests(turn.t).parts)


def what_else(turn: Turn) -> list[Part]:
    """What is always possible."""
    t, found = turn.t, list[Offer]()
    if may_join(turn) and not half_way(turn):
        found.append(Offer(t("Join"), "join"))
    if programmes.participations(turn.session, turn.person):
        found.append(Offer(t("See my answers"), "profile"))
        if paused_until(turn) is None:
            found.append(Offer(t("Pause"), "pause"))
    offers = cards.offers([*found, Offer(t("What can you do?"), "help")])
    calm = t("This page is yours alone, and shows how things stand whenever you open it.")
    return [*offers, Note(calm)]


# What a person needs first stands first. A new concern is a function here.
SECTIONS: tuple[Section, ...] = (
    introduction,
    not_for_guests,
    waiting,
    joining_half_way,
    mine,
    runs,
    what_else,
)
