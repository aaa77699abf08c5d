"""Joining, pausing, leaving: what somebody is told about their own part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.actions import Action, RunCommand
from bot.core.markup import escape
from bot.core.messages import (
    Button,
    Fields,
    Heading,
    Message,
    Note,
    Part,
    Style,
    Text,
    button,
    say,
)
from bot.texts import Translator


@dataclass(frozen=True)
class Leave(Action):
    """Confirmed: leave this programme."""

    programme: int


@dataclass(frozen=True)
class Partner:
    name: str
    part: str  # "mentor" or "mentee": what they are to the reader


@dataclass(frozen=True)
class Standing:
    """How somebody stands in one programme."""

    programme: str
    mentor: bool
    mentee: bool
    partners: tuple[Partner, ...] = ()
    next_check_in: date | None = None
    next_round: date | None = None
    priority: bool = False
    place: int | None = None  # on the waiting list, 1 is first
    seeking: bool = True  # still waits for a partner
    slug: str = ""
    wishes_until: datetime | None = None  # while they may say whom they wish
    zone: str = "UTC"


@dataclass(frozen=True)
class Offer:
    """Something to do now."""

    label: str
    command: str
    args: str = ""


def joined(
    t: Translator, *, programme: str, next_round: date | None, more: Button | None
) -> Message:
    text = t("**You are in!** You take part in {programme}.", programme=programme)
    parts: list[Part] = [Text(text), Text(_what_next(t, next_round))]
    if more:
        parts += [Note(t("The more we know, the better the match. This is optional.")), more]
    parts.append(button(t("See my answers"), RunCommand("profile")))
    return Message(t("You take part in {programme}.", programme=programme), tuple(parts))


def _what_next(t: Translator, next_round: date | None) -> str:
    if next_round:
        return t(
            "The next matching round is planned for {day}. You will hear from me in a private"
            " message, with or without a match.",
            day=t.day(next_round),
        )
    return t(
        "The coordinators plan the matching round. You will hear from me in a private message, with"
        " or without a match."
    )


def already_in(t: Translator, programme: str) -> Message:
    return say(
        t("You already take part in {programme}.", programme=programme),
        button(t("See my answers"), RunCommand("profile"), Style.PRIMARY),
        button(t("Where am I?"), RunCommand("status")),
    )


def not_for_guests(t: Translator) -> Message:
    return say(
        t(
            "This programme is for employees of the organisation, so I cannot sign you up now. An"
            " administrator may open it to guests. If you would like to take part, please ask the"
            " coordinator."
        )
    )


def not_agreed(t: Translator, programme: str) -> Message:
    """No is an answer too."""
    return say(
        t(
            "That is fine: I do not sign you up for {programme}, and I have erased what you told me"
            " for it. Should you think otherwise one day, you are welcome.",
            programme=programme,
        ),
        button(t("What can I do now?"), RunCommand("home")),
    )


def status(t: Translator, *, standings: Sequence[Standing], paused_until: date | None) -> Message:
    """Where am I, what comes next, and when."""
    title = t("Where you are")
    parts: list[Part] = [Heading(title), *stands(t, standings, paused_until)]
    parts += [
        button(
            t("Your wishes for {programme}", programme=standing.programme),
            RunCommand("wishes", f"{standing.slug} mine"),
        )
        for standing in standings
        if standing.wishes_until
    ]
    if not standings:
        parts.append(Text(t("You do not take part in a programme yet.")))
        parts.append(button(t("Join"), RunCommand("join"), Style.PRIMARY))
    return Message(title, tuple(parts))


def stands(t: Translator, standings: Sequence[Standing], paused_until: date | None) -> list[Part]:
    """How somebody stands in each programme, and their pause."""
    parts: list[Part] = []
    for standing in standings:
        rows = [(t("Your part"), _role(t, standing)), *_partners(t, standing)]
        if standing.next_check_in and not paused_until:
            rows.append((t("Next check-in"), t.day(standing.next_check_in)))
        if standing.seeking:
            rows.append((t("Next matching round"), _next_round(t, standing)))
        if standing.wishes_until:
            moment = t.moment(standing.wishes_until, standing.zone)
            rows.append((t("Your wishes"), t("open until {moment}", moment=moment)))
        parts += [Text(f"**{escape(standing.programme)}**"), Fields(tuple(rows))]
    if paused_until:
        text = t(
            "You are paused until {day}. Until then I leave you alone.",
            day=t.day(paused_until, weekday=False),
        )
        parts += [Text(text), button(t("End my pause"), RunCommand("resume"))]
    return parts


def _role(t: Translator, standing: Standing) -> str:
    if standing.mentor and standing.mentee:
        return t("mentor and mentee")
    return t("mentor") if standing.mentor else t("mentee")


def _partners(t: Translator, standing: Standing) -> list[tuple[str, str]]:
    labels = {"mentor": t("Your mentor"), "mentee": t("Your mentee")}
    return [(labels[partner.part], escape(partner.name)) for partner in standing.partners]


def _next_round(t: Translator, standing: Standing) -> str:
    day = t.day(standing.next_round) if standing.next_round else t("not planned yet")
    if standing.place:
        return f"{day}. " + t("Your place on the waiting list: {place}.", place=standing.place)
    if standing.priority:
        return f"{day}. " + t("You go first then.")
    return day


def paused(t: Translator, until: date) -> Message:
    return say(
        t(
            "All right, you are paused until {day}. I ask you nothing until then; after that I"
            " start again by myself.",
            day=t.day(until, weekday=False),  # with its year: «1 March» may be a year away
        ),
        button(t("End my pause"), RunCommand("resume")),
    )


def pause_until_when(t: Translator, *, problem: str) -> Message:
    text = t("Until when? For example: “pause until 1 March” or “pause 2 weeks”.")
    return say(f"{problem} {text}" if problem else text)


def resumed(t: Translator, *, was_paused: bool) -> Message:
    if was_paused:
        return say(t("Welcome back! Your pause has ended."))
    return say(t("You were not paused, so nothing has changed."))


def partner_away(t: Translator, *, partner: str, until: date) -> Message:
    return say(
        t(
            "{partner} is away from the programme until {day}. Until then I do not ask you about"
            " your talks; after that we go on as agreed.",
            partner=partner,
            day=t.day(until, weekday=False),
        )
    )


def partner_back(t: Translator, *, partner: str) -> Message:
    return say(
        t(
            "{partner} is back in the programme: a good moment to plan your next talk.",
            partner=partner,
        )
    )


def sure_to_leave(
    t: Translator, *, programme_id: int, programme: str, partners: Sequence[str]
) -> Message:
    text = t("Do you want to leave {programme}?", programme=programme)
    parts: list[Part] = [Text(f"**{text}**")]
    if partners:
        names = t.list(escape(name) for name in partners)
        parts.append(
            Text(t("Your mentorship then ends, and I say so, in neutral words, to") + f" {names}.")
        )
    parts += [
        Note(t("No reason is needed. You can join again later; pausing is possible too.")),
        button(t("Yes, leave"), Leave(programme_id), Style.DANGER),
        button(t("Pause instead"), RunCommand("pause")),
        button(t("Stay"), RunCommand("home")),
    ]
    return Message(text, tuple(parts))


def left(t: Translator, programme: str) -> Message:
    return say(
        t(
            "You have left {programme}. Thank you for taking part; you are always welcome back.",
            programme=programme,
        ),
        button(t("What can I do now?"), RunCommand("home")),
    )


def not_in_any(t: Translator) -> Message:
    return say(
        t("You do not take part in a programme."),
        button(t("Join"), RunCommand("join"), Style.PRIMARY),
    )


def partner_left(t: Translator, *, partner: str, again: bool) -> Message:
    """Neutral: no reason, no blame, and what comes next."""
    text = t(
        "{partner} has stopped taking part in the programme, so your mentorship ends here. Thank"
        " you for what you put into it.",
        partner=partner,
    )
    if again:
        text += " " + t("You stay in the programme, and you go first in the next matching round.")
    return say(text)


def language_set(t: Translator) -> Message:
    return say(t("From now on I speak English with you."))


def which_language(t: Translator) -> Message:
    return say(
        t("Which language shall I speak with you?"),
        button("Nederlands", RunCommand("language", "nl")),
        button("English", RunCommand("language", "en")),
    )
