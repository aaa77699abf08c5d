"""Coordinators change how their programme runs: whole or not at all, and only theirs."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, select

from bot.cards.forms import SaveSettings
from bot.core.messages import Ask, Message
from bot.core.questions import Values
from bot.platforms.local.screen import draw
from bot.platforms.slack import blocks
from storage import programmes as stored
from storage.models import AuditEntry, Member, Moment, Programme, ProgrammeGoal, Wave, WaveState
from tests.hands import Hands, appoint, commands, errors, made, matched, programmes
from tests.slack.rules import check_view
from tests.world import World

HOSTILE = ("x" * 10_000, "🎉", "=1+1", "<!channel> <@U1>", "مرحبا", "**b** _i_ `c`")


def runs(world: World, name: str = "Tess", locale: str = "en", programme: int = 1) -> Hands:
    """Somebody who runs a programme with a goal and two targets."""
    with world.database.transaction() as session:
        row = session.get_one(Programme, programme)
        row.goal = "leadership"
        stored.aim_at(session, row, {"joined": 60, "satisfaction": 4.0})
    person = Hands(world, name, locale)
    appoint(person, programme=programme)
    return person


@pytest.fixture
def tess(world: World) -> Hands:
    world.programme(floor=0.3)
    return runs(world)


def saves(person: Hands, **changes: str | Values) -> None:
    person.types("/mentor settings")
    person.presses(SaveSettings, **changes)


def test_the_form_shows_the_programme_as_it_is(tess: Hands) -> None:
    tess.types("/mentor settings grow")
    values = {name: ask.value for name, ask in tess.inputs.items()}
    assert values["name"] == ("Grow",)
    assert values["targets"] == ("joined", "satisfaction")
    assert (values["target_joined"], values["target_satisfaction"]) == (("60",), ("4.0",))
    assert "target_met_share" not in values
    assert values["floor"] == ("normal",)
    assert values["group_chat"] == ("no",)
    assert values["starts_on"] == ("2026-03-02",)
    assert tess.card is not None
    assert tess.card.form
    assert "I never read what is written there" in tess.sees


def test_saving_without_a_change_changes_nothing(tess: Hands) -> None:
    before = made(tess).model_dump()
    saves(tess)
    assert "Nothing has changed." in tess.sees
    assert made(tess).model_dump() == before
    assert tess.world.rows(select(AuditEntry)) == []


def test_everything_can_be_changed_at_once_and_is_written_down(tess: Hands) -> None:
    saves(
        tess,
        name="Grow on",
        goal="knowledge",
        languages=("nl",),
        ends_on="2026-12-01",
        rhythm="monthly",
        same_team="no",
        floor="high",
        smallest_group="7",
        channel="leaders",
        next_round_on="2026-04-01",
        group_chat="yes",
        target_joined="80",
    )
    row = made(tess)
    assert (row.name, row.slug, row.goal) == ("Grow on", "grow", "knowledge")
    assert (row.languages, row.rhythm, row.allow_same_team) == (["nl"], "monthly", False)
    assert (row.floor, row.smallest_group, row.channel_address) == (0.4, 7, "#leaders")
    assert (row.ends_on, row.next_round_on) == (date(2026, 12, 1), date(2026, 4, 1))
    assert row.group_chat
    assert "Changed: Name, Goal" in tess.sees
    [entry] = tess.world.rows(select(AuditEntry))
    assert entry.subject.startswith("programme:1:name,goal,target_joined")
    goals = tess.world.rows(select(ProgrammeGoal).order_by(col(ProgrammeGoal.measure)))
    assert [(g.measure, g.target) for g in goals] == [("joined", 80), ("satisfaction", 4)]


def test_another_target_is_asked_for_in_the_same_form(tess: Hands) -> None:
    saves(tess, targets=("joined", "met_share"), group_chat="yes")
    assert "a few more questions" in tess.sees
    assert not made(tess).group_chat
    tess.presses(SaveSettings, target_met_share="75")
    goals = tess.world.rows(select(ProgrammeGoal).order_by(col(ProgrammeGoal.measure)))
    assert [(g.measure, g.target) for g in goals] == [("joined", 60), ("met_share", 75)]
    assert made(tess).group_chat


def test_a_floor_between_two_words_stays_when_it_is_not_touched(world: World) -> None:
    world.programme(floor=0.1)
    tess = runs(world)
    saves(tess, rhythm="monthly")
    assert made(tess).floor == 0.1


@pytest.mark.parametrize("words", HOSTILE)
def test_a_name_stays_as_somebody_wrote_it(tess: Hands, words: str) -> None:
    saves(tess, name=words)
    if len(words) > 80:
        assert errors(tess).keys() == {"name"}
        assert tess.inputs["name"].value == (words,)
        assert made(tess).name == "Grow"
    else:
        assert made(tess).name == words
        assert words in tess.sees
    assert tess.card is not None
    check_view(blocks.view(tess.card, nonce="n", title=tess.card.summary))


def test_nothing_is_stored_while_something_is_wrong(tess: Hands) -> None:
    before = made(tess).model_dump()
    saves(tess, name="", smallest_group="2", ends_on="whenever", rhythm="monthly")
    assert errors(tess).keys() == {"name", "smallest_group", "ends_on"}
    assert tess.inputs["rhythm"].value == ("monthly",)
    assert made(tess).model_dump() == before


def test_a_name_that_another_programme_has_is_refused_and_its_own_is_not(tess: Hands) -> None:
    tess.world.programme("Lead")
    saves(tess, name="lead")
    assert errors(tess).keys() == {"name"}
    tess.presses(SaveSettings, name="GROW")
    assert made(tess).name == "GROW"


# --- days and surveys ---


def test_a_programme_that_has_begun_keeps_its_first_day(tess: Hands) -> None:
    saves(tess, starts_on="2026-04-01")
    assert "has begun" in errors(tess)["starts_on"]


def test_a_programme_still_to_begin_may_begin_another_day_but_not_in_the_past(
    world: World,
) -> None:
    world.programme(starts_on=date(2026, 4, 1), ends_on=date(2026, 10, 1))
    tess = runs(world)
    saves(tess, starts_on="2026-03-01")
    assert errors(tess).keys() == {"starts_on"}
    tess.presses(SaveSettings, starts_on="2026-05-01")
    assert made(tess).starts_on == date(2026, 5, 1)
    assert opening(world)[Moment.START] == date(2026, 5, 15)


@pytest.mark.parametrize("day", ["2026-03-10", "2026-03-01", "2031-01-01"])
def test_an_end_too_soon_or_too_far_is_refused(tess: Hands, day: str) -> None:
    saves(tess, ends_on=day)
    assert errors(tess).keys() == {"ends_on"}


def test_a_round_is_planned_between_tomorrow_and_the_end_or_not_at_all(tess: Hands) -> None:
    for day in ("2026-03-02", "2027-03-02"):
        saves(tess, next_round_on=day)
        assert errors(tess).keys() == {"next_round_on"}
    tess.presses(SaveSettings, next_round_on="")
    assert made(tess).next_round_on is None


def opening(world: World) -> dict[Moment, date]:
    return {wave.moment: wave.opens_at.date() for wave in world.rows(select(Wave))}


def test_surveys_still_to_come_move_with_the_end(tess: Hands) -> None:
    before = opening(tess.world)
    saves(tess, ends_on="2027-03-01")
    after = opening(tess.world)
    assert after[Moment.START] == before[Moment.START]
    assert after[Moment.MIDDLE] == date(2026, 8, 31)
    assert after[Moment.END] == date(2027, 2, 15)
    saves(tess, ends_on="2026-04-05")
    assert opening(tess.world).keys() == {Moment.END}
    saves(tess, ends_on="2027-03-01")
    assert opening(tess.world) == after


def test_a_survey_that_was_held_stays_and_the_others_move(tess: Hands) -> None:
    world = tess.world
    world.now += timedelta(weeks=4)
    held = close(world, Moment.START, WaveState.CLOSED)
    saves(tess, ends_on="2027-03-01")
    waves = {wave.moment: wave for wave in world.rows(select(Wave))}
    assert waves[Moment.START].opens_at == held
    assert waves[Moment.MIDDLE].opens_at.date() == date(2026, 8, 31)


def close(world: World, moment: Moment, state: WaveState) -> datetime:
    with world.database.transaction() as session:
        wave = session.exec(select(Wave).where(Wave.moment == moment)).one()
        wave.state = state
        return wave.opens_at


def test_the_smallest_group_is_not_lowered_while_people_are_asked(tess: Hands) -> None:
    close(tess.world, Moment.START, WaveState.OPEN)
    saves(tess, smallest_group="3")
    assert "A survey is open" in errors(tess)["smallest_group"]
    tess.presses(SaveSettings, smallest_group="8")
    assert made(tess).smallest_group == 8


def test_pairs_are_asked_again_when_the_programme_ends_later(world: World) -> None:
    matched(world)
    with world.database.transaction() as session:
        session.get_one(Programme, 1).ends_on = world.now.date() + timedelta(weeks=5)
    world.passes(weeks=4, step=timedelta(hours=6))
    assert {member.due_on for member in world.rows(select(Member))} == {None}
    tess = runs(world)
    saves(tess, ends_on="2026-12-01")
    assert all(member.due_on and member.ask_at for member in world.rows(select(Member)))


# --- who, and when ---


def test_only_who_runs_a_programme_sees_and_changes_it(tess: Hands) -> None:
    world = tess.world
    tess.types("/mentor settings")
    [save] = [action for action in tess.offers if isinstance(action, SaveSettings)]
    lead = world.programme("Lead")
    eva, noor = runs(world, "Eva", programme=lead), Hands(world, "Noor")
    for person in (eva, noor):
        answer = person.forges(save, name=("Stolen",))
        assert answer is not None
        assert "coordinator" in draw(answer)
        person.types("/mentor settings grow")
        assert "Grow" not in person.sees.replace("grow", "")
    assert {p.name for p in programmes(world)} == {"Grow", "Lead"}
    assert {e.allowed for e in world.rows(select(AuditEntry))} == {False}


def test_who_saves_an_older_form_undoes_nothing(tess: Hands) -> None:
    eva = Hands(tess.world, "Eva")
    appoint(eva, programme=1)
    eva.types("/mentor settings")
    saves(tess, rhythm="monthly")
    eva.presses(SaveSettings, name="Grow more")
    assert "Somebody else has just changed" in eva.sees
    assert eva.inputs["rhythm"].value == ("monthly",)
    assert made(tess).name == "Grow"
    eva.presses(SaveSettings, name="Grow more")
    assert (made(tess).name, made(tess).rhythm) == ("Grow more", "monthly")


def test_the_same_click_twice_says_that_it_is_saved(tess: Hands) -> None:
    saves(tess, rhythm="monthly")
    again = tess.again()
    assert again is not None
    assert "are saved" in draw(again)
    assert len(tess.world.rows(select(AuditEntry))) == 1


def test_the_overview_and_the_dutch_word_lead_to_the_settings(world: World) -> None:
    world.programme()
    tess = runs(world, locale="nl")
    tess.types("/mentor programma")
    assert ("settings", "grow") in commands(tess.card)
    tess.types("/mentor instellingen")
    card = tess.card
    assert isinstance(card, Message)
    assert "ik nooit" in tess.sees
    check_view(blocks.view(card, nonce="n", title=card.summary))
    assert {ask.name for ask in card.all(Ask)} >= {"name", "group_chat", "next_round_on"}
