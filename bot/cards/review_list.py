"""The pairs of a round as a list: a line each, ten on a page, narrowed down as somebody likes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.cards import reasons
from bot.cards.matching import RoundSummary
from bot.cards.pairs import (
    DOUBTFUL,
    EVERY,
    LONGEST_WORD,
    FilterPairs,
    ListPairs,
    Narrow,
    OpenPair,
    Show,
    ShowPairs,
)
from bot.cards.review import ALONE, Ballot, Stand, state
from bot.content.skills import Lexicon, standard
from bot.core.markup import escape
from bot.core.messages import (
    Ask,
    Button,
    Heading,
    Kind,
    Message,
    Note,
    Part,
    Rule,
    Style,
    Text,
    button,
)
from bot.core.questions import Question
from bot.matching import Contribution
from bot.texts import Translator

WHICH, WORD = "which", "word"  # the inputs


@dataclass(frozen=True)
class Line:
    """A pair in the list."""

    proposal: int
    mentor: str
    mentee: str
    score: float
    stand: Stand
    contributions: tuple[Contribution, ...]
    ballot: Ballot = ALONE
    kept: bool = False
    lexicon: Lexicon = field(default_factory=standard)  # of their organisation


@dataclass(frozen=True)
class ListView:
    """One page of a list."""

    round: int
    programme: str
    narrow: Narrow
    lines: tuple[Line, ...]
    start: int  # the place of the first line, from 0
    of: int
    page: int  # lines on a full page
    mentor: str = ""  # whose pairs, where it is one mentor's
    voting: bool = False  # whoever looks has a vote in a committee


def pairs(t: Translator, view: ListView, intake: Sequence[Question]) -> Message:
    title = t("Pairs of {programme}", programme=view.programme)
    parts: list[Part] = [Heading(title), Note(_which(t, view))]
    for number, line in enumerate(view.lines, view.start + 1):
        parts.append(Text(_line(t, line, intake)))
        label = f"{t.number(number)}. {escape(line.mentee)}"
        parts.append(button(label, OpenPair(line.proposal, **view.narrow.inside)))
    if not view.lines:
        parts.append(Text(t("No pair of this round is like that.")))
    return Message(title, (*parts, Rule(), *_turning(t, view)))


def _which(t: Translator, view: ListView) -> str:
    """What is listed, and how much of it stands here."""
    first, last = view.start + 1, view.start + len(view.lines)
    words = [names(t)[view.narrow.show]]
    if view.mentor:
        words.append(t("of {mentor}", mentor=view.mentor))
    if view.narrow.word:
        words.append(t("with “{word}”", word=view.narrow.word))
    if view.lines:
        numbers = (t.number(each) for each in (first, last, view.of))
        words.append(t("{first}–{last} of {of}", **dict(zip(_PAGE, numbers, strict=True))))
    order = t("the doubtful ones first")
    if view.voting:
        order = t("what you have not voted on first")
    return " · ".join([*words, order])


_PAGE = ("first", "last", "of")


def names(t: Translator) -> dict[Show, str]:
    """What each choice of pairs is called."""
    return {
        Show.EVERY: t("All pairs"),
        Show.DOUBTFUL: t("Doubtful pairs (below {fit})", fit=t.percent(DOUBTFUL / 100)),
        Show.UNDECIDED: t("Not decided yet"),
        Show.REJECTED: t("Voted down"),
        Show.MINE: t("Waiting for my vote"),
    }


def _line(t: Translator, line: Line, intake: Sequence[Question]) -> str:
    who = f"**{escape(line.mentor)}** – **{escape(line.mentee)}**"
    how = state(t, line.stand, line.ballot)
    if line.ballot.concerned:
        return f"{who} · {how} · " + t("you are one of them, so the others decide")
    words = [who, t.percent(line.score), how]
    if line.ballot.committee and line.ballot.mine is not None:
        words.append(t("you said yes") if line.ballot.mine else t("you said no"))
    if line.kept:
        words.append(t("kept together"))
    why = reasons.why(t, line.contributions, intake, most=1, lexicon=line.lexicon)
    return " · ".join(words) + (f"\n{why[0]}" if why else "")


def _turning(t: Translator, view: ListView) -> list[Button]:
    inside, buttons = view.narrow.inside, []
    if view.start > 0:
        before = ListPairs(view.round, max(0, view.start - view.page), **inside)
        buttons.append(button(t("Previous page"), before))
    if view.start + len(view.lines) < view.of:
        behind = ListPairs(view.round, view.start + view.page, **inside)
        buttons.append(button(t("Next page"), behind))
    buttons.append(button(t("Choose which pairs…"), FilterPairs(view.round, **inside)))
    if view.narrow != EVERY:
        buttons.append(button(t("All pairs"), ListPairs(view.round)))
    buttons.append(button(t("Overview"), RoundSummary(view.round)))
    return buttons


def which(
    t: Translator, round_: int, narrow: Narrow, *, voting: bool, rejected: bool, problem: str = ""
) -> Message:
    """A small form: which pairs, and whose. `problem` (mark-up) is what is wrong with the name."""
    title = t("Which pairs do you want to see?")
    shown = names(t)
    if not voting:
        del shown[Show.MINE]
    if not rejected:
        del shown[Show.REJECTED]
    options = tuple((str(int(show)), label) for show, label in shown.items())
    chosen = narrow.show if narrow.show in shown else Show.EVERY
    parts: tuple[Part, ...] = (
        Heading(title),
        Ask(WHICH, t("Pairs"), Kind.CHOICE, options, (str(int(chosen)),)),
        Ask(
            WORD,
            t("A name or a department (optional)"),
            value=(narrow.word,) if narrow.word else (),
            error=problem,
            hint=t("Of the mentor or the mentee; a part of it will do."),
        ),
        button(t("Show"), ShowPairs(round_), Style.PRIMARY),
        button(t("Back"), ListPairs(round_, **narrow.inside)),
    )
    return Message(title, parts)


def too_long(t: Translator) -> str:
    return t("Please keep it under {n} characters.", n=LONGEST_WORD + 1)
