"""Who needs somebody, by name and with one thing to do: for coordinators alone, never a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.core.messages import Heading, Message, Note, Part, Text
from bot.core.platform import Why
from bot.texts import Translator

MOST_NAMED = 20


@dataclass(frozen=True)
class StuckPair:
    mentors: tuple[str, ...]
    mentees: tuple[str, ...]
    since: date


@dataclass(frozen=True)
class Unreached:
    """A person, or the coordinators' channel, where nothing arrives; None: nobody knows why."""

    name: str
    why: Why | None = None


@dataclass(frozen=True)
class Apart:
    """A pair for whom no chat could be opened, and who have not met."""

    mentors: tuple[str, ...]
    mentees: tuple[str, ...]


@dataclass(frozen=True)
class Attention:
    """Who needs somebody: the first of them by name, and how many there are."""

    programme: str
    stuck: tuple[StuckPair, ...]
    stuck_in_all: int
    unreached: tuple[Unreached, ...]
    unreached_in_all: int
    silent_channel: Unreached | None = None
    apart: tuple[Apart, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stuck or self.unreached or self.silent_channel or self.apart)


def attention(t: Translator, needs: Attention) -> Message:
    """Everyone who needs somebody, each with one thing to do."""
    title = t("{programme}: who needs you now", programme=needs.programme)
    if not needs:
        calm = t("Nobody in {programme} needs you right now.", programme=needs.programme)
        return Message(calm, (Text(calm),))
    parts: list[Part] = [Heading(title)]
    if needs.stuck:
        lines = [_stuck(t, pair) for pair in needs.stuck]
        parts.append(_list(t, t("Stuck"), lines, needs.stuck_in_all))
        parts.append(
            Note(t("Stuck means that neither of the two answered two check-ins in a row."))
        )
    if needs.unreached:
        lines = [_unreached(t, one) for one in needs.unreached]
        parts.append(_list(t, t("Not reached"), lines, needs.unreached_in_all))
    if needs.apart:
        parts.append(Text("\n".join(f"• {_apart(t, pair)}" for pair in needs.apart)))
    if needs.silent_channel:
        parts.append(Text(_silent(t, needs.silent_channel)))
    parts.append(Note(t("Only the coordinators of this programme see these names.")))
    return Message(title, tuple(parts))


def _list(t: Translator, label: str, lines: list[str], in_all: int) -> Text:
    bullets = [f"• {line}" for line in lines]
    if in_all > len(lines):
        bullets.append("• " + t.plural("and {n} more", "and {n} more", in_all - len(lines)))
    return Text("\n".join([f"**{label}: {in_all}**", *bullets]))


def _stuck(t: Translator, pair: StuckPair) -> str:
    return t(
        "{mentors} and {mentees}, since {day}: ask both in a short message what would help.",
        mentors=", ".join(pair.mentors),
        mentees=", ".join(pair.mentees),
        day=t.day(pair.since, weekday=False),
    )


def _apart(t: Translator, pair: Apart) -> str:
    return t(
        "I could not open a chat for {mentors} and {mentees}: they have to find each other"
        " themselves. Let them know.",
        mentors=", ".join(pair.mentors),
        mentees=", ".join(pair.mentees),
    )


def _unreached(t: Translator, one: Unreached) -> str:
    if one.why is Why.GONE:
        return t(
            "{name}: this account was closed. Talk to the partner, who may want another match.",
            name=one.name,
        )
    if one.why is Why.NOT_ALLOWED:
        return t(
            "{name}: the rules of your organisation keep me out. Ask your administrator to let"
            " this person use the app.",
            name=one.name,
        )
    return t(
        "{name}: my messages do not arrive. Ask them to write “help” to me once; in Teams, to add"
        " me as an app first.",
        name=one.name,
    )


def _silent(t: Translator, channel: Unreached) -> str:
    if channel.why is Why.ARCHIVED:
        return t(
            "{channel} has been archived. Choose another channel in the settings of the programme.",
            channel=channel.name,
        )
    if channel.why is Why.GONE:
        return t(
            "I cannot find {channel} any more. Choose another channel in the settings of the"
            " programme.",
            channel=channel.name,
        )
    if channel.why is Why.NOT_INVITED:
        return t(
            "I am not in {channel}, so nothing arrives there. Please let me in: in Slack by typing"
            " “/invite” and my name there, in Teams by adding me to the team. If several channels"
            " in Teams have this name, call it #Team/Channel in the settings of the programme.",
            channel=channel.name,
        )
    return t(
        "My messages in {channel} do not arrive. Please invite me there again.",
        channel=channel.name,
    )
