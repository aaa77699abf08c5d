"""People see what they told, and change several answers at once."""

from __future__ import annotations

from bot.cards import forms as cards
from bot.cards import joining
from bot.cards.questions import EditProfile
from bot.core.actions import RunCommand
from bot.core.messages import Message
from handlers import dialogue as engine
from handlers import forms, programmes, steps
from handlers.joining import INTAKE
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import dialogues
from storage import programmes as stored
from storage.models import Dialogue, Programme


@router.command(
    "profile",
    mark("see and change what you told me"),
    access=Access.EVERYONE,
    args="[programme]",
    aliases=("profiel",),
)
def profile(turn: Turn, args: str) -> Message:
    mine = [p for _, p in stored.participations(turn.session, turn.person)]
    if not mine:
        return joining.not_in_any(turn.t)
    programme = programmes.one(turn, args, command="profile", among=mine)
    if isinstance(programme, Message):
        return turn.privately(programme)
    return turn.privately(engine.review(turn, INTAKE, programme.id))


@router.on(EditProfile, access=Access.OWNER)
def edit(turn: Turn, action: EditProfile) -> Message:
    dialogue, current = steps.answered(turn, action)
    if not (current and dialogue.confirmed):
        return engine.show(turn, dialogue)
    return forms.show(turn, _form(turn, dialogue))


@router.on(cards.SaveProfile, access=Access.OWNER)
def save(turn: Turn, action: cards.SaveProfile) -> Message:
    """All of it counts, or nothing does; an older form shows how things stand."""
    dialogue, current = steps.answered(turn, action)
    if not (current and dialogue.confirmed):
        return engine.show(turn, dialogue)
    kind = engine.questionnaires[dialogue.questionnaire]
    refused = kind.refusal(turn, dialogue)
    if refused:
        return refused
    taken = forms.take(turn, _form(turn, dialogue))
    if isinstance(taken, Message):
        return taken
    if taken.changed:
        engine.store(turn, dialogue, taken.answers, taken.words)
    return engine.show(turn, dialogue, note=taken.note, recheck=taken.read)


def _form(turn: Turn, dialogue: Dialogue) -> forms.Form:
    kind = engine.questionnaires[dialogue.questionnaire]
    here = (dialogue.id, dialogue.step)
    programme = turn.session.get_one(Programme, dialogue.subject_id)
    return forms.Form(
        title=kind.title(turn, dialogue),
        questions=kind.in_form(turn),
        stored=dialogues.answers(turn.session, dialogue),
        words={
            question.key: dialogues.words(turn.session, dialogue, question.key)
            for question in kind.in_form(turn)
        },
        save=cards.SaveProfile(*here),
        cancel=RunCommand("profile", programme.slug),
        objection=lambda question, values, answers: kind.objection(
            turn, dialogue, question, values, answers
        ),
    )
