"""Coordinators change how their programme runs."""

from __future__ import annotations

from datetime import date

from bot.cards import forms as cards
from bot.cards import programmes as programme_cards
from bot.core.actions import RunCommand
from bot.core.deeds import Deed
from bot.core.messages import Message
from bot.core.questions import Values
from handlers import forms, programmes
from handlers.programme_rules import SHARED, Columns, objection, set_changed, shared
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import checkins, surveys
from storage import programmes as stored
from storage.models import Programme


@programmes.command(
    "settings",
    mark("change how a programme runs: its days, rules, channel"),
    aliases=("instellingen",),
)
def settings(turn: Turn, programme: Programme) -> Message:
    return forms.show(turn, _form(turn, programme))


@router.on(cards.SaveSettings, access=Access.COORDINATOR)
def save(turn: Turn, action: cards.SaveSettings) -> Message:
    """All of it counts, or nothing does; what somebody else changed meanwhile is not undone."""
    found = programmes.filled_in(turn, action, _form)
    if isinstance(found, Message):
        return found
    programme, taken = found
    if taken.changed:
        _apply(turn, programme, taken)
    return programme_cards.saved(turn.t, programme.name, programme.slug, taken.note)


def _form(turn: Turn, programme: Programme) -> forms.Form:
    answers = _answers(turn, programme)
    return forms.Form(
        title=turn.t("Settings of {programme}", programme=programme.name),
        questions=turn.content.programme,
        stored=answers,
        save=cards.SaveSettings(programme.id, forms.stamp(answers)),
        cancel=RunCommand("programme"),
        ways=programme_cards.more_settings(turn.t, programme.slug),
        objection=lambda question, values, answers: objection(
            turn, question, values, answers, programme
        ),
    )


def _answers(turn: Turn, programme: Programme) -> dict[str, Values]:
    """The programme as the answers to the questions that make one."""
    goals = {goal.measure: goal.target for goal in stored.goals(turn.session, programme)}
    found: dict[str, Values] = {
        "name": (programme.name,),
        "goal": (programme.goal,),
        "targets": tuple(goals),
        **{f"target_{measure}": (_figure(measure, goals[measure]),) for measure in goals},
        "languages": tuple(programme.languages),
        "starts_on": (programme.starts_on.isoformat(),),
        "ends_on": (programme.ends_on.isoformat(),),
        "rhythm": (programme.rhythm,),
        **shared(programme),
        "smallest_group": (str(programme.smallest_group),),
        "channel": (programme.channel_address,),
        "kept_months": (str(programme.kept_months),),
        "group_chat": ("yes" if programme.group_chat else "no",),
    }
    if programme.next_round_on:
        found["next_round_on"] = (programme.next_round_on.isoformat(),)
    return {key: values for key, values in found.items() if values and values != ("",)}


def _figure(measure: str, target: float) -> str:
    return f"{target:.1f}" if measure == "satisfaction" else f"{target:.0f}"


def _apply(turn: Turn, programme: Programme, taken: forms.Taken) -> None:
    keys = set_changed(programme, _SETS, taken)
    if any(key.startswith("target") for key in keys):
        measures = taken.answers.get("targets", ())
        targets = {m: float(taken.answers[f"target_{m}"][0]) for m in measures}
        stored.aim_at(turn.session, programme, targets)
    if "channel" in keys:
        named = programme.channel_address
        programme.channel_workspace_id = turn.identity.workspace_id if named else None
    if {"starts_on", "ends_on"} & set(keys):
        surveys.replan_waves(turn.session, programme, turn.now)
        checkins.go_on(turn.session, programme, turn.now)
    turn.audit(Deed.CHANGED_SETTINGS, f"programme:{programme.id}:{','.join(keys)}")
    turn.session.flush()


# The columns that a changed answer sets, and to what.
_SETS: Columns = {
    **SHARED,
    "name": ("name", lambda v: v[0]),
    "goal": ("goal", lambda v: v[0]),
    "languages": ("languages", list),
    "starts_on": ("starts_on", lambda v: date.fromisoformat(v[0])),
    "ends_on": ("ends_on", lambda v: date.fromisoformat(v[0])),
    "rhythm": ("rhythm", lambda v: v[0]),
    "smallest_group": ("smallest_group", lambda v: int(v[0])),
    "channel": ("channel_address", lambda v: stored.channel(v[0]) if v else ""),
    "next_round_on": ("next_round_on", lambda v: date.fromisoformat(v[0]) if v else None),
    "kept_months": ("kept_months", lambda v: int(v[0]) if v else stored.KEPT_MONTHS),
    "group_chat": ("group_chat", lambda v: v == ("yes",)),
}
