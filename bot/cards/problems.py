"""What is wrong with an answer, in words that stand beside its input."""

from __future__ import annotations

from bot.core.answers import Problem, Wrong
from bot.texts import Translator


def wrong(t: Translator, problem: Problem) -> str:
    """What is wrong with an answer, and what would do."""
    v = problem.values
    match problem.wrong:
        case Wrong.EMPTY:
            return t("Please give an answer first.")
        case Wrong.TOO_LONG:
            return t("That is {length} characters; at most {limit} fit here.", **v)
        case Wrong.NOT_AN_OPTION:
            return t("“{word}” is not one of the options. A number or a few letters will do.", **v)
        case Wrong.TOO_MANY:
            return t("You gave {count}; please choose at most {limit}.", **v)
        case Wrong.NOT_A_NUMBER:
            return t("Please give a whole number, such as 2.")
        case Wrong.OUT_OF_RANGE:
            return t("Please give a number from {minimum} to {maximum}.", **v)
        case Wrong.NOT_A_DATE:
            return t("I cannot read a date in that. For example: 1 March 2027.")
        case _:
            return _wrong_thing(t, problem)


def _wrong_thing(t: Translator, problem: Problem) -> str:
    v = problem.values
    match problem.wrong:
        case Wrong.UNKNOWN_PERSON:
            return t("I do not know a colleague called “{word}”. Is it spelled right?", **v)
        case Wrong.SEVERAL_PEOPLE:
            return t("Several colleagues fit “{word}”: {names}. Whom do you mean?", **v)
        case Wrong.TOO_EARLY:
            return t("That has to be later than {day}.", **v)
        case Wrong.TOO_LATE:
            return t("That has to be earlier than {day}.", **v)
        case Wrong.TAKEN:
            return t("There is one called “{word}” already. Please choose another name.", **v)
        case _:
            return _wrong_for_programme(t, problem)


def _wrong_for_programme(t: Translator, problem: Problem) -> str:
    v = problem.values
    match problem.wrong:
        case Wrong.BEGUN:
            return t("The programme has begun, so this day stays as it is.")
        case Wrong.SURVEY_OPEN:
            return t(
                "A survey is open, and people were told this number. It can be lower once that"
                " has closed."
            )
        case Wrong.NOTHING_COUNTS:
            return t("Nothing would count any more. Please let at least one of these count.")
        case Wrong.UNKNOWN_DEPARTMENT | Wrong.UNKNOWN_SIDE | Wrong.NOT_TWO_SIDES:
            return _wrong_side(t, problem)
        case _:
            return t(
                "I cannot find “{word}”, or I am not in it. Please invite me there first.", **v
            )


def _wrong_side(t: Translator, problem: Problem) -> str:
    v = problem.values
    if problem.wrong is Wrong.NOT_TWO_SIDES:
        return t(
            "In “{word}” I do not see two different sides. Please write a line such as “Legal –"
            " Sales”, with a dash between.",
            **v,
        )
    if problem.wrong is Wrong.UNKNOWN_DEPARTMENT:
        words = t("I do not know a department called “{word}”.", **v)
    else:
        words = t("I do not know a department or a colleague called “{word}”.", **v)
    if v.get("near"):
        words += " " + t("Did you mean “{near}”?", **v)
    if v.get("known"):
        return words + " " + t("Departments I know: {known}.", **v)
    return words + " " + t("I know no departments yet: they come with an import of your people.")
