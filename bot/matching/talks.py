"""Who has a trial talk with whom: everybody's first choice before anybody's second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.matching.people import Link


def talks_for(
    wanted: Mapping[int, Sequence[int]], room: Mapping[int, int], most: int = 3
) -> tuple[Link, ...]:
    """(mentor, mentee) participant ids: up to `most` talks a mentee, at most `room` a mentor.

    `wanted` names each mentee's candidates, the dearest first. In every turn those choose first who
    have the fewest left to choose from, so that who could talk to one mentor only is not crowded
    out by who could talk to ten.
    """
    left = {mentee: list(dict.fromkeys(mentors)) for mentee, mentors in wanted.items()}
    free, talks = dict(room), list[Link]()
    for _ in range(most):
        for mentee in sorted(left, key=lambda m: (len(left[m]), m)):
            mentor = next((m for m in left[mentee] if free.get(m, 0) > 0), None)
            if mentor is None:
                continue
            free[mentor] -= 1
            left[mentee].remove(mentor)
            talks.append((mentor, mentee))
    return tuple(talks)
