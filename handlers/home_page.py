"""The page that always stands there, and the card in its place where there are no pages: one section
a concern, each leaves out what there is not."""

from __future__ import annotations

from bot.cards import home as cards
from bot.cards import joining
from bot.cards.joining import Offer
from bot.core.messages import Message, Note, Part
from handlers.asked import open_check_ins, open_fit_checks
from handlers.home import half_way, may_join, paused_until, standings
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import glances, people, programmes, roles, surveys


@router.home
def page(turn: Turn) -> Message:
    """What is this person's today; looking at it changes nothing."""
    t = turn.t
    calm = t("This page is yours alone, and shows how things stand whenever you open it.")
    return _drawn(turn, cards.PAGE, calm)


@router.command(
    "home", mark("what you can do now"), access=Access.EVERYONE, aliases=("start", "begin")
)
def home(turn: Turn, _args: str) -> Message:
    """The same as a card, for who asks for it; then they have met the bot."""
    calm = turn.t("Type “home” whenever you want to see how things stand.")
    card = _drawn(turn, cards.CARD, calm)
    turn.person.introduced = True
    return turn.privately(card)


def _drawn(turn: Turn, most: cards.Most, calm: str) -> Message:
    nameless = turn.person.name == turn.identity.user  # as long as nobody told
    name = "" if nameless else turn.person.name.split(" ")[0]
    return cards.page(turn.t, name, [*_sections(turn, most), [Note(calm)]])


def _sections(turn: Turn, most: cards.Most) -> list[list[Part]]:
    """What a person needs first stands first. A new concern is a function here."""
    return [
        introduction(turn),
        not_for_guests(turn),
        waiting(turn),
        joining_half_way(turn, most),
        mine(turn, most),
        runs(turn, most),
        what_else(turn),
    ]


@router.on(cards.ShowOpen, access=Access.EVERYONE)
def show_open(turn: Turn, _action: cards.ShowOpen) -> Message:
    """Every question that was asked and not answered, ready to be answered."""
    return turn.privately(cards.open_questions(turn.t, _open(turn)))


def _open(turn: Turn) -> list[Message]:
    in_surveys = surveys.open_cards(turn.session, turn.person, turn.now, turn.content)
    return [*open_check_ins(turn), *open_fit_checks(turn), *in_surveys]


def introduction(turn: Turn) -> list[Part]:
    return [] if turn.person.introduced else cards.introduction(turn.t)


def waiting(turn: Turn) -> list[Part]:
    return cards.waiting(turn.t, len(_open(turn)))


def joining_half_way(turn: Turn, most: cards.Most) -> list[Part]:
    begun = [(p.name, p.slug) for p in half_way(turn)]
    return cards.half_way(turn.t, begun[: most.joined])


def mine(turn: Turn, most: cards.Most) -> list[Part]:
    return cards.mine(turn.t, standings(turn), paused_until(turn), most)


def runs(turn: Turn, most: cards.Most) -> list[Part]:
    """The programmes that the person runs."""
    if not roles.coordinates_any(turn.session, turn.person):
        return []
    run = programmes.coordinated_by(turn.session, turn.person)
    if not run:
        return cards.offers([Offer(turn.t("Make a programme"), "programme", "create")])
    found = glances.glances(turn.session, run[: most.run], turn.today)
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
    return cards.offers([*found, Offer(t("What can you do?"), "help")])
