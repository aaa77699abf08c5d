"""Every card of the product with sample values, so that a renderer can be tried on all of them.

Each sample takes a translator and some words of people, as hostile as you like.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from bot.cards import (
    announcing,
    attention,
    checkins,
    common,
    digest,
    joining,
    matching,
    means,
    programmes,
    workspaces,
)
from bot.core.actions import RunCommand
from bot.core.markup import escape
from bot.core.messages import Message, button, together
from bot.core.platform import Why
from bot.texts import Translator, translator
from tests import (
    gallery_of_forms,
    gallery_of_home,
    gallery_of_linking,
    gallery_of_own_data,
    gallery_of_reviews,
    gallery_of_rounds,
    gallery_of_rules,
    gallery_of_skills,
    gallery_of_time,
    gallery_of_trust,
    gallery_of_wishes,
)
from tests.samples import (
    CONTENT,
    DAY,
    LATER,
    introduction,
    needs,
    standing,
    told,
)

Sample = Callable[[Translator, str], Message]


@cache
def gallery() -> dict[str, tuple[Sample, ...]]:
    """Samples by «module.function»."""
    return {
        **_announcing(),
        **_checkins(),
        **_common(),
        **_joining(),
        **_matching(),
        **_programmes(),
        **gallery_of_rounds.of_rounds(),
        **gallery_of_home.of_home(),
        **gallery_of_forms.of_questions(),
        **gallery_of_forms.of_forms(),
        **gallery_of_forms.of_surveys(),
        **gallery_of_linking.of_linking(),
        **gallery_of_skills.of_skills(),
        **gallery_of_reviews.of_reviews(),
        **gallery_of_reviews.of_committees(),
        **gallery_of_trust.of_trust(),
        **gallery_of_wishes.of_wishes(),
        **gallery_of_time.of_time(),
        **gallery_of_rules.of_rules(),
        **gallery_of_own_data.of_own_data(),
        "workspaces.kept_out": (lambda t, w: workspaces.kept_out(t, workspace=w),),
        "workspaces.let_in": (
            lambda t, w: workspaces.let_in(t, workspace=w, since=DAY, waiting=1),
            lambda t, w: workspaces.let_in(t, workspace=w, since=DAY, waiting=12),
        ),
        "attention.attention": (
            lambda t, w: attention.attention(t, needs(w)),
            lambda t, w: attention.attention(t, needs(w, Why.ARCHIVED)),
            lambda t, w: attention.attention(t, needs(w, Why.GONE)),
            lambda t, w: attention.attention(t, needs(w, Why.NOT_INVITED)),
            lambda t, w: attention.attention(t, attention.Attention(w, (), 0, (), 0)),
        ),
        "digest.digest": (
            lambda t, w: digest.digest(t, told(w)),
            lambda t, w: digest.digest(t, told(w, survey=means.Survey.TOO_FEW)),
            lambda t, w: digest.digest(t, told(w, survey=means.Survey.NONE_YET)),
            lambda t, w: digest.digest(t, told(w, survey=means.Survey.HIDDEN)),
            lambda t, w: digest.digest(t, replace(told(w), end="high")),
            lambda t, w: digest.digest(t, replace(told(w), end="low")),
            lambda t, w: digest.digest(
                t, replace(told(w, survey=means.Survey.NONE_YET), few_pairs=True)
            ),
        ),
    }


def _announcing() -> dict[str, tuple[Sample, ...]]:
    intake, starters = CONTENT.intake, CONTENT.starters
    return {
        "announcing.to_mentee": (
            lambda t, w: announcing.to_mentee(t, introduction(w), intake, starters),
            lambda t, w: announcing.to_mentee(t, introduction(w, 0), intake, ()),
        ),
        "announcing.to_mentor": (
            lambda t, w: announcing.to_mentor(t, introduction(w), intake, starters),
        ),
        "announcing.in_one_chat": (
            lambda t, w: announcing.in_one_chat((t,), mentor=w, mentee=w, starters=starters),
            lambda t, w: announcing.in_one_chat(
                (t, translator("nl" if t.language == "en" else "en")),
                mentor=w,
                mentee=w,
                starters=(),
            ),
        ),
        "announcing.no_match_yet": (
            lambda t, w: announcing.no_match_yet(t, programme=w, next_round=DAY, priority=True),
            lambda t, w: announcing.no_match_yet(t, programme=w, next_round=None, priority=False),
        ),
        "announcing.no_mentee_yet": (
            lambda t, w: announcing.no_mentee_yet(t, programme=w, next_round=DAY),
            lambda t, w: announcing.no_mentee_yet(t, programme=w, next_round=None),
        ),
    }


def _checkins() -> dict[str, tuple[Sample, ...]]:
    def one(t: Translator, w: str) -> Message:
        return checkins.check_in(t, id_=5, partners=(w, w), since_days=14, programme="grow")

    return {
        "checkins.check_in": (
            one,
            lambda t, w: checkins.check_in(
                t, id_=5, partners=(w,), since_days=7, programme="grow", again=True
            ),
            lambda t, w: together(checkins.several(t, 2), (one(t, w), one(t, w))),
        ),
        "checkins.thanks": tuple(
            lambda t, _, answer=answer: checkins.thanks(t, answer)
            for answer in ("met", "planned", "not_yet")
        ),
        "checkins.reminder_set": (lambda t, _: checkins.reminder_set(t, t.day(DAY)),),
        "checkins.closed": (lambda t, _: checkins.closed(t),),
        "checkins.left_behind": (
            lambda t, w: checkins.left_behind(t, programme=w, gone=(w,), left=(w,)),
        ),
        "checkins.stuck": (lambda t, w: checkins.stuck(t, programme=w, names=(w, w)),),
    }


def _common() -> dict[str, tuple[Sample, ...]]:
    lines = (common.CommandLine("join", "[programme]", "take part in a programme"),)
    return {
        "common.failed": (lambda t, _: common.failed(t, "A1B2C3"),),
        "common.look_in_private": (lambda t, _: common.look_in_private(t),),
        "common.shown_here_instead": (
            lambda t, w: common.shown_here_instead(t, digest.digest(t, told(w))),
        ),
        "common.too_often": (lambda t, _: common.too_often(t),),
        "common.unknown_workspace": (lambda t, _: common.unknown_workspace(t),),
        "common.unknown_command": (
            lambda t, w: common.unknown_command(t, w, ""),
            lambda t, w: common.unknown_command(t, w, "status"),
        ),
        "common.did_not_understand": (lambda t, _: common.did_not_understand(t),),
        "common.refused": (
            lambda t, _: common.refused(t, admin=True),
            lambda t, _: common.refused(t, admin=False),
        ),
        "common.out_of_date": (lambda t, w: common.out_of_date(t, joining.already_in(t, w)),),
        "common.help_card": (lambda t, _: common.help_card(t, [(t("For everyone"), lines)]),),
        "common.which_programme": (
            lambda t, w: common.which_programme(t, "join", [("grow", w), ("lead", "Lead")]),
            lambda t, w: common.which_programme(t, "coordinators", [("grow", w)], f"add {w}"[:80]),
        ),
        "common.no_programme": (
            lambda t, w: common.no_programme(t, w),
            lambda t, _: common.no_programme(t, ""),
        ),
    }


def _joining() -> dict[str, tuple[Sample, ...]]:
    return {
        "joining.joined": (
            lambda t, w: joining.joined(
                t, programme=w, next_round=DAY, more=button("More", RunCommand("profile"))
            ),
            lambda t, w: joining.joined(t, programme=w, next_round=None, more=None),
        ),
        "joining.already_in": (lambda t, w: joining.already_in(t, w),),
        "joining.not_for_guests": (lambda t, _: joining.not_for_guests(t),),
        "joining.not_agreed": (lambda t, w: joining.not_agreed(t, w),),
        "joining.status": (
            lambda t, w: joining.status(t, standings=(standing(w),), paused_until=None),
            lambda t, w: joining.status(t, standings=(standing(w, bare=True),), paused_until=DAY),
            lambda t, _: joining.status(t, standings=(), paused_until=None),
        ),
        "joining.paused": (lambda t, _: joining.paused(t, LATER),),
        "joining.pause_until_when": (
            lambda t, _: joining.pause_until_when(t, problem=""),
            lambda t, w: joining.pause_until_when(t, problem=escape(w)),
        ),
        "joining.resumed": (
            lambda t, _: joining.resumed(t, was_paused=True),
            lambda t, _: joining.resumed(t, was_paused=False),
        ),
        "joining.partner_away": (lambda t, w: joining.partner_away(t, partner=w, until=DAY),),
        "joining.partner_back": (lambda t, w: joining.partner_back(t, partner=w),),
        "joining.sure_to_leave": (
            lambda t, w: joining.sure_to_leave(t, programme_id=1, programme=w, partners=(w, w)),
            lambda t, w: joining.sure_to_leave(t, programme_id=1, programme=w, partners=()),
        ),
        "joining.left": (lambda t, w: joining.left(t, w),),
        "joining.not_in_any": (lambda t, _: joining.not_in_any(t),),
        "joining.partner_left": (
            lambda t, w: joining.partner_left(t, partner=w, again=True),
            lambda t, w: joining.partner_left(t, partner=w, again=False),
        ),
        "joining.language_set": (lambda t, _: joining.language_set(t),),
        "joining.which_language": (lambda t, _: joining.which_language(t),),
    }  # fmt: skip


def _matching() -> dict[str, tuple[Sample, ...]]:
    def announced(t: Translator, w: str, *, dropped: tuple[str, ...]) -> Message:
        waiting = len(dropped)
        return matching.announced(t, programme=w, pairs=3, waiting=waiting, dropped=dropped)

    return {
        "matching.too_few": (lambda t, w: matching.too_few(t, w, 0, 1),),
        "matching.failed": (
            lambda t, w: matching.failed(t, w, "grow"),
            lambda t, w: matching.failed(t, w, "grow", earlier=True),
        ),
        "matching.round_is_due": (lambda t, w: matching.round_is_due(t, w, "grow", 12),),
        "matching.nothing_to_review": (lambda t, w: matching.nothing_to_review(t, w),),
        "matching.announcing": (lambda t, w: matching.announcing(t, w),),
        "matching.nothing_approved": (lambda t, _: matching.nothing_approved(t, 1),),
        "matching.round_over": (
            lambda t, w: matching.round_over(t, w),
            lambda t, w: matching.round_over(t, w, again=w),
            lambda t, w: matching.round_over(t, w, told=w),
        ),
        "matching.announced": (
            lambda t, w: announced(t, w, dropped=()),
            lambda t, w: announced(t, w, dropped=(w, w)),
        ),
    }


def _programmes() -> dict[str, tuple[Sample, ...]]:
    def row(words: str) -> programmes.Row:
        return programmes.Row(words, "grow", DAY, LATER, 1)

    return {
        "programmes.overview": (
            lambda t, w: programmes.overview(t, (row(w), row("Grow"))),
            lambda t, _: programmes.overview(t, ()),
        ),
        "programmes.made": (
            lambda t, w: programmes.made(t, w, "grow", DAY),
            lambda t, w: programmes.made(t, w, "grow", None),
        ),
        "programmes.saved": (lambda t, w: programmes.saved(t, w, "grow", escape(w)),),
        "programmes.coordinators": (
            lambda t, w: programmes.coordinators(t, w, (w, w, w), ""),
            lambda t, w: programmes.coordinators(t, w, (w,), escape(w)),
        ),
        "programmes.appointed": (lambda t, w: programmes.appointed(t, w),),
    }
