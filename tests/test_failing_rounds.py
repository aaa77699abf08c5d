"""A round that cannot be computed: told kindly, kept out of everybody's way, asked for again."""

from __future__ import annotations

from typing import Any, Never

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select
from structlog.testing import capture_logs

from bot.cards.matching import ApproveAll
from bot.core.actions import RunCommand
from storage import computing
from storage.computing import Claim
from storage.models import Proposal, ProposalState, Round, RoundState
from tests.hands import MENTEE, MENTOR, Hands
from tests.reviewing import coordinator, last_round, matches, mentee, mentor, proposed
from tests.world import World


def breaks_down(*_: object, **__: object) -> Never:
    raise ZeroDivisionError


@pytest.mark.parametrize("locale", ["nl", "en"])
@pytest.mark.parametrize("where", ["scheduler.solving.match", "storage.dry_runs.view"])
def test_a_round_that_cannot_be_computed_is_told_and_can_be_asked_for_again(
    world: World, locale: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.programme()
    thomas = coordinator(world, locale=locale)
    mentor(world, "Bram")
    mentee(world, "Noor")
    with monkeypatch.context() as patch:
        patch.setattr(where, breaks_down)
        assert matches(world, thomas).state is RoundState.FAILED
        world.tick()
    assert world.rows(select(Proposal)) == []
    assert len(thomas.received) == 1
    assert thomas.offers == [RunCommand("match", "grow")]
    assert "“mentor match grow”" in thomas.sees
    thomas.presses(RunCommand)
    world.tick()
    assert proposed(world) == {("Bram", "Noor")}


def test_a_round_that_fails_keeps_no_other_waiting_and_is_logged_without_words(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.programme(name="Other")
    joost = coordinator(world, "Joost", programme=2)
    for programme, bram, noor in ((1, "Bram", "Noor"), (2, "Eva", "Sem")):
        for name, answers in ((bram, MENTOR), (noor, MENTEE)):
            Hands(world, name)
            world.joins(name, answers, programme)
    thomas.types("/mentor match")
    joost.types("/mentor match")
    finish = computing.finish

    def fails_for_the_first(session: Session, held: Claim, *rest: Any) -> Round | None:
        if held.programme == 1:
            raise ValueError("Noor")
        return finish(session, held, *rest)

    monkeypatch.setattr(computing, "finish", fails_for_the_first)
    with capture_logs() as logs:
        world.tick()
        world.tick()
    failed, other = last_round(world), last_round(world, 2)
    assert (failed.state, failed.figures) == (RoundState.FAILED, {})
    assert other.state is RoundState.REVIEW
    assert {row.round_id for row in world.rows(select(Proposal))} == {other.id}
    [told] = [log for log in logs if log["event"] == "round.failed"]
    assert (told["round"], told["error"]) == (failed.id, "ValueError")
    assert "Noor" not in str(logs)


def test_a_round_waits_for_a_database_that_is_busy(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    thomas.types("/mentor match")

    def busy(*_: object) -> Never:
        raise OperationalError("", {}, Exception("deadlock"))

    with monkeypatch.context() as patch:
        patch.setattr(computing, "put", busy)
        with pytest.raises(OperationalError):
            world.tick()
    assert last_round(world).state is RoundState.REQUESTED
    world.tick()
    assert proposed(world) == {("Bram", "Noor")}


def test_what_was_approved_before_a_round_failed_is_kept(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    matches(world, thomas)
    thomas.presses(ApproveAll)
    with monkeypatch.context() as patch:
        patch.setattr("scheduler.solving.match", breaks_down)
        assert matches(world, thomas).state is RoundState.FAILED
    matches(world, thomas)
    assert proposed(world, ProposalState.APPROVED) == {("Bram", "Noor")}
