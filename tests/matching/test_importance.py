from __future__ import annotations

from random import Random

import pytest

from bot.matching import CRITERIA, Rules, score_pair
from bot.matching.importance import FACTORS, Importance, shares, weights_of
from bot.matching.scores import weights_used
from tests.matching.crowd import mentee, mentor, tags

KEYS = [criterion.key for criterion in CRITERIA]


def test_who_chooses_nothing_gets_the_default_weights() -> None:
    assert weights_of({}) == {criterion.key: criterion.weight for criterion in CRITERIA}
    assert weights_of(dict.fromkeys(KEYS, Importance.NORMAL)) == weights_of({})


def test_each_word_is_so_many_times_the_default() -> None:
    default = weights_of({})["skills"]
    told = {word: weights_of({"skills": word})["skills"] / default for word in Importance}
    assert told == {
        "not_used": 0,
        "a_little": 0.5,
        "normal": 1,
        "important": 2,
        "very_important": 4,
    }
    assert list(told.values()) == sorted(told.values())


def test_what_is_not_used_gives_no_points_and_the_rest_takes_its_share() -> None:
    without = shares({"skills": Importance.NOT_USED})
    assert without["skills"] == 0.0
    assert all(without[key] > shares({})[key] for key in KEYS if key != "skills")
    rules = Rules(weights=weights_of({"skills": Importance.NOT_USED}))
    _, contributions = score_pair(
        mentor(1, skills_offered=tags("excel")), mentee(2, skills_wanted=tags("excel")), rules
    )
    assert "skills" not in {c.criterion for c in contributions}


def test_shares_are_the_weights_the_round_uses_to_the_nearest_tenth_of_a_percent() -> None:
    chosen = {"values": Importance.VERY_IMPORTANT, "hours": Importance.A_LITTLE}
    used = weights_used(weights_of(chosen))
    told = shares(chosen)
    assert list(told) == KEYS
    assert all(abs(told[key] - 100 * used.get(key, 0)) < 0.1 for key in KEYS)


def test_shares_add_up_to_a_hundred_whatever_is_chosen() -> None:
    random = Random(4)
    for _ in range(300):
        chosen = {key: random.choice(list(Importance)) for key in KEYS}
        chosen["goal"] = Importance.NORMAL
        tenths = [share * 10 for share in shares(chosen).values()]
        assert all(tenth == pytest.approx(round(tenth)) for tenth in tenths)
        assert sum(map(round, tenths)) == 1000


def test_what_rounding_leaves_over_goes_to_the_largest_remainders() -> None:
    chosen = {"values": Importance.VERY_IMPORTANT, "hours": Importance.A_LITTLE}
    told, exact = shares(chosen), weights_used(weights_of(chosen))
    remainder = {key: 1000 * exact[key] % 1 for key in KEYS}
    up = {key for key in KEYS if round(10 * told[key]) > 1000 * exact[key]}
    assert 0 < len(up) < len(KEYS)
    assert min(remainder[key] for key in up) >= max(remainder[key] for key in KEYS if key not in up)


def test_one_criterion_alone_is_everything() -> None:
    alone = dict.fromkeys(KEYS, Importance.NOT_USED) | {"rhythm": Importance.A_LITTLE}
    assert shares(alone)["rhythm"] == 100.0


def test_nothing_at_all_and_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="every criterion has weight 0"):
        shares(dict.fromkeys(KEYS, Importance.NOT_USED))
    with pytest.raises(ValueError, match="no such criterion: shoe size"):
        weights_of({"shoe size": Importance.NORMAL})


def test_every_word_has_a_factor() -> None:
    assert set(FACTORS) == set(Importance)
