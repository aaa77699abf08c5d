"""Whatever somebody does, in any order: nothing breaks, nothing accepted is lost, one enrolment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import col, select

from bot.cards.joining import Leave
from bot.cards.questions import Change, Confirm, Step
from bot.content import standard
from bot.core import questions as flow
from bot.core.events import Click, Command, Event, Typed
from bot.core.messages import Ask, Kind, Message
from bot.core.questions import Reads, Values
from bot.dispatcher import Dispatcher
from bot.platforms.local.html import Frame, render
from bot.platforms.local.screen import draw
from handlers.routes import router
from storage.models import Answer, Delivery, Dialogue, DialogueState, Participant, ParticipantState
from tests.databases import Sqlite
from tests.hands import Hands, meanings
from tests.world import World

INTAKE = standard().intake
WORDS = st.sampled_from(
    [
        *("1", "2", "3", "1, 2", "ja", "yes", "back", "terug", "skip", "stop", "later", "-", "nee"),
        *("mentor", "mentee", "allebei", "Excel, coachen", "english", "monthly", "goal", "talen"),
        *("x" * 10_000, "🎉", "=1+1", "<!channel>", "", "  ", "مرحبا", "\0\ud800", "help", "role"),
        *("status", "Bram", "Xerxes", "twee", "99", "music, travel", "consent", "/mentor join"),
    ]
)
GOALS, ENOUGH = ["Excel", "To speak up."], ["1, 2", "2", "1", "1"]
FIRST = {
    "mentor": ["Excel", "I lead a team.", *ENOUGH],
    "mentee": [*GOALS, *ENOUGH[:2], "1"],
    "both": ["coaching", *GOALS, *ENOUGH[:2], "1"],
}
COMMANDS = st.sampled_from(["join", "profile", "leave", "home", "status", "nosuch"])
FRAME = Frame("m", 1, lambda n: f"/picture/{n}", "choose")


@dataclass(frozen=True)
class Kept:
    """What is remembered of this person."""

    state: DialogueState
    asking: str
    step: int
    confirmed: bool
    answers: dict[str, Values]
    part: tuple[bool, bool, str, bool] | None  # mentor, mentee, rhythm, active
    deliveries: int

    @property
    def takes_part(self) -> bool:
        return self.part is not None and self.part[3]


class Conversations(RuleBasedStateMachine):
    """One person who does anything at all; a colleague exists to be named."""

    server: Sqlite
    template: str

    @initialize(role=st.sampled_from(["mentor", "mentee", "both"]), gone=st.sampled_from([0, 1, 2]))
    def begins(self, role: str, gone: int) -> None:
        """At the first question, at the summary, or as somebody who takes part."""
        self.url = self.server.create(self.template)
        self.world = World(self.url)
        self.world.programme()
        self.world.person("Bram")
        self.noor = Hands(self.world, "Noor")
        self.dispatch = Dispatcher(
            self.world.database, router, self.world.content, lambda: self.world.now
        )
        self.events: list[Event] = []
        self.buttons: list[Step] = []
        self.card: Message | None = None
        self.kept = Kept(DialogueState.DONE, "", 0, False, {}, None, 0)
        self.runs("join")
        for words in [role, *FIRST[role]] if gone else []:
            self.types(words)
        if gone == 2:
            self.types("yes")

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.close()
            self.server.drop(self.url)

    @rule(words=WORDS)
    def types(self, words: str) -> None:
        self.happens(Typed(*self.noor.base(self.next()), text=words))

    @rule(name=COMMANDS)
    def runs(self, name: str) -> None:
        self.happens(Command(*self.noor.base(self.next()), name=name))

    @rule(data=st.data())
    def clicks(self, data: st.DataObject) -> None:
        actions = meanings(self.card)
        if actions and self.card:
            action = data.draw(st.sampled_from(actions), "button")
            fields = {ask.name: filled(data, ask) for ask in self.card.all(Ask)}
            self.happens(Click(*self.noor.base(self.next()), action=action, fields=fields))

    @rule(data=st.data())
    def answers_well(self, data: st.DataObject) -> None:
        """As somebody means it: by nonsense alone the story seldom gets far."""
        question = flow.find(INTAKE, self.kept.asking)
        if question is not None and self.kept.state is DialogueState.ASKING:
            self.types(data.draw(st.sampled_from(good(question)), "answer"))

    @rule(data=st.data())
    def answers_all_that_is_asked(self, data: st.DataObject) -> None:
        for _ in INTAKE:
            self.answers_well(data)

    @rule(key=st.sampled_from(["role", "role", "rhythm", "goal", "interests"]), data=st.data())
    def changes_an_answer(self, key: str, data: st.DataObject) -> None:
        for action in meanings(self.card):
            if isinstance(action, Change):
                here = self.noor.base(self.next())
                self.happens(Click(*here, action=action, fields={"which": (key,)}))
                self.answers_well(data)
                return
        self.runs("profile")

    @rule(data=st.data())
    def presses_an_old_button(self, data: st.DataObject) -> None:
        if self.buttons:
            action = data.draw(st.sampled_from(self.buttons), "old button")
            fields = {"which": ("role",)}
            self.happens(Click(*self.noor.base(self.next()), action=action, fields=fields))

    @rule()
    def clicks_again(self) -> None:
        last = self.events[-1]
        if isinstance(last, Click):
            here = self.noor.base(self.next())
            self.happens(Click(*here, action=last.action, fields=last.fields))

    @rule(data=st.data())
    def an_event_comes_again(self, data: st.DataObject) -> None:
        """A platform repeats any earlier event: nothing changes, whatever happened since."""
        event = data.draw(st.sampled_from(self.events), "event")
        answer = self.dispatch(event)
        assert self.look() == self.kept
        assert (answer is None) == isinstance(event, Typed)
        check(answer)
        if event is self.events[-1]:  # an older one shows what it would do now, on a dead card
            found = [a.step for a in meanings(answer) if isinstance(a, Step)]
            assert set(found) <= {self.kept.step}

    @rule(days=st.integers(1, 3))
    def days_pass(self, days: int) -> None:
        self.world.now += timedelta(days=days)

    @rule()
    def really_leaves(self) -> None:
        self.happens(Click(*self.noor.base(self.next()), action=Leave(1)))

    def next(self) -> str:
        return f"event-{len(self.events)}"

    def happens(self, event: Event) -> None:
        before = self.kept
        answer = self.dispatch(event)
        self.events.append(event)
        self.kept = self.look()
        if isinstance(event, Typed):
            answer = self.last_delivery()
        check(answer)
        self.card = answer
        fresh = [a for a in meanings(answer) if isinstance(a, Step)]
        assert all(action.step == self.kept.step for action in fresh)
        self.buttons += [action for action in fresh if action not in self.buttons]
        self.nothing_was_lost(before)
        if self.kept.takes_part and not before.takes_part:
            self.was_meant(event, before)

    def nothing_was_lost(self, before: Kept) -> None:
        """An answer changes when it was asked for again, and goes when it no longer applies."""
        now = self.kept.answers
        if before.asking == "consent" and not now:
            return  # they said no, and nothing is kept of it
        gone = before.answers.keys() - now.keys()
        changed = {key for key in now if key in before.answers and now[key] != before.answers[key]}
        assert changed <= ({before.asking} if before.state is DialogueState.ASKING else set())
        assert not gone & {question.key for question in flow.applicable(INTAKE, now)}
        assert not gone or self.kept.confirmed

    def was_meant(self, event: Event, before: Kept) -> None:
        """Nobody is enrolled but by their own word, with all that is required."""
        assert before.state in (DialogueState.SUMMARY, DialogueState.DONE)
        assert flow.still_required(INTAKE, before.answers) is None
        said = isinstance(event, Typed) and event.text in ("ja", "yes")
        assert said or (isinstance(event, Click) and isinstance(event.action, Confirm))

    def look(self) -> Kept:
        with self.world.database.look() as session:
            dialogue = session.exec(select(Dialogue)).one()
            answers = {r.question: tuple(r.values) for r in session.exec(select(Answer))}
            part = session.exec(select(Participant)).one_or_none()
            active = part is not None and part.state is ParticipantState.ACTIVE
            return Kept(
                dialogue.state,
                dialogue.asking,
                dialogue.step,
                dialogue.confirmed,
                answers,
                (part.mentor, part.mentee, part.rhythm, active) if part else None,
                len(session.exec(select(Delivery.id)).all()),
            )

    def last_delivery(self) -> Message:
        query = select(Delivery).order_by(col(Delivery.id).desc()).limit(1)
        return Message.from_json(self.world.rows(query)[0].message)

    @invariant()
    def we_know_what_we_wait_for(self) -> None:
        answers = self.kept.answers
        match self.kept.state:
            case DialogueState.ASKING:
                assert flow.find(flow.applicable(INTAKE, answers), self.kept.asking)
            case DialogueState.SUMMARY:
                assert self.kept.asking == ""
                assert flow.still_required(INTAKE, answers) is None

    @invariant()
    def who_takes_part_does_so_as_they_said(self) -> None:
        assert self.kept.takes_part or not self.kept.confirmed
        answers = self.kept.answers
        if self.kept.part and self.kept.confirmed and not flow.still_required(INTAKE, answers):
            role, [rhythm] = answers["role"][0], answers["rhythm"]
            assert self.kept.part[0] == (role in ("mentor", "both"))
            assert self.kept.part[1] == (role in ("mentee", "both"))
            assert self.kept.part[2] == rhythm

    @invariant()
    def every_answer_fits_its_question(self) -> None:
        for key, values in self.kept.answers.items():
            question = flow.find(INTAKE, key)
            assert question
            options = {choice.value for choice in question.choices}
            assert not options or set(values) <= options
            assert len(values) <= question.max_chosen
            assert all(value.strip() for value in values)


def filled(data: st.DataObject, ask: Ask) -> Values:
    if not ask.options:
        return tuple(words for words in (data.draw(WORDS, ask.name),) if words.strip())
    most = 1 if ask.kind is Kind.CHOICE else 4
    raws = st.sampled_from([raw for raw, _ in ask.options])
    return tuple(data.draw(st.lists(raws, max_size=most, unique=True), ask.name))


def good(question: flow.Question) -> list[str]:
    if question.choices:
        return [str(number) for number in range(1, len(question.choices) + 1)]
    if question.kind is Kind.NUMBER:
        return ["1", "2"]
    return ["Bram"] if question.reads is Reads.PEOPLE else ["Excel", "something else entirely"]


def check(card: Message | None) -> None:
    """Whatever is shown can be drawn, travels, and offers only what there is."""
    if card is not None:
        assert draw(card)
        assert render(card, FRAME)
        assert Message.from_json(card.to_json()) == card
        for ask in card.all(Ask):
            assert not ask.options or set(ask.value) <= {raw for raw, _ in ask.options}


def test_in_any_order_of_doings_nothing_breaks_and_nothing_is_lost(
    migrated: tuple[Sqlite, str],
) -> None:
    Conversations.server, Conversations.template = migrated
    rounds = settings(max_examples=40, stateful_step_count=30, deadline=None)
    run_state_machine_as_test(Conversations, settings=rounds)
