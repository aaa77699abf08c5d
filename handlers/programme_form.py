"""A coordinator makes a programme in conversation, and says who else runs it."""

from __future__ import annotations

from datetime import date, timedelta

from bot.cards import common
from bot.cards import programmes as cards
from bot.cards.problems import wrong
from bot.core.answers import Problem, Wrong
from bot.core.messages import Message
from bot.core.questions import Answers, Question, Values
from handlers import dialogue, programmes, understanding
from handlers.programme_rules import FLOORS, objection
from handlers.router import Access, mark, may, router
from handlers.turn import Turn
from storage import dialogues, people, roles, surveys
from storage import programmes as stored
from storage.models import Dialogue, DialogueState, Person, Programme

FORM = "programme"
FIRST_ROUND = timedelta(days=14)  # after the start, unless the coordinator says otherwise
ADDING = {"add", "+", "toevoegen", "voeg"}
VERBS = ADDING | {"remove", "-", "verwijder", "verwijderen"}


@router.command(
    "programme",
    mark("make a programme, or see the ones you run"),
    args="[create]",
    access=Access.COORDINATOR,
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
    if may(turn, Access.COORDINATOR):
        return None
    turn.audit("refused a new programme", allowed=False)
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
    turn.audit("made a programme", f"programme:{made.id}")
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
    words = args.split()
    first, second = (*map(str.casefold, words[:2]), "", "")[:2]
    slug = words.pop(0) if second in VERBS and first not in VERBS else ""
    verb = second if slug else first
    changing = verb in VERBS
    name = " ".join(words[1:])[:80].removesuffix(" toe")
    made = programmes.one(
        turn,
        slug if changing else args,
        command="coordinators",
        then=f"{verb} {name}" if changing else "",
    )
    if isinstance(made, Message):
        return turn.privately(made)
    note = _change(turn, made, name, adding=verb in ADDING) if changing else ""
    names = [person.name for person in roles.coordinators(turn.session, made)]
    return turn.privately(cards.coordinators(turn.t, made.name, names, note))


def _change(turn: Turn, made: Programme, name: str, *, adding: bool) -> str:
    """Appoint or dismiss a colleague; the sentence says what happened."""
    t = turn.t
    person = _named(turn, name)
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
    turn.audit("appointed" if adding else "dismissed", f"person:{person.id}")
    return "" if changed else t("Nothing has changed for {name}.", name=person.name)


def _named(turn: Turn, name: str) -> Person | Problem:
    """The employee whom a coordinator names: a colleague, or themself."""
    if name.casefold() == turn.person.name.casefold():
        return turn.person
    unknown = Problem(Wrong.UNKNOWN_PERSON, {"word": name[:60]})
    found = understanding.colleagues(turn, (name,)) if name.strip() else unknown
    if isinstance(found, Problem):
        return found
    person = people.get(turn.session, turn.person.organisation_id, int(found[0]))
    return person if person and people.may_take_part(person) else unknown
