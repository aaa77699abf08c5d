"""Why two people fit, in words: neutral sentences that mentor, mentee and coordinator may all read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.content.skills import Lexicon
from bot.core.markup import escape, plain
from bot.core.questions import Question
from bot.matching import OTHER, Contribution, reasons
from bot.texts import Translator

MOST_NAMED = 4  # shared things named in one sentence
# The questions whose options a criterion's evidence comes from.
_QUESTIONS = {
    "interests": ("interests",),
    "ambitions": ("ambitions",),
    "values": ("values",),
    "work_style": ("work_style",),
    "communication": ("communication",),
    "style": ("styles_wanted", "qualities"),
    "learning": ("qualities",),
    "rhythm": ("rhythm",),
    "languages": ("languages",),
    "function_sector": ("sector",),
    "other_function": ("sector",),
}
_PRACTICAL = {"hours", "languages", "rhythm", "location"}
_NAMES = {"languages"}  # whose options keep their capital inside a sentence


def criterion_name(t: Translator, key: str) -> str:
    """What a criterion is called."""
    return {
        "skills": t("Skills"),
        "goal": t("Goal"),
        "ambitions": t("Ambitions"),
        "interests": t("Interests"),
        "function_sector": t("Job and sector"),
        "other_function": t("Another job or sector"),
        "work_style": t("Way of working"),
        "communication": t("Ways to talk"),
        "values": t("Values"),
        "style": t("Mentoring style"),
        "learning": t("Way of learning"),
        "rhythm": t("How often to meet"),
        "seniority": t("Experience"),
        "fresh_eyes": t("Experience"),
        "languages": t("Languages"),
        "location": t("Place of work"),
        "hours": t("Working hours"),
    }.get(key, escape(key))


def why(
    t: Translator,
    contributions: Sequence[Contribution],
    intake: Sequence[Question],
    most: int = 3,
    *,
    lexicon: Lexicon,
) -> list[str]:
    """The strongest reasons for a pair, one sentence each (mark-up)."""
    fresh = _without_echo(t, contributions, intake, lexicon)
    return [_sentence(t, one, intake, lexicon) for one in reasons(fresh, most)]


def _without_echo(
    t: Translator,
    contributions: Sequence[Contribution],
    intake: Sequence[Question],
    lexicon: Lexicon,
) -> list[Contribution]:
    """All but a goal in which only the shared skills are named once more."""

    def things(criterion: str) -> set[str]:
        shown = [c for c in reasons(contributions, len(contributions)) if c.criterion == criterion]
        return {thing.casefold() for c in shown for thing in _things(t, c, intake, lexicon)}

    echo = bool(goal := things("goal")) and goal <= things("skills")
    return [c for c in contributions if not (echo and c.criterion == "goal")]


def about(
    t: Translator,
    contributions: Sequence[Contribution],
    intake: Sequence[Question],
    *,
    lexicon: Lexicon,
) -> list[str]:
    """The strongest reasons that are about the two people, and not about their calendars."""
    personal = [c for c in contributions if c.criterion not in _PRACTICAL]
    return why(t, personal, intake, lexicon=lexicon)


def not_looked_at(t: Translator) -> str:
    """What a match is never made of; for the two partners and the coordinator alike."""
    return t(
        "What I did not look at: gender, age, pay, or how somebody is appraised. That counts for"
        " nothing here."
    )


def _sentence(
    t: Translator, one: Contribution, intake: Sequence[Question], lexicon: Lexicon
) -> str:
    things = _told(t, one, intake, lexicon)
    fixed = _SENTENCES[one.criterion](t) if one.criterion in _SENTENCES else ""
    if fixed:
        return f"{fixed} {things}"
    if one.criterion == "hours":
        number = int(one.evidence[0]) if one.evidence[0].isdecimal() else 0
        return t.plural(
            "At work at the same time for {n} hour a week",
            "At work at the same time for {n} hours a week",
            number // 2,
        )
    if one.criterion == "fresh_eyes":
        return t(
            "The mentor has fewer years of work behind them: a fresh look at what everybody else"
            " is used to"
        )
    return t(
        "The mentor has more experience: far enough ahead to learn from, close enough to relate to"
    )


_SENTENCES: dict[str, Callable[[Translator], str]] = {
    "skills": lambda t: t("What one wants to learn, the other can teach:"),
    "goal": lambda t: t("The goal and what the mentor offers have this in common:"),
    "ambitions": lambda t: t("The same ambitions:"),
    "interests": lambda t: t("Shared interests:"),
    "function_sector": lambda t: t("Work in the same field:"),
    "other_function": lambda t: t("Each brings a world of their own:"),
    "work_style": lambda t: t("A similar way of working:"),
    "communication": lambda t: t("Both like to talk this way:"),
    "values": lambda t: t("What matters to both:"),
    "style": lambda t: t("The style one is looking for, the other has:"),
    "learning": lambda t: t("Suits how one learns best. The other says:"),
    "rhythm": lambda t: t("Both would like to meet:"),
    "languages": lambda t: t("Languages that both speak:"),
    "location": lambda t: t("Both work in:"),
}


def _told(t: Translator, one: Contribution, intake: Sequence[Question], lexicon: Lexicon) -> str:
    things = _things(t, one, intake, lexicon)
    if one.criterion == "other_function":  # «care and welfare and law and justice» is unclear
        return " – ".join(things)
    return t.list(things)


def _things(
    t: Translator, one: Contribution, intake: Sequence[Question], lexicon: Lexicon
) -> list[str]:
    shown = one.evidence[:MOST_NAMED]
    if one.criterion == "skills":
        return [escape(lexicon.label(tag, t.language)) for tag in shown]
    if one.criterion == "goal":  # a skill has a name in each language
        return [escape(_skill(lexicon, tag, t.language)) for tag in shown]
    wordings = [
        question for question in intake if question.key in _QUESTIONS.get(one.criterion, ())
    ]
    return [_label(t, wordings, tag, name=one.criterion in _NAMES) for tag in shown]


def _skill(lexicon: Lexicon, said: str, language: str) -> str:
    known = said if said in lexicon.concepts else lexicon.means(said)
    return lexicon.label(known or said, language)


def _label(t: Translator, questions: Sequence[Question], tag: str, *, name: bool) -> str:
    for question in questions:
        wording = question.label_of(tag)
        if wording:
            label = plain(t.of(wording)).split(":")[0]
            return escape(label if name else _inside(label))
    return escape(tag)


def _inside(label: str) -> str:
    """A label as it stands inside a sentence; what is written in capitals stays so."""
    kept = label[1:2].isupper() or label.startswith("I ")
    return label if kept else label[:1].lower() + label[1:]


def left_out(t: Translator, reasons_: Mapping[str, int]) -> list[str]:
    """Why somebody has no match, a line a rule: «3 of 41 candidates: in the same team». An avoid list
    can never be told from the rest."""
    everyone = sum(reasons_.values())
    lines: list[str] = []
    for rule, count in reasons_.items():
        part = (
            t("{n} of {all}", n=count, all=everyone)
            if lines
            else t.plural(
                "{count} of {n} candidate", "{count} of {n} candidates", everyone, count=count
            )
        )
        lines.append(f"{part}: {rule_name(t, rule)}")
    return lines or [t("there was nobody to choose from")]


def rule_name(t: Translator, rule: str) -> str:
    """What a rule is called that takes candidates from somebody."""
    return _RULES.get(rule, _RULES[OTHER])(t)


_RULES: dict[str, Callable[[Translator], str]] = {
    "reporting_line": lambda t: t("above or below them in the reporting line"),
    "capacity": lambda t: t("no place left"),
    "busy_elsewhere": lambda t: t("enough mentees already, other programmes counted"),
    "paused": lambda t: t("paused"),
    "guest_or_bot": lambda t: t("not an employee"),
    "no_common_language": lambda t: t("no language in common"),
    "same_team": lambda t: t("in the same team"),
    "same_department": lambda t: t("in the same department, which should mix"),
    "past_pair": lambda t: t("were a pair before, or are one now"),
    "excluded": lambda t: t("kept apart by the rules of the programme"),
    "forbidden": lambda t: t("kept apart by a coordinator"),
    OTHER: lambda t: t("fit somebody else better, or did not fit well enough"),
}


def broken(t: Translator, rule: str) -> str:
    """Why a pair cannot be any more."""
    return _RULES[rule](t) if rule in _RULES else t("one of them no longer takes part in this role")


def why_not(t: Translator, rule: str) -> str:
    """Why two people cannot be a pair. What is private sounds the same as a fit that is too low."""
    why = {
        "self": t("They are one and the same person."),
        "loop": t("They would be each other’s mentor."),
        "gone": t("One of them no longer takes part."),
    }
    if rule in why:
        return why[rule]
    if rule == OTHER or rule not in _RULES:
        return t("They do not fit well enough within the rules of this programme.")
    return t("The rule that forbids it:") + f" {_RULES[rule](t)}."
