"""Commands, small talk, and what belongs to whom: everybody gets a kind word."""

from __future__ import annotations

import pytest

from bot.core.actions import RunCommand
from bot.core.markup import plain
from bot.core.messages import Fields
from handlers.router import Audience, router
from storage.models import (
    Person,
)
from tests.hands import Hands, admin, appoint, commands
from tests.world import MENTEE, MENTOR, World

pytestmark = pytest.mark.any_database

THEIRS = [
    entry.name
    for entry in router.commands.values()
    if entry.access.audience is Audience.COORDINATORS
]


def listed(person: Hands) -> list[str]:
    """The commands in the help that somebody sees."""
    assert person.card
    rows = [row for fields in person.card.all(Fields) for row in fields.rows]
    return [plain(label).split()[1] for label, _ in rows]


# --- home, help, status ---


def test_home_offers_joining_first_and_says_once_who_the_bot_is(world: World) -> None:
    world.programme()
    noor = Hands(world, "Noor")
    with world.database.transaction() as session:
        session.get_one(Person, noor.row.id).introduced = False
    noor.types("/mentor")
    assert "Koppel" in noor.sees
    assert "Noor" in noor.sees
    assert commands(noor.card) == [("join", ""), ("help", "")]
    noor.types("/mentor home")
    assert "Koppel" not in noor.sees


def test_home_offers_to_go_on_where_somebody_stopped(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.types("stop")
    noor.types("/mentor")
    assert commands(noor.card)[0] == ("join", "grow")


def test_home_tells_a_participant_how_they_stand(noor: Hands) -> None:
    noor.joins(MENTEE)
    noor.types("/mentor")
    assert "Grow" in noor.sees
    assert "16 March" in noor.sees  # the next round
    assert [name for name, _ in commands(noor.card)] == ["profile", "pause", "help"]


def test_home_of_a_coordinator_offers_matching_and_the_digest(world: World) -> None:
    ada = admin(world, "Ada")
    world.programme()
    ada.types("/mentor")
    assert {"match", "review", "digest"} <= {name for name, _ in commands(ada.card)}


def test_home_of_an_admin_without_a_programme_offers_to_make_one(world: World) -> None:
    ada = admin(world, "Ada", "nl")
    ada.types("/mentor start")
    assert ("programme", "create") in commands(ada.card)


@pytest.mark.parametrize(("locale", "word"), [("en", "help"), ("nl", "hulp"), ("nl", "?")])
def test_help_lists_what_this_person_may_do_and_nothing_else(
    grow: World, locale: str, word: str
) -> None:
    noor = Hands(grow, "Noor", locale)
    noor.types(f"/mentor {word}")
    everyone = [e.name for e in router.commands.values() if e.access.audience is Audience.EVERYONE]
    assert listed(noor) == everyone
    grow.coordinator("Thomas")
    thomas = grow.people["Thomas"]
    thomas.types("/mentor help")
    assert all(f"mentor {name}" in thomas.sees for name in (*everyone, *THEIRS))


def test_status_before_and_after_joining(noor: Hands) -> None:
    noor.types("/mentor status")
    assert commands(noor.card) == [("join", "")]
    noor.joins(MENTEE)
    noor.types("/mentor status")
    assert "Grow" in noor.sees
    assert "mentee" in noor.sees
    assert "16 March" in noor.sees


def test_status_of_a_pair_names_the_partner_and_the_next_check_in(world: World) -> None:
    bram, noor = world.pair("Bram", "Noor", ("en", "nl"))
    bram.types("/mentor status")
    noor.types("/mentor stand")
    assert "Noor" in bram.sees
    assert "Bram" in noor.sees
    assert "16 March" in bram.sees
    assert "16 maart" in noor.sees


def test_somebody_in_two_programmes_sees_both(noor: Hands) -> None:
    noor.world.programme("Lead")
    noor.world.joins("Noor", MENTEE)
    noor.world.joins("Noor", MENTOR, 2)
    noor.types("/mentor status")
    assert "Grow" in noor.sees
    assert "Lead" in noor.sees


# --- language ---


def test_the_language_is_changed_by_command_or_by_button_and_counts_at_once(noor: Hands) -> None:
    noor.types("/mentor language nl")
    assert noor.row.locale == "nl"
    assert "Nederlands" in noor.sees
    noor.types("/mentor")
    assert "Hallo Noor" in noor.sees
    noor.types("/mentor taal")
    noor.clicks("English")
    assert noor.row.locale == "en"
    noor.types("/mentor language Dutch")
    assert noor.row.locale == "nl"


@pytest.mark.parametrize("word", ["", "fr", "klingon", "<!channel>"])
def test_a_language_that_is_not_spoken_is_asked_again(noor: Hands, word: str) -> None:
    noor.types(f"/mentor language {word}")
    assert noor.row.locale == "en"
    assert noor.buttons == ["Nederlands", "English"]


def test_a_question_half_way_goes_on_in_the_new_language(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.types("/mentor language nl")
    noor.types("mentee")
    [question] = [q for q in noor.world.content.intake if q.key == "skills_wanted"]
    assert question.wording["nl"] in noor.sees


# --- unknown words ---


def test_a_command_nobody_knows_is_named_and_the_nearest_is_offered(noor: Hands) -> None:
    noor.types("/mentor staus")
    assert "staus" in noor.sees
    noor.presses(RunCommand("status"))
    assert "You do not take part" in noor.sees


def test_een_onbekende_opdracht_krijgt_een_nederlandse_suggestie(grow: World) -> None:
    bram = Hands(grow, "Bram", "nl")
    bram.types("/mentor pauzer")
    assert commands(bram.card)[0][0] in ("pauze", "pauzeer")


@pytest.mark.parametrize("word", ["xyzzy", "<!channel>", "=1+1", "🎉" * 500, "مرحبا", "**"])
def test_a_command_like_nothing_leads_to_help(noor: Hands, word: str) -> None:
    noor.types(f"/mentor {word}")
    assert word[:60] in noor.sees
    assert commands(noor.card) == [("help", "")]


@pytest.mark.parametrize("words", ["hello there!", "dank je wel", "   ", "🎉", "x" * 10_000, "\0"])
def test_small_talk_gets_a_kind_word_and_a_way_on(noor: Hands, words: str) -> None:
    noor.types(words)
    assert commands(noor.card) == [("home", ""), ("help", "")]


@pytest.mark.parametrize("words", ["status", "Status", "mentor status", "Mentor  status", "stand"])
def test_a_command_word_alone_is_enough_in_the_private_chat(noor: Hands, words: str) -> None:
    noor.types(words)
    assert commands(noor.card) == [("join", "")]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("join", "join"),
        ("meedoen", "join"),
        ("Mentor join", "join"),
        ("/mentor join", "join"),
        ("/mentor meedoen grow", "join"),
        ("overzicht", "digest"),
        ("mentor digest", "digest"),
        ("hulp", "help"),
        ("mentor ?", "help"),
        ("mentor", "home"),
        ("/mentor", "home"),
        ("/MENTOR", "home"),
    ],
)
def test_words_do_what_the_command_does_where_there_are_no_slash_commands(
    grow: World, words: str, name: str
) -> None:
    one, other = Hands(grow, "Noor Bakker"), Hands(grow, "Noor Visser")
    for person in (one, other):
        appoint(person, programme=1)
    one.types(f"/mentor {name}")
    grow.dispatch(other.said(words, "as-words"))
    assert one.sees == other.sees
    assert len(other.all_seen) == 1


@pytest.mark.parametrize("words", ["mentor staus", "/mentor staus"])
def test_a_word_behind_the_name_of_the_bot_that_is_nearly_a_command_is_corrected(
    noor: Hands, words: str
) -> None:
    noor.world.dispatch(noor.said(words, "as-words"))
    assert commands(noor.card) == [("status", ""), ("help", "")]
