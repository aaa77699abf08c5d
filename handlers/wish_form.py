"""What somebody filled in about their wishes, understood, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.cards import wishes as cards
from bot.cards.problems import wrong
from bot.core import questions as flow
from bot.core.answers import Problem, Wrong, read
from bot.core.messages import Kind
from bot.core.questions import Question, Values
from handlers import understanding
from handlers.turn import Turn
from storage import wishes
from storage.models import Person

REASON = Question("reason", Kind.TEXT, {}, max_length=cards.LONGEST_REASON)
NAME = Question("colleague", Kind.TEXT, {}, max_length=80)


@dataclass
class Filled:
    """What somebody filled in, understood; `errors` by input say what will not do."""

    turn: Turn
    view: cards.View
    chosen: list[wishes.Chosen] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    avoid: Values = ()
    colleague: int = 0
    named: set[int] = field(default_factory=set)  # who stands on the form with a name
    wished_by_name: set[int] = field(default_factory=set)

    def read(self, behind: Mapping[str, int]) -> None:
        for one in self.view.candidates:
            rank = self._rank(f"rank_{one.field}", one.rank)
            reason = self._reason(f"reason_{one.field}", rank, f"rank_{one.field}")
            if one.name:
                self.named.add(behind[one.field])
            if rank:
                own_word = one.own and bool(one.name)
                chosen = wishes.Chosen(behind[one.field], rank, reason, own_word)
                self._take(chosen, f"rank_{one.field}", by_name=bool(one.name))
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

    def _take(self, one: wishes.Chosen, field_: str, *, by_name: bool) -> None:
        if any(other.rank == one.rank for other in self.chosen):
            rank = cards.ordinal(self.turn.t, one.rank)
            self.errors[field_] = self.turn.t(
                "You gave this place ({rank}) to somebody else as well.", rank=rank
            )
        self.chosen.append(one)
        if by_name:
            self.wished_by_name.add(one.person_id)

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
            chosen = wishes.Chosen(meant, rank, reason, own=True)
            self._take(chosen, "rank_colleague", by_name=True)

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
        if {int(id_) for id_ in found} & self.wished_by_name:
            self.errors["avoid"] = self.turn.t("You wish for this colleague above. Which is it?")
        self.avoid = found


def _same(name: str, person: Person) -> bool:
    return " ".join(name.lstrip("@").split()).casefold() == person.name.casefold()
