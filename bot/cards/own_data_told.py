"""What is held of somebody in words: in short on a card, in full to read, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from bot.cards.own_data import Section, never_appraisal
from bot.content import Content
from bot.core.questions import Question
from bot.texts import Translator

# Where a word of the database stands, and nobody's own.
_WORDS = {"asked", "survey", "state", "kind"}
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
        asks = {"answer": question, "rhythm": asked.get("rhythm")}
        said = _said(t, name, value, asks.get(name))
        if name == "question" and question:
            said = t.of(question.label or question.wording)
        if said:
            yield f"{label(t, name)}: {said}"


def _said(t: Translator, name: str, value: Any, question: Question | None) -> str:
    if isinstance(value, list):
        return ", ".join(_said(t, name, each, question) for each in value)
    if value is True:
        return t("yes")
    if value is False or value is None:
        return ""
    if isinstance(value, StrEnum) or name in _WORDS:
        return word(t, str(value))
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
        "asked_to_talk": t("Talks you asked for"),
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
        "asked_to_talk": t("to bring you in touch with whom you asked"),
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
        "asked_to_talk": t("whom you asked, and nobody else"),
        "duties": t("the administrators"),
    }
    return said.get(kind) or t("nobody: when a message has arrived, I forget what was in it")


def until(t: Translator, kind: str, months: int) -> str:
    match kind:
        case "about":
            return t("you have it erased; your name then still stands in your company’s own list")
        case "duties" | "messages":
            return t("you have it erased")
        case "asked_to_talk":
            return t.plural(
                "your words: the talk is done; that you asked for it: {n} month after the programme"
                " has ended, or you have it erased",
                "your words: the talk is done; that you asked for it: {n} months after the programme"
                " has ended, or you have it erased",
                months,
            )
    return t.plural(
        "{n} month after the programme has ended, or you have it erased",
        "{n} months after the programme has ended, or you have it erased",
        months,
    )


def word(t: Translator, value: str) -> str:
    """What a word of the database is called."""
    said = {
        "met": t("whether you met"),
        "fits": t("whether the match fits"),
        "planned": t("planned"),
        "not_yet": t("not yet"),
        "good": t("good"),
        "deciding": t("still deciding"),
        "not": t("not a match"),
        "nothing": t("nothing yet"),
        "maybe": t("maybe"),
        "start": t("at the start"),
        "middle": t("half way"),
        "end": t("at the end"),
        "waiting": t("waits"),
        "sent": t("sent"),
        "unreachable": t("could not arrive"),
        "failed": t("did not arrive"),
        "answered": t("answered"),
        "employee": t("colleague"),
        "guest": t("guest"),
        "in_touch": t("you have been in touch"),
        "done": t("done"),
        "withdrawn": t("taken back"),
    }
    return said.get(value, value)


def label(t: Translator, name: str) -> str:
    said = _of_people(t) | _of_what_they_did(t)
    return said.get(name) or name.replace("_", " ").capitalize()


def _of_people(t: Translator) -> dict[str, str]:
    return {
        "name": t("Name"),
        "email": t("E-mail address"),
        "department": t("Department"),
        "team": t("Team"),
        "function": t("Function"),
        "location": t("Location"),
        "languages": t("Languages"),
        "manager": t("Manager"),
        "accounts": t("Accounts"),
        "kind": t("Kind"),
        "country": t("Country"),
        "time_zone": t("Time zone"),
        "working_days": t("Working days"),
        "work_start": t("Begins work"),
        "work_end": t("Stops work"),
        "locale": t("My language with you"),
        "paused_until": t("Paused until"),
    }


def _of_what_they_did(t: Translator) -> dict[str, str]:
    return {
        "programme": t("Programme"),
        "question": t("Question"),
        "answer": t("Answer"),
        "partner": t("Partner"),
        "reason": t("Reason"),
        "mentor": t("Mentor"),
        "mentee": t("Mentee"),
        "rhythm": t("Rhythm"),
        "capacity": t("Places"),
        "joined": t("Joined"),
        "left": t("Left"),
        "rounds_waited": t("Rounds waited"),
        "typed": t("As you typed it"),
        "part": t("You are"),
        "started": t("Started"),
        "ended": t("Ended"),
        "asked": t("Asked"),
        "due": t("For"),
        "wish": t("You wish"),
        "place": t("Place"),
        "shared": t("Your partner may read it"),
        "trial_talk": t("Trial talk with"),
        "survey": t("Survey"),
        "state": t("State"),
        "duty": t("Duty"),
        "did": t("Did"),
        "at": t("At"),
        "allowed": t("Allowed"),
        "arrived": t("Arrived"),
        "with": t("With"),
        "on": t("On"),
        "words": t("What you wrote"),
    }
