"""Who may use which command and button, as a table made from the router: `python -m bot.reference`."""

from __future__ import annotations

from enum import StrEnum

from bot.texts import mark, translator
from handlers.router import Access, router
from handlers.routes import ROOMS

FILES = {"en": "rights.md", "nl": "rechten.md"}


class Who(StrEnum):
    """As somebody stands to what a command or a button is about."""

    STRANGER = "stranger"  # of another organisation, not let in
    GUEST = "guest"  # not let in
    PARTICIPANT = "participant"  # takes part; the card was made for them
    PARTNER = "partner"  # their mentor or mentee
    ELSEWHERE = "elsewhere"  # coordinates another programme
    COORDINATOR = "coordinator"
    ADVISER = "adviser"  # was asked to talk
    ADMIN = "admin"


ROLES: dict[Who, str] = {
    Who.STRANGER: mark("Stranger"),
    Who.GUEST: mark("Guest"),
    Who.PARTICIPANT: mark("Participant"),
    Who.PARTNER: mark("Partner"),
    Who.ELSEWHERE: mark("Coordinator elsewhere"),
    Who.COORDINATOR: mark("Coordinator"),
    Who.ADVISER: mark("Adviser"),
    Who.ADMIN: mark("Administrator"),
}
MAY: dict[Access, frozenset[Who]] = {
    Access.EVERYONE: frozenset(Who),
    Access.WELCOME: frozenset(Who) - {Who.STRANGER, Who.GUEST},
    Access.PARTICIPANT: frozenset({Who.PARTICIPANT, Who.PARTNER}),
    Access.OWNER: frozenset({Who.PARTICIPANT}),
    Access.ADVISER: frozenset({Who.ADVISER}),
    Access.COORDINATOR: frozenset({Who.COORDINATOR, Who.ADMIN}),
    Access.ANY_COORDINATOR: frozenset({Who.ELSEWHERE, Who.COORDINATOR, Who.ADMIN}),
    Access.ADMIN: frozenset({Who.ADMIN}),
}
TITLES = {"en": "Who may do what", "nl": "Wie mag wat"}
INTRODUCTIONS = {
    "en": """\
This table is made from the code: every command and every button says whom it is for where it is
registered, the router checks it before anything else happens, and a test tries every cell. Whoever
may not gets a kind word, and a trace of it stands in `/mentor audit`.

A button carries what it is about, and the router looks up whose that is. A button that was forwarded
or made up does nothing for whom it was not made: somebody else’s thing and one that is not there are
answered alike. “Participant” is the person a card was made for, “partner” their mentor or mentee; a
coordinator runs the programme it is about, “elsewhere” another one. An adviser is the person who was
asked for a talk. Whoever has several roles may do what any of them may.""",
    "nl": """\
Deze tabel is gemaakt uit de code: elke opdracht en elke knop zegt waar hij geregistreerd wordt voor
wie hij is, de router controleert dat voordat er iets gebeurt, en een test probeert elk vakje. Wie iets
niet mag, krijgt een vriendelijk woord, en een spoor daarvan staat in `/mentor logboek`.

Een knop draagt met zich mee waar hij over gaat, en de router zoekt op van wie dat is. Een doorgestuurde
of verzonnen knop doet niets voor wie hij niet gemaakt is: wat van een ander is en wat er niet is, krijgt
hetzelfde antwoord. “Deelnemer” is degene voor wie een bericht gemaakt is, “partner” diens mentor of
mentee; een coördinator leidt het programma waar het over gaat, “elders” een ander. Een vertrouwenspersoon
is degene die om een gesprek gevraagd is. Wie meer rollen heeft, mag wat een ervan mag.""",
}
COMMANDS = {"en": "Commands", "nl": "Opdrachten"}
BUTTONS = {"en": "Buttons", "nl": "Knoppen"}
COMMAND = {"en": ("Command",), "nl": ("Opdracht",)}
BUTTON = {"en": ("Button", "About"), "nl": ("Knop", "Gaat over")}


def table(language: str) -> str:
    """Every command and button against every role, as Markdown."""
    t = translator(language)
    roles = [t(source) for source in ROLES.values()]
    order = {room.__name__: number for number, room in enumerate(ROOMS)}
    entries = sorted(router.commands.values(), key=lambda e: order.get(e.run.__module__, 99))
    lines = [f"# {TITLES[language]}", "", INTRODUCTIONS[language]]
    lines += ["", f"## {COMMANDS[language]}", "", *_head(*COMMAND[language], *roles)]
    lines += [_row(f"`/mentor {e.name}`", *_cells(e.access)) for e in entries]
    lines += ["", f"## {BUTTONS[language]}", ""]
    lines += _head(*BUTTON[language], *roles)
    for action, route in sorted(router.actions.items(), key=lambda pair: pair[0].__name__):
        lines.append(_row(f"`{action.__name__}`", route.about, *_cells(route.access)))
    return "\n".join(lines) + "\n"


def _cells(access: Access) -> list[str]:
    return ["✓" if who in MAY[access] else "–" for who in Who]


def _head(*names: str) -> list[str]:
    return [_row(*names), _row(*["---"] * len(names))]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
