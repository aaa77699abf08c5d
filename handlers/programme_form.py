"""A coordinator makes a programme in conversation, and says who else runs it."""

from __future__ import annotations

from datetime import date, timedelta

from bot.cards import common
from bot.cards import programmes as cards
from bot.cards.problems import wrong
from bot.core.answers import Problem
from bot.core.deeds import Deed
from bot.core.messages import Message
from bot.core.questions import Answers, Question, Values
from handlers import appointing, dialogue, programmes
from handlers.programme_rules import FLOORS, objection
from handlers.router import Access, mark, may, router
from handlers.turn import Turn
from storage import dialogues, roles, surveys
from storage import programmes as stored
from storage.models import Dialogue, DialogueState, Programme

FORM = "programme"
FIRST_ROUND = timedelta(days=14)  # after the start, unless the coordinator says otherwise


@router.command(
    "programme",
    mark("make a programme, or see the ones you run"),
    args="[create]",
    access=Access.ANY_COORDINATOR,
    aliases=("programma",),
)
def programme(turn: Turn, args: str) -> Message:
    word = args.split(" ")[0].casefold() if args else ""
    if word in ("create", "new", "nieuw", "maak"):
        return turn.privately(_new(turn))
    return turn.privately(_overview(turn))


def _overview(turn: Turn) -> Message:
    mine = stored.coordinated_by(turn.session, turn.person)
    views = [
        cards.Row(p.name, p.slug, p.starts_on, p.ends_on, stored.count(turn.session, p))
        for p in mine
    ]
    return cards.overview(turn.t, views)


def _new(turn: Turn) -> Message:
    before = dialogues.find(turn.session, turn.person, FORM, 0)
    if before and before.state is DialogueState.DONE:
        dialogues.forget(turn.session, before)
    return dialogue.begin(turn, FORM)


def _title(turn: Turn, _subject: Dialogue) -> str:
    return turn.t("A new programme")


def _confirm_label(turn: Turn, _subject: Dialogue) -> str:
    return turn.t("Make the programme")


def _objection(
    turn: Turn, _subject: Dialogue, question: Question, values: Values, answers: Answers
) -> Problem | None:
    return objection(turn, question, values, answers)


def _refusal(turn: Turn, _subject: Dialogue) -> Message | None:
    """Somebody began as a coordinator, and is none any more."""
    if may(turn, Access.ANY_COORDINATOR):
        return None
    turn.audit_refusal("a new programme")
    return common.refused(turn.t, admin=False)


def _confirmed(turn: Turn, _subject: Dialogue, answers: Answers) -> Message:
    made = _made(turn, answers)
    turn.session.add(made)
    turn.session.flush()
    measures = [m for m in answers.get("targets", ()) if answers.get(f"target_{m}")]
    targets = {m: float(answers[f"target_{m}"][0]) for m in measures}
    stored.aim_at(turn.session, made, targets)
    roles.appoint(turn.session, turn.person, made)
    surveys.plan_waves(turn.session, made)
    turn.audit(Deed.MADE_PROGRAMME, f"programme:{made.id}")
    return cards.made(turn.t, made.name, made.slug, made.next_round_on)


def _made(turn: Turn, answers: Answers) -> Programme:
    def one(key: str, default: str = "") -> str:
        return next(iter(answers.get(key, ())), default)

    starts = date.fromisoformat(one("starts_on"))
    channel = stored.channel(one("channel"))
    first_round = one("next_round_on")
    return Programme(
        organisation_id=turn.person.organisation_id,
        name=one("name"),
        slug=stored.slug_for(turn.session, turn.person.organisation_id, one("name")),
        goal=one("goal"),
        languages=list(answers.get("languages", ())),
        starts_on=starts,
        ends_on=date.fromisoformat(one("ends_on")),
        rhythm=one("rhythm"),
        allow_same_team=one("same_team", "yes") == "yes",
        floor=FLOORS[one("floor", "normal")],
        smallest_group=max(3, int(one("smallest_group", "5"))),
        time_zone=turn.person.time_zone,
        channel_workspace_id=turn.identity.workspace_id if channel else None,
        channel_address=channel,
        kept_months=int(one("kept_months", str(stored.KEPT_MONTHS))),
        group_chat=one("group_chat") == "yes",
        next_round_on=date.fromisoformat(first_round) if first_round else starts + FIRST_ROUND,
        next_digest_at=stored.next_friday(turn.person.time_zone, max(turn.today, starts)),
    )


PROGRAMME_DIALOGUE = dialogue.register(
    dialogue.Questionnaire(
        name=FORM,
        questions=lambda turn: turn.content.programme,
        title=_title,
        confirm_label=_confirm_label,
        confirmed=_confirmed,
        objection=_objection,
        refusal=_refusal,
        finished=_overview,
    )
)


@router.command(
    "coordinators",
    mark("see, add or remove who runs a programme"),
    args="[add|remove NAME]",
    access=Access.COORDINATOR,
    aliases=("coördinatoren", "coordinatoren"),
)
def coordinators(turn: Turn, args: str) -> Message:
    """«add Noor Visser», or «grow add Noor Visser» where somebody runs several programmes."""
    said = appointing.read(args)
    made = programmes.one(turn, said.programme, command="coordinators", then=said.change)
    if isinstance(made, Message):
        return turn.privately(made)
    note = _change(turn, made, said.name, adding=said.adding) if said.change else ""
    names = [person.name for person in roles.coordinators(turn.session, made)]
    return turn.privately(cards.coordinators(turn.t, made.name, names, note))


def _change(turn: Turn, made: Programme, name: str, *, adding: bool) -> str:
    """Appoint or dismiss a colleague; the sentence says what happened."""
    t = turn.t
    person = appointing.colleague(turn, name)
    if isinstance(person, Problem):
        return wrong(t, person)
    if adding:
        changed = roles.appoint(turn.session, person, made)
        if changed:
            turn.send(
                person,
                lambda tt: cards.appointed(tt, made.name),
                key=f"appointed:{made.id}:{person.id}:{turn.event.id}",
            )
    else:
        changed = roles.dismiss(turn.session, person, made)
        if changed and not roles.coordinators(turn.session, made):
            roles.appoint(turn.session, person, made)
            return t(
                "{name} is the only one left. Please add somebody else first.", name=person.name
            )
    if not changed:
        return t("Nothing has changed for {name}.", name=person.name)
    deed = Deed.APPOINTED if adding else Deed.DISMISSED
    turn.audit(deed, f"programme:{made.id}:person:{person.id}")
    return ""
