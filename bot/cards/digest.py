"""The status overview: how a programme goes, in words and in one picture. It names nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import dropwhile

from bot.cards import means
from bot.core.charts import GoalBar, GoalBars, KeyFigure, Overview, StackedWeeks
from bot.core.insights import LEAST_K, Digest, End, GoalFigure, Trend, Week, meeting_rate
from bot.core.markup import escape, plain
from bot.core.messages import Fields, Heading, Message, Part, Picture, Text
from bot.texts import Translator

_NOTHING = "\u2013"  # a dash where a large number would stand


@dataclass(frozen=True)
class Told:
    """A digest's figures; goals are worded by their measure."""

    digest: Digest
    pairs: int  # that were ever announced
    survey: means.Survey
    at_least: int
    end: End = ""  # where nearly all said the same of how useful it is: at or beyond the mean
    few_pairs: bool = False  # so few were asked that a figure would be what they said


def digest(t: Translator, told: Told) -> Message:
    """The same words for a channel and a private chat: nobody is named."""
    found = told.digest
    title = _title(t, found)
    parts: list[Part] = [
        Heading(title),
        Text(_people(t, told)),
        Fields(tuple(_key_rows(t, told))),
    ]
    if found.goals:
        parts += [Text(f"**{t('Goals')}**"), Fields(tuple(_goal_rows(t, told)))]
    parts.append(Text(_needs(t, found)))
    parts.append(Picture(_chart(t, told), _alt(t, told), adds=_answers(t, told)))
    return Message(title, tuple(parts))


def _title(t: Translator, found: Digest) -> str:
    return t(
        "{programme}: status overview of week {week}",
        programme=found.programme,
        week=found.ends.isocalendar().week,
    )


def _people(t: Translator, told: Told) -> str:
    found = told.digest
    if not found.joined:
        return t("Nobody takes part yet.")
    people = t.plural("{n} person takes part", "{n} people take part", found.joined)
    words = t.plural(
        "**{people}**; {n} has a match.",
        "**{people}**; {n} have a match.",
        found.matched,
        people=people,
    )
    if not told.pairs or told.few_pairs:
        return words
    return f"{words} " + t.plural(
        "{met} of {n} pair has met at least once.",
        "{met} of {n} pairs have met at least once.",
        told.pairs,
        met=found.met,
    )


def _key_rows(t: Translator, told: Told) -> list[tuple[str, str]]:
    found = told.digest
    few = _few_pairs(t) if told.few_pairs else ""
    met = _with_trend(t, found.meeting_rate, t.percent, few or t("no check-ins answered yet"))
    rate = found.response_rate
    answered = few or t("nobody has been asked yet") if rate is None else t.percent(rate)
    rows = [
        (t("Met, by the check-ins of the last four weeks"), met),
        (t("How useful people find it"), _satisfaction(t, told)),
        (t("Check-ins answered in the last four weeks"), answered),
    ]
    if found.disagreements:
        apart = t.plural("{n} time", "{n} times", found.disagreements)
        rows.append((t("Mentor and mentee gave different answers"), apart))
    return rows


def _with_trend(t: Translator, trend: Trend, tell: Callable[[float], str], unknown: str) -> str:
    if trend.now is None:
        return unknown
    now = tell(trend.now)
    if trend.before is None:
        return now
    before = tell(trend.before)
    match trend.direction:
        case "up":
            return t("{now}, up from {before}", now=now, before=before)
        case "down":
            return t("{now}, down from {before}", now=now, before=before)
        case _:
            return t("{now}, the same as before", now=now)


def _satisfaction(t: Translator, told: Told) -> str:
    trend = told.digest.satisfaction
    return _with_trend(
        t,
        trend,
        lambda mean: means.out_of_five(t, mean, told.end),
        means.unmeasured(t, told.survey, told.at_least),
    )


def _satisfaction_now(t: Translator, told: Told) -> str:
    now = told.digest.satisfaction.now
    return (
        means.unmeasured(t, told.survey, told.at_least)
        if now is None
        else means.out_of_five(t, now, told.end)
    )


def _few_pairs(t: Translator) -> str:
    return t("too few pairs to show (fewer than {n})", n=LEAST_K)


def _goal_rows(t: Translator, told: Told) -> list[tuple[str, str]]:
    """Each goal's figure beside its target."""
    return [
        (
            _measure(t, goal),
            t(
                "{figure}; the target is {target}",
                figure=_reached(t, told, goal),
                target=_in_unit(t, goal, goal.target),
            ),
        )
        for goal in told.digest.goals
    ]


def _reached(t: Translator, told: Told, goal: GoalFigure) -> str:
    if goal.wording == "satisfaction":
        return _satisfaction_now(t, told)
    if goal.figure is not None:
        return _in_unit(t, goal, goal.figure)
    few = told.few_pairs and goal.wording == "met_share"
    return _few_pairs(t) if few else t("not known yet")


def _measure(t: Translator, goal: GoalFigure) -> str:
    match goal.wording:
        case "joined":
            return t("People taking part")
        case "met_share":
            return t("Pairs that met in the last four weeks")
        case "satisfaction":
            return t("How useful people find it")
        case "response_rate":
            return t("People who answered the last survey")
        case _:
            return escape(goal.wording)


def _in_unit(t: Translator, goal: GoalFigure, value: float) -> str:
    if goal.unit == "%":
        return t.percent(value / 100)
    return means.out_of_five(t, value) if goal.wording == "satisfaction" else t.number(value)


def _needs(t: Translator, found: Digest) -> str:
    if not found.stuck and not found.undelivered:
        return t("Nobody is stuck, and all messages arrived.")
    return t(
        "Stuck: {stuck}. Not reached: {undelivered}. The names are in the coordinators’ private "
        "message.",
        stuck=found.stuck,
        undelivered=found.undelivered,
    )


# --- the picture ---


def _chart(t: Translator, told: Told) -> Overview:
    found = told.digest
    days = t("{first} to {last}", first=t.short_day(found.starts), last=t.short_day(found.ends))
    return Overview(
        title=plain(_title(t, found)),
        subtitle=plain(days),
        figures=tuple(_key_figures(t, told)),
        weeks=_weeks(t, told),
        goals=_bars(t, told) if found.goals else None,
    )


def _key_figures(t: Translator, told: Told) -> list[KeyFigure]:
    found = told.digest
    rate = found.response_rate
    return [
        KeyFigure(t("people take part"), t.number(found.joined)),
        KeyFigure(t("have a match"), t.number(found.matched)),
        KeyFigure(t("pairs have met"), _NOTHING if told.few_pairs else t.number(found.met)),
        _key_figure(t, t("met, of all answers"), found.meeting_rate, t.percent),
        _key_figure(
            t,
            t("useful, out of 5"),
            found.satisfaction,
            lambda mean: means.briefly(t, mean, told.end),
        ),
        KeyFigure(t("check-ins answered"), _NOTHING if rate is None else t.percent(rate)),
    ]


def _key_figure(t: Translator, label: str, trend: Trend, tell: Callable[[float], str]) -> KeyFigure:
    if trend.now is None:
        return KeyFigure(label, _NOTHING)
    if trend.before is None:
        return KeyFigure(label, tell(trend.now))
    note = plain(t("was {before}", before=tell(trend.before)))
    return KeyFigure(label, tell(trend.now), note, trend.direction)


def _weeks(t: Translator, told: Told) -> StackedWeeks:
    weeks = tuple(dropwhile(lambda week: not _asked(week), told.digest.weeks))
    rates = [meeting_rate([week]) for week in weeks]
    return StackedWeeks(
        title=t("What pairs answered, by week"),
        series=(t("met"), t("not yet"), t("no answer")),
        weeks=tuple(t.short_day(week.start) for week in weeks),
        values=(
            tuple(week.met for week in weeks),
            tuple(week.not_met for week in weeks),
            tuple(week.silent for week in weeks),
        ),
        tops=tuple("" if rate is None else t.percent(rate) for rate in rates),
        caption=t("Above each bar: how many of those who answered have met"),
        empty=_no_weeks(t, told),
    )


def _no_weeks(t: Translator, told: Told) -> str:
    return t("Too few pairs to show.") if told.few_pairs else t("No check-ins yet.")


def _asked(week: Week) -> int:
    """How many mentorships were asked in this week."""
    return week.answered + week.silent


def _bars(t: Translator, told: Told) -> GoalBars:
    return GoalBars(
        title=t("Goals"),
        bars=tuple(
            GoalBar(
                label=plain(_measure(t, goal)),
                figure=goal.figure,
                target=goal.target,
                figure_text=plain(_reached(t, told, goal)),
                target_text=plain(t("target {target}", target=_in_unit(t, goal, goal.target))),
            )
            for goal in told.digest.goals
        ),
    )


def _alt(t: Translator, told: Told) -> str:
    """All that the picture shows, read aloud."""
    sentences = [_people(t, told)]
    sentences += [f"{label}: {value}." for label, value in _key_rows(t, told)]
    sentences += [f"{label}: {value}." for label, value in _goal_rows(t, told)]
    return " ".join([*sentences, _answers(t, told)])


def _answers(t: Translator, told: Told) -> str:
    """What only the picture shows: the answers week by week."""
    sentences = [
        t(
            "Week of {day}: {met} met, {not_met} not yet, {silent} no answer.",
            day=t.short_day(week.start),
            met=week.met,
            not_met=week.not_met,
            silent=week.silent,
        )
        for week in told.digest.weeks
        if _asked(week)
    ]
    return " ".join(sentences) or _no_weeks(t, told)
