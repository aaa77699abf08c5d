"""Why two people fit, in words: neutral sentences that mentor, mentee and coordinator may all read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.content import skills
from bot.core.markup import escape, plain
from bot.core.questions import Question
from bot.matching import NAMED, OTHER, Contribution, reasons
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
    "function_sector": ("sector",),
}


def criterion_name(t: Translator, key: str) -> str:
    """What a criterion is called."""
    return {
        "skills": t("Skills"),
        "goal": t("Goal"),
        "ambitions": t("Ambitions"),
        "interests": t("Interests"),
        "function_sector": t("Job and sector"),
        "work_style": t("Way of working"),
        "communication": t("Ways to talk"),
        "values": t("Values"),
        "style": t("Mentoring style"),
        "seniority": t("Experience"),
        "hours": t("Working hours"),
    }.get(key, escape(key))


def why(
    t: Translator, contributions: Sequence[Contribution], intake: Sequence[Question], most: int = 3
) -> list[str]:
    """The strongest reasons for a pair, one sentence each (mark-up)."""
    return [_sentence(t, one, intake) for one in reasons(contributions, most)]


def _sentence(t: Translator, one: Contribution, intake: Sequence[Question]) -> str:
    things = t.list(_things(t, one, intake))
    fixed = _SENTENCES[one.criterion](t) if one.criterion in _SENTENCES else ""
    if fixed:
        return f"{fixed} {things}"
    number = int(one.evidence[0]) if one.evidence[0].lstrip("-").isdecimal() else 0
    if one.criterion == "hours":
        return t.plural(
            "At work at the same time for {n} hour a week",
            "At work at the same time for {n} hours a week",
            number // 2,
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
    "work_style": lambda t: t("A similar way of working:"),
    "communication": lambda t: t("Both like to talk this way:"),
    "values": lambda t: t("What matters to both:"),
    "style": lambda t: t("The style one is looking for, the other has:"),
}


def _things(t: Translator, one: Contribution, intake: Sequence[Question]) -> list[str]:
    shown = one.evidence[:MOST_NAMED]
    if one.criterion == "skills":
        lexicon = skills.standard()
        return [escape(lexicon.label(tag, t.language)) for tag in shown]
    wordings = [
        question for question in intake if question.key in _QUESTIONS.get(one.criterion, ())
    ]
    return [_label(t, wordings, tag) for tag in shown]


def _label(t: Translator, questions: Sequence[Question], tag: str) -> str:
    for question in questions:
        wording = question.label_of(tag)
        if wording:
            return escape(_inside(plain(t.of(wording)).split(":")[0]))
    return escape(tag)


def _inside(label: str) -> str:
    """A label as it stands inside a sentence; what is written in capitals stays so."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def left_out(t: Translator, reasons_: dict[str, int]) -> list[str]:
    """Why somebody has no match, a line a rule; an avoid list can never be told from the rest."""
    lines = []
    for rule, count in reasons_.items():
        name = _RULES.get(rule, _RULES[OTHER])(t)
        lines.append(f"{name}: {count}")
    return lines or [t("there was nobody to choose from")]


_RULES: dict[str, Callable[[Translator], str]] = {
    "reporting_line": lambda t: t("in the reporting line"),
    "capacity": lambda t: t("no place left"),
    "paused": lambda t: t("paused"),
    "guest_or_bot": lambda t: t("not an employee"),
    "no_common_language": lambda t: t("no language in common"),
    "same_team": lambda t: t("in the same team"),
    "past_pair": lambda t: t("were a pair before"),
    "forbidden": lambda t: t("kept apart by a coordinator"),
    OTHER: lambda t: t("fit somebody else better, or did not fit well enough"),
}


def broken(t: Translator, rule: str) -> str:
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


UNNAMED = set(NAMED) - set(_RULES) - {"self"}
