"""One event, one transaction, one answer: also when it comes twice, at once, or full of rubbish."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any, TypeVar

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, select

from bot.cards.questions import Choose, Confirm, Step
from bot.core.actions import RunCommand
from bot.core.events import Click, Command, Event, Place, Typed, Who
from bot.core.messages import Message
from bot.dispatcher import Dispatcher
from bot.platforms.local.platform import WORKSPACE
from handlers.routes import router
from storage import dialogues, programmes
from storage.models import (
    Answer,
    Delivery,
    Identity,
    Organisation,
    Participant,
    Person,
    Workspace,
)
from tests.hands import Hands, meanings
from tests.world import MENTEE, World

R = TypeVar("R")


def everything(world: World) -> dict[str, list[tuple[object, ...]]]:
    """All that the database remembers."""
    with world.database.look() as session:
        return {
            table.name: sorted(
                (tuple(row) for row in session.execute(text(f'SELECT * FROM "{table.name}"'))),
                key=repr,
            )
            for table in SQLModel.metadata.sorted_tables
        }


def dispatcher(world: World) -> Callable[[Event], Message | None]:
    return Dispatcher(world.database, router, world.content, lambda: world.now)


def at_once(count: int, work: Callable[[int], R]) -> list[R]:
    """The same work in so many threads, all starting together; what went wrong is raised here."""
    gate = Barrier(count)

    def started(number: int) -> R:
        gate.wait(30)
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(started, range(count)))


# --- the same event again ---


@pytest.mark.parametrize(
    "command",
    ["", "join", "status", "help", "profile", "pause 2 weeks", "language nl", "match", "nonsense"],
)
def test_a_command_that_comes_twice_changes_nothing_the_second_time(
    noor: Hands, command: str
) -> None:
    noor.types(f"/mentor {command}")
    first, before = noor.card, everything(noor.world)
    assert noor.again() == first
    assert everything(noor.world) == before
    assert len(noor.all_seen) == 1


def test_every_step_of_joining_may_come_twice_and_the_answer_is_the_current_card(
    noor: Hands,
) -> None:
    noor.types("/mentor join")
    while key := noor.is_asked:
        if any(isinstance(action, Choose) for action in noor.offers):
            noor.chooses(MENTEE[key][0])
        else:
            noor.fills(**{key: MENTEE[key]})
        before = everything(noor.world)
        again = noor.again()
        assert everything(noor.world) == before
        assert is_current(noor, again)
    noor.presses(Confirm)
    before = everything(noor.world)
    assert is_current(noor, noor.again())
    assert everything(noor.world) == before


def is_current(person: Hands, card: Message | None) -> bool:
    """Whether every button of a conversation on this card would still work."""
    step = person.dialogue().step
    return all(a.step == step for a in meanings(card) if isinstance(a, Step))


@pytest.mark.parametrize("command", ["join", "profile"])
def test_the_answer_to_a_command_that_comes_twice_has_working_buttons(
    noor: Hands, command: str
) -> None:
    if command == "profile":
        noor.joins(MENTEE)
    noor.types(f"/mentor {command}")
    answer = noor.again()
    assert answer == noor.card
    assert is_current(noor, answer)


def test_typed_words_that_come_twice_count_once_and_are_answered_once(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.types("mentee")
    seen, before = noor.all_seen, everything(noor.world)
    assert noor.again() is None
    assert noor.all_seen == seen
    assert everything(noor.world) == before
    assert noor.is_asked == "skills_wanted"


def test_small_talk_that_comes_twice_is_answered_once(noor: Hands) -> None:
    noor.types("hello")
    noor.again()
    assert len(noor.all_seen) == 1


@pytest.mark.parametrize("count", [16])
def test_the_same_event_in_sixteen_threads_is_handled_once(noor: Hands, count: int) -> None:
    noor.types("/mentor join")
    [mentee] = [a for a in noor.offers if isinstance(a, Choose) and a.value == "mentee"]
    dispatch = dispatcher(noor.world)
    before = noor.dialogue().step
    event = Click(*noor.base("one"), action=mentee)
    answers = at_once(count, lambda _: dispatch(event))
    assert noor.dialogue().step == before + 1
    assert noor.told() == {"role": ("mentee",)}
    assert all(answer == answers[0] for answer in answers)
    assert len(noor.world.rows(select(Answer))) == 1


def test_the_same_words_in_sixteen_threads_are_answered_once(noor: Hands) -> None:
    dispatch = dispatcher(noor.world)
    event = noor.said("hello", "one")
    assert at_once(16, lambda _: dispatch(event)) == [None] * 16
    assert len(noor.world.rows(select(Delivery))) == 1


def test_eight_clicks_on_confirm_at_once_enrol_once(
    noor: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    noor.types("/mentor join")
    noor.walks(MENTEE)
    [confirm] = [a for a in noor.offers if isinstance(a, Confirm)]
    dispatch = dispatcher(noor.world)
    enrol = programmes.enrol

    def slowly(*args: Any, **about: Any) -> Participant:
        sleep(0.2)  # so that all of them are under way before the first is done
        return enrol(*args, **about)

    monkeypatch.setattr(programmes, "enrol", slowly)
    at_once(8, lambda n: dispatch(Click(*noor.base(f"click-{n}"), action=confirm)))
    assert len(noor.world.rows(select(Participant))) == 1
    assert noor.takes_part()


def test_of_two_different_answers_at_once_the_first_counts_and_the_other_sees_it(
    noor: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    noor.types("/mentor join")
    dispatch, before, keep = dispatcher(noor.world), noor.dialogue().step, dialogues.keep
    options = [a for a in noor.offers if isinstance(a, Choose)][:2]

    def slowly(*args: Any) -> None:
        sleep(0.2)
        keep(*args)

    monkeypatch.setattr(dialogues, "keep", slowly)
    one, other = at_once(2, lambda n: dispatch(Click(*noor.base(f"{n}"), action=options[n])))
    assert one == other
    assert noor.dialogue().step == before + 1
    wanted = {"mentor": "skills_offered", "mentee": "skills_wanted"}
    assert noor.is_asked == wanted[noor.told()["role"][0]]


def test_two_first_words_of_somebody_new_make_one_person(grow: World) -> None:
    dispatch = dispatcher(grow)
    who = Who("local", WORKSPACE, "stranger")
    at_once(
        8, lambda n: dispatch(Command(f"e{n}", who, Place("dm:stranger"), "dm:stranger", name=""))
    )
    assert len(grow.rows(select(Identity).where(Identity.user == "stranger"))) == 1
    assert len(grow.rows(select(Person).where(Person.name == "stranger"))) == 1


def test_two_partners_who_pause_at_the_same_moment_do_not_wait_for_each_other(
    world: World,
) -> None:
    world.pair("Bram", "Noor")
    dispatch = dispatcher(world)

    def pauses(number: int) -> Message | None:
        user = ("bram", "noor")[number % 2]
        place = Place(f"dm:{user}")
        who = Who("local", WORKSPACE, user)
        args = f"{1 + number // 2} weeks"
        return dispatch(Command(f"p{number}", who, place, place.address, name="pause", args=args))

    answers = at_once(8, pauses)
    assert None not in answers


def test_an_event_that_fails_is_as_if_it_never_came(
    noor: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    noor.types("/mentor join")
    before = everything(noor.world)
    with monkeypatch.context() as broken:
        broken.setattr("storage.dialogues.keep", fails)
        with pytest.raises(ZeroDivisionError):
            noor.types("mentee")
    assert everything(noor.world) == before
    noor.again()  # the platform sends it once more
    assert noor.told() == {"role": ("mentee",)}


def fails(*_: object) -> None:
    raise ZeroDivisionError


# --- whose event it is ---


def test_two_people_may_have_the_same_number_for_different_events(noor: Hands) -> None:
    bram = Hands(noor.world, "Bram")
    for person in (noor, bram):
        noor.world.dispatch(person.said("hello", "1612345678901"))
    assert len(noor.all_seen) == len(bram.all_seen) == 1


def test_two_workspaces_may_have_the_same_number_and_the_same_user(noor: Hands) -> None:
    world = noor.world
    with world.database.transaction() as session:
        other = Organisation(name="Elders")
        session.add(other)
        session.flush()
        session.add(Workspace(organisation_id=other.id, platform="local", external="elsewhere"))
    here = Place("dm:noor")
    for workspace in (WORKSPACE, "elsewhere"):
        dispatcher(world)(Typed("1", Who("local", workspace, "noor"), here, "dm:noor", text="hi"))
    found = world.rows(select(Delivery))
    assert len({row.organisation_id for row in found}) == 2


def test_an_unknown_workspace_is_told_so_and_nothing_is_remembered_of_it(world: World) -> None:
    who = Who("local", "nowhere", "noor")
    answer = dispatcher(world)(Command("1", who, Place("dm:noor"), "dm:noor", name="join"))
    assert answer
    assert "workspace" in answer.summary
    assert world.rows(select(Person)) == []
    assert world.rows(select(Delivery)) == []


def test_a_private_chat_that_moved_is_found_again(noor: Hands) -> None:
    event = noor.said("hello", "1")
    moved = Typed(event.id, event.who, event.place, "dm:elsewhere", text="hello")
    dispatcher(noor.world)(moved)
    [identity] = noor.world.rows(select(Identity).where(Identity.person_id == noor.row.id))
    assert identity.address == "dm:elsewhere"
    [row] = noor.world.rows(select(Delivery))
    assert row.address == "dm:elsewhere"


def test_a_press_that_runs_a_command_does_what_typing_it_does(noor: Hands) -> None:
    noor.types("/mentor status")
    typed = noor.card
    assert noor.forges(RunCommand("status")) == typed
