"""What a programme taught about its criteria: shown with its doubts, proposed and never applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.cards.programmes import OfProgramme
from bot.cards.reasons import criterion_name
from bot.cards.weights import importance_name
from bot.core.actions import RunCommand
from bot.core.charts import Interval, Intervals
from bot.core.markup import plain
from bot.core.messages import Heading, Message, Note, Part, Picture, Style, Text, button, say
from bot.matching import Importance
from bot.matching.learning import ENOUGH, Lesson
from bot.texts import Translator

MOST_SHOWN = 8


@dataclass(frozen=True)
class TakeOver(OfProgramme):
    """Give the criteria the importance that was proposed, as it was proposed."""

    mark: str


@dataclass(frozen=True)
class Learned:
    """What came out, and what it comes from."""

    programme: str
    id: int
    slug: str
    pairs: int
    fit: int  # pairs of which a fit check is known
    met: int  # pairs of which a check-in is known
    lessons: Sequence[Lesson]
    proposed: Mapping[str, Importance]
    now: Mapping[str, Importance]
    mark: str  # of what is proposed


def too_few(t: Translator, programme: str, pairs: int, least: int) -> Message:
    text = t.plural(
        "{n} pair of {programme} has answered a fit check or a check-in.",
        "{n} pairs of {programme} have answered a fit check or a check-in.",
        pairs,
        programme=programme,
    )
    return say(
        text,
        Text(
            t(
                "That is too few to learn from: with fewer than {least} pairs chance would speak, and"
                " it would be plain who said what.",
                least=least,
            )
        ),
    )


def learned(t: Translator, view: Learned) -> Message:
    title = t("What {programme} taught us", programme=view.programme)
    parts: list[Part] = [Heading(title), Text(_comes_from(t, view))]
    if view.lessons:
        parts.append(_picture(t, view.lessons[:MOST_SHOWN]))
    else:
        parts.append(Text(t("Every pair was much the same in what we look at: nothing to learn.")))
    if view.pairs < ENOUGH:
        parts.append(
            Text(
                "⚠️ "
                + t(
                    "These are few pairs. From {enough} on I dare to propose other weights.",
                    enough=ENOUGH,
                )
            )
        )
    parts.append(
        Note(
            t(
                "This shows what went together, not what caused it: nobody was matched by lot, and all"
                " pairs fitted well enough to be announced. Only sums are shown, never who said"
                " what."
            )
        )
    )
    return Message(title, (*parts, *_proposal(t, view)))


def _comes_from(t: Translator, view: Learned) -> str:
    return t(
        "From {pairs} pairs: {fit} said whether the match fits, {met} whether they met. The further to"
        " the right, the more a criterion went with pairs that do well; the line is how sure that"
        " is (95%).",
        pairs=view.pairs,
        fit=view.fit,
        met=view.met,
    )


def _picture(t: Translator, lessons: Sequence[Lesson]) -> Picture:
    rows = tuple(
        Interval(
            plain(criterion_name(t, one.criterion)),
            one.low,
            one.together,
            one.high,
            _signed(t, one.together),
        )
        for one in lessons
    )
    title = t("What went with good matches")
    lines = [
        t(
            "{criterion}: {together} (between {low} and {high}, {n} pairs)",
            criterion=criterion_name(t, one.criterion),
            together=_signed(t, one.together),
            low=_signed(t, one.low),
            high=_signed(t, one.high),
            n=one.pairs,
        )
        for one in lessons
    ]
    return Picture(Intervals(title, rows), title + ". " + "; ".join(map(plain, lines)) + ".")


def _signed(t: Translator, figure: float) -> str:
    return f"{'+' if figure > 0 else '-' if figure < 0 else ''}{t.number(abs(figure), 2)}"


def _proposal(t: Translator, view: Learned) -> list[Part]:
    """What could be changed; nothing is until a coordinator says so."""
    change = button(t("Change the weights"), RunCommand("weights", view.slug))
    if not view.proposed:
        return [Text(t("I see no reason to change the weights.")), change]
    lines = [
        t(
            "{criterion}: from “{before}” to “{after}”",
            criterion=criterion_name(t, key),
            before=plain(importance_name(t, view.now.get(key, Importance.NORMAL))),
            after=plain(importance_name(t, after)),
        )
        for key, after in view.proposed.items()
    ]
    return [
        Text("\n".join([f"**{t('I propose:')}**", *(f"• {line}" for line in lines)])),
        button(t("Take this over"), TakeOver(view.id, view.mark), Style.PRIMARY),
        change,
    ]


def taken_over(t: Translator, programme: str, slug: str) -> Message:
    return say(
        t("Done: the next round of {programme} weighs this way.", programme=programme),
        button(t("See the weights"), RunCommand("weights", slug), Style.PRIMARY),
    )
