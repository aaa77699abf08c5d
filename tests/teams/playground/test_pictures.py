"""A whole story through the page, as people in Teams would go through it."""

from __future__ import annotations

from pathlib import Path

from tests.teams.playground.pictures import NAMES, Camera, stage, tell


def test_a_programme_goes_by_on_the_page_and_each_step_is_seen(file: str, tmp_path: Path) -> None:
    with stage(file) as (bot, desks):
        tell(bot, desks, Camera(tmp_path))
    for name in NAMES:
        assert (tmp_path / f"teams-{name}.png").stat().st_size < 120_000
