"""How the pairs of a programme went, for what can be learned of it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from sqlmodel import Session, col, select

from bot.core.insights import LEAST_K
from bot.matching.criteria import EVERY
from bot.matching.learning import Lived
from storage import roles
from storage.contributions import read
from storage.models import (
    CheckIn,
    CheckInAnswer,
    Fit,
    FitCheck,
    Member,
    Mentorship,
    Programme,
    Proposal,
)

# A criterion that a rule turned round is learned of under the one whose weight it has.
_PLACE = {c.key: c.instead_of for c in EVERY if c.instead_of}


@dataclass(frozen=True)
class Outcomes:
    """The pairs of which something is known, by what it is known from."""

    fit: tuple[Lived, ...]  # fit checks: the share of its members it fits
    met: tuple[Lived, ...]  # check-ins: the share of those answered that said they met
    all: tuple[Lived, ...]  # both, each as far as it is known


def of_programme(session: Session, programme: Programme) -> Outcomes:
    """Every pair that a round made, running or ended, with its criteria as they were then."""
    rows = session.exec(
        select(Mentorship.id, Proposal.contributions)
        .join(Proposal, col(Proposal.id) == Mentorship.proposal_id)
        .where(Mentorship.programme_id == programme.id)
        .order_by(col(Mentorship.id))
    ).all()
    values = {
        id_: {
            _PLACE.get(c.criterion, c.criterion): c.value for c in read(contributions) if c.answered
        }
        for id_, contributions in rows
    }
    fit, met = _fit(session, programme), _met(session, programme)
    known = sorted(values.keys() & (fit.keys() | met.keys()))
    return Outcomes(
        tuple(Lived(values[id_], fit[id_]) for id_ in known if id_ in fit),
        tuple(Lived(values[id_], met[id_]) for id_ in known if id_ in met),
        tuple(
            Lived(values[id_], fmean(found[id_] for found in (fit, met) if id_ in found))
            for id_ in known
        ),
    )


def _fit(session: Session, programme: Programme) -> dict[int, float]:
    """By mentorship the share of its members who never said that it does not fit.

    Coordinators heard of those who did; any other answer counts the same, because correlations
    this exact can be solved for what a single pair said. A pair in which a coordinator is, who
    heard nothing of it, is left out, and so is a small group.
    """
    own = {person.id for person in roles.coordinators(session, programme)}
    theirs = select(Member.mentorship_id).where(col(Member.person_id).in_(own))
    rows = session.exec(
        select(FitCheck.mentorship_id, FitCheck.member_id, FitCheck.answer)
        .join(Mentorship, col(Mentorship.id) == FitCheck.mentorship_id)
        .where(
            Mentorship.programme_id == programme.id,
            col(FitCheck.answer).is_not(None),
            col(FitCheck.mentorship_id).not_in(theirs),
        )
    )
    fits: dict[int, dict[int, bool]] = {}
    for id_, member, answer in rows:
        members = fits.setdefault(id_, {})
        members[member] = members.get(member, True) and answer is not Fit.NOT
    if len(fits) < max(LEAST_K, programme.smallest_group):
        return {}
    return {id_: fmean(members.values()) for id_, members in fits.items()}


def _met(session: Session, programme: Programme) -> dict[int, float]:
    rows = session.exec(
        select(CheckIn.mentorship_id, CheckIn.answer)
        .join(Mentorship, col(Mentorship.id) == CheckIn.mentorship_id)
        .where(Mentorship.programme_id == programme.id, col(CheckIn.answer).is_not(None))
    )
    said: dict[int, list[bool]] = {}
    for id_, answer in rows:
        said.setdefault(id_, []).append(answer is CheckInAnswer.MET)
    return {id_: fmean(answers) for id_, answers in said.items()}
