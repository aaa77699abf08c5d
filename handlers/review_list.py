"""The pairs of a round as a list: page by page, narrowed down to what a coordinator looks for."""

from __future__ import annotations

from bot.cards import pairs as actions
from bot.cards import review_list as cards
from bot.cards.pairs import LONGEST_WORD, Narrow, Show
from bot.cards.review import Stand
from bot.core.actions import StaleAction
from bot.core.messages import Message
from handlers import wording
from handlers.matching import on_round
from handlers.review import STANDS, ballots, listed
from handlers.turn import Turn
from storage import proposals, reviewing, rulings
from storage.models import Programme, Round


@on_round(actions.ListPairs)
def list_pairs(
    turn: Turn, round_: Round, programme: Programme, action: actions.ListPairs
) -> Message:
    return _page(turn, round_, programme, action.narrow, action.place)


def _page(
    turn: Turn, round_: Round, programme: Programme, narrow: Narrow, place: int = 0
) -> Message:
    """The page with this place, or the last one there is."""
    pairs = listed(turn, round_, programme, narrow)
    number = len(pairs)
    place = max(0, min(place, number - 1))
    found = pairs.page(place)
    votes, lexicon = ballots(turn, programme, found), wording.lexicon(turn)
    kept = rulings.pinned(turn.session, programme, [one.proposal.mentee_id for one in found])
    lines = tuple(
        cards.Line(
            proposal=one.proposal.id,
            mentor=one.mentor.name,
            mentee=one.mentee.name,
            score=one.proposal.score,
            stand=STANDS.get(one.proposal.state, Stand.UNDECIDED),
            contributions=one.contributions,
            ballot=votes[one.proposal.id],
            kept=(one.proposal.mentor_id, one.proposal.mentee_id) in kept,
            lexicon=lexicon,
        )
        for one in found
    )
    names = proposals.names(turn.session, [narrow.mentor]) if narrow.mentor else {}
    view = cards.ListView(
        round=round_.id,
        programme=programme.name,
        narrow=narrow,
        lines=lines,
        start=place // reviewing.PAGE * reviewing.PAGE,
        of=number,
        page=reviewing.PAGE,
        mentor=names.get(narrow.mentor, "") if found else "",
        voting=pairs.voter is not None,
    )
    return cards.pairs(turn.t, view, turn.content.intake)


@on_round(actions.FilterPairs)
def filter_pairs(
    turn: Turn, round_: Round, programme: Programme, action: actions.FilterPairs
) -> Message:
    return _which(turn, round_, programme, action.narrow)


def _which(
    turn: Turn, round_: Round, programme: Programme, narrow: Narrow, problem: str = ""
) -> Message:
    return cards.which(
        turn.t,
        round_.id,
        narrow,
        voting=listed(turn, round_, programme, narrow).voter is not None,
        rejected=programme.has_committee,
        problem=problem,
    )


@on_round(actions.ShowPairs)
def show_pairs(
    turn: Turn, round_: Round, programme: Programme, _action: actions.ShowPairs
) -> Message:
    """What was filled in, as a list; with the form again where a name is too long."""
    word = " ".join(" ".join(turn.fields.get(cards.WORD, ())).split())
    chosen = "".join(turn.fields.get(cards.WHICH, ())) or "0"
    if chosen not in {str(int(show)) for show in Show}:
        raise StaleAction
    narrow = Narrow(Show(int(chosen)), word=word[:LONGEST_WORD])
    if len(word) > LONGEST_WORD:
        return _which(turn, round_, programme, narrow, cards.too_long(turn.t))
    return _page(turn, round_, programme, narrow)
