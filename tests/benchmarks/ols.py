"""How well Koppel would have guessed whom people chose, on real cohorts; nothing of them is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean

from tests.benchmarks.cohorts import Cohort, NotRead, read
from tests.benchmarks.ranking import Placed, mean_auc, mean_gain, placed
from tests.benchmarks.ways import BEST, WAYS, shared_words


def bench_ols(folder: Path) -> Iterator[str]:
    """The tables, line by line; a folder that cannot be read is one line that says why."""
    try:
        cohorts = read(folder)
    except NotRead as error:
        yield f"ols: {error}"
        return
    found = {name: [one for c in cohorts for one in placed(c, way)] for name, way in WAYS.items()}
    if not next(iter(found.values())):
        yield "ols: no cohort has a match and another mentor to compare with"
        return
    yield "Whom people chose (data: Open Life Science, CC BY-SA 4.0): the mean share of the cohort's"
    yield "other mentors who rank below, 0.5 is chance; between brackets 95 % of resampled cohorts."
    yield ""
    yield from _ways(found)
    yield ""
    yield from _ahead(found, cohorts)
    yield from _by_cohort(cohorts)


def _ways(found: dict[str, list[Placed]]) -> Iterator[str]:
    base = next(iter(found.values()))
    described = sum(one.described for one in base)
    yield (
        f"| way | {described} matches with keywords | more than the baseline "
        f"| all {len(base)} matches |"
    )
    yield "|---|---:|---:|---:|"
    for name, matches in found.items():
        some = [one for one in matches if one.described]
        gain = mean_gain(some, [one for one in base if one.described])
        yield f"| {name} | {mean_auc(some)} | {gain} | {mean_auc(matches)} |"


def _ahead(found: dict[str, list[Placed]], cohorts: Sequence[Cohort]) -> Iterator[str]:
    """Without hindsight: each cohort in the way that did best on those before it."""
    base, chosen, names = list[Placed](), list[Placed](), list[str]()
    for number, cohort in enumerate(cohorts):
        before = {one.name for one in cohorts[:number]}
        past = {
            name: [one.auc for one in matches if one.cohort in before]
            for name, matches in found.items()
        }
        if any(past.values()):
            name = max(past, key=lambda way: mean(past[way]))
            names.append(f"{cohort.name}: {name}")
            chosen += [one for one in found[name] if one.cohort == cohort.name]
            base += [one for one in next(iter(found.values())) if one.cohort == cohort.name]
    if chosen:
        yield (
            f"Each cohort in the way that did best on those before it: {mean_auc(chosen)}, "
            f"{mean_gain(chosen, base)} more than shared words ({'; '.join(names)})."
        )
        yield ""


def _by_cohort(cohorts: Sequence[Cohort]) -> Iterator[str]:
    yield (
        "| cohort | matches | mentors | shared words: AUC | rank | words, hours, beside the others:"
        " AUC | rank |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for cohort in cohorts:
        plain, ours = placed(cohort, shared_words), placed(cohort, BEST)
        if plain:
            yield (
                f"| {cohort.name} | {len(plain)} | {len(cohort.mentors)} "
                f"| {mean_auc(plain)} | {_rank(plain)} | {mean_auc(ours)} | {_rank(ours)} |"
            )


def _rank(found: Sequence[Placed]) -> str:
    first = sum(one.rank <= 5 for one in found)
    return (
        f"{mean(one.rank for one in found):.1f} of {mean(one.among for one in found):.1f}, "
        f"{first} in the first five"
    )
