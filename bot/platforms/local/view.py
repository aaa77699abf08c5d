"""What the page shows to the person whom the visitor is, as HTML."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.core.markup import plain
from bot.core.messages import Message
from bot.core.platform import members_of
from bot.platforms.local.chat import BOT, Account, Chat, Posted, is_private, private_chat
from bot.platforms.local.faces import Face
from bot.platforms.local.html import Frame, render
from bot.platforms.local.stage import Happened, Pane, Proposal, Stage
from bot.platforms.local.winding import STEPS, Winding
from bot.texts import LANGUAGES, Translator

Wires = Mapping[str, Callable[[Message, str], object]]  # by service: a card in a language, as JSON
HERE = Path(__file__).parent
AT_ONCE = 40  # messages shown before somebody asks for earlier ones
TOGETHER = timedelta(minutes=5)  # messages of one author this close stand under one name


@dataclass(frozen=True)
class Viewer:
    """Whom the visitor is, what they look at, and in which language."""

    account: Account
    conversation: str
    t: Translator

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.account.zone)


class View:
    """Draws pages and pieces of them from templates that escape whatever they are given."""

    def __init__(self, stage: Stage, chat: Chat, winding: Winding, wires: Wires) -> None:
        self._stage, self._chat, self._winding, self._wires = stage, chat, winding, wires
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(
        self, viewer: Viewer, chosen_language: str, steps: Sequence[Proposal], say: str = ""
    ) -> str:
        """The whole page with one conversation open; `say` waits in the composer."""
        chat, user = self._chat, viewer.account.user
        unread = chat.unread(user, viewer.conversation)
        newest = [*islice(chat.newest_first(user, viewer.conversation), AT_ONCE + 1)]
        return self._draw(
            "page.html",
            viewer.t,
            me=self._face(user),
            here=viewer.conversation,
            label=chat.label(viewer.conversation),
            group=bool(members_of(viewer.conversation)),
            private=is_private(viewer.conversation),
            conversations=[
                (name, chat.label(name), 0 if name == viewer.conversation else count)
                for name, count in self.unread(user).items()
            ],
            people=self._people(me=user),
            posts=self.posts(viewer, newest[:AT_ONCE], unread),
            earlier=len(newest) > AT_ONCE,
            serial=chat.serial,
            commands=self._stage.commands(viewer.t.language),
            members=len(chat.members(viewer.conversation)),
            clock=self.clock(viewer),
            story=self.story(viewer),
            winds=STEPS,
            steps=steps,
            say=say,
            chosen_language=chosen_language,
        )

    def tour(self, viewer: Viewer, steps: Sequence[Proposal]) -> Markup:
        """What to do on a first visit, and what of it is done."""
        return Markup(self._draw("tour.html", viewer.t, steps=steps))

    def wire(self, t: Translator, card: Message) -> str:
        """The same card as each chat service gets it."""
        drawn = [
            (name, json.dumps(draw(card, t.language), indent=2, ensure_ascii=False))
            for name, draw in self._wires.items()
        ]
        return self._draw("wire.html", t, wires=drawn)

    def glass(self, viewer: Viewer, panes: Sequence[Pane]) -> str:
        """What stands behind a conversation."""
        return self._draw("glass.html", viewer.t, panes=panes, plain=plain)

    def welcome(self, t: Translator, chosen_language: str, steps: Sequence[Proposal]) -> str:
        """The first visit: what this is, and whom to be."""
        proposals = [(self._face(one.user), one) for one in steps]
        return self._draw(
            "welcome.html",
            t,
            proposals=proposals,
            people=self._people(),
            chosen_language=chosen_language,
        )

    def posts(self, viewer: Viewer, newest_first: Sequence[Posted], unread: int = 0) -> Markup:
        """These messages, oldest first, with a line above the first of the unread ones."""
        pieces = []
        for index, posted in enumerate(newest_first):
            unread -= posted.author != viewer.account.user
            first_new = unread == 0 and posted.author != viewer.account.user
            previous = newest_first[index + 1] if index + 1 < len(newest_first) else None
            pieces.append(self.post(viewer, posted, previous, first_new=first_new))
        return Markup("\n").join(reversed(pieces))

    def post(
        self,
        viewer: Viewer,
        posted: Posted,
        previous: Posted | None = None,
        *,
        first_new: bool = False,
    ) -> Markup:
        """One message; without a previous one given, the one before it in the conversation."""
        if previous is None:
            before = self._chat.newest_first(
                viewer.account.user, posted.conversation, before=posted.id
            )
            previous = next(before, None)
        day = posted.at.astimezone(viewer.zone).date()
        same_day = previous is not None and previous.at.astimezone(viewer.zone).date() == day
        return Markup(
            self._draw(
                "post.html",
                viewer.t,
                post=posted,
                face=self._face(posted.author),
                body=self._body(viewer, posted),
                wires=[*self._wires],
                time=viewer.t.clock(posted.at, viewer.account.zone),
                day="" if same_day else viewer.t.day(day),
                first_new=first_new,
                joined=same_day and not first_new and _belong_together(previous, posted),
            )
        )

    def clock(self, viewer: Viewer) -> dict[str, object]:
        """The state of the clock, for the page and for the script."""
        now = self._winding.now()
        return {
            "text": plain(viewer.t.moment(now, viewer.account.zone)),
            "iso": now.isoformat(),
            "running": self._winding.running,
            "progress": round(self._winding.progress, 3),
        }

    def story(self, viewer: Viewer) -> Markup:
        """What happened while the clock was last wound, or nothing."""
        winding = self._winding
        if winding.since is None:
            return Markup("")
        return Markup(
            self._draw(
                "story.html",
                viewer.t,
                since=plain(viewer.t.moment(winding.since, viewer.account.zone)),
                happened=_told(viewer, winding.happened),
                failed=winding.failed,
            )
        )

    def unread(self, user: str) -> dict[str, int]:
        """How much is new in each conversation of this user."""
        chat = self._chat
        return {name: chat.unread(user, name) for name in chat.conversations(user)}

    def _people(self, me: str = "") -> list[Face]:
        def news(user: str) -> int:
            return 0 if user == me else self._chat.unread(user, private_chat(user))

        return [_face(account, news(account.user)) for account in self._stage.accounts]

    def _face(self, user: str) -> Face:
        if user == BOT:
            return Face(BOT, "Koppel")
        account = self._chat.accounts.get(user)
        return _face(account) if account else Face(user, user, known=False)

    def _body(self, viewer: Viewer, posted: Posted) -> Markup:
        if posted.card is None:
            return Markup('<p class="words">{}</p>').format(posted.content)
        frame = Frame(
            id=f"card-{posted.id}",
            version=posted.version,
            picture=lambda n: (
                f"pictures/{posted.id}/{n}.png?as={viewer.account.user}&v={posted.version}"
            ),
            choose=plain(viewer.t("Choose…")),
        )
        return render(posted.card, frame)

    def _draw(self, template: str, t: Translator, **values: object) -> str:
        def words(source: str, **filled: object) -> str:
            return plain(t(source, **filled))

        return self._templates.get_template(template).render(
            t=words, language=t.language, languages=LANGUAGES, **values
        )


def _face(account: Account, unread: int = 0) -> Face:
    return Face(
        account.user,
        account.name,
        account.title,
        account.place,
        account.locale,
        account.looks,
        unread,
    )


def _belong_together(previous: Posted | None, posted: Posted) -> bool:
    return (
        previous is not None
        and (previous.author, previous.only_for) == (posted.author, posted.only_for)
        and posted.at - previous.at < TOGETHER
    )


def people_of(chat: Chat, posts: Iterable[Posted]) -> set[str]:
    """Whose unread marks these messages may have changed."""
    conversations = {posted.conversation for posted in posts}
    return {user for conversation in conversations for user in chat.members(conversation)}


def _told(viewer: Viewer, happened: Iterable[Happened]) -> list[tuple[str, list[str]]]:
    """«Tuesday 3 March 10:00», and «14 check-ins asked», «11 have met»."""
    t = viewer.t
    return [
        (_when(viewer, at, week), [plain(t.plural(one.one, one.many, one.count)) for one in some])
        for (at, week), some in groupby(happened, key=lambda one: (one.at, one.week))
    ]


def _when(viewer: Viewer, at: datetime, week: bool) -> str:
    t, day = viewer.t, at.astimezone(viewer.zone).date()
    if not week:
        return plain(t.moment(at, viewer.account.zone))
    monday = day - timedelta(days=day.weekday())
    return plain(t("Week of {day}", day=t.short_day(monday)))
