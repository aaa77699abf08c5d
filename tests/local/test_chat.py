"""The chat service in miniature: what it keeps, counts and shows to whom."""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.messages import Message, say
from bot.platforms.local.chat import BOT, Account, Change, Chat

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def chat_of_two(path: Path | None = None, keep: int | None = None) -> Chat:
    chat = Chat(path, clock=lambda: NOON, keep=keep)
    chat.welcome(Account("noor", "Noor de Wit", "nl"))
    chat.welcome(Account("thomas", "Thomas Berg"))
    chat.open_channel("#mentoring", ["thomas"])
    return chat


def seen(chat: Chat, user: str, conversation: str) -> list[Message | str]:
    return [posted.content for posted in chat.newest_first(user, conversation)][::-1]


def test_a_person_sees_their_private_chat_and_their_channels_only() -> None:
    chat = chat_of_two()
    chat.post("#mentoring", BOT, say("For coordinators"))
    assert chat.conversations("noor") == ("dm:noor",)
    assert chat.conversations("thomas") == ("dm:thomas", "#mentoring")
    assert seen(chat, "noor", "#mentoring") == []
    assert seen(chat, "thomas", "dm:noor") == []
    assert seen(chat, "thomas", "#mentoring") == [say("For coordinators")]


def test_what_is_meant_for_one_member_is_hidden_from_the_others() -> None:
    chat = chat_of_two()
    chat.open_channel("#mentoring", ["thomas", "noor"])
    chat.post("#mentoring", BOT, say("Psst"), only_for="noor")
    assert seen(chat, "noor", "#mentoring") == [say("Psst")]
    assert seen(chat, "thomas", "#mentoring") == []
    assert chat.unread("thomas", "#mentoring") == 0


def test_a_key_that_comes_twice_is_counted_and_shown() -> None:
    chat = chat_of_two()
    for _ in range(2):
        chat.post("dm:noor", BOT, say("Hello"), key="hello:noor")
    chat.post("dm:noor", "noor", "words have no key")
    assert (chat.delivered, chat.duplicates) == (2, 1)
    assert len(seen(chat, "noor", "dm:noor")) == 3


def test_a_replaced_message_stays_where_it_stood() -> None:
    chat = chat_of_two()
    first = chat.post("dm:noor", BOT, say("One"))
    chat.post("dm:noor", BOT, say("Two"))
    changed = chat.replace(first.id, say("One, answered"))
    assert (changed.id, changed.version) == (first.id, 2)
    assert seen(chat, "noor", "dm:noor") == [say("One, answered"), say("Two")]


def test_unread_counts_what_others_said_since_the_last_look() -> None:
    chat = chat_of_two()
    chat.post("dm:noor", BOT, say("One"))
    chat.mark_read("noor", "dm:noor")
    chat.post("dm:noor", BOT, say("Two"))
    chat.post("dm:noor", "noor", "my own words")
    chat.post("dm:noor", BOT, say("Three"))
    assert chat.unread("noor", "dm:noor") == 2
    chat.mark_read("noor", "dm:noor")
    assert chat.unread("noor", "dm:noor") == 0


def test_listeners_hear_every_change() -> None:
    chat, heard = chat_of_two(), list[Change]()
    chat.listeners.add(heard.append)
    posted = chat.post("dm:noor", BOT, say("One"))
    changed = chat.replace(posted.id, say("Two"))
    chat.clear()
    assert heard == [posted, changed, None]


def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "chats" / "chat.db"
    before = chat_of_two(path)
    before.post("dm:noor", "noor", "/mentor join")
    card = before.post("dm:noor", BOT, say("Wie ben je?"), key="k1")
    before.mark_read("noor", "dm:noor")
    before.replace(card.id, say("Dag Noor"))
    before.post("dm:noor", BOT, say("Nog iets"), key="k2", only_for="noor")
    before.remember("offset", "3600")
    kept = [*before.newest_first("noor", "dm:noor")]
    before.close()

    after = chat_of_two(path)
    assert [*after.newest_first("noor", "dm:noor")] == kept
    assert (after.delivered, after.duplicates) == (2, 0)
    assert after.unread("noor", "dm:noor") == 1
    assert after.recall("offset") == "3600"
    after.post("dm:noor", BOT, say("Nieuw"), key="k2")
    assert after.duplicates == 1
    after.clear()
    after.close()

    empty = chat_of_two(path)
    assert seen(empty, "noor", "dm:noor") == []
    assert empty.recall("offset", "0") == "0"
    empty.close()


def test_a_card_that_this_version_cannot_read_shows_its_summary(tmp_path: Path) -> None:
    path = tmp_path / "chat.db"
    chat = chat_of_two(path)
    chat.post("dm:noor", BOT, say("Dag Noor"))
    chat.close()
    with sqlite3.connect(path) as sql:
        sql.execute("UPDATE posted SET content = replace(content, '\"text\"', '\"hologram\"')")
    sql.close()
    after = chat_of_two(path)
    assert seen(after, "noor", "dm:noor") == [Message("Dag Noor")]
    after.close()


def test_a_bounded_chat_forgets_its_oldest_messages() -> None:
    chat = chat_of_two(keep=2)
    posts = [chat.post("dm:noor", BOT, say(str(n))) for n in range(4)]
    assert seen(chat, "noor", "dm:noor") == [say("2"), say("3")]
    assert chat.find(posts[0].id) is None


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_hundred_thousand_messages_are_no_burden(tmp_path: Path, on_disk: bool) -> None:
    many = 2_000 if on_disk else 100_000
    chat, card = chat_of_two(tmp_path / "chat.db" if on_disk else None), say("Hello")
    started = time.perf_counter()
    for number in range(many):
        chat.post("dm:noor", BOT, card, key=f"key:{number}")
    assert next(chat.newest_first("noor", "dm:noor")).content is card
    assert time.perf_counter() - started < 10
    chat.close()


def test_a_group_is_for_those_in_its_address_and_called_after_them() -> None:
    chat = chat_of_two()
    chat.welcome(Account("eva", "Eva Berk"))
    group = "group:noor+thomas"
    assert chat.conversations("noor") == ("dm:noor",)  # nothing was said yet
    assert chat.exists(group)
    chat.post(group, BOT, say("Hello both"))
    assert chat.conversations("noor") == ("dm:noor", group)
    assert chat.conversations("thomas") == ("dm:thomas", "#mentoring", group)
    assert chat.conversations("eva") == ("dm:eva",)
    assert seen(chat, "noor", group) == seen(chat, "thomas", group) == [say("Hello both")]
    assert seen(chat, "eva", group) == []
    assert chat.label(group) == "Noor, Thomas"
    assert chat.label("#mentoring") == "#mentoring"


def test_a_group_is_out_of_reach_when_one_of_them_has_gone() -> None:
    chat = chat_of_two()
    chat.farewell("noor")
    assert not chat.exists("group:noor+thomas")
    assert not chat.can_read("noor", "group:noor+thomas")
