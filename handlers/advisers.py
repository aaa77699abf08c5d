"""Coordinators name who listens in confidence, and say how soon people hear from them."""

from __future__ import annotations

from datetime import date

from bot.cards import advisers as cards
from bot.cards.problems import wrong
from bot.core.answers import Problem, read
from bot.core.deeds import Deed
from bot.core.messages import Kind, Message
from bot.core.questions import Question
from handlers import appointing, programmes
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import roles
from storage.models import Duty, Programme

DAYS = Question(cards.DAYS, Kind.NUMBER, {}, minimum=1, maximum=cards.MOST_DAYS)


@router.command(
    "advisers",
    mark("see, add or remove whom people can talk to in confidence"),
    access=Access.COORDINATOR,
    args="[add|remove NAME]",
    aliases=("vertrouwenspersonen",),
)
def advisers(turn: Turn, args: str) -> Message:
    said = appointing.read(args)
    programme = programmes.one(turn, said.programme, command="advisers", then=said.change)
    if isinstance(programme, Message):
        return turn.privately(programme)
    note = _change(turn, programme, said) if said.change else ""
    return turn.privately(_card(turn, programme, note=note))


def _change(turn: Turn, programme: Programme, said: appointing.Said) -> str:
    """Name somebody or take them away; the sentence says what happened."""
    person = appointing.colleague(turn, said.name)
    if isinstance(person, Problem):
        return wrong(turn.t, person)
    give = roles.appoint if said.adding else roles.dismiss
    if not give(turn.session, person, programme, Duty.ADVISER):
        return turn.t("Nothing has changed for {name}.", name=person.name)
    deed = Deed.NAMED_ADVISER if said.adding else Deed.DROPPED_ADVISER
    turn.audit(deed, f"programme:{programme.id}:person:{person.id}")
    if said.adding:
        turn.send(
            person,
            lambda t: cards.named(t, programme=programme.name, days=programme.answer_days),
            key=f"adviser:{programme.id}:{person.id}:{turn.event.id}",
        )
    return ""


def _card(
    turn: Turn, programme: Programme, *, days: str = "", note: str = "", problem: str = ""
) -> Message:
    return cards.advisers(
        turn.t,
        programme_id=programme.id,
        programme=programme.name,
        names=[one.name for one in roles.advisers(turn.session, programme)],
        days=days or str(programme.answer_days),
        note=note,
        problem=problem,
    )


@router.on(cards.SaveAnswerDays, access=Access.COORDINATOR)
def save(turn: Turn, action: cards.SaveAnswerDays) -> Message:
    """For whoever asks from now on; what was promised stays."""
    programme = turn.session.get_one(Programme, action.programme)
    given = "".join(turn.fields.get(cards.DAYS, ())).strip()
    found = read(DAYS, (given,), typed=True, today=date.min)
    if isinstance(found, Problem):
        return _card(turn, programme, days=given[:20], problem=wrong(turn.t, found))
    days = int(found[0])
    if days != programme.answer_days:
        programme.answer_days = days
        turn.session.flush()
        turn.audit(Deed.PROMISED_ANSWERS, f"programme:{programme.id}:{days}")
    return _card(turn, programme, note=cards.saved(turn.t, days))
