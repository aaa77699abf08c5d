"""What Slack refuses; how words are cut and split so that it never has to is `bot.platforms.words`."""

from __future__ import annotations

from bot.platforms.words import ELLIPSIS, clean, cut, is_seen, length, one_line, pieces

__all__ = ["ELLIPSIS", "clean", "cut", "is_seen", "length", "one_line", "pieces"]

HEADER = 150
SECTION = 3_000
NOTE = 2_000
FIELD = 2_000
FIELDS = 10  # in one section
BUTTON = 75
BUTTON_VALUE = 2_000
OPTION = 75  # its text, its description and its value
OPTIONS = 100  # in one list
MARKS = 10  # more radio buttons or boxes than this are a list
LABEL = 2_000  # of an input; its hint as well
TYPED = 3_000
ALT = 2_000
TITLE = 24  # of a modal; its buttons as well
METADATA = 3_000
ID = 255
SUMMARY = 3_000
