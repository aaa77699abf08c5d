"""Coordinators approve many pairs at once, all or from a score on, and may take that back."""

from __future__ import annotations

from datetime import date

from bot.cards import approving as cards
from bot.cards import matching as round_cards
from bot.cards.problems import wrong
from bot.core.answers import Problem, read
from bot.core.messages import Kind, Message
from bot.core.questions import Question
from handlers.matching import on_round, overview
from handlers.turn import Turn
from storage import approvals, committees, reviewing
from storage.approvals import Bulk
from storage.models import Programme, Round

STEPS = (80, 70, 60, 50)  # per cent, to choose from
PERCENT = Question(cards.PERCENT, Kind.NUMBER, {}, minimum=1, maximum=100)


@on_round(round_cards.ApproveAll)
def approve_all(
    turn: Turn, round_: Round, programme: Programme, _action: round_cards.ApproveAll
) -> Message:
    return _approve(turn, round_, programme, 0)


@on_round(round_cards.AskScore)
def ask_score(
    turn: Turn, round_: Round, programme: Programme, _action: round_cards.AskScore
) -> Message:
    return _ask(turn, round_, programme)


def _ask(
    turn: Turn, round_: Round, programme: Programme, typed: str = "", problem: str = ""
) -> Message:
    steps = [_counted(turn, round_, percent) for percent in STEPS]
    return cards.ask(
        turn.t,
        round_.id,
        [one for one in steps if one.pairs],
        votes=programme.has_committee,
        typed=typed,
        problem=problem,
    )


def _counted(turn: Turn, round_: Round, percent: int) -> cards.Counted:
    return cards.Counted(percent, *reviewing.count_from(turn.session, round_, percent))


@on_round(cards.CountFrom)
def count_from(turn: Turn, round_: Round, programme: Programme, action: cards.CountFrom) -> Message:
    """What approving from here on would do; nothing is approved yet."""
    typed = " ".join(turn.fields.get(cards.PERCENT, ()))
    percent = action.percent or _percent(typed)
    if isinstance(percent, Problem):
        return _ask(turn, round_, programme, typed[:20], wrong(turn.t, percent))
    several = programme.has_committee
    counted = _counted(turn, round_, percent)
    own = reviewing.own_among(turn.session, round_, turn.person, percent) if several else 0
    return cards.sure(turn.t, round_.id, counted, votes=several, own=own)


def _percent(typed: str) -> int | Problem:
    """«70», «70 %»; or what is wrong with it."""
    found = read(PERCENT, (typed.strip().removesuffix("%"),), typed=True, today=date.min)
    return found if isinstance(found, Problem) else int(found[0])


@on_round(cards.ApproveFrom)
def approve_from(
    turn: Turn, round_: Round, programme: Programme, action: cards.ApproveFrom
) -> Message:
    return _approve(turn, round_, programme, max(0, min(action.percent, 100)))


def _approve(turn: Turn, round_: Round, programme: Programme, percent: int) -> Message:
    several = programme.has_committee
    if several and not committees.may_vote(turn.session, programme, turn.person):
        return overview(turn, round_, programme)
    own = reviewing.own_among(turn.session, round_, turn.person, percent) if several else 0
    bulk = approvals.approve_from(turn.session, round_, programme, turn.person, percent, turn.now)
    turn.audit(f"approved {bulk.votes} pairs", f"round:{round_.id}")
    return overview(turn, round_, programme, bulk if bulk.votes or own else None, own)


@on_round(round_cards.TakeBack)
def take_back(
    turn: Turn, round_: Round, programme: Programme, action: round_cards.TakeBack
) -> Message:
    bulk = Bulk(0, action.first, action.last)
    number = approvals.take_back(turn.session, round_, programme, turn.person, bulk)
    turn.audit(f"took back {number} pairs", f"round:{round_.id}")
    return overview(turn, round_, programme)
