"""People say whom they would like: in their own order, in private, until the wishing closes."""

from __future__ import annotations

from bot.cards import wish_form as form_cards
from bot.cards import wishes as cards
from bot.core.actions import StaleAction
from bot.core.messages import Message
from bot.core.questions import Values
from bot.core.working_time import next_open
from handlers import programmes
from handlers.asked import and_the_rest
from handlers.router import Access, router
from handlers.turn import Turn
from handlers.wish_form import Filled
from storage import dialogues, people, wishers, wishes, wishing_views, wishings
from storage import programmes as stored
from storage.models import DialogueState, Part, Participant, ParticipantState, Programme
from storage.profiles import INTAKE


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
    programme = turn.session.get_one(Programme, programme_id)
    participant = stored.participation(turn.session, turn.person, programme)
    if participant is None or participant.state is ParticipantState.LEFT:
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
        wishers.meet(turn.session, wishing, participant, turn.now)


@router.on(cards.EditWishes, access=Access.PARTICIPANT)
def edit(turn: Turn, action: cards.EditWishes) -> Message:
    programme, participant = _part(turn, action.programme)
    view = _view(turn, programme, participant)
    return form_cards.form(turn.t, view) if view.open else cards.closed(turn.t, view)


@router.on(cards.NoWishes, access=Access.PARTICIPANT)
def no_wishes(turn: Turn, action: cards.NoWishes) -> Message:
    """None, or none any more: that may be said at any time."""
    programme, participant = _part(turn, action.programme)
    wishes.take_back(turn.session, participant)
    _answered(turn, programme, participant)
    return and_the_rest(turn, cards.state(turn.t, _view(turn, programme, participant)))


@router.on(cards.SaveWishes, access=Access.PARTICIPANT)
def save(turn: Turn, action: cards.SaveWishes) -> Message:
    """All of it counts, or nothing does."""
    programme, participant = _part(turn, action.programme)
    view = _view(turn, programme, participant)
    if not view.open:
        return cards.closed(turn.t, view)
    filled = Filled(turn, view)
    filled.read(wishing_views.people_behind(turn.session, view))
    if filled.errors:
        return form_cards.form(turn.t, view, turn.fields, filled.errors)
    part = Part.MENTEE if view.mentee else Part.MENTOR
    wishes.keep(
        turn.session,
        participant,
        part,
        filled.in_order,
        shared=turn.fields.get("shared") == ("yes",),
    )
    _avoid_too(turn, programme, filled.avoid)
    _answered(turn, programme, participant)
    invited = _invite(turn, programme, filled.colleague) if view.mentee else False
    after = _view(turn, programme, participant)
    note = cards.kept(turn.t, after, invited=invited)
    return and_the_rest(turn, cards.state(turn.t, after, note))


def _answered(turn: Turn, programme: Programme, participant: Participant) -> None:
    wishing = wishings.current(turn.session, programme)
    asked = wishers.wisher(turn.session, wishing, participant) if wishing else None
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
