"""Coordinators keep two people together or apart, whatever the matching says, and lift that again."""

from __future__ import annotations

from bot.cards import matching as round_cards
from bot.cards import pairs as actions
from bot.cards import rulings as cards
from bot.core.messages import Message
from handlers.matching import ask_again, on_round
from handlers.review import Opened, draw, on_pair
from handlers.turn import Turn
from storage import rulings
from storage.models import Programme, Round, Ruling, RulingKind
from storage.rulings import Ruled

PAGE = 10


@on_pair(actions.Keep)
def keep(turn: Turn, pair: Opened, action: actions.Keep) -> Message:
    """These two stay together in every new round; or no longer need to."""
    if pair.ballot.concerned:
        return draw(turn, pair)
    if action.on:
        rule(turn, pair.programme, pair.link, RulingKind.PIN)
    else:
        rulings.unpin(turn.session, pair.programme, pair.proposal.mentee_id)
        turn.audit("lifted a pin", f"proposal:{pair.proposal.id}")
    return draw(turn, pair)


def rule(
    turn: Turn, programme: Programme, link: tuple[int, int], kind: RulingKind, reason: str = ""
) -> None:
    """Note the coordinator's word on mentor and mentee; the audit knows them by their numbers."""
    rulings.rule(turn.session, programme, link, kind, by=turn.person, now=turn.now, reason=reason)
    turn.audit(f"ruled {kind.value} on {link[0]} and {link[1]}", f"programme:{programme.id}")


def rule_and_rerun(
    turn: Turn, pair: Opened, link: tuple[int, int], kind: RulingKind, reason: str = ""
) -> Message:
    """Note the word, keep what was decided, and solve the rest again."""
    rulings.keep_decisions(turn.session, pair.programme, pair.round)
    rulings.unpin(turn.session, pair.programme, link[1])
    rule(turn, pair.programme, link, kind, reason)
    return ask_again(turn, pair.programme)


@on_pair(actions.AskForbid)
def ask_forbid(turn: Turn, pair: Opened, _action: actions.AskForbid) -> Message:
    if pair.ballot.concerned:
        return draw(turn, pair)
    return cards.forbid(turn.t, pair.proposal.id, pair.names, pair.narrow)


@on_pair(actions.Forbid)
def forbid(turn: Turn, pair: Opened, _action: actions.Forbid) -> Message:
    if pair.ballot.concerned:
        return draw(turn, pair)
    reason = "\n".join(turn.fields.get(cards.REASON, ())).strip()
    if len(reason) > cards.LONGEST:
        problem = cards.too_long(turn.t, len(reason))
        return cards.forbid(
            turn.t,
            pair.proposal.id,
            pair.names,
            pair.narrow,
            typed=reason[: cards.LONGEST],
            problem=problem,
        )
    return rule_and_rerun(turn, pair, pair.link, RulingKind.FORBID, reason)


@on_round(round_cards.ListRulings)
def list_rulings(
    turn: Turn, round_: Round, programme: Programme, action: round_cards.ListRulings
) -> Message:
    return _list(turn, round_, programme, action.place)


def _list(
    turn: Turn, round_: Round, programme: Programme, place: int, *, lifted: bool = False
) -> Message:
    number = rulings.count(turn.session, programme)
    place = max(0, min(place, number - 1)) // PAGE * PAGE
    rows = [
        _row(turn, programme, one) for one in rulings.some(turn.session, programme, place, PAGE)
    ]
    return cards.rulings(
        turn.t,
        round_.id,
        rows,
        place=place,
        of=number,
        page=PAGE,
        zone=turn.person.time_zone,
        lifted=lifted,
    )


def _row(turn: Turn, programme: Programme, one: Ruled) -> cards.Row:
    """Who is one of the two reads only their own reason, and where a committee decides lifts nothing."""
    own = turn.person.id in one.two
    told = not own or one.ruling.ruled_by == turn.person.id
    return cards.Row(
        one.ruling.id,
        one.mentor,
        one.mentee,
        one.ruling.kind.value,
        one.by if told else "",
        one.ruling.ruled_at,
        one.ruling.reason if told else "",
        may_lift=not own or not programme.has_committee,
    )


@on_round(cards.Lift)
def lift(turn: Turn, round_: Round, programme: Programme, action: cards.Lift) -> Message:
    """Whoever was kept together or apart may be matched like anybody else again."""
    ruling = rulings.find(turn.session, programme, action.ruling)
    if ruling is None or _is_own(turn, programme, ruling):
        return _list(turn, round_, programme, action.place, lifted=ruling is None)
    turn.audit(
        f"lifted {ruling.kind.value} on {ruling.mentor_id} and {ruling.mentee_id}",
        f"programme:{programme.id}",
    )
    turn.session.delete(ruling)
    turn.session.flush()
    return _list(turn, round_, programme, action.place, lifted=True)


def _is_own(turn: Turn, programme: Programme, ruling: Ruling) -> bool:
    """Where several decide, nobody decides on themself."""
    return programme.has_committee and rulings.concerns(turn.session, ruling, turn.person)
