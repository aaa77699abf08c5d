"""The form in which people say whom they wish: a place and a reason, a colleague, and whom rather not."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cards.wishes import (
    RANKS,
    Candidate,
    SaveWishes,
    View,
    head,
    ordinal,
    question,
    who_reads,
)
from bot.core.actions import RunCommand
from bot.core.messages import Ask, Heading, Kind, Message, Note, Part, Rule, Style, Text, button
from bot.core.questions import Values
from bot.texts import Translator


def form(
    t: Translator,
    view: View,
    filled: Mapping[str, Values] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Message:
    """A place and a reason for everybody, a colleague to add, and whom rather not."""
    filled, errors = filled or {}, errors or {}
    title = question(t, view)
    parts: list[Part] = [Heading(title)]
    if errors:
        parts.append(Note(t("Nothing has been saved yet: please look at what I marked.")))
    parts.append(Note(who_reads(t)))
    for one in view.candidates:
        parts += _candidate_inputs(t, view, one)
    parts += [Rule(), *_colleague_inputs(t, view), *_private_inputs(t)]
    parts += [
        button(t("Save my wishes"), SaveWishes(view.programme_id), Style.PRIMARY),
        button(t("Cancel"), RunCommand("wishes", f"{view.slug} mine")),
    ]
    return Message(title, tuple(_as_filled(part, filled, errors) for part in parts), form=True)


def _as_filled(part: Part, filled: Mapping[str, Values], errors: Mapping[str, str]) -> Part:
    if not isinstance(part, Ask):
        return part
    value = filled.get(part.name, part.value)
    if part.options:
        value = tuple(v for v in value if v in {raw for raw, _ in part.options})
    return Ask(
        part.name, part.label, part.kind, part.options, value, errors.get(part.name, ""), part.hint
    )


def _candidate_inputs(t: Translator, view: View, one: Candidate) -> list[Part]:
    return [
        Text(head(t, view, one)),
        _ranks(t, f"rank_{one.field}", t("Your wish"), one.rank),
        Ask(
            f"reason_{one.field}",
            t("Why? (optional)"),
            value=(one.reason,) if one.reason else (),
        ),
    ]


def _ranks(t: Translator, field: str, label: str, rank: int) -> Ask:
    options = (("0", t("no wish")), *((str(n), ordinal(t, n)) for n in range(1, RANKS + 1)))
    return Ask(field, label, Kind.CHOICE, options, (str(rank),))


def _colleague_inputs(t: Translator, view: View) -> list[Part]:
    invitation = (
        ("no", t("no, do not invite anybody")),
        ("named", t("yes, and you may say that I asked")),
        ("unnamed", t("yes, without my name")),
    )
    parts: list[Part] = [
        Ask(
            "colleague",
            t("Add a colleague (optional)"),
            hint=t("First and last name. It counts once they take part."),
        ),
        _ranks(t, "rank_colleague", t("Your wish"), 0),
        Ask("reason_colleague", t("Why? (optional)")),
    ]
    if view.mentee:
        label = t("May I invite this colleague once, if they do not take part yet?")
        parts.append(Ask("invite", label, Kind.CHOICE, invitation, ("no",)))
    shares = (("no", t("no")), ("yes", t("yes")))
    label = t("May your partner read your reason, once you are a pair?")
    return [
        *parts,
        Rule(),
        Ask("shared", label, Kind.CHOICE, shares, ("yes" if view.shared else "no",)),
    ]


def _private_inputs(t: Translator) -> list[Part]:
    return [
        Rule(),
        Ask(
            "avoid",
            t("Rather not with (optional)"),
            hint=t(
                "Only the matching reads this: nobody else, also not the coordinators. It is added"
                " to what you said before; you change that in your profile."
            ),
        ),
    ]
