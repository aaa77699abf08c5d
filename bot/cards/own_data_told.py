"""What is held of somebody in words: in short on a card, in full to read, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bot.cards.own_data import Section, never_appraisal
from bot.content import Content
from bot.core.questions import Question
from bot.texts import Translator

Held = Mapping[str, Sequence[Mapping[str, Any]]]


def sections(t: Translator, held: Held, months: int) -> list[Section]:
    """The kinds of which there is something, each with what for, who reads it and until when."""
    return [_section(t, kind, rows, months) for kind, rows in held.items() if rows]


def as_json(held: Held) -> str:
    """For another program; the names of fields are the same in every language."""
    return json.dumps(held, ensure_ascii=False, indent=2, default=_plain)


def readable(t: Translator, held: Held, content: Content) -> str:
    """In full, in the reader's language."""
    asked = {question.key: question for question in content.intake}
    lines = [t("What I hold about you"), "", never_appraisal(t)]
    for kind, rows in held.items():
        if rows:
            lines += ["", title(t, kind).upper()]
            for row in rows:
                lines += ["", *_lines(t, kind, row, asked)]
    return "\n".join(lines) + "\n"


def _lines(
    t: Translator, kind: str, row: Mapping[str, Any], asked: Mapping[str, Question]
) -> Iterator[str]:
    question = asked.get(row["question"]) if kind == "answers" else None
    for name, value in row.items():
        said = _said(t, value, question if name == "answer" else None)
        if name == "question" and question:
            said = t.of(question.label or question.wording)
        if said:
            yield f"{label(t, name)}: {said}"


def _said(t: Translator, value: Any, question: Question | None) -> str:
    if isinstance(value, list):
        return ", ".join(_said(t, each, question) for each in value)
    if value is True:
        return t("yes")
    if value is False or value is None:
        return ""
    if question and (wording := question.label_of(str(value))):
        return t.of(wording)
    if isinstance(value, datetime):
        return f"{t.day(value.date(), weekday=False)} {value:%H:%M} UTC"
    if isinstance(value, date):
        return t.day(value, weekday=False)
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _section(t: Translator, kind: str, rows: Sequence[Mapping[str, Any]], months: int) -> Section:
    amount = t.plural("{n} entry", "{n} entries", len(rows))
    if kind == "about":
        amount = ", ".join(filter(None, (str(rows[0]["name"]), rows[0]["email"])))
    return Section(title(t, kind), amount, why(t, kind), readers(t, kind), until(t, kind, months))


def title(t: Translator, kind: str) -> str:
    said = {
        "about": t("Who you are"),
        "programmes": t("Your programmes"),
        "answers": t("Your answers"),
        "pairs": t("Your mentorships"),
        "check_ins": t("Your check-ins"),
        "wishes": t("Your wishes and trial talks"),
        "surveys": t("Your surveys"),
        "duties": t("What you coordinate"),
    }
    return said.get(kind) or t("Messages to you")


def why(t: Translator, kind: str) -> str:
    said = {
        "about": t("to know you, and to ask you things in your language and your working hours"),
        "programmes": t("to find you a good match"),
        "answers": t("to find you a good match"),
        "pairs": t("to help the two of you keep talking"),
        "check_ins": t("to help the two of you keep talking"),
        "wishes": t("to take your wishes into account in the next round"),
        "surveys": t("to see whether the programme works"),
        "duties": t("to know who may decide what, and who did"),
    }
    return said.get(kind) or t("to see to it that nothing is lost and nothing comes twice")


def readers(t: Translator, kind: str) -> str:
    said = {
        "about": t("the coordinators, and whoever is matched with you"),
        "programmes": t("the coordinators, and whoever is matched with you"),
        "answers": t("whoever was named beside each question; whom you would rather avoid: nobody"),
        "pairs": t("the two of you and the coordinators"),
        "check_ins": t("the coordinators see whether you met, and not how the match feels"),
        "wishes": t("nobody: only the matching uses them, unless you shared a reason"),
        "surveys": t("the coordinators see figures of groups; anonymous answers nobody can find"),
        "duties": t("the administrators"),
    }
    return said.get(kind) or t("nobody: when a message has arrived, I forget what was in it")


def until(t: Translator, kind: str, months: int) -> str:
    match kind:
        case "about":
            return t("you have it erased; your name then still stands in your company’s own list")
        case "duties" | "messages":
            return t("you have it erased")
    return t.plural(
        "{n} month after the programme has ended, or you have it erased",
        "{n} months after the programme has ended, or you have it erased",
        months,
    )


def label(t: Translator, name: str) -> str:
    said = {
        "name": t("Name"),
        "email": t("E-mail address"),
        "department": t("Department"),
        "team": t("Team"),
        "function": t("Function"),
        "location": t("Location"),
        "languages": t("Languages"),
        "manager": t("Manager"),
        "accounts": t("Accounts"),
        "programme": t("Programme"),
        "question": t("Question"),
        "answer": t("Answer"),
        "partner": t("Partner"),
        "reason": t("Reason"),
    }
    return said.get(name) or name.replace("_", " ").capitalize()
