"""Cards that any room may need: small words, refusals, help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.actions import RunCommand
from bot.core.markup import escape
from bot.core.messages import Button, Fields, Heading, Message, Note, Style, Text, button, say
from bot.texts import Translator


@dataclass(frozen=True)
class CommandLine:
    """A command as help shows it."""

    name: str
    args: str
    summary: str  # an English source sentence


def look_in_private(t: Translator) -> Message:
    return say(t("I have sent you a private message, so that we can talk quietly."))


def shown_here_instead(t: Translator, message: Message) -> Message:
    """What somebody asked for in a place where the bot cannot write."""
    why = t(
        "I am not in the channel or chat where you asked for this, so I show it to you here. In"
        " Slack you let me in with “/invite” and my name, in Teams by adding me to the team."
    )
    return replace(message, parts=(Text(why), *message.parts))


def unknown_workspace(t: Translator) -> Message:
    return say(t("I am not connected to this workspace yet. Please ask your administrator."))


def failed(t: Translator, reference: str) -> Message:
    """Something broke on our side."""
    return say(
        t("Sorry, something went wrong on my side, and nothing has changed. Please try once more."),
        Note(
            t(
                "If it happens again, give your administrator this number: {reference}.",
                reference=reference,
            )
        ),
        _home(t),
    )


def too_often(t: Translator) -> Message:
    return say(
        t("That was a lot at once. Please wait a moment and try again; nothing has changed.")
    )


def unknown_command(t: Translator, word: str, close: str) -> Message:
    text = t("I do not know “{word}”.", word=word[:60])
    parts: list[Button] = []
    if close:
        text += " " + t("Did you mean “{close}”?", close=close)
        parts.append(button(close, RunCommand(close), Style.PRIMARY))
    else:
        text += " " + t("“help” tells you what I can do.")
    return say(text, *parts, button(t("What can you do?"), RunCommand("help")))


def did_not_understand(t: Translator) -> Message:
    return say(
        t("Sorry, I did not understand that: I am only the assistant of this programme."),
        button(t("What can I do now?"), RunCommand("home"), Style.PRIMARY),
        button(t("What can you do?"), RunCommand("help")),
    )


def refused(t: Translator, *, admin: bool) -> Message:
    if admin:
        return say(
            t("Only an administrator can do this. Shall I show you what you can do?"), _home(t)
        )
    return say(
        t("Only a coordinator of the programme can do this. Shall I show you what you can do?"),
        _home(t),
    )


def _home(t: Translator) -> Button:
    return button(t("What can I do now?"), RunCommand("home"))


def out_of_date(t: Translator, current: Message) -> Message:
    """An older button was clicked, or somebody else's: nothing happened, this is how things stand."""
    note = t(
        "That card was out of date, or meant for somebody else, so nothing has changed. This is how"
        " things stand now."
    )
    return Message(note, (Note(note), *current.parts))


def help_card(t: Translator, groups: Sequence[tuple[str, Sequence[CommandLine]]]) -> Message:
    """Every command that this person may use, by role."""
    how = t("Type a command to me here, or use the buttons I give you.")
    elsewhere = t("In a channel you put “/” in front of it in Slack, and @ and my name in Teams.")
    parts: list[Heading | Fields | Text] = [Text(f"{how} {elsewhere}")]
    for title, lines in groups:
        rows = tuple((f"mentor {line.name} {line.args}".strip(), t(line.summary)) for line in lines)
        parts += [Heading(title), Fields(rows)]
    return Message(t("What I can do for you"), tuple(parts))


def which_programme(
    t: Translator, command: str, programmes: Sequence[tuple[str, str]], then: str = ""
) -> Message:
    """Several programmes fit: (slug, name) each, one tap to choose; `then` follows the slug."""
    return say(
        t("Which programme do you mean?"),
        *(
            button(escape(name), RunCommand(command, f"{slug} {then}".strip()))
            for slug, name in programmes
        ),
    )


def no_programme(t: Translator, word: str) -> Message:
    if word:
        return say(
            t("There is no programme called “{word}” that you can use here.", word=word[:60])
        )
    return say(t("There is no mentoring programme here yet. I will be glad to help once there is."))
