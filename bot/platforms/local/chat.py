"""A chat service in miniature: to Koppel what Slack is. It knows nothing of mentoring."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.core.messages import Message
from bot.core.platform import members_of
from bot.platforms.local.chat_file import ChatFile
from bot.platforms.local.posted import BOT, Posted

Change = Posted | None  # None: everything was cleared


@dataclass(frozen=True)
class Account:
    """A person of the invented company, as the chat service knows them."""

    user: str
    name: str
    locale: str = "en"
    zone: str = "Europe/Amsterdam"
    title: str = ""
    place: str = ""  # where they work
    looks: str = ""  # for their picture, in the words of faces.py


def private_chat(user: str) -> str:
    """The address of somebody's chat with the bot."""
    return f"dm:{user}"


def is_private(conversation: str) -> bool:
    return conversation.startswith("dm:")


class Chat:
    """Keeps conversations in memory, and on disk when it is given a file.

    `keep` bounds what each conversation holds, so that a long simulation stays small; `clock` dates
    what is posted; every listener hears of each change.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        keep: int | None = None,
    ) -> None:
        self.accounts: dict[str, Account] = {}
        self.channels: dict[str, set[str]] = {}
        self.listeners: set[Callable[[Change], None]] = set()
        self.clock, self._keep = clock, keep
        self._file = ChatFile(path) if path else None
        self._forget()
        if self._file:
            self._remember_all(self._file)

    def _forget(self) -> None:
        self.delivered = self.duplicates = 0
        self._posts: dict[int, Posted] = {}
        self._order: defaultdict[str, list[int]] = defaultdict(list)  # ids, rising
        self._keys: set[str] = set()
        self._read: dict[tuple[str, str], int] = {}
        self._notes: dict[str, str] = {}
        self._last_id = self._serial = 0

    def _remember_all(self, file: ChatFile) -> None:
        for posted in file.posts():
            self._last_id = posted.id
            self._serial = max(self._serial, posted.serial)
            self._count(posted.key)
            self._append(posted)
        self._read = file.read_marks()
        self._notes = file.notes()

    def close(self) -> None:
        """Let go of the file."""
        if self._file:
            self._file.close()

    def clear(self) -> None:
        """Forget every message, mark and note; accounts and channels stay."""
        self._forget()
        if self._file:
            self._file.clear()
        self._tell(None)

    # --- who is where ---

    def welcome(self, account: Account) -> None:
        """Give somebody an account and a private chat with the bot."""
        self.accounts[account.user] = account

    def farewell(self, user: str) -> None:
        """Close an account: its private chat can no longer be reached."""
        self.accounts.pop(user, None)
        for members in self.channels.values():
            members.discard(user)

    def open_channel(self, address: str, members: Iterable[str]) -> None:
        """Open a channel such as "#mentoring" to these users, or change who is in it."""
        self.channels[address] = set(members)

    def exists(self, conversation: str) -> bool:
        if conversation in self.channels:
            return True
        members = self.members(conversation)
        return bool(members) and members <= set(self.accounts)

    def members(self, conversation: str) -> set[str]:
        """Who is in a channel, in a private chat, or in a group (whose address names them)."""
        if is_private(conversation):
            return {conversation.removeprefix("dm:")}
        return set(members_of(conversation)) or self.channels.get(conversation, set())

    def can_read(self, user: str, conversation: str) -> bool:
        """Whether this is the user's own private chat, or a channel or group they are in."""
        if conversation in self.channels:
            return user in self.channels[conversation]
        return user in self.accounts and user in self.members(conversation)

    def conversations(self, user: str) -> tuple[str, ...]:
        """The private chat, then the channels by name, then the groups in which something was
        said."""
        channels = sorted(name for name, members in self.channels.items() if user in members)
        groups = sorted(name for name in [*self._order] if user in members_of(name))
        return (private_chat(user), *channels, *groups)

    def label(self, conversation: str) -> str:
        """What a conversation is called: a channel by its name, a group by who is in it."""
        members = members_of(conversation)
        names = [self.accounts[user].name if user in self.accounts else user for user in members]
        return ", ".join(name.split(" ")[0] for name in names) or conversation

    # --- what is said ---

    def post(
        self,
        conversation: str,
        author: str,
        content: Message | str,
        *,
        key: str = "",
        only_for: str = "",
    ) -> Posted:
        """Add a message. A key that arrives a second time is counted, and shown all the same."""
        self._last_id += 1
        posted = Posted(
            id=self._last_id,
            conversation=conversation,
            author=author,
            content=content,
            at=self.clock(),
            serial=self._next_serial(),
            key=key,
            only_for=only_for,
        )
        self._count(key)
        self._append(posted)
        return self._changed(posted)

    def replace(self, id: int, content: Message) -> Posted:
        """Put new content where a message stands; its version goes up."""
        old = self._posts[id]
        posted = replace(old, content=content, version=old.version + 1, serial=self._next_serial())
        self._posts[id] = posted
        return self._changed(posted)

    def find(self, id: int) -> Posted | None:
        return self._posts.get(id)

    def posts(self) -> list[Posted]:
        """Everything that was said anywhere, the oldest first."""
        return [self._posts[id_] for id_ in sorted(self._posts)]

    def posts_in(self, conversation: str) -> int:
        """How much was said there."""
        return len(self._order.get(conversation, ()))

    def newest_first(
        self, user: str, conversation: str, before: int | None = None
    ) -> Iterator[Posted]:
        """What this user can see of a conversation, from its end; `before` is a message's id."""
        if not self.can_read(user, conversation):
            return
        order = self._order.get(conversation, [])
        end = len(order) if before is None else bisect_left(order, before)
        for place in reversed(range(end)):
            posted = self._posts[order[place]]
            if posted.only_for in ("", user):
                yield posted

    @property
    def serial(self) -> int:
        """The number of the last change."""
        return self._serial

    def _next_serial(self) -> int:
        self._serial += 1
        return self._serial

    def _count(self, key: str) -> None:
        if key:
            self.delivered += 1
            self.duplicates += key in self._keys
            self._keys.add(key)

    def _append(self, posted: Posted) -> None:
        self._posts[posted.id] = posted
        order = self._order[posted.conversation]
        order.append(posted.id)
        if self._keep is not None and len(order) > self._keep:
            del self._posts[order.pop(0)]

    def _changed(self, posted: Posted) -> Posted:
        if self._file:
            self._file.write(posted)
        self._tell(posted)
        return posted

    def _tell(self, change: Change) -> None:
        for listener in tuple(self.listeners):
            listener(change)

    # --- what was read ---

    def mark_read(self, user: str, conversation: str) -> None:
        """Everything in this conversation up to now was seen by this user."""
        order = self._order.get(conversation)
        if order and self._read.get((user, conversation)) != order[-1]:
            self._read[user, conversation] = order[-1]
            if self._file:
                self._file.mark(user, conversation, order[-1])

    def unread(self, user: str, conversation: str) -> int:
        """How many messages of others arrived since this user last looked."""
        seen = self._read.get((user, conversation), 0)
        count = 0
        for posted in self.newest_first(user, conversation):
            if posted.id <= seen:
                break
            count += posted.author != user
        return count

    # --- notes of whoever runs this workspace ---

    def remember(self, name: str, value: str) -> None:
        """Keep a word beside the chats, such as how far the clock was wound."""
        self._notes[name] = value
        if self._file:
            self._file.note(name, value)

    def recall(self, name: str, otherwise: str = "") -> str:
        return self._notes.get(name, otherwise)


__all__ = ["BOT", "Account", "Change", "Chat", "Posted", "is_private", "private_chat"]
