"""`koppel check` names everything that is wrong, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import check
from tests import sealed
from tests.cli.command import Koppel

ROOT = Path(__file__).parent.parent.parent


def test_check_finds_a_fresh_machine_in_order_and_touches_nothing(koppel: Koppel) -> None:
    result = koppel("check")
    assert result.exit_code == 0, result.output
    assert all(line.startswith("✓ ") for line in result.output.splitlines())
    assert "is made at the first run" in result.output
    assert list(Path().iterdir()) == []


def test_check_says_what_to_do_about_old_tables(koppel: Koppel, empty_url: str) -> None:
    database = sealed.opened(empty_url)
    database.engine.connect().close()
    database.close()
    result = koppel("check", "--database", empty_url)
    assert (result.exit_code, "run `koppel migrate`" in result.output) == (1, True)
    koppel("migrate", "--database", empty_url)
    result = koppel("check", "--database", empty_url)
    assert (result.exit_code, "✓ tables: those of this version" in result.output) == (0, True)


def test_check_names_everything_that_is_wrong_and_goes_on(
    koppel: Koppel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOPPEL_PORT", "many")
    monkeypatch.setattr(check, "available_timezones", set)
    monkeypatch.setattr(check, "_untranslated", lambda _: ["Hello"])
    monkeypatch.setattr("bot.content.standard", broken_content)
    result = koppel("check")
    assert result.exit_code == 1
    assert [line.partition(":")[0] for line in result.output.splitlines()] == [
        "✗ KOPPEL_PORT",
        "✗ texts",
        "✗ content",
        "✗ time zones",
    ]


def broken_content() -> None:
    raise ValueError("intake.toml: question goal: 'en'")


def test_check_notices_a_folder_it_cannot_write(
    koppel: Koppel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    result = koppel("check")
    assert (result.exit_code, "✗ data folder: data cannot be written" in result.output) == (1, True)


def test_a_catalogue_with_a_gap_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    header += '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    entries = {
        'msgid "Fine {name}"\nmsgstr "Goed {name}"\n': [],
        'msgid "Missing"\nmsgstr ""\n': ["Missing"],
        '#, fuzzy\nmsgid "Guess"\nmsgstr "Gok"\n': ["Guess"],
        'msgid "Lost {name}"\nmsgstr "Kwijt"\n': ["Lost {name}"],
        'msgid "one"\nmsgid_plural "{n}"\nmsgstr[0] "een"\nmsgstr[1] "{n}"\n': [],
        'msgid "two"\nmsgid_plural "{n}"\nmsgstr[0] "een"\nmsgstr[1] ""\n': ["two"],
    }
    monkeypatch.setattr("bot.texts.LOCALES", tmp_path)
    for entry, missing in entries.items():
        (folder / "koppel.po").write_text(header + entry, encoding="utf-8")
        assert check._untranslated("nl") == missing


@pytest.mark.parametrize("said", ["", "no route", "password geheim is wrong\nDETAIL: geheim"])
def test_the_reason_a_database_gives_never_holds_its_password(said: str) -> None:
    url = "postgresql+psycopg://koppel:geheim@db/koppel"
    words = check.reason(RuntimeError(said), url)
    assert words == {"": "RuntimeError"}.get(said, said.split("\n")[0].replace("geheim", "***"))
