"""Two mentees exchange mentors: who suits, what the programme loses, and why it may not be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import reasons
from bot.cards.pairs import LONGEST_WORD, Exchange, Exchanges, FindExchange, Narrow, OpenPair
from bot.core.markup import escape
from bot.core.messages import Ask, Heading, Message, Note, Part, Style, Text, button
from bot.texts import Translator

NAME = "name"  # the input


@dataclass(frozen=True)
class Half:
    """A pair before or after."""

    mentor: str
    mentee: str
    score: float


@dataclass(frozen=True)
class ExchangeView:
    """What an exchange with another pair comes to."""

    proposal: int
    other: int
    before: tuple[Half, Half]
    after: tuple[Half, Half]

    @property
    def loss(self) -> float:
        """What the sum of all scores of the round loses; below 0 it gains."""
        return sum(h.score for h in self.before) - sum(h.score for h in self.after)


def exchanges(
    t: Translator,
    proposal: int,
    names: tuple[str, str],
    narrow: Narrow,
    found: Sequence[ExchangeView],
    *,
    compared: int,
    typed: str = "",
    problem: str = "",
) -> Message:
    """The best exchanges of those that were compared, and a field to name somebody; `problem` (mark-up)
    stands beside it."""
    title = t("With whom should {mentee} exchange mentors?", mentee=names[1])
    parts: list[Part] = [Heading(title), Text(t("Now: {mentor}.", mentor=names[0]))]
    if not found:
        parts.append(
            Text(t("I found no exchange within the rules that nobody has decided on yet."))
        )
    for one in found:
        other = one.before[1]
        words = f"**{escape(other.mentee)}** ({escape(other.mentor)}) · " + of_the_round(
            t, one.loss
        )
        parts.append(Text(words))
        label = t("Look at {mentee}", mentee=other.mentee)
        parts.append(button(label, Exchange(proposal, one.other, **narrow.inside)))
    note = t.plural(
        "Compared with {n} undecided pair, the doubtful ones first.",
        "Compared with {n} undecided pairs, the doubtful ones first.",
        compared,
    )
    parts += [
        Note(note),
        Ask(
            NAME,
            t("Or name another mentee"),
            value=(typed,) if typed else (),
            error=problem,
        ),
        button(t("Find"), FindExchange(proposal, **narrow.inside)),
        button(t("Back"), OpenPair(proposal, **narrow.inside)),
    ]
    return Message(title, tuple(parts))


def of_the_round(t: Translator, loss: float) -> str:
    """What the sum of all fits loses or gains, in words."""
    points = t.number(abs(loss) * 100)
    if points == t.number(0.0):
        return t("the whole round stays as good")
    if loss < 0:
        return t("the whole round gains {points} points", points=points)
    return t("the whole round loses {points} points", points=points)


def sure(t: Translator, view: ExchangeView, narrow: Narrow, *, votes: bool) -> Message:
    """What changes, before anybody says yes."""
    first, second = view.before
    title = t("{one} and {other} exchange mentors?", one=first.mentee, other=second.mentee)
    lines = []
    for half, was in zip(view.after, view.before, strict=True):
        who = f"**{escape(half.mentor)}** – **{escape(half.mentee)}**"
        fits = t("fit {fit}, now {before}", fit=t.percent(half.score), before=t.percent(was.score))
        lines.append(f"• {who} · {fits}")
    parts: list[Part] = [
        Heading(title),
        Text("\n".join(lines)),
        Text(_capital(of_the_round(t, view.loss))),
    ]
    what = t("The two new pairs are approved and stay together when you match again.")
    if votes:
        what = t("The two new pairs need votes of their own; they stay together in a new round.")
    parts += [
        Note(what),
        button(
            t("Exchange them"),
            Exchange(view.proposal, view.other, sure=True, **narrow.inside),
            Style.PRIMARY,
        ),
        button(t("Back"), Exchanges(view.proposal, **narrow.inside)),
    ]
    return Message(title, tuple(parts))


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:] + "."


def refused(
    t: Translator, proposal: int, names: tuple[str, str], narrow: Narrow, rule: str
) -> Message:
    """These two cannot be a pair: (mentor, mentee); `rule` by name, or a general word."""
    title = t("{mentor} and {mentee} cannot be a pair.", mentor=names[0], mentee=names[1])
    why = reasons.why_not(t, rule)
    parts: tuple[Part, ...] = (
        Text(f"{title} {why}"),
        button(t("Another mentee"), Exchanges(proposal, **narrow.inside)),
        button(t("Back to the pair"), OpenPair(proposal, **narrow.inside)),
    )
    return Message(title, parts)


def not_found(t: Translator, word: str, several: Sequence[str] = ()) -> str:
    """Why a typed name names nobody here (mark-up)."""
    if not word:
        return t("Please type a name.")
    if len(word) > LONGEST_WORD:
        return t("Please keep it under {n} characters.", n=LONGEST_WORD + 1)
    if several:
        return t("Several mentees are called that: {names}.", names=", ".join(several))
    return t("I know no other mentee of this round with that name.")
