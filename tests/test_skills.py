"""Coordinators say what the words mean that people used and nobody knows."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.cards.skills import (
    ON_A_PAGE,
    AddOwn,
    LeaveWord,
    OurOwn,
    SameSkill,
    ShowWords,
    ThisSkill,
    UndoWord,
)
from storage import profiles
from storage.models import Answer, AuditEntry, OrganisationSkill, Programme, SkillWord
from tests.hands import Hands
from tests.reviewing import card_of, coordinator, matches, mentee, mentor, proposed
from tests.world import World

pytestmark = pytest.mark.any_database


def people_who(world: World, word: str, *names: str) -> None:
    for name in names:
        mentee(world, name, skills_wanted=(f"={word}", "excel"))


def wants(world: World) -> dict[str, frozenset[str]]:
    """What the matching knows of what people want to learn."""
    with world.database.look() as session:
        programme = session.get_one(Programme, 1)
        found = profiles.of_programme(session, programme, world.now)
    by_person = {p.person: p.skills_wanted for p in found}
    return {
        name: by_person[hands.row.id]
        for name, hands in world.people.items()
        if isinstance(hands, Hands) and hands.row.id in by_person
    }


def test_the_list_says_how_many_people_used_a_word_and_never_who(grow: World) -> None:
    people_who(grow, "zwaardvechten", "Noor", "Sanne")
    people_who(grow, "wichelroede lopen", "Emma")
    thomas = coordinator(grow)
    thomas.types("/mentor skills")
    assert "zwaardvechten · 2 people" in thomas.sees.replace("**", "")
    assert "wichelroede lopen · 1 person" in thomas.sees.replace("**", "")
    assert not {"Noor", "Sanne", "Emma"} & set(card_of(thomas).split())
    assert "excel" not in thomas.sees.casefold()


def test_a_word_can_be_the_same_as_a_known_skill_also_for_earlier_answers(grow: World) -> None:
    people_who(grow, "sabelen", "Noor")
    mentor(grow, "Bram", skills_offered=("=de degen hanteren", "accounting"))
    thomas = coordinator(grow)
    thomas.types("/mentor skills")
    thomas.presses(SameSkill)
    thomas.presses(ThisSkill("de degen hanteren", "", 0), skill="boekhouden")
    assert "“de degen hanteren” counts as “accounting”, for 1 person" in thomas.sees
    thomas.presses(SameSkill)
    thomas.presses(ThisSkill("sabelen", "", 0), skill="accounting")
    assert wants(grow)["Noor"] == {"accounting", "excel"}
    noor = grow.people["Noor"]
    assert isinstance(noor, Hands)
    assert noor.told()["skills_wanted"] == ("=sabelen", "excel")  # as they wrote it
    matches(grow, thomas)
    assert proposed(grow) == {("Bram", "Noor")}


def test_what_is_typed_must_be_known_for_sure(grow: World) -> None:
    people_who(grow, "sabelen", "Noor")
    thomas = coordinator(grow)
    thomas.types("/mentor skills")
    thomas.presses(SameSkill)
    for typed in ("", "hocus pocus", "acounting", "=1+1", "<!channel>"):
        thomas.presses(ThisSkill("sabelen", "", 0), skill=typed)
        assert thomas.inputs["skill"].error
    assert grow.rows(select(SkillWord)) == []


def test_a_skill_of_our_own_is_understood_from_then_on_in_both_languages(grow: World) -> None:
    people_who(grow, "zwaardvechten", "Noor")
    thomas = coordinator(grow)
    thomas.types("/mentor skills")
    thomas.presses(OurOwn)
    thomas.presses(
        AddOwn,
        english="sword fighting",
        dutch="zwaardvechten",
        others="schermen met zwaarden",
        abbreviations="SWF",
    )
    assert wants(grow)["Noor"] == {"sword-fighting", "excel"}
    emma = Hands(grow, "Emma", "nl")
    emma.types("/mentor join")
    emma.chooses("mentee")
    emma.types("SWF, schermen met zwaarden")
    assert emma.told()["skills_wanted"] == ("sword-fighting",)
    assert "zwaardvechten" in emma.sees
    mentor(grow, "Bram", skills_offered=("sword-fighting",))
    matches(grow, thomas)
    thomas.types("/mentor review")
    thomas.clicks("Review one by one")
    assert "sword fighting" in thomas.sees
    assert "sword-fighting" not in thomas.sees


def test_a_skill_of_our_own_needs_a_name_and_no_word_of_another_skill(grow: World) -> None:
    people_who(grow, "zwaardvechten", "Noor")
    thomas = coordinator(grow)
    thomas.types("/mentor skills")
    thomas.presses(OurOwn)
    thomas.presses(AddOwn, english="", dutch="", others="", abbreviations="")
    assert thomas.inputs["english"].error
    thomas.presses(
        AddOwn, english="bookkeeping", dutch="zwaardvechten", others="", abbreviations="HR"
    )
    assert "accounting" in thomas.inputs["english"].error
    assert thomas.inputs["abbreviations"].error
    assert thomas.inputs["dutch"].value == ("zwaardvechten",)
    assert grow.rows(select(OrganisationSkill)) == []


def test_a_word_can_be_left_as_it_is_and_a_decision_taken_back(grow: World) -> None:
    people_who(grow, "zwaardvechten", "Noor")
    thomas = coordinator(grow)
    thomas.types("/mentor skills")
    thomas.presses(LeaveWord)
    assert "There are none" in thomas.sees
    assert wants(grow)["Noor"] == {"=zwaardvechten", "excel"}
    thomas.presses(UndoWord)
    assert "1 person" in thomas.sees
    thomas.presses(OurOwn)
    thomas.presses(AddOwn, english="sword fighting", dutch="", others="", abbreviations="")
    thomas.presses(UndoWord)
    assert "1 person" in thomas.sees
    assert grow.rows(select(OrganisationSkill)) == []


def test_two_who_decide_at_once_decide_once(grow: World) -> None:
    people_who(grow, "zwaardvechten", "Noor")
    thomas, anna = coordinator(grow), coordinator(grow, "Anna")
    anna.types("/mentor skills")
    thomas.types("/mentor skills")
    thomas.presses(LeaveWord)
    anna.presses(LeaveWord)
    assert "Somebody has decided on that word already." in anna.sees
    assert len(grow.rows(select(SkillWord))) == 1


def test_what_somebody_wants_to_keep_counts_only_where_the_organisation_decides(
    grow: World,
) -> None:
    mentee(grow, "Noor", skills_wanted=("=!boekhouden",))
    assert wants(grow)["Noor"] == {"=boekhouden"}
    thomas = coordinator(grow)
    thomas.types("/mentor skills")
    thomas.presses(SameSkill)
    thomas.presses(ThisSkill("boekhouden", "", 0), skill="archiveren")
    assert wants(grow)["Noor"] == {"archiving"}


def test_hundreds_of_words_are_turned_over_page_by_page(grow: World) -> None:
    words = tuple(f"=kunstje {number}" for number in range(300))
    mentee(grow, "Noor", skills_wanted=words)
    thomas = coordinator(grow)
    thomas.types("/mentor skills")
    pages = -(-300 // ON_A_PAGE)
    assert f"page 1 of {pages}" in thomas.sees
    for _ in range(3):
        thomas.presses(next(a for a in thomas.offers[::-1] if isinstance(a, ShowWords)))
    assert f"page 4 of {pages}" in thomas.sees
    thomas.presses(LeaveWord)
    assert f"page 4 of {pages}" in thomas.sees


@pytest.mark.parametrize("word", ["🎉🎉", "مهارات", "=1+1", "<!channel>", "**x**", "x" * 80])
def test_whatever_people_wrote_can_be_decided_on(grow: World, word: str) -> None:
    mentee(grow, "Noor", skills_wanted=(f"={word}", "=iets anders"))
    thomas = coordinator(grow)
    thomas.types("/mentor skills")
    assert word in thomas.sees
    thomas.forges(ThisSkill(word, "accounting", 0))
    assert wants(grow)["Noor"] == {"accounting", "=iets anders"}


def test_nobody_else_may_decide_and_what_is_written_down_holds_no_words(grow: World) -> None:
    people_who(grow, "zwaardvechten", "Noor")
    noor = grow.people["Noor"]
    assert isinstance(noor, Hands)
    noor.types("/mentor skills")
    assert "Only a coordinator" in noor.sees
    noor.forges(LeaveWord("zwaardvechten", 0))
    assert grow.rows(select(SkillWord)) == []
    coordinator(grow).forges(LeaveWord("zwaardvechten", 0))
    entries = [f"{e.did} {e.subject}" for e in grow.rows(select(AuditEntry))]
    assert any("skillword:" in entry for entry in entries)
    assert not any("zwaard" in entry for entry in entries)


def test_a_word_in_no_confirmed_answer_is_not_on_the_list(grow: World) -> None:
    noor = Hands(grow, "Noor")
    noor.types("/mentor join")
    noor.chooses("mentee")
    noor.types("zwaardvechten")
    assert grow.rows(select(Answer))
    thomas = coordinator(grow)
    thomas.types("/mentor skills")
    assert "There are none" in thomas.sees
