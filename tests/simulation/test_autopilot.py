"""Colleagues whom nobody plays: they act by themselves, through cards, and leave the visitor's alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from bot.platforms.local.chat import BOT, private_chat
from bot.simulation.actors import Did
from bot.simulation.autopilot import Deed
from bot.simulation.glass import panes
from bot.texts import translator
from storage import wishings
from storage.models import Mentorship, Programme, TrialVoice, Verdict, Wish
from tests.simulation.office import Office, office

pytestmark = pytest.mark.any_database
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def found(place: Office, query: object) -> list[object]:
    with place.database.look() as session:
        return list(session.exec(query))  # type: ignore[call-overload]


def everyone_joins(place: Office, *but: str) -> None:
    for one in place.cast:
        if one.user not in ("thomas", "oliver", *but):
            place.autopilot.plan(one.user, Deed.JOIN, place.now)
    place.passes(timedelta(hours=24))


def asks_for_wishes(session: Session, programme: int, place: Office) -> None:
    found = session.get_one(Programme, programme)
    found.next_round_on = (place.now + 17 * DAY).date()
    wishings.open_one(
        session,
        found,
        closes_at=place.now + 2 * DAY,
        anonymous=False,
        mentors_too=False,
        trial_talks=True,
        wish_weight=0.25,
    )


def behind(place: Office, user: str) -> str:
    """What stands behind the glass of somebody's private chat."""
    with place.database.look() as session:
        shown = panes(session, translator("en"), user, place.now, channel=False)
    return "\n".join(f"{label}: {what}" for pane in shown for label, what in pane.rows)


def test_a_programme_lives_without_the_visitor(tmp_path: Path) -> None:
    with office(tmp_path) as place:
        everyone_joins(place)
        with place.database.transaction() as session:
            asks_for_wishes(session, place.programme, place)
        did = {deed for _, deed in place.passes(18 * DAY)}
        assert {Did.WISHED, Did.SAID_OF_TALK, Did.MATCHED} <= did
        assert found(place, select(Wish.id))
        said = select(TrialVoice.id).where(col(TrialVoice.says) != Verdict.NOTHING)
        assert found(place, said)
        assert found(place, select(Mentorship.id))
        everybody = "\n".join(behind(place, one.user) for one in place.cast)
        assert "asks whether they met " in everybody
        assert "the announcement of a pair · arrived" in everybody
        assert "Round 1: announced" in behind(place, "thomas")
        assert "has not joined" in behind(place, "oliver")
        after = {deed for _, deed in place.passes(3 * WEEK)}
        assert {Did.MET, Did.SURVEYED} <= after


def test_whom_the_visitor_was_is_left_to_them_and_what_lies_there_is_answered_after_a_restart(
    tmp_path: Path,
) -> None:
    with office(tmp_path) as place:
        place.autopilot.visited.add("thomas")
        everyone_joins(place)
        assert ("thomas", Did.MATCHED) not in place.passes(WEEK)
        newest = next(place.chat.newest_first("thomas", private_chat("thomas")))
        assert newest.key.startswith("round-due")
        place.chat.listeners.clear()
        place.autopilot = place.flies()
        place.autopilot.remember(place.now)
        assert ("thomas", Did.MATCHED) in place.passes(DAY)


def test_joining_is_human(tmp_path: Path) -> None:
    with office(tmp_path) as place:
        pilot, chat = place.autopilot, place.chat
        mila = pilot.actors["mila"]
        mila.temperament = replace(mila.temperament, hesitates=True)
        pilot.plan("mila", Deed.JOIN, place.now)
        pilot.plan("oliver", Deed.JOIN, place.now)
        pilot.plan("arjun", Deed.JOIN, place.now + timedelta(hours=12))  # 01:30 where he is
        assert ("mila", Did.HESITATED) in place.passes(timedelta(hours=4))
        assert {("mila", Did.JOINED), ("arjun", Did.JOINED)} <= {*place.passes(3 * DAY)}
        first = {posted.author: posted for posted in reversed(chat.posts())}
        assert first["mila"].content == "/mentor join"
        assert first["arjun"].at.astimezone(ZoneInfo("Asia/Kolkata")).hour == 7
        for_a_guest = next(chat.newest_first("oliver", private_chat("oliver")))
        assert for_a_guest.author == BOT  # and not a word more than that
