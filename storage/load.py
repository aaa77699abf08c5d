"""Mentors who would have about as many mentees as anybody may, all programmes together."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from storage import mentorships
from storage.models import Programme
from storage.proposals import Proposed

NEAR = 1  # place left is still worth a word


def nearly_full(
    session: Session, programme: Programme, proposed: Sequence[Proposed]
) -> tuple[tuple[str, int, int], ...]:
    """(mentor, mentees now and proposed, how many they may have) of those who have mentees in other
    programmes too, the fullest first."""
    if not programme.most_mentees:
        return ()
    anywhere = mentorships.mentees_of(session, programme.organisation_id)
    here = mentorships.load(session, programme)
    found: dict[int, tuple[str, int, int]] = {}
    for one in proposed:
        running = anywhere.get(one.mentor.id, 0)
        if running <= here.get(one.mentor_part.id, 0):
            continue
        _, mentees, _ = found.get(one.mentor.id, ("", running, 0))
        found[one.mentor.id] = one.mentor.name, mentees + 1, programme.most_mentees
    full = [line for line in found.values() if line[1] >= line[2] - NEAR]
    return tuple(sorted(full, key=lambda line: (line[2] - line[1], line[0])))
