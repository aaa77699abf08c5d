"""A dry run: what a round comes to beside the last one, before anybody hears of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.cards import reasons, voting
from bot.cards.matching import ApproveAll, LeftOut, Rerun
from bot.cards.pairs import ListPairs, OfRound, ReviewPair
from bot.cards.voting import ALONE, Voting
from bot.core.actions import RunCommand
from bot.core.charts import Spread
from bot.core.markup import escape, plain
from bot.core.messages import (
    Button,
    Fields,
    Heading,
    Message,
    Note,
    Part,
    Picture,
    Style,
    Text,
    button,
)
from bot.matching import OTHER
from bot.matching.findings import TENTHS, Findings
from bot.texts import Translator

MOST_RULES = 4  # named in one line
ARROWS = {True: "▲", False: "▼"}
MOST_UNKEPT = 5  # pairs named
Row = tuple[str, str]
Names = tuple[str, str]  # mentor, mentee


@dataclass(frozen=True)
class DryRun(OfRound):
    """Look at what a round comes to, once more."""


@dataclass(frozen=True)
class LowestFits(OfRound):
    """The few pairs that fit least."""


@dataclass(frozen=True)
class CompareRuns(OfRound):
    """A round beside the one before it: what was changed, and what came of it."""


@dataclass(frozen=True)
class Run:
    """One round in figures."""

    number: int
    seed: int
    engine: str
    figures: Mapping[str, float]  # bot.matching.Stats by name
    found: Findings

    def figure(self, name: str) -> float:
        return self.figures.get(name, 0.0)


@dataclass(frozen=True)
class View:
    """A round under review, and the one before it."""

    round: int
    programme: str
    slug: str
    now: Run
    before: Run | None = None
    voting: Voting = ALONE
    unkept: tuple[Names, ...] = ()  # should have stayed together and could not


def result(t: Translator, view: View) -> Message:
    """To each coordinator, when a round is there."""
    title = t("Dry run of {programme}, round {n}", programme=view.programme, n=view.now.number)
    parts: list[Part] = [Heading(title), Note(_nobody_knows(t))]
    if view.now.figure("matched"):
        parts.append(picture(t, view))
    parts += [Fields(rows(t, view)), *_unkept(t, view), Note(_small_print(t, view.now))]
    if view.voting.by_committee and view.now.figure("matched"):
        parts.append(Text(voting.told(t, view.voting)))
    parts += _look_closer(t, view)
    parts.append(Text(_otherwise(t, view.now.found)))
    parts += _change(t, view)
    return Message(title, tuple(parts))


def _otherwise(t: Translator, found: Findings) -> str:
    """How to go on; where people stay alone for want of a good fit, what may help."""
    words = t("Would you like it otherwise? Change something and match again.")
    heaviest = max(found.lost, key=lambda rule: found.lost[rule], default="")
    if found.alone and heaviest == OTHER:
        words += " " + t("With a lower floor, under Rules, more people may find a mentor.")
    return words


def _unkept(t: Translator, view: View) -> list[Part]:
    """Which pairs could not stay together; not why, for that may be somebody's secret."""
    if not view.unkept:
        return []
    pairs = [f"{escape(mentor)} – {escape(mentee)}" for mentor, mentee in view.unkept]
    more = len(pairs) - MOST_UNKEPT
    rest = [t.plural("and {n} more", "and {n} more", more)] if more > 0 else []
    words = t.plural(
        "{n} pair you kept together could not be kept:",
        "{n} pairs you kept together could not be kept:",
        len(pairs),
    )
    why = t(
        "Something is different now: an answer, a pause, a team, a rule or the number of places."
    )
    return [Text(f"{words} {'; '.join([*pairs[:MOST_UNKEPT], *rest])}. {why}")]


def _nobody_knows(t: Translator) -> str:
    return t("Nobody has been told anything yet. That happens only when you announce.")


def rows(t: Translator, view: View) -> tuple[Row, ...]:
    """Figures beside those of the last run, eight at most."""
    found = view.now.found
    matched = _beside(t, view, lambda run: run.figure("matched"), lambda run: _matched(t, run))
    shown = [
        (t("Have a mentor"), matched),
        (t("Average fit"), _share(t, view, "mean")),
        (t("Lowest fit"), _share(t, view, "worst")),
        (t("Mentors"), _load(t, found)),
    ]
    if found.wished:
        first = _beside(t, view, lambda run: run.found.first, lambda run: _wishes(t, run))
        shown.append((t("First wishes granted"), first))
    if found.alone:
        shown.append((t("Without a mentor"), _left_out(t, found)))
    if price := _price(t, view.now):
        shown.append((t("Price of fairness"), price))
    if view.now.figure("matched"):
        shown.append((t("Could it be better?"), _proven(t, view.now)))
    return tuple(shown)


def _beside(
    t: Translator, view: View, value: Callable[[Run], float], tell: Callable[[Run], str]
) -> str:
    """A figure of this run and, with an arrow, that of the last."""
    now = tell(view.now)
    if view.before is None:
        return now
    before = tell(view.before)
    if now == before:
        return f"{now} · = {t('as before')}"
    arrow = ARROWS[value(view.now) > value(view.before)]
    return f"{now} · {arrow} " + t("was {before}", before=before)


def _share(t: Translator, view: View, name: str) -> str:
    return _beside(t, view, lambda run: run.figure(name), lambda run: t.percent(run.figure(name)))


def _matched(t: Translator, run: Run) -> str:
    return t("{n} of {m}", n=int(run.figure("matched")), m=int(run.figure("mentees")))


def _wishes(t: Translator, run: Run) -> str:
    return t("{n} of {m}", n=run.found.first, m=run.found.wished)


def _load(t: Translator, found: Findings) -> str:
    """How many mentors have none, one, two … of the mentees who seek now."""
    lines = []
    for mentees, mentors in sorted(found.load.items()):
        kind = t.plural("{n} mentee", "{n} mentees", mentees)
        lines.append(
            t("{n} with {whom}", n=mentors, whom=kind)
            if mentees
            else t("{n} without a mentee", n=mentors)
        )
    if found.full:
        lines.append(t.plural("{n} has no place left", "{n} have no place left", found.full))
    return "; ".join(lines) or t("nobody")


def _left_out(t: Translator, found: Findings) -> str:
    """How many, and which rules cost them their candidates, the heaviest first."""
    people = t.plural("{n} person", "{n} people", found.alone)
    everything = sum(found.lost.values())
    heaviest = sorted(found.lost.items(), key=lambda line: -line[1])[:MOST_RULES]
    lines = [
        f"{reasons.rule_name(t, rule)} {t.percent(lost / everything)}" for rule, lost in heaviest
    ]
    return f"{people}. {t('Why candidates fell away:')} {'; '.join(lines)}" if lines else people


def _price(t: Translator, run: Run) -> str:
    """What it costs that nobody is much worse off than needed; "" where it costs nothing."""
    worst, without = run.figure("worst"), run.figure("worst_without")
    if run.figure("price") <= 0 or t.percent(worst) == t.percent(without) or worst <= without:
        return ""
    return t(
        "{price}% of the total fit; without it the lowest fit would be {lowest}",
        price=_exact(t, run.figure("price") * 100),
        lowest=t.percent(without),
    )


def _exact(t: Translator, value: float) -> str:
    return t.number(value) if value >= 0.05 else "< " + t.number(0.1)


def _proven(t: Translator, run: Run) -> str:
    if run.figure("proven"):
        return t("no: that is proven, no other pairs within the rules come to more")
    gap = run.figure("gap")
    if gap > 0:
        return t("hardly: by {gap} of the total at most", gap=_power(gap))
    return t("perhaps a little: that is not proven for this round")


def _power(value: float) -> str:
    """2·10⁻⁶ instead of 0.000002."""
    digit, exponent = f"{value:.0e}".split("e")
    return f"{digit}·10" + str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _small_print(t: Translator, run: Run) -> str:
    return t(
        "A fit of 100% would be two people who have on every point what the other hopes for; that hardly"
        " happens. So compare pairs and rounds with each other. This round can be repeated exactly:"
        " {engine}-{seed}.",
        engine=run.engine,
        seed=run.seed,
    )


def _look_closer(t: Translator, view: View) -> list[Button]:
    round_, found = view.round, view.now.found
    buttons = []
    if view.now.figure("matched"):
        buttons.append(button(t("Review one by one"), ReviewPair(round_), Style.PRIMARY))
        if view.voting.mine != 0:
            buttons.append(button(voting.approve_all(t, view.voting), ApproveAll(round_)))
        buttons += [
            button(t("List of pairs"), ListPairs(round_)),
            button(t("The lowest fits"), LowestFits(round_)),
        ]
    if found.alone or found.idle:
        buttons.append(button(t("Who is left out"), LeftOut(round_)))
    if view.before:
        label = t("Compare with round {n}", n=view.before.number)
        buttons.append(button(label, CompareRuns(round_)))
    return buttons


def _change(t: Translator, view: View) -> list[Button]:
    ways = {"weights": t("Weights"), "rules": t("Rules"), "wishes": t("Wishes")}
    return [
        *(button(label, RunCommand(name, view.slug)) for name, label in ways.items()),
        button(t("Match again"), Rerun(view.round)),
    ]


def picture(t: Translator, view: View) -> Picture:
    """How fits are spread in this run and, beside it, in the last."""
    now, before = view.now.found.spread, view.before.found.spread if view.before else ()
    used = [k for k in range(TENTHS) if now[k] or (before and before[k])]
    shown = range(used[0], used[-1] + 1) if used else range(0)
    names = tuple(plain(t("Round {n}", n=run.number)) for run in (view.now, view.before) if run)
    chart = Spread(
        title=plain(t("How well people fit")),
        ranges=tuple(_range(k) for k in shown),
        series=names,
        values=tuple(tuple(run[k] for k in shown) for run in (now, before) if run),
        caption=plain(t("Pairs by fit, in percent")),
    )
    return Picture(chart, _alt(t, chart), adds=_alt(t, chart))


def _range(tenth: int) -> str:
    return f"{tenth * 10}–{(tenth + 1) * 10}"


def _alt(t: Translator, chart: Spread) -> str:
    """The same in words: a sentence a run."""
    sentences = []
    for name, values in zip(chart.series, chart.values, strict=True):
        lines = [
            t.plural("{n} pair of {range}%", "{n} pairs of {range}%", n, range=range_)
            for n, range_ in zip(values, chart.ranges, strict=True)
            if n
        ]
        sentences.append(f"{escape(name)}: {t.list(lines)}." if lines else "")
    return f"{escape(chart.title)}. " + " ".join(filter(None, sentences))
