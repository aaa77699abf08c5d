"""What people answered, as tags to compare, and the texts that show what two of them share.

Nothing here looks at more than the profiles it is given, so a pair alone is as it is in a round.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.core.rhythm import Rhythm
from bot.matching.overlap import Tags
from bot.matching.people import Profile
from bot.matching.words import meaning, plain, stems, words

Said = TypeVar("Said", bound=Hashable)
Evidence = Callable[[Any, Any, Tags], tuple[str, ...]]  # (mentee's, mentor's, shared) → texts


@dataclass(frozen=True)
class Answer(Generic[Said]):
    """What somebody said, as it stands in their profile, and the tags that it comes down to."""

    said: Callable[[Profile], Said]
    tags: Callable[[Said], Tags]

    def read(self, said: Iterable[Said]) -> list[Tags]:
        """The tags of each; what several said is read once."""
        each = list(said)
        read = {one: self.tags(one) for one in set(each)}
        return [read[one] for one in each]

    def of(self, people: Iterable[Profile]) -> list[Tags]:
        """The tags of everybody."""
        return self.read(map(self.said, people))


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


def _learns_from(style: str) -> Tags:
    return LEARNS_FROM.get(style, _one(style))


def _text_and_skills(said: tuple[str, frozenset[str]]) -> Tags:
    text, skills = said
    return meaning(text, *skills)


def _sector(key: str) -> Tags:
    return _one(key) - {ANYTHING}


def _place(name: str) -> Tags:
    return _one(" ".join(plain(name).split()))


def _country(code: str) -> Tags:
    return _one(code.strip().upper())


def _bands(highest: int | None) -> Tags:
    """All bands of experience up to one's own."""
    return frozenset(range(highest + 1)) if highest is not None else frozenset()


def _rhythm(name: str) -> Tags:
    """All rhythms from weekly to one's own."""
    return frozenset(range(RHYTHMS.get(name, -1) + 1))


def _one(text: str) -> Tags:
    return frozenset({text}) if text else frozenset()


def _chosen(said: Callable[[Profile], Tags]) -> Answer[Tags]:
    """What was chosen from a list is compared as it is."""
    return Answer(said, frozenset)


SKILLS_WANTED = _chosen(lambda p: p.skills_wanted)
SKILLS_OFFERED = _chosen(lambda p: p.skills_offered)
AMBITIONS = _chosen(lambda p: p.ambitions)
INTERESTS = _chosen(lambda p: p.interests)
WORK_STYLE = _chosen(lambda p: p.work_style)
COMMUNICATION = _chosen(lambda p: p.communication)
VALUES = _chosen(lambda p: p.values)
STYLES_WANTED = _chosen(lambda p: p.styles_wanted)
STYLES_OFFERED = _chosen(lambda p: p.styles_offered)
QUALITIES = _chosen(lambda p: p.qualities)
LANGUAGES = _chosen(lambda p: p.languages)
HOURS = _chosen(lambda p: p.hours)
LEARNING = Answer(lambda p: p.learning_style, _learns_from)
GOAL = Answer(lambda p: (p.goal, p.skills_wanted), _text_and_skills)
OFFER = Answer(lambda p: (p.offer, p.skills_offered), _text_and_skills)
FUNCTION = Answer(lambda p: p.function, meaning)
FUNCTION_IN_SECTOR = Answer(lambda p: (p.function, p.sector), lambda said: meaning(said[0]))
SECTOR = Answer(lambda p: p.sector, _sector)
LOCATION = Answer(lambda p: p.location, _place)
COUNTRY = Answer(lambda p: p.country, _country)
SENIORITY = Answer(lambda p: p.seniority, _bands)
RHYTHM = Answer(lambda p: p.rhythm, _rhythm)

# --- evidence ---


def shared_tags(wanted: Hashable, offered: Hashable, shared: Tags) -> tuple[str, ...]:
    del wanted, offered
    return tuple(sorted(map(str, shared))) if shared else ()


def nothing_to_show(wanted: Hashable, offered: Hashable, shared: Tags) -> tuple[str, ...]:
    del wanted, offered, shared
    return ()


def goal_words(
    wanted: tuple[str, frozenset[str]], offered: Hashable, shared: Tags
) -> tuple[str, ...]:
    del offered
    goal, skills = wanted
    said = _own_words(shared, goal)
    return said or tuple(tag for tag in sorted(skills) if _is_shared(shared, tag))


def _is_shared(shared: Tags, skill: str) -> bool:
    """Whether every word of a skill is shared: «time management» is no «project management»."""
    found = words(skill)
    return bool(found) and not any(shared.isdisjoint(stems(word)) for word in found)


def function_words(wanted: str, offered: str, shared: Tags) -> tuple[str, ...]:
    del offered
    return _own_words(shared, wanted)


def both_functions(
    wanted: tuple[str, str], offered: tuple[str, str], shared: Tags
) -> tuple[str, ...]:
    """Two different functions, where their sectors do not say it already."""
    (ours, our_sector), (theirs, their_sector) = wanted, offered
    if shared or (_sector(our_sector) and _sector(their_sector)):
        return ()
    return ours, theirs


def both_sectors(wanted: str, offered: str, shared: Tags) -> tuple[str, ...]:
    return () if shared else (wanted, offered)


def place(wanted: str, offered: str, shared: Tags) -> tuple[str, ...]:
    del offered
    return (wanted,) if shared else ()


def same_rhythm(wanted: str, offered: str, shared: Tags) -> tuple[str, ...]:
    del shared
    return (wanted,) if wanted == offered else ()


def half_hours(wanted: Hashable, offered: Hashable, shared: Tags) -> tuple[str, ...]:
    del wanted, offered
    return (str(len(shared)),) if shared else ()


def bands_above(wanted: int | None, offered: int | None, shared: Tags) -> tuple[str, ...]:
    del shared
    gap = (offered or 0) - (wanted or 0)
    return (str(gap),) if gap > 0 else ()


def bands_below(wanted: int | None, offered: int | None, shared: Tags) -> tuple[str, ...]:
    return bands_above(offered, wanted, shared)


def _own_words(shared: Tags, text: str) -> tuple[str, ...]:
    """The mentee's own words, not stems: they are shown to people."""
    if not shared:
        return ()
    return tuple(word for word in words(text) if not shared.isdisjoint(stems(word)))
