"""Coordinators ask for wishes: until when, how, of how many; they see figures, never who."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import TypeVar

from bot.cards import matching as matching_cards
from bot.cards import wishings as cards
from bot.cards.problems import wrong
from bot.core.actions import RunCommand, StaleAction
from bot.core.answers import Problem, Wrong, read
from bot.core.messages import Message
from bot.core.questions import Answers, Question, Values, find
from bot.core.working_time import works_on
from handlers import forms, programmes
from handlers import wishes as own_wishes
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import people, profiles, roles, wishers, wishings
from storage import programmes as stored
from storage.models import ParticipantState, Programme, Wishing

MINE = {"mine", "mijn"}
A_WEEK, LONGEST = timedelta(days=7), timedelta(days=60)
CLOSES = time(18)
PERCENTS = (0, 10, 25, 50)
W = TypeVar("W", bound=cards.OfWishing)


@router.command(
    "wishes",
    mark("say whom you would like, or ask everybody as a coordinator"),
    args="[programme]",
    aliases=("wensen",),
)
def wishes(turn: Turn, args: str) -> Message:
    words = args.split()
    rest = " ".join(word for word in words if word.casefold() not in MINE)
    if len(rest) == len(" ".join(words)) and roles.coordinates_any(turn.session, turn.person):
        programme = programmes.one(turn, rest, command="wishes")
        if isinstance(programme, Message):
            return turn.privately(programme)
        return turn.privately(_standing(turn, programme))
    return own_wishes.own(turn, rest)


def _standing(turn: Turn, programme: Programme) -> Message:
    """How the last one is going or went; the form when there never was one."""
    wishing = wishings.latest(turn.session, programme)
    if wishing:
        return cards.count(turn.t, _count(turn, wishing, programme))
    return _ask(turn, programme)


def _ask(turn: Turn, programme: Programme) -> Message:
    mentees, mentors = map(len, _who_wish(turn, programme))
    if not mentees or not mentors:
        return matching_cards.too_few(turn.t, programme.name, mentors, mentees)
    return forms.show(
        turn, _form(turn, programme), cards.who_would_be_asked(turn.t, mentees, mentors)
    )


@programmes.on(cards.PlanAgain)
def ask_again(turn: Turn, programme: Programme, _action: cards.PlanAgain) -> Message:
    open_one = wishings.current(turn.session, programme)
    return _standing(turn, programme) if open_one else _ask(turn, programme)


def _who_wish(turn: Turn, programme: Programme) -> tuple[set[int], set[int]]:
    """Who looks for a mentor, and which mentors have a place: participant ids."""
    return wishers.who_wish(profiles.of_programme(turn.session, programme, turn.now))


def _form(turn: Turn, programme: Programme) -> forms.Form:
    """Filled in as the last time."""
    percent = min(PERCENTS, key=lambda p: abs(p / 100 - programme.wish_weight))
    last = wishings.latest(turn.session, programme)
    return forms.Form(
        title=turn.t("Ask for wishes in {programme}", programme=programme.name),
        questions=turn.content.wishing,
        stored={
            "closes_on": (_a_week_from(turn).isoformat(),),
            "names": ("hidden" if last and last.anonymous else "shown",),
            "mentors_too": ("no",),
            "trial_talks": ("yes" if last and last.trial_talks else "no",),
            "wish_weight": (str(percent),),
        },
        save=cards.PlanWishing(programme.id),
        cancel=RunCommand("home"),
        label=turn.t("Next"),
        objection=lambda question, values, _answers: _objection(turn, programme, question, values),
    )


def _a_week_from(turn: Turn) -> date:
    """A week from now, or the first working day after that."""
    hours = people.working_time(turn.person)
    days = [turn.today + A_WEEK + timedelta(days=ahead) for ahead in range(14)]
    return next((day for day in days if works_on(hours, day)), days[0])


def _objection(
    turn: Turn, programme: Programme, question: Question, values: Values
) -> Problem | None:
    if question.key != "closes_on":
        return None
    return _wrong_day(turn, programme, date.fromisoformat(values[0]))


def _wrong_day(turn: Turn, programme: Programme, day: date) -> Problem | None:
    last = min(turn.today + LONGEST, programme.ends_on)
    if _closing(programme, day) <= turn.now:
        before = turn.today - timedelta(days=1)
        return Problem(Wrong.TOO_EARLY, {"day": turn.t.day(max(before, day), weekday=False)})
    if day > last:
        after = last + timedelta(days=1)
        return Problem(Wrong.TOO_LATE, {"day": turn.t.day(after, weekday=False)})
    return None


def _closing(programme: Programme, day: date) -> datetime:
    """In the evening of a day, where the programme is."""
    return stored.at_hour(programme.time_zone, day, CLOSES)


@programmes.on(cards.PlanWishing)
def plan(turn: Turn, programme: Programme, _action: cards.PlanWishing) -> Message:
    if wishings.current(turn.session, programme):
        return _standing(turn, programme)
    taken = forms.take(turn, _form(turn, programme))
    if isinstance(taken, Message):
        return taken
    choices = _choices(programme, taken.answers)
    return cards.sure_to_open(turn.t, _plan(turn, programme, choices), choices)


def _choices(programme: Programme, answers: Answers) -> cards.OpenWishing:
    return cards.OpenWishing(
        programme.id,
        closes_on=date.fromisoformat(answers["closes_on"][0]).toordinal(),
        hidden=answers["names"] == ("hidden",),
        mentors_too=answers["mentors_too"] == ("yes",),
        trial_talks=answers["trial_talks"] == ("yes",),
        percent=int(answers["wish_weight"][0]),
    )


def _plan(turn: Turn, programme: Programme, choices: cards.OpenWishing) -> cards.Plan:
    """Mentors who look for a mentor are asked as mentees."""
    seeking, offering = _who_wish(turn, programme)
    closes_at = _closing(programme, date.fromordinal(choices.closes_on))
    question = find(turn.content.wishing, "wish_weight")
    assert question is not None
    weight = question.label_of(str(choices.percent))
    assert weight is not None
    return cards.Plan(
        programme.name,
        programme.slug,
        len(seeking),
        len(offering - seeking),
        turn.t.of(weight),
        closes_at,
        programme.time_zone,
    )


@programmes.on(cards.OpenWishing)
def open_wishing(turn: Turn, programme: Programme, action: cards.OpenWishing) -> Message:
    """Once: beside an open wishing there is no second, and the card shows how it is going."""
    if action.percent not in PERCENTS or not 1 <= action.closes_on <= date.max.toordinal():
        raise StaleAction
    day = date.fromordinal(action.closes_on)
    if wishings.current(turn.session, programme) or _wrong_day(turn, programme, day):
        return _standing(turn, programme)
    wishing = wishings.open_one(
        turn.session,
        programme,
        closes_at=_closing(programme, day),
        anonymous=action.hidden,
        mentors_too=action.mentors_too,
        trial_talks=action.trial_talks,
        wish_weight=action.percent / 100,
    )
    if wishing is None:
        return _standing(turn, programme)
    turn.audit("asked for wishes", f"wishing:{wishing.id}")
    return cards.opening(turn.t, _count(turn, wishing, programme))


OnWishing = Callable[[Turn, Wishing, Programme, W], Message]


def on_wishing(action: type[W]) -> Callable[[OnWishing[W]], OnWishing[W]]:
    """A button about a wishing, held until the end, for whoever runs its programme."""

    def register(handler: OnWishing[W]) -> OnWishing[W]:
        @router.on(action, access=Access.COORDINATOR)
        @wraps(handler)
        def run(turn: Turn, pressed: W) -> Message:
            wishing = wishings.held(turn.session, pressed.wishing)
            if wishing is None:
                raise StaleAction
            found = programmes.run_by(turn, wishing.programme_id, action.__name__)
            return found if isinstance(found, Message) else handler(turn, wishing, found, pressed)

        return handler

    return register


@on_wishing(cards.CloseWishing)
def close(
    turn: Turn, wishing: Wishing, programme: Programme, action: cards.CloseWishing
) -> Message:
    """The time is over from now on; a job does the rest."""
    view = _count(turn, wishing, programme)
    if not view.open:
        return cards.count(turn.t, view)
    if not action.sure:
        return cards.sure_to_close(turn.t, view)
    wishing.closes_at = turn.now
    turn.session.flush()
    turn.audit("closed wishes", f"wishing:{wishing.id}")
    return cards.count(turn.t, _count(turn, wishing, programme))


@on_wishing(cards.ProlongWishing)
def prolong(
    turn: Turn, wishing: Wishing, programme: Programme, _action: cards.ProlongWishing
) -> Message:
    view = _count(turn, wishing, programme)
    day = _day(turn, turn.fields)
    found = day if isinstance(day, Problem) else _wrong_day(turn, programme, day)
    if found and view.open:
        return cards.count(turn.t, view, wrong(turn.t, found))
    if view.open and not isinstance(day, Problem):
        wishing.closes_at = _closing(programme, day)
        turn.session.flush()
        turn.audit("moved the end of wishes", f"wishing:{wishing.id}")
    return cards.count(turn.t, _count(turn, wishing, programme))


def _day(turn: Turn, fields: Mapping[str, Values]) -> date | Problem:
    question = find(turn.content.wishing, "closes_on")
    assert question is not None
    found = read(question, fields.get("closes_on", ()), typed=False, today=turn.today)
    return found if isinstance(found, Problem) else date.fromisoformat(found[0])


def _count(turn: Turn, wishing: Wishing, programme: Programme) -> cards.Count:
    """How it is going, for whoever asks."""
    part = stored.participation(turn.session, turn.person, programme)
    return replace(
        wishers.count(turn.session, wishing, programme, turn.now),
        takes_part=part is not None and part.state is ParticipantState.ACTIVE,
    )
