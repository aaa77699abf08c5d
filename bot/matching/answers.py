"""What people answered, as tags to compare, and the texts that show what two of them share.

Nothing here looks at more than the profiles it is given, so a pair alone is as it is in a round.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.core.rhythm import Rhythm
from bot.matching.overlap import Tags
from bot.matching.people import Profile
from bot.matching.words import meaning, plain, stems, words

Evidence = Callable[[Profile, Profile, Tags], tuple[str, ...]]  # (mentee, mentor, shared) → texts

# The coaching qualities that go with a way of learning (keys of the intake); a way not named here
# looks for the quality of its own name.
LEARNS_FROM: dict[str, Tags] = {
    "doing": frozenset({"practical", "patient"}),
    "example": frozenset({"stories", "practical"}),
    "talking": frozenset({"listens", "asks"}),
    "reading": frozenset({"structure", "patient"}),
    "feedback": frozenset({"honest", "talent"}),
}
ANYTHING = "other"  # a choice that says nothing to compare
RHYTHMS = {rhythm.value: step for step, rhythm in enumerate(Rhythm)}  # from often to seldom

# --- tags ---


def learns_from(mentee: Profile) -> Tags:
    return LEARNS_FROM.get(mentee.learning_style, _one(mentee.learning_style))


def goal(mentee: Profile) -> Tags:
    return meaning(mentee.goal, *mentee.skills_wanted)


def offer(mentor: Profile) -> Tags:
    return meaning(mentor.offer, *mentor.skills_offered)


def function(profile: Profile) -> Tags:
    return meaning(profile.function)


def sector(profile: Profile) -> Tags:
    return _one(profile.sector) - {ANYTHING}


def location(profile: Profile) -> Tags:
    return _one(" ".join(plain(profile.location).split()))


def country(profile: Profile) -> Tags:
    return _one(profile.country.strip().upper())


def bands(profile: Profile) -> Tags:
    """All bands of experience up to one's own."""
    return frozenset(range(profile.seniority + 1)) if profile.seniority is not None else frozenset()


def rhythm(profile: Profile) -> Tags:
    """All rhythms from weekly to one's own."""
    return frozenset(range(RHYTHMS.get(profile.rhythm, -1) + 1))


def _one(text: str) -> Tags:
    return frozenset({text}) if text else frozenset()


# --- evidence ---


def shared_tags(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    del mentee, mentor
    return tuple(sorted(map(str, shared))) if shared else ()


def nothing_to_show(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    del mentee, mentor, shared
    return ()


def goal_words(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    del mentor
    said = _own_words(shared, mentee.goal)
    return said or tuple(tag for tag in sorted(mentee.skills_wanted) if _is_shared(shared, tag))


def _is_shared(shared: Tags, skill: str) -> bool:
    """Whether every word of a skill is shared: «time management» is no «project management»."""
    found = words(skill)
    return bool(found) and not any(shared.isdisjoint(stems(word)) for word in found)


def function_words(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    del mentor
    return _own_words(shared, mentee.function)


def both_functions(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    """Two different functions, where their sectors do not say it already."""
    if shared or (sector(mentee) and sector(mentor)):
        return ()
    return mentee.function, mentor.function


def both_sectors(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    return () if shared else (mentee.sector, mentor.sector)


def place(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    del mentor
    return (mentee.location,) if shared else ()


def same_rhythm(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    del shared
    return (mentee.rhythm,) if mentee.rhythm == mentor.rhythm else ()


def half_hours(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    del mentee, mentor
    return (str(len(shared)),) if shared else ()


def bands_above(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    del shared
    gap = (mentor.seniority or 0) - (mentee.seniority or 0)
    return (str(gap),) if gap > 0 else ()


def bands_below(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    return bands_above(mentor, mentee, shared)


def _own_words(shared: Tags, *texts: str) -> tuple[str, ...]:
    """The mentee's own words, not stems: they are shown to people."""
    if not shared:
        return ()
    return tuple(
        word for text in texts for word in words(text) if not shared.isdisjoint(stems(word))
    )
