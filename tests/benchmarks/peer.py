"""One published matcher on a given input: runs in an environment of its own, without Koppel.

`python peer.py NAME FOLDER` reads FOLDER/input.json and writes, for each mentee, the mentor's place or
-1 to standard output, with the seconds and the memory it took. A score below 0 forbids a pair.
"""

# mypy: ignore-errors
# What is imported below is never in the environment that types are checked in.

from __future__ import annotations

import json
import operator
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

Input = dict[str, Any]
FORBIDDEN = -1


def hospital_resident(given: Input) -> list[int]:
    """`matching` 1.4: Gale and Shapley; everybody ranks everybody by our scores."""
    from matching.games import HospitalResident

    scores, capacity = given["scores"], given["capacity"]
    mentors = range(len(capacity))
    wishes = {
        f"e{i}": [f"m{j}" for j in sorted(mentors, key=lambda j: -row[j]) if row[j] >= 0]
        for i, row in enumerate(scores)
    }
    ranks = {
        f"m{j}": [
            f"e{i}"
            for i in sorted(range(len(scores)), key=lambda i: -scores[i][j])
            if scores[i][j] >= 0
        ]
        for j in mentors
    }
    wishes = {who: names for who, names in wishes.items() if names}
    ranks = {who: names for who, names in ranks.items() if names}
    places = {who: capacity[int(who[1:])] for who in ranks}
    game = HospitalResident.create_from_dictionaries(wishes, ranks, places)
    chosen = [-1] * len(scores)
    for mentor, mentees in game.solve(optimal="resident").items():
        for mentee in mentees:
            chosen[int(mentee.name[1:])] = int(mentor.name[1:])
    return chosen


def mentor_match(given: Input, own: bool = False) -> list[int]:
    """`mentor-match` 7 (UK civil service): the Hungarian method, a mentee a mentor at a time."""
    import matching.rules.rule as rl
    from matching import process
    from matching.mentee import Mentee
    from matching.mentor import Mentor

    scores = given["scores"]
    mentors, mentees = _people(Mentor, given["mentors"]), _people(Mentee, given["mentees"])
    full = rl.Disqualify(lambda m: m.mentee.mentors or len(m.mentor.mentees) >= m.mentor.places)

    class Ours(rl.Rule):
        def apply(self, match_object: Any) -> int:
            score = scores[match_object.mentee.place][match_object.mentor.place]
            return 100_000 + int(score * 10_000)

        def evaluate(self, match_object: Any) -> bool:
            return match_object is not None

    def rules() -> list[Any]:
        if not own:
            return [
                Ours(),
                rl.Disqualify(lambda m: scores[m.mentee.place][m.mentor.place] < 0),
                full,
            ]
        return [
            rl.Disqualify(lambda m: m.mentee.organisation == m.mentor.organisation),
            rl.Disqualify(rl.Grade(2, operator.gt).evaluate),
            rl.Disqualify(rl.Grade(0, operator.le).evaluate),
            rl.Grade(2, operator.eq, {True: 12, False: 0}),
            rl.Grade(1, operator.eq, {True: 9, False: 0}),
            rl.Generic({True: 10, False: 0}, lambda m: m.mentee.profession == m.mentor.profession),
            rl.UnmatchedBonus(6),
            full,
        ]

    process.process_data(mentors, mentees, [rules() for _ in range(max(given["capacity"]))])
    return [one.mentors[0].place if one.mentors else -1 for one in mentees]


def _people(kind: Any, people: list[Input]) -> list[Any]:
    found = []
    for place, one in enumerate(people):
        person = kind(
            grade=one["grade"],
            organisation=one["team"],
            profession=one["department"],
            email=f"{kind.__name__}{place}",
        )
        person.place, person.places = place, one.get("places", 1)
        found.append(person)
    return found


def mentormatch(given: Input, own: bool = False) -> list[int]:
    """`mentormatch` 1.1: pairs are made and broken in turn, by better and worse."""
    import mentormatch.api.compatibility as compatibility
    import mentormatch.api.initializer.initializer_implementation as initializer
    from mentormatch.api.app.app_main import main
    from mentormatch.api.app.setup_app_context import Context
    from mentormatch.api.sorter.sorter_abc import Sorter
    from mentormatch.api.sorter.sorter_context_mgr import SorterContextMgr
    from mentormatch.api.sorter.util import pairs_equal
    from mentormatch.utils import ApplicantType, PairType

    scores, first = given["scores"], 1_000_000
    mentors, mentees = _applicants(given, first)
    if own:
        main(mentors, mentees)
        return [int(one["match_wwids"]) - first if one["match_wwids"] else -1 for one in mentees]

    def score(pair: Any) -> float:
        return float(scores[pair.mentee.wwid - 1][pair.mentor.wwid - first])

    class Ours(Sorter):
        def get_better_pair(self, pair1: Any, pair2: Any) -> Any:
            one, other = score(pair1), score(pair2)
            return pairs_equal if one == other else (pair1 if one > other else pair2)

    class Feasible(compatibility.Compatibility):
        def is_compatible(self, pair: Any) -> bool:
            return score(pair) >= 0

    context, sorters = Context(mentors, mentees), SorterContextMgr(Ours(), Ours())
    for kind in (ApplicantType.MENTOR, ApplicantType.MENTEE):
        context.get_applicants(kind).assemble_applicant_objects()
    matcher = context.get_matcher(PairType.RANDOM)
    matcher._initializer = initializer.InitializerRandom(
        context.get_applicants(ApplicantType.MENTOR), Feasible(), sorters
    )
    matcher._sorter_context_mgr = sorters
    matcher.execute()
    return _paired(context.get_applicants(ApplicantType.MENTEE), len(scores), first)


def _paired(mentees: Any, count: int, first: int) -> list[int]:
    chosen = [-1] * count
    for mentee in mentees:
        for pair in mentee.yield_pairs:
            chosen[mentee.wwid - 1] = pair.mentor.wwid - first
    return chosen


def _applicants(given: Input, first: int) -> tuple[list[Input], list[Input]]:
    mentors = [
        _applicant(one, first + place, max_mentee_count=given["capacity"][place])
        for place, one in enumerate(given["mentors"])
    ]
    mentees = [
        _applicant(
            one, place + 1, favor=0, preferred_functions=[one["department"]], preferred_wwids=[]
        )
        for place, one in enumerate(given["mentees"])
    ]
    return mentors, mentees


def _applicant(one: Input, number: int, **more: Any) -> Input:
    return {
        "wwid": number,
        "first_name": "x",
        "last_name": str(number),
        "skills": one["skills"],
        "function": one["department"],
        "position_level": one["grade"] + 1,
        "years_total": 8 * one["grade"] + 1,
        "location": "here",
        "gender": "unknown",
        "preference_yes": ["here"],
        "preference_no": [],
        "preference_maybe": ["x", "y", "z"],
        **more,
    }


PEERS = {
    "matching": hospital_resident,
    "mentormatch": mentormatch,
    "mentormatch-own": lambda given: mentormatch(given, own=True),
    "mentor-match": mentor_match,
    "mentor-match-own": lambda given: mentor_match(given, own=True),
}


def _held() -> int:
    """The most this process ever held, in MiB; `getrusage` counts what began it too."""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(100_000)
    name, folder = sys.argv[1:]
    given = json.loads((Path(folder) / "input.json").read_text())
    before, began = _held(), time.process_time()
    chosen = PEERS[name](given)
    seconds, held = time.process_time() - began, _held() - before
    sys.stdout.write("\n" + json.dumps({"chosen": chosen, "seconds": seconds, "held": held}))
