"""Coordinators decide together: how many of them must say yes to a pair, and how long they have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.cards import committee as cards
from bot.cards.problems import wrong
from bot.core.answers import Problem, Wrong, read
from bot.core.messages import Kind, Message
from bot.core.questions import Question
from handlers import programmes
from handlers.router import mark
from handlers.turn import Turn
from storage import roles, rounds, votes
from storage.models import Programme, RoundState


@programmes.command(
    "committee", mark("decide how many coordinators must say yes to a pair"), aliases=("commissie",)
)
def committee(turn: Turn, programme: Programme) -> Message:
    return cards.committee(turn.t, _view(turn, programme))


@programmes.on(cards.SaveCommittee)
def save(turn: Turn, programme: Programme, _action: cards.SaveCommittee) -> Message:
    """Both figures count, or neither does."""
    view = _view(turn, programme)
    given = {key: "".join(turn.fields.get(key, ())).strip() for key in (cards.VOTES, cards.DAYS)}
    numbers, problems = _read(turn, view, given)
    if problems:
        again = replace(view, votes=given[cards.VOTES][:20], days=given[cards.DAYS][:20])
        return cards.committee(turn.t, again, problems=problems)
    _apply(turn, programme, numbers[cards.VOTES], numbers[cards.DAYS])
    members = len(view.members)
    saved = cards.saved(turn.t, programme.votes_needed, members, programme.vote_days)
    return cards.committee(turn.t, _view(turn, programme), saved=saved)


def _view(turn: Turn, programme: Programme) -> cards.Committee:
    return cards.Committee(
        programme_id=programme.id,
        programme=programme.name,
        slug=programme.slug,
        members=tuple(one.name for one in roles.coordinators(turn.session, programme)),
        votes=str(programme.votes_needed),
        days=str(programme.vote_days),
        waits=rounds.under_review(turn.session, programme) is not None,
    )


def _read(
    turn: Turn, view: cards.Committee, given: dict[str, str]
) -> tuple[dict[str, int], dict[str, str]]:
    """The figures, and by input what is wrong with the others."""
    numbers: dict[str, int] = {}
    problems: dict[str, str] = {}
    most = {cards.VOTES: max(1, len(view.members)), cards.DAYS: cards.MOST_DAYS}
    for key, words in given.items():
        question = Question(key, Kind.NUMBER, {}, minimum=1, maximum=most[key])
        found = read(question, (words,), typed=True, today=date.min)
        if not isinstance(found, Problem):
            numbers[key] = int(found[0])
        elif key == cards.VOTES and found.wrong is Wrong.OUT_OF_RANGE and not _is_low(words):
            problems[key] = cards.too_many_votes(turn.t, most[key])
        else:
            problems[key] = wrong(turn.t, found)
    return numbers, problems


def _is_low(number: str) -> bool:
    return number.startswith("-") or not number.strip("0+.")


def _apply(turn: Turn, programme: Programme, needed: int, days: int) -> None:
    """From now on, for the round under review too: its days begin again where they have changed."""
    waiting = rounds.under_review(turn.session, programme)
    round_ = rounds.locked(turn.session, waiting.id) if waiting else None
    if (needed, days) == (programme.votes_needed, programme.vote_days):
        return
    programme.votes_needed, programme.vote_days = needed, days
    turn.session.flush()
    turn.audit("changed the committee", f"programme:{programme.id}:{needed},{days}")
    if round_ is not None and round_.state is RoundState.REVIEW:
        votes.reopen(turn.session, round_, programme, turn.now)
