"""What a dry run shows: a round beside the one before it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from bot.cards.comparing import Moved
from bot.cards.dry_run import Names, Run, View
from bot.cards.lowest import LowFit
from bot.cards.pairs import EVERY
from bot.matching.findings import known
from bot.matching.people import Link
from storage import committees, proposals, reviewing, rounds
from storage.models import Participant, Person, Programme, Proposal, Round

LOWEST = 5


def view(session: Session, round_: Round, programme: Programme, reader: Person) -> View:
    """As one of the coordinators may see it."""
    earlier, now = before(session, round_), _run(round_)
    return View(
        round=round_.id,
        programme=programme.name,
        slug=programme.slug,
        now=now,
        before=_run(earlier) if earlier else None,
        voting=committees.standing(session, round_, programme, reader),
        unkept=_names(session, now.found.refused, reader),
    )


def _names(session: Session, links: Sequence[Link], reader: Person) -> tuple[Names, ...]:
    """Who is who in some pairs; a reader's own are left out, whatever the reason was."""
    ids = [id_ for link in links for id_ in link]
    rows = session.exec(
        select(Participant.id, Person.name)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(col(Participant.id).in_(ids), Person.id != reader.id)
    )
    names = {id_: name for id_, name in rows}
    return tuple(
        (names[mentor], names[mentee])
        for mentor, mentee in links
        if mentor in names and mentee in names
    )


def _run(round_: Round) -> Run:
    found = known(round_.findings)
    return Run(round_.number, round_.seed, round_.engine, round_.figures, found)


def before(session: Session, round_: Round) -> Round | None:
    """The last round of the programme that came to its end before this one."""
    return session.exec(
        select(Round)
        .where(
            Round.programme_id == round_.programme_id,
            Round.number < round_.number,
            Round.engine != "",
        )
        .order_by(col(Round.number).desc())
    ).first()


def lowest(session: Session, round_: Round, but: Person | None = None) -> list[LowFit]:
    """The pairs that fit least, in the order of the review; none that `but` is in."""
    found = reviewing.Listed(session, round_, EVERY).page(0)[:LOWEST]
    return [
        LowFit(
            one.mentor.name,
            one.mentee.name,
            one.proposal.score,
            one.proposal.id,
            one.contributions,
        )
        for one in found
        if one.proposal.state not in proposals.GONE
        and (but is None or but.id not in (one.mentor.id, one.mentee.id))
    ]


def moved(session: Session, round_: Round, earlier: Round) -> Moved:
    """What this round does to people whom the earlier one had proposed pairs for."""
    now, then = (
        {mentee: mentor for mentor, mentee in _links(session, one)} for one in (round_, earlier)
    )
    return Moved(
        other=sum(now[mentee] != then[mentee] for mentee in now.keys() & then.keys()),
        gained=len(now.keys() - then.keys()),
        lost=len(then.keys() - now.keys()),
        now=round_.terms,
        before=earlier.terms,
    )


def pairs_under_review(session: Session, programme: Programme) -> frozenset[Link]:
    """What was proposed last and not announced: a new round rather keeps it."""
    review = rounds.under_review(session, programme)
    return frozenset(_links(session, review)) if review else frozenset()


def _links(session: Session, round_: Round) -> list[Link]:
    rows = session.exec(
        select(Proposal.mentor_id, Proposal.mentee_id).where(
            Proposal.round_id == round_.id, col(Proposal.state).not_in(proposals.GONE)
        )
    )
    return [(mentor, mentee) for mentor, mentee in rows]
