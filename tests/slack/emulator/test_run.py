"""`koppel run` itself, as an administrator starts and stops it, with nothing of ours inside."""

from __future__ import annotations

import socket as sockets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlmodel import select

from storage.models import Delivery, DeliveryState
from tests.backstage import until
from tests.cage import HOST
from tests.slack.emulator.backstage import Json
from tests.slack.emulator.bots import Run
from tests.slack.emulator.config import CHANNEL, TOKEN
from tests.slack.emulator.people import Colleague, read
from tests.slack.emulator.story import Slack, slack


@contextmanager
def running(url: str, folder: Path, *, socket: bool) -> Iterator[tuple[Slack, Run]]:
    with slack(socket=socket) as workspace:
        workspace.quiet = 0.4  # a process of its own takes longer to go on
        with Run(workspace, url, free_port(), folder) as run:
            yield workspace, run
    assert not workspace.between.api.refusals
    assert {each.status for each in workspace.between.deliveries} == {200}


def free_port() -> int:
    with sockets.socket() as found:
        found.bind((HOST, 0))
        port: int = found.getsockname()[1]
        return port


def test_koppel_run_serves_slack_over_http(url: str, tmp_path: Path) -> None:
    _is_served(url, tmp_path, socket=False)


def test_koppel_run_serves_slack_over_a_socket(file: str, tmp_path: Path) -> None:
    _is_served(file, tmp_path, socket=True)


def _is_served(url: str, folder: Path, *, socket: bool) -> None:
    with running(url, folder, socket=socket) as (workspace, run):
        thomas, noor = workspace["Thomas"], workspace["Noor"]
        thomas.types("/mentor")
        thomas.sees("Hello Thomas!")
        noor.types("/mentor", CHANNEL)
        noor.sees("Hallo Noor!")
        thomas.types("programme create")
        thomas.types("Growing together")
        assert run.memory.is_asked(thomas) == "goal"
        thomas.clicks("Back")
        assert run.memory.is_asked(thomas) == "name"
        assert "Hallo Noor!" in read(noor.opens_home())
        assert run.stops() == 0
        for secret in (TOKEN, "test-signing-secret", "xapp-test-token", "Growing", "Noor"):
            assert secret not in run.log
        assert "Traceback" not in run.log
        assert "warning" not in run.log.lower()


def test_what_is_being_sent_when_koppel_is_stopped_counts_as_sent(
    file: str, tmp_path: Path
) -> None:
    with running(file, tmp_path, socket=False) as (workspace, run):
        noor = workspace["Noor"]
        noor.types("/mentor")
        workspace.between.api.slow["chat.postMessage"] = 2.0
        workspace.loop(lambda: workspace.between.tell(said_in(noor, "help")))
        until(lambda: workspace.between.under_way, lambda: "nothing is being sent")
        assert run.stops() == 0
        states = {each.key: each.state for each in run.memory.rows(select(Delivery))}
        assert set(states.values()) == {DeliveryState.SENT}, (states, run.log)
        assert "delivery.failed" not in run.log


def said_in(somebody: Colleague, text: str) -> Json:
    """Words in a private chat, as an event."""
    where = {"channel": somebody.dm, "channel_type": "im"}
    return {
        "type": "message",
        "user": somebody.id,
        "text": text,
        "ts": "1772442000.000100",
        **where,
    }
