"""Coordinators say what the words mean that people used and nobody knows."""

from __future__ import annotations

import re

from bot.cards import skills as cards
from bot.content.likely import likely
from bot.content.skills import How
from bot.content.wordforms import tidy
from bot.core.actions import StaleAction
from bot.core.deeds import Deed
from bot.core.messages import Message
from handlers import wording
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import skills as stored

MOST_LABELS = 20  # of one skill in one language


@router.command(
    "skills",
    mark("say what words for skills mean that I do not know"),
    access=Access.ANY_COORDINATOR,
    aliases=("vaardigheden",),
)
def skills(turn: Turn, _args: str) -> Message:
    return turn.privately(_words(turn, 0))


@router.on(cards.ShowWords, access=Access.ANY_COORDINATOR)
def show_words(turn: Turn, action: cards.ShowWords) -> Message:
    return _words(turn, action.page)


def _words(turn: Turn, page: int, note: str = "", undo: cards.UndoWord | None = None) -> Message:
    used = stored.unknown(turn.session, turn.person.organisation_id)
    lines = [cards.Line(one.word, one.people) for one in used]
    return cards.words(turn.t, lines, page=page, note=note, undo=undo)


def _waiting(turn: Turn, word: str) -> stored.Used | None:
    """The word as it stands on the list, decisions held; None when somebody has decided on it."""
    stored.hold(turn.session, turn.person.organisation_id)
    stored.changed(turn.session)
    used = stored.unknown(turn.session, turn.person.organisation_id)
    return next((one for one in used if one.word == word), None)


def _over(turn: Turn, page: int) -> Message:
    return _words(turn, page, turn.t("Somebody has decided on that word already."))


@router.on(cards.SameSkill, access=Access.ANY_COORDINATOR)
def same_as(turn: Turn, action: cards.SameSkill) -> Message:
    if _waiting(turn, action.word) is None:
        return _over(turn, action.page)
    return _which(turn, action.word, action.page)


def _which(turn: Turn, word: str, page: int, typed: str = "", error: str = "") -> Message:
    ours = wording.lexicon(turn)
    near = [(id_, ours.label(id_, turn.t.language)) for id_ in likely(ours, word)]
    return cards.same_as(turn.t, word, near, page=page, typed=typed, error=error)


@router.on(cards.ThisSkill, access=Access.ANY_COORDINATOR)
def this_skill(turn: Turn, action: cards.ThisSkill) -> Message:
    used = _waiting(turn, action.word)
    if used is None:
        return _over(turn, action.page)
    ours = wording.lexicon(turn)
    typed = tidy((turn.fields.get("skill") or ("",))[0])
    found = ours.understand(typed)
    key = action.key or ("" if found.how is How.FREE else found.tag)
    if not key or (not action.key and found.how is How.TYPO):
        error = cards.not_found(turn.t, typed)
        return _which(turn, action.word, action.page, typed, error)
    if key not in ours.concepts:
        raise StaleAction
    return _decided(turn, used, key, action.page)


def _decided(turn: Turn, used: stored.Used, key: str, page: int, own: str = "") -> Message:
    row = stored.decide(turn.session, turn.person.organisation_id, used.word, key)
    turn.audit(Deed.DECIDED_WORD, f"skillword:{row.id}")
    label = wording.lexicon(turn).label(key, turn.t.language) if key else ""
    note = cards.decided(turn.t, used.word, label, used.people)
    return _words(turn, page, note, cards.UndoWord(used.word, own, page))


@router.on(cards.LeaveWord, access=Access.ANY_COORDINATOR)
def leave_word(turn: Turn, action: cards.LeaveWord) -> Message:
    used = _waiting(turn, action.word)
    if used is None:
        return _over(turn, action.page)
    return _decided(turn, used, stored.LEFT, action.page)


@router.on(cards.UndoWord, access=Access.ANY_COORDINATOR)
def undo_word(turn: Turn, action: cards.UndoWord) -> Message:
    stored.hold(turn.session, turn.person.organisation_id)
    if stored.undecide(turn.session, turn.person.organisation_id, action.word, action.own):
        turn.audit(Deed.UNDECIDED_WORD)
        return _words(turn, action.page, cards.forgotten(turn.t, action.word))
    return _words(turn, action.page)


@router.on(cards.OurOwn, access=Access.ANY_COORDINATOR)
def our_own(turn: Turn, action: cards.OurOwn) -> Message:
    if _waiting(turn, action.word) is None:
        return _over(turn, action.page)
    field = "dutch" if turn.t.language == "nl" else "english"
    return cards.our_own(
        turn.t, action.word, page=action.page, filled={field: action.word}, errors={}
    )


@router.on(cards.AddOwn, access=Access.ANY_COORDINATOR)
def add_own(turn: Turn, action: cards.AddOwn) -> Message:
    used = _waiting(turn, action.word)
    if used is None:
        return _over(turn, action.page)
    filled = {name: (turn.fields.get(name) or ("",))[0] for name in cards.FIELDS}
    said = {name: _listed(words) for name, words in filled.items()}
    said |= {name: said[name][:1] for name in ("english", "dutch")}
    errors = _errors(turn, said)
    if errors:
        return cards.our_own(turn.t, action.word, page=action.page, filled=filled, errors=errors)
    name = (*said["english"], *said["dutch"])[0]
    language = "nl" if said["dutch"] else "en"
    labels = {"en": said["english"], "nl": said["dutch"]}
    labels[language] = list(dict.fromkeys([*labels[language], *said["others"]]))
    key = stored.free_key(wording.lexicon(turn), name)
    organisation = turn.person.organisation_id
    row = stored.add(turn.session, organisation, key, labels, said["abbreviations"])
    turn.audit(Deed.ADDED_SKILL, f"organisationskill:{row.id}")
    return _decided(turn, used, key, action.page, own=key)


def _listed(words: str) -> list[str]:
    """The words of a field, each tidied and once."""
    found = dict.fromkeys(tidy(word) for word in re.split(r"[,;|\n]+", words))
    return [word for word in found if word][:MOST_LABELS]


def _errors(turn: Turn, said: dict[str, list[str]]) -> dict[str, str]:
    """What is wrong, by field: no name at all, or a word that means another skill already."""
    ours = wording.lexicon(turn)
    errors: dict[str, str] = {}
    if not (said["english"] or said["dutch"]):
        errors["english"] = turn.t("Please give it a name in one of the two languages.")
    for name, words in said.items():
        for word in words:
            key = ours.means(word)
            if key:
                skill = ours.label(key, turn.t.language)
                errors.setdefault(name, cards.taken(turn.t, word, skill))
    return errors
