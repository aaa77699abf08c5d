"""People say whom they would like: in their own order, in private, until the wishing closes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.cards import wishes as cards
from bot.cards.problems import wrong
from bot.core import questions as flow
from bot.core.actions import StaleAction
from bot.core.answers import Problem, Wrong, read
from bot.core.messages import Kind, Message
from bot.core.questions import Question, Values
from bot.core.working_time import next_open
from handlers import programmes, understanding
from handlers.asked import and_the_rest
from handlers.router import router
from handlers.turn import Turn
from storage import dialogues, people, wishes, wishing_views, wishings
from storage import programmes as stored
from storage.models import DialogueState, Part, Participant, ParticipantState, Person, Programme
from storage.profiles import INTAKE

REASON = Question("reason", Kind.LONG_TEXT, {}, max_length=cards.LONGEST_REASON)
NAME = Question("colleague", Kind.TEXT, {}, max_length=80)


def own(turn: Turn, args: str) -> Message:
    """A participant looks at what they wish."""
    mine = {p.id: p for _, p in stored.participations(turn.session, turn.person)}
    programme = programmes.one(turn, args, command="wishes", among=list(mine.values()), then="mine")
    if isinstance(programme, Message):
        return turn.privately(programme)
    return turn.privately(_standing(turn, programme, _part(turn, programme.id)[1]))


def _standing(turn: Turn, programme: Programme, participant: Participant) -> Message:
    _meet(turn, programme, participant)
    view = _view(turn, programme, participant)
    if view.open and not view.answered and not view.wishes:
        return cards.candidates(turn.t, view, turn.content.intake)
    if view.open or view.wishes:
        return cards.state(turn.t, view)
    return cards.not_asked(turn.t, programme.name)


def _part(turn: Turn, programme_id: int) -> tuple[Programme, Participant]:
    """The programme and this person's own place in it: nobody acts for anybody else."""
    programme = wishings.find(turn.session, programme_id)
    participant = stored.participation(turn.session, turn.person, programme) if programme else None
    if programme is None or participant is None or participant.state is ParticipantState.LEFT:
        raise StaleAction
    return programme, participant


def _view(turn: Turn, programme: Programme, participant: Participant) -> cards.View:
    return wishing_views.view(
        turn.session, programme, participant, turn.person, turn.now, turn.content
    )


def _meet(turn: Turn, programme: Programme, participant: Participant) -> None:
    """Who joined or came back after the others were asked may wish as well."""
    wishing = wishings.current(turn.session, programme)
    if wishing and wishings.is_open(wishing, turn.now):
        wishings.meet(turn.session, wishing, participant, turn.now)


@router.on(cards.EditWishes)
def edit(turn: Turn, action: cards.EditWishes) -> Message:
    programme, participant = _part(turn, action.programme)
    view = _view(turn, programme, participant)
    return cards.form(turn.t, view) if view.open else cards.closed(turn.t, view)


@router.on(cards.NoWishes)
def no_wishes(turn: Turn, action: cards.NoWishes) -> Message:
    """None, or none any more: that may be said at any time."""
    programme, participant = _part(turn, action.programme)
    wishes.take_back(turn.session, participant)
    _answered(turn, programme, participant)
    return and_the_rest(turn, cards.state(turn.t, _view(turn, programme, participant)))


@router.on(cards.SaveWishes)
def save(turn: Turn, action: cards.SaveWishes) -> Message:
    """All of it counts, or nothing does."""
    programme, participant = _part(turn, action.programme)
    view = _view(turn, programme, participant)
    if not view.open:
        return cards.closed(turn.t, view)
    filled = _Filled(turn, view)
    filled.read(wishing_views.people_behind(turn.session, view))
    if filled.errors:
        return cards.form(turn.t, view, turn.fields, filled.errors)
    part = Part.MENTEE if view.mentee else Part.MENTOR
    wishes.keep(
        turn.session,
        participant,
        part,
        filled.in_order,
        shared=turn.fields.get("shared") == ("yes",),
        now=turn.now,
    )
    _avoid_too(turn, programme, filled.avoid)
    _answered(turn, programme, participant)
    invited = _invite(turn, programme, filled.colleague) if view.mentee else False
    after = _view(turn, programme, participant)
    note = cards.kept(turn.t, after, invited=invited)
    return and_the_rest(turn, cards.state(turn.t, after, note))


def _answered(turn: Turn, programme: Programme, participant: Participant) -> None:
    wishing = wishings.current(turn.session, programme)
    asked = wishings.wisher(turn.session, wishing, participant) if wishing else None
    if asked is not None:
        asked.answered_at, asked.ask_at = turn.now, None
    turn.session.flush()


def _avoid_too(turn: Turn, programme: Programme, avoid: Values) -> None:
    """Added to what the intake knows: there is one such list, and only the solver reads it."""
    if not avoid:
        return
    intake = dialogues.find(turn.session, turn.person, INTAKE, programme.id)
    if intake is None:  # taken in without a conversation
        intake = dialogues.open_or_resume(turn.session, turn.person, INTAKE, programme.id, turn.now)
        intake.state, intake.confirmed = DialogueState.DONE, True
    before = dialogues.answers(turn.session, intake).get("avoid", ())
    dialogues.keep(turn.session, intake, "avoid", tuple(dict.fromkeys((*before, *avoid))))
    turn.session.flush()


def _invite(turn: Turn, programme: Programme, colleague_id: int) -> bool:
    """One kind invitation, only if the wisher says so, and in the colleague's own hours."""
    how = turn.fields.get("invite", ("no",))
    colleague = people.get(turn.session, turn.person.organisation_id, colleague_id)
    if how not in (("named",), ("unnamed",)) or colleague is None:
        return False
    part = stored.participation(turn.session, colleague, programme)
    if people.may_take_part(colleague) and not (part and _was_asked_before(part)):
        by = turn.person.name if how == ("named",) else ""
        turn.send(
            colleague,
            lambda t: cards.invitation(t, programme=programme.name, slug=programme.slug, by=by),
            key=f"invited:{programme.id}:{colleague.id}",
            at=next_open(people.working_time(colleague), turn.now),
        )
    return True


def _was_asked_before(part: Participant) -> bool:
    """Whoever takes part knows the way, and whoever left does not want to be asked back."""
    return part.mentor or part.mentee or part.state is ParticipantState.LEFT


@dataclass
class _Filled:
    """What somebody filled in, understood; `errors` by input say what will not do."""

    turn: Turn
    view: cards.View
    chosen: list[wishes.Chosen] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    avoid: Values = ()
    colleague: int = 0
    named: dict[int, str] = field(default_factory=dict)  # whom the wisher knows by name

    def read(self, behind: Mapping[str, int]) -> None:
        for one in self.view.candidates:
            rank = self._rank(f"rank_{one.field}", one.rank)
            reason = self._reason(f"reason_{one.field}", rank, f"rank_{one.field}")
            if one.name:
                self.named[behind[one.field]] = one.name
            if rank:
                own_word = one.own and bool(one.name)
                chosen = wishes.Chosen(behind[one.field], rank, reason, own_word)
                self._take(chosen, f"rank_{one.field}")
        self._read_colleague()
        self._read_avoid()

    @property
    def in_order(self) -> list[wishes.Chosen]:
        """The wishes without gaps: who names a second and no first means a first."""
        order = sorted(self.chosen, key=lambda one: one.rank)
        return [
            wishes.Chosen(one.person_id, place, one.reason, one.own)
            for place, one in enumerate(order, 1)
        ]

    def _take(self, one: wishes.Chosen, field_: str) -> None:
        if any(other.rank == one.rank for other in self.chosen):
            rank = cards.ordinal(self.turn.t, one.rank)
            self.errors[field_] = self.turn.t(
                "You gave this place ({rank}) to somebody else as well.", rank=rank
            )
        self.chosen.append(one)

    def _rank(self, field_: str, before: int = 0) -> int:
        given = self.turn.fields.get(field_, (str(before),))
        word = given[0] if given else "0"
        return int(word) if word in ("1", "2", "3", "4", "5") else 0

    def _reason(self, field_: str, rank: int, rank_field: str) -> str:
        t = self.turn.t
        found = read(REASON, self.turn.fields.get(field_, ()), typed=False, today=self.turn.today)
        if isinstance(found, Problem):
            if found.wrong is not Wrong.EMPTY:
                self.errors[field_] = wrong(t, found)
            return ""
        if not rank:
            self.errors.setdefault(
                rank_field, t("You wrote why. Please choose a place too, or empty the reason.")
            )
        return found[0]

    def _read_colleague(self) -> None:
        t, given = self.turn.t, self.turn.fields.get("colleague", ())
        found = read(NAME, given, typed=False, today=self.turn.today)
        if isinstance(found, Problem):
            rank = self._rank("rank_colleague")
            self._reason("reason_colleague", 1, "rank_colleague")
            if found.wrong is not Wrong.EMPTY:
                self.errors["colleague"] = wrong(t, found)
            elif rank or self.turn.fields.get("reason_colleague", ("",))[0:1] not in ((), ("",)):
                self.errors["colleague"] = t("Whom do you mean? Please give a name.")
            return
        rank = self._rank("rank_colleague") or self._first_free()
        reason = self._reason("reason_colleague", 1, "rank_colleague")
        meant = self._meant(found[0])
        if isinstance(meant, str):
            self.errors["colleague"] = meant
        elif not rank:
            self.errors["rank_colleague"] = t("You have given all five places already.")
        else:
            self.colleague = meant
            self._take(wishes.Chosen(meant, rank, reason, own=True), "rank_colleague")

    def _first_free(self) -> int:
        taken = {one.rank for one in self.chosen}
        return next((rank for rank in range(1, cards.RANKS + 1) if rank not in taken), 0)

    def _meant(self, name: str) -> int | str:
        """The colleague somebody names, or what is wrong with that."""
        t, person = self.turn.t, self.turn.person
        if _same(name, person):
            return t("That is you. Whom else would you like?")
        found = understanding.colleagues(self.turn, (name,))
        if isinstance(found, Problem):
            return wrong(t, found)
        meant = int(found[0])
        if meant in self.named:
            return t("{name} is in the list above: please choose a place there.", name=name)
        return meant

    def _read_avoid(self) -> None:
        question = flow.find(self.turn.content.intake, "avoid")
        given = self.turn.fields.get("avoid", ())
        if question is None:
            return
        found = understanding.answer(self.turn, question, given, (), typed=False)
        if isinstance(found, Problem):
            if found.wrong is not Wrong.EMPTY:
                self.errors["avoid"] = wrong(self.turn.t, found)
            return
        # Of a candidate without a name nothing may be told by this.
        known = {one.person_id for one in self.chosen if one.own or one.person_id in self.named}
        if {int(id_) for id_ in found} & known:
            self.errors["avoid"] = self.turn.t("You wish for this colleague above. Which is it?")
        self.avoid = found


def _same(name: str, person: Person) -> bool:
    return " ".join(name.lstrip("@").split()).casefold() == person.name.casefold()
