"""One proposed pair at a time: why, where the points come from, other choices, who is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.cards import reasons, wishes
from bot.cards.matching import RoundSummary
from bot.cards.pairs import (
    EVERY,
    Approve,
    AskForbid,
    Exchanges,
    Keep,
    ListPairs,
    Narrow,
    OpenPair,
    OtherChoices,
    Swap,
    Unapprove,
    VoteNo,
)
from bot.content.skills import Lexicon, standard
from bot.core.markup import escape
from bot.core.messages import (
    Button,
    Fields,
    Heading,
    Message,
    Note,
    Part,
    Rule,
    Style,
    Text,
    button,
    say,
)
from bot.core.questions import Question
from bot.matching import Contribution
from bot.texts import Translator


class Stand(StrEnum):
    """How far a pair is."""

    UNDECIDED = "undecided"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Ballot:
    """The votes on a pair, for whoever looks at it."""

    needed: int = 1
    yes: tuple[str, ...] = ()  # names
    no: tuple[str, ...] = ()
    mine: bool | None = None  # how whoever looks voted
    may: bool = True  # whether they have a vote
    concerned: bool = False  # they are one of the two
    committee: bool = False  # several decide; alone a vote only says who approved


ALONE = Ballot()  # one coordinator suffices


@dataclass(frozen=True)
class PairView:
    """One proposal."""

    proposal: int
    round: int
    place: int
    of: int
    mentor: str
    mentee: str
    mentor_about: str
    mentee_about: str
    score: float
    stand: Stand
    load: int  # mentees of this mentor, this one included
    places: int
    contributions: tuple[Contribution, ...]
    narrow: Narrow = EVERY
    before: int = 0  # the pair before this one in the list, 0 for none
    behind: int = 0
    mentor_id: int = 0
    kept: bool = False  # stays together whatever changes
    ballot: Ballot = ALONE
    wished: Sequence[wishes.Wished] = ()
    lexicon: Lexicon = field(default_factory=standard)  # of their organisation


@dataclass(frozen=True)
class Asked:
    """The pair whose mentee may get another mentor."""

    proposal: int
    mentor: str
    mentee: str
    score: float
    narrow: Narrow = EVERY
    costed: bool = True  # what the whole round loses is worked out


@dataclass(frozen=True)
class Choice:
    """Another mentor for the same mentee, and what that costs the whole round."""

    mentor_id: int
    mentor: str
    score: float
    loss: float
    fewer: int
    moves: int


def pair(t: Translator, view: PairView, intake: Sequence[Question], note: str = "") -> Message:
    """`note` (mark-up) is what happened to the pair meanwhile."""
    title = t("{mentor} mentors {mentee}", mentor=view.mentor, mentee=view.mentee)
    of = t("pair {place} of {of}", place=t.number(view.place + 1), of=t.number(view.of))
    marks = [of, state(t, view.stand, view.ballot)] + ([t("kept together")] if view.kept else [])
    parts: list[Part] = [Text(note)] if note else []
    parts += [Note(" · ".join(marks)), Heading(title), Fields(_facts(t, view))]
    if view.ballot.concerned:
        parts.append(Text(_concerned(t)))
    else:
        lines = reasons.why(t, view.contributions, intake, lexicon=view.lexicon)
        if lines:
            parts.append(Text("\n".join(f"• {line}" for line in lines)))
        parts += wishes.told(t, view.wished)
        parts.append(Note(_sums(t, view.contributions)))
        parts.append(Note(reasons.not_looked_at(t)))
    if view.ballot.committee and not view.ballot.concerned:
        parts.append(Note(_votes(t, view.ballot)))
    return Message(title, (*parts, *_pair_buttons(t, view), Rule(), *_ways(t, view)))


def _facts(t: Translator, view: PairView) -> tuple[tuple[str, str], ...]:
    who = (
        (t("Mentor"), f"{escape(view.mentor)}, {escape(view.mentor_about)}".rstrip(", ")),
        (t("Mentee"), f"{escape(view.mentee)}, {escape(view.mentee_about)}".rstrip(", ")),
    )
    if view.ballot.concerned:
        return who
    load = t("{load} of {places} places", load=view.load, places=view.places)
    return (*who, (t("Fit"), t.percent(view.score)), (t("Load of the mentor"), load))


def state(t: Translator, stand: Stand, ballot: Ballot) -> str:
    """How far a pair is, in a few words (mark-up)."""
    match stand:
        case Stand.APPROVED if ballot.committee or not ballot.yes:
            return t("approved ✓")
        case Stand.APPROVED:
            return t("approved ✓ by {name}", name=ballot.yes[-1])
        case Stand.REJECTED:
            return t("voted down")
    if ballot.committee:
        return t("{yes} of {needed} votes", yes=len(ballot.yes), needed=ballot.needed)
    return t("not approved yet")


def _concerned(t: Translator) -> str:
    return t(
        "You are one of these two yourself. So the others decide about this pair, and I do not show"
        " you why it was proposed: that keeps it fair for everybody, you included."
    )


def _votes(t: Translator, ballot: Ballot) -> str:
    """Who voted what, and who can read that."""
    said = [
        f"{label} {t.list(escape(name) for name in names)}."
        for label, names in ((t("Yes:"), ballot.yes), (t("No:"), ballot.no))
        if names
    ]
    if not ballot.may:
        said.append(t("You are not on the committee of this programme, so you have no vote."))
    return " ".join([*said, t("Only the coordinators can read who voted what.")])


def _sums(t: Translator, contributions: Sequence[Contribution]) -> str:
    """Where the score comes from, to the point: the parts add up to the whole."""
    parts = [
        f"{reasons.criterion_name(t, c.criterion)} {t.number(c.points * 100)}"
        for c in sorted(contributions, key=lambda c: -c.points)
    ]
    return t("Points out of 100:") + " " + " + ".join(parts)


def _pair_buttons(t: Translator, view: PairView) -> list[Button]:
    if view.ballot.concerned:
        return []
    keep = t("No need to keep them together") if view.kept else t("Keep these two together")
    return [
        *_decisions(t, view),
        button(t("Another mentor…"), OtherChoices(view.proposal, **view.narrow.inside)),
        button(t("Exchange mentors…"), Exchanges(view.proposal, **view.narrow.inside)),
        button(keep, Keep(view.proposal, not view.kept, **view.narrow.inside)),
        button(t("Never these two…"), AskForbid(view.proposal, **view.narrow.inside), Style.DANGER),
    ]


def _decisions(t: Translator, view: PairView) -> list[Button]:
    here, inside = view.proposal, view.narrow.inside
    yes = button(t("Approve"), Approve(here, **inside), Style.PRIMARY)
    undecided = button(t("Not yet after all"), Unapprove(here, **inside))
    if not view.ballot.committee:
        return [undecided if view.stand is Stand.APPROVED else yes]
    if not view.ballot.may:
        return []
    yes = button(t("Yes, this pair"), Approve(here, **inside), Style.PRIMARY)
    no = button(t("No, not this pair"), VoteNo(here, **inside))
    back = button(t("Take my vote back"), Unapprove(here, **inside))
    return {None: [yes, no], True: [no, back], False: [yes, back]}[view.ballot.mine]


def _ways(t: Translator, view: PairView) -> list[Button]:
    """To the other pairs of the list, and back."""
    inside = view.narrow.inside
    buttons = []
    if view.before:
        buttons.append(button(t("Previous"), OpenPair(view.before, **inside)))
    if view.behind:
        buttons.append(button(t("Next"), OpenPair(view.behind, **inside)))
    buttons.append(button(t("Back to the list"), ListPairs(view.round, view.place, **inside)))
    if view.load > 1 and not view.narrow.mentor and not view.ballot.concerned:
        label = t("All pairs of {mentor}", mentor=view.mentor)
        buttons.append(button(label, ListPairs(view.round, mentor=view.mentor_id)))
    buttons.append(button(t("Overview"), RoundSummary(view.round)))
    return buttons


def choices(t: Translator, view: Asked, others: Sequence[Choice]) -> Message:
    """The next best mentors, each with what the whole programme would lose."""
    title = t("Another mentor for {mentee}", mentee=view.mentee)
    parts: list[Part] = [Heading(title)]
    now = t("Now: {mentor}, fit {fit}.", mentor=view.mentor, fit=t.percent(view.score))
    parts.append(Text(now))
    if not view.costed:
        parts.append(
            Note(
                t(
                    "With so many people I compare only the mentors with the most room, and what the"
                    " whole round would lose is not worked out here. The average fit of the round"
                    " shows it, once the pairs have been matched again."
                )
            )
        )
    if not others:
        parts.append(Text(t("Nobody else fits within the rules.")))
    for one in others:
        words = _cost(t, one) if view.costed else t("fit {fit}", fit=t.percent(one.score))
        parts.append(Text(f"**{escape(one.mentor)}** · " + words))
        label = t("Choose {mentor}", mentor=one.mentor)
        parts.append(button(label, Swap(view.proposal, one.mentor_id)))
    parts.append(button(t("Back"), OpenPair(view.proposal, **view.narrow.inside)))
    return Message(title, tuple(parts))


def _cost(t: Translator, one: Choice) -> str:
    words = [t("fit {fit}", fit=t.percent(one.score))]
    if one.fewer > 0:
        words.append(
            t.plural(
                "{n} person more without a match", "{n} people more without a match", one.fewer
            )
        )
    if one.moves:
        words.append(
            t.plural(
                "{n} other person gets another mentor", "{n} others get another mentor", one.moves
            )
        )
    words.append(
        t("the whole round loses {points} points", points=t.number(max(0.0, one.loss) * 100))
    )
    return "; ".join(words)


def approved_meanwhile(t: Translator, names: Sequence[str]) -> str:
    """What to say to somebody whose card was a little old (mark-up)."""
    if not names:
        return t("This pair has been approved already.")
    return t("{name} has approved this pair already.", name=names[-1])


def exchanged_meanwhile(t: Translator, mentee: str) -> str:
    return t("{mentee} has got another mentor meanwhile: this is how it is now.", mentee=mentee)


def kept_apart_meanwhile(t: Translator, round_: int, mentor: str, mentee: str) -> Message:
    """Nobody brings back with an older card whom somebody else keeps apart."""
    text = t(
        "{mentor} and {mentee} are no longer proposed as a pair, so nothing has changed.",
        mentor=mentor,
        mentee=mentee,
    )
    return say(text, button(t("Overview"), RoundSummary(round_)))


def exchanged(t: Translator, one: str, other: str) -> str:
    return t("{one} and {other} have exchanged mentors.", one=one, other=other)
