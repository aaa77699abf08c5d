"""However talkative the log is, it says nothing that people said, nor who they are."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from bot.content.company import crowd
from bot.core.events import Click, Command, Event, Typed
from bot.core.messages import Message
from bot.dispatcher import Dispatcher
from bot.simulation.run import simulate
from storage.database import Database
from storage.models import SeenEvent
from tests.sealed import opened
from tests.world import MONDAY

SHORTEST = 12  # characters: shorter words are everybody's


class Listening(logging.Handler):
    """All that any library or we ourselves write, with the lines of errors."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.setFormatter(logging.Formatter())
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))


@pytest.fixture
def log() -> Iterator[list[str]]:
    """At the most talkative level there is."""
    listening, root = Listening(), logging.getLogger()
    level = root.level
    root.addHandler(listening)
    root.setLevel(logging.NOTSET)
    with structlog.testing.capture_logs() as ours:
        yield listening.heard
        listening.heard += [repr(each) for each in ours]
    root.setLevel(level)
    root.removeHandler(listening)


def typed(event: Event) -> list[str]:
    match event:
        case Typed(text=text):
            return [text]
        case Command(args=args):
            return [args]
        case Click(fields=fields):
            return [value for values in fields.values() for value in values]
    return []


@pytest.mark.any_database
def test_a_whole_programme_leaves_no_word_and_no_name_in_the_log(
    log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said, names = set[str](), set[str]()
    handle = Dispatcher.__call__

    def listens(self: Dispatcher, event: Event) -> Message | None:
        said.update(typed(event))
        return handle(self, event)

    def known(number: int, seed: int) -> Any:
        found = crowd(number, seed)
        names.update(one.name for one in found)
        return found

    monkeypatch.setattr(Dispatcher, "__call__", listens)
    monkeypatch.setattr("bot.simulation.run.crowd", known)
    logging.getLogger("koppel.test").debug("this one is heard")
    simulate(people=12, weeks=2)
    secrets = {words for words in said if len(words) >= SHORTEST} | names
    assert len(secrets) > 20
    told = "\n".join(log)
    assert "this one is heard" in told
    assert [words for words in secrets if words in told] == []


def test_an_error_of_the_database_does_not_say_what_was_written(url: str, log: list[str]) -> None:
    database: Database = opened(url)
    secret = "dit heeft Noor in vertrouwen gezegd"
    with pytest.raises(IntegrityError) as failed, database.transaction() as session:
        session.add_all([SeenEvent(id=secret, at=MONDAY)])
        session.flush()
        session.expunge_all()
        session.add(SeenEvent(id=secret, at=MONDAY))
        session.flush()
    database.close()
    if database.is_sqlite:  # a server's own words may hold the value: they are never logged
        assert secret not in str(failed.value)
    assert "hide_parameters" in str(failed.value)
    assert secret not in "\n".join(log)
