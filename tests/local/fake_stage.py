"""A company of four and a bot of a few words: enough to try the page without the product."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.core.actions import RunCommand
from bot.core.charts import GoalBar, GoalBars, KeyFigure, Overview, StackedWeeks
from bot.core.events import Click, Command, Event
from bot.core.messages import (
    Ask,
    Fields,
    Heading,
    Kind,
    Message,
    Note,
    Picture,
    Rule,
    Style,
    Text,
    button,
    say,
)
from bot.platforms.local.chat import BOT, Account, Chat
from bot.platforms.local.platform import LocalPlatform
from bot.platforms.local.stage import Happened, Pane, Progress, Proposal

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
GO = RunCommand("go")
SKILLS = (("excel", "Excel"), ("talks", "Giving talks"), ("plan", "Planning"), ("ask", "Asking"))
ROLES = (("mentor", "Mentor: I **help** someone"), ("mentee", "Mentee: I want to learn"))
HOURS = tuple((str(n), f"{n} hours") for n in range(1, 10))

QUESTION = Message(
    "What are you good at?",
    (
        Heading("What are you good at?"),
        Text("Name a few skills you can help someone with."),
        Ask("skills", "Skills", Kind.CHOICES, SKILLS, ("excel", "plan")),
        Ask("other", "Something else", value=("<b>knitting</b>",), hint="Commas in between"),
        Note("Question 2 of 7. _Your mentee_ reads this."),
        button("Next", GO, Style.PRIMARY),
        button("Back", GO),
        button("Stop for now", RunCommand("stop"), Style.DANGER),
    ),
)
EVERY_INPUT = Message(
    "A form",
    (
        Heading("Set up a programme"),
        Ask("role", "How do you take part?", Kind.CHOICE, ROLES, ("mentor",)),
        Ask("hours", "How many hours a month?", Kind.CHOICE, HOURS, hint="Roughly is fine"),
        Ask("start", "Starts on", Kind.DATE, value=("2026-04-01",)),
        Ask("end", "Ends on", Kind.DATE, value=("32 May",), error="We cannot read this as a day."),
        Ask("target", "How many pairs?", Kind.NUMBER, value=("dozen",), error="A number, please."),
        Ask("goal", "What is it for?", Kind.LONG_TEXT, value=("Line one\nline two",)),
        Ask("kinds", "Who may join?", Kind.CHOICES, SKILLS, error="Choose at least one."),
        button("Save", GO, Style.PRIMARY),
        button("Discard", RunCommand("stop"), Style.DANGER),
    ),
)
CHART = Overview(
    "Traineeship 2026",
    "Week 10: 2 to 8 March",
    (
        KeyFigure("in a pair", "62%", "was 54%", "up"),
        KeyFigure("met this week", "18"),
        KeyFigure("satisfaction", "4.2", "was 4.4", "down"),
    ),
    StackedWeeks(
        "Pairs that met",
        ("met", "planned", "silent"),
        ("16 Feb", "23 Feb", "2 Mar"),
        ((4, 9, 14), (6, 5, 4), (10, 6, 2)),
    ),
    GoalBars("Goals", (GoalBar("Meeting rate", 62, 80, "62%", "target 80%"),)),
)
DIGEST = Message(
    "This week in Traineeship 2026",
    (
        Heading("This week in Traineeship 2026"),
        Text("**14 of 20** pairs met; that is more than last week.\n• 3 joined\n• 2 are _stuck_"),
        Picture(CHART, "14 pairs met, 4 planned a meeting, 2 were silent."),
        Rule(),
        Fields((("Meeting rate", "**62%**, target 80%"), ("Satisfaction", "4.2 of 5"))),
        Note("Names stand in your private chat only."),
        button("Show who is stuck", GO),
    ),
)
CARDS = (QUESTION, EVERY_INPUT, DIGEST)


class FakeStage:
    """Answers every command and click, remembers them, and can be held up or made to fail."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.time = MONDAY
        self.heard: list[Event] = []
        self.gate: asyncio.Event | None = None
        self.broken = False
        chat.clock = self.now
        self.accounts = (
            Account("noor", "Noor de Wit", "nl", title="Trainee"),
            Account(
                "thomas",
                "Thomas Berg",
                title="Adviser for learning and development, HR, coordinator",
            ),
            Account("priya", "Priya Raman", zone="Asia/Kolkata", title="Engineer"),
            Account("x<y", '<i>"Eve" & Co', title="Guest"),
        )
        for account in self.accounts:
            chat.welcome(account)
        chat.open_channel("#mentoring", ["thomas", "priya"])

    async def proposals(self) -> tuple[Proposal, ...]:
        return (
            Proposal("noor", "Join the programme", say="/mentor join", done=bool(self.heard)),
            Proposal("thomas", "Run the matching round"),
        )

    async def end(self) -> datetime:
        return MONDAY + timedelta(weeks=2)

    def now(self) -> datetime:
        return self.time

    def commands(self, language: str) -> list[tuple[str, str]]:
        join = "Doe mee" if language == "nl" else "Take part in a programme"
        return [
            ("", "See what you can do now"),
            ("join", join),
            ("status [programme]", "Where you are"),
        ]

    async def glass(self, user: str, conversation: str, language: str) -> list[Pane]:
        rows = (("Monday 9 March 09:00", f"asks <{user}> in {conversation}, in {language}"),)
        return [Pane("What falls due", rows, "At most one a day."), Pane("Outbox", ())]

    async def act(self, event: Event) -> Message | None:
        if self.gate:
            await self.gate.wait()
        if self.broken:
            raise RuntimeError("the bot fell over")
        self.heard.append(event)
        match event:
            case Command(name="join"):
                return QUESTION
            case Click(fields=fields) if fields.get("skills") == ():
                return say("Choose something first.", button("Again", GO))
            case Click():
                return say("Thank you, that is **noted**.")
            case Command(name=name):
                return say(f"You said {name or 'nothing'}.")
        return None

    async def wind(self, until: datetime, progress: Progress) -> list[Happened]:
        while self.time < until:
            self.time = min(until, self.time + timedelta(hours=12))
            await progress(self.time)
            if self.gate:
                await self.gate.wait()
        if self.broken:
            raise RuntimeError("the clock fell over")
        self.chat.post("dm:noor", BOT, say("Did you meet?", button("Yes", GO)), key=f"c{until}")
        return [
            Happened(MONDAY + timedelta(days=1), "{n} check-in asked", "{n} check-ins asked", 14),
            Happened(MONDAY + timedelta(days=4), "{n} digest <sent>", "{n} digests", 1),
        ]

    async def start_over(self) -> None:
        self.chat.clear()
        self.time = MONDAY


def company() -> tuple[FakeStage, LocalPlatform]:
    """A stage and the platform on it, nothing said yet."""
    chat = Chat()
    return FakeStage(chat), LocalPlatform(chat)
