"""The part of the gallery with inputs: questions one at a time, and the pulse survey."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards import forms, questions, surveys
from bot.core.actions import RunCommand
from bot.core.answers import Wrong
from bot.core.markup import escape
from bot.core.messages import Message
from bot.texts import Translator
from tests.samples import CONTENT, asked, problem, pulse, question, results

Sample = Callable[[Translator, str], Message]


def of_questions() -> dict[str, tuple[Sample, ...]]:
    every = (*CONTENT.intake, *CONTENT.programme, *CONTENT.rules, *CONTENT.weights, *CONTENT.pulse)
    role, goal, skills = question("role"), question("goal"), question("skills_offered")

    def summary(t: Translator, w: str, *, more: bool) -> Message:
        return questions.summary(
            t,
            title=escape(w),
            here=(7, 3),
            rows=[
                (role, questions.told(t, role, ("mentor",), {})),
                (goal, questions.told(t, goal, (w,), {})),
                (skills, questions.told(t, skills, ("a", "b"), {"a": w})),
                (skills, questions.told(t, skills, (), {})),
            ],
            confirm="OK",
            more=more,
            note=escape(w) if more else "",
            several=more,
        )

    return {
        "questions.ask": (
            *(lambda t, w, key=q.key: questions.ask(t, asked(key, w)) for q in every),
            *(
                lambda t, w, key=key, wrong=wrong: questions.ask(
                    t, asked(key, w, problem(wrong, w))
                )
                for wrong in Wrong
                for key in ("goal", "rhythm")  # an input, and buttons
            ),
        ),
        "questions.summary": (
            lambda t, w: summary(t, w, more=True),
            lambda t, w: summary(t, w, more=False),
        ),
        "questions.stopped": (
            lambda t, w: questions.stopped(t, title=escape(w), here=(7, 4)),
            lambda t, w: questions.stopped(t, title=escape(w), here=(7, 4), kept=False),
        ),
    }


def of_forms() -> dict[str, tuple[Sample, ...]]:
    keys = ("role", "goal", "rhythm", "capacity", "starts_on", "avoid")

    def form(t: Translator, w: str, *, wrong: bool) -> Message:
        blanks = [
            forms.Blank(one, one.required, () if one.choices else (w,), found)
            for key in keys
            for one in (question(key),)
            for found in (problem(Wrong.TOO_LONG, w) if wrong else None,)
        ]
        note = forms.look_again(t) if wrong else forms.more_to_tell(t)
        here = (forms.SaveProfile(7, 3), RunCommand("profile", "grow"))
        return forms.form(
            t, title=escape(w), blanks=blanks, save=here[0], cancel=here[1], note=note
        )

    return {
        "forms.form": (
            lambda t, w: form(t, w, wrong=False),
            lambda t, w: form(t, w, wrong=True),
        )
    }


def of_surveys() -> dict[str, tuple[Sample, ...]]:
    wave = [surveys.input_name(2, q.key) for q in CONTENT.pulse]

    def wrong(t: Translator, w: str) -> Message:
        return surveys.form(
            t,
            pulse(w, anonymous=True),
            CONTENT.pulse,
            {name: (w,) for name in wave},
            {name: problem(Wrong.TOO_LONG, w) for name in wave},
        )

    return {
        "surveys.form": (
            lambda t, w: surveys.form(t, pulse(w, anonymous=True), CONTENT.pulse),
            lambda t, w: surveys.form(t, pulse(w, anonymous=False), CONTENT.pulse),
            wrong,
        ),
        "surveys.not_sent_yet": (lambda t, _: surveys.not_sent_yet(t),),
        "surveys.thanks": (lambda t, w: surveys.thanks(t, w),),
        "surveys.answered_before": (lambda t, w: surveys.answered_before(t, w),),
        "surveys.closed": (lambda t, w: surveys.closed(t, w),),
        "surveys.results": (
            lambda t, w: surveys.results(t, results(w, comments=14), CONTENT.pulse),
            lambda t, w: surveys.results(t, results(w, comments=0, hidden=True), CONTENT.pulse),
        ),
    }
