"""What people type reaches the bot as they meant it, once, and as theirs."""

from __future__ import annotations

import asyncio

from bot.core.events import Command, Typed
from bot.core.messages import say
from bot.core.news import AccountsSeen, Kind
from tests.contract.stage import Stage
from tests.contract.stories import story

WORDS = (
    "hoi",
    "Één café, graag",
    "👩🏽‍💻 👋",
    "שלום, ‏مرحبا‎!",
    "<!channel> <@U01NOOR> <b>bold</b> <https://example.com|link>",
    "=1+1",
    "a < b & c > d",
    "&amp; &lt;b&gt; &nbsp;",
    "*stars* _lines_ `ticks` ~waves~ \\ back",
    "first\nsecond\n\nlast",
    "two  spaces",
    "100% {name} {{DATE(2026)}} %s",
    "x" * 3_000,
    "é" * 3_000,
)


@story
async def test_words_arrive_exactly_as_they_were_typed(stage: Stage) -> None:
    for words in WORDS:
        await stage.types("noor", words)
        assert stage.bot.last(Typed).text == words


@story
async def test_the_space_around_words_says_nothing(stage: Stage) -> None:
    for around in ("{} ", " {}", "\n{}\n", "  {}  "):
        await stage.types("noor", around.format("hoi daar"))
        assert stage.bot.last(Typed).text == "hoi daar"


@story
async def test_words_come_from_who_typed_them_where_they_typed_them(stage: Stage) -> None:
    await stage.types("noor", "one")
    await stage.types("thomas", "two")
    await stage.types("noor", "three")
    first, other, again = stage.bot.heard
    assert first.who == again.who != other.who
    assert (first.place, first.home) == (again.place, again.home)
    assert first.place != other.place and first.home != other.home
    assert (first.who.platform, first.who.workspace) == (stage.platform.name, stage.workspace)
    assert first.place.private and first.place.whispers


@story
async def test_what_is_delivered_again_is_known_by_its_id_and_nothing_else_has_it(
    stage: Stage,
) -> None:
    await stage.types("noor", "same")
    await stage.repeats()
    await stage.types("noor", "same")
    await stage.types("thomas", "same")
    first, again, *others = [event.id for event in stage.bot.heard]
    assert first == again
    assert len({first, *others}) == 3
    assert all((first, *others))


@story
async def test_an_answer_to_words_stands_below_them_for_nobody_else(stage: Stage) -> None:
    stage.bot.answers(say("Hello."), say("Again."))
    await stage.types("noor", "hoi")
    await stage.types("noor", "hoi")
    assert [seen.words for seen in stage.sees("noor")] == ["Hello.", "Again."]
    assert stage.sees("thomas") == []
    assert stage.sees_in_channel("noor") == []


@story
async def test_two_people_at_once_see_each_their_own(stage: Stage) -> None:
    stage.bot.answer = lambda event: say(f"To {event.who.user}.")
    await asyncio.gather(*(stage.types(who, "hoi") for who in ("noor", "thomas", "noor", "thomas")))
    accounts = {event.home: event.who.user for event in stage.bot.heard}
    seen = [{seen.words for seen in stage.sees(who)} for who in ("noor", "thomas")]
    assert [len(words) for words in seen] == [1, 1]
    assert {words for [words] in seen} == {f"To {user}." for user in accounts.values()}


@story
async def test_a_command_in_private_is_a_command_where_there_are_commands(stage: Stage) -> None:
    await stage.calls("noor", "status leadership 2026 & more")
    if stage.slash:
        command = stage.bot.last(Command)
        assert (command.name, command.args) == ("status", "leadership 2026 & more")
    else:
        assert stage.bot.last(Typed).text == "status leadership 2026 & more"
    assert stage.bot.heard[-1].place.private


@story
async def test_a_command_in_a_channel_has_a_name_and_arguments(stage: Stage) -> None:
    for words, name, args in (
        ("status leadership", "status", "leadership"),
        ("join  Grow & <learn> ", "join", "Grow & <learn>"),
        ("help", "help", ""),
        ("", "", ""),
    ):
        await stage.calls("noor", words, in_channel=True)
        command = stage.bot.last(Command)
        assert (command.name, command.args) == (name, args)


@story
async def test_commands_too_are_told_apart_by_their_ids(stage: Stage) -> None:
    await stage.calls("noor", "help", in_channel=True)
    await stage.repeats()
    await stage.calls("noor", "help", in_channel=True)
    first, again, other = [event.id for event in stage.bot.heard]
    assert first == again != other


@story
async def test_what_other_bots_say_is_nobodys_words(stage: Stage) -> None:
    await stage.another_bot_types()
    await stage.types("noor", "and I?")
    [event] = stage.bot.heard
    assert stage.bot.last(Typed).text == "and I?"
    assert all(
        account.kind is not Kind.BOT or account.user != event.who.user
        for news in stage.bot.news
        if isinstance(news, AccountsSeen)
        for account in news.accounts
    )


@story
async def test_whoever_is_met_is_introduced_by_then(stage: Stage) -> None:
    known_by: list[int] = []
    stage.bot.answer = lambda _event: known_by.append(len(stage.bot.news))
    await stage.types("noor", "hoi")
    told = [
        account
        for news in stage.bot.news[: known_by[0]]
        if isinstance(news, AccountsSeen)
        for account in news.accounts
        if account.user == stage.bot.last(Typed).who.user
    ]
    if not stage.introduces:
        assert stage.bot.news == []
        return
    [noor] = told
    assert noor.name == "Noor de Vries"
    assert (noor.email, noor.time_zone) == ("noor@example.com", "Europe/Amsterdam")
    assert (noor.locale, noor.kind, noor.active) == ("nl", Kind.EMPLOYEE, True)
