"""What the tests of an import share: an organisation to import into."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.roster import parse
from storage import roster
from storage.database import Database
from tests import sealed
from tests.importing.lines import HEADER, Import


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = sealed.opened(url)
    yield opened
    opened.close()


@pytest.fixture
def imports(database: Database) -> Import:
    """Import these lines as the people of Waterkant, with chat ids in a Slack workspace."""

    def do(lines: str, header: str = HEADER, address: Callable[[str], str] = str) -> roster.Outcome:
        read = parse((header + lines).encode())
        assert read.problems == ()
        with database.transaction() as session:
            whose = roster.organisation(session, "Waterkant", must_match=True)
            place = roster.workspace(session, whose, ("slack", "T1"))
            return roster.bring_up_to_date(session, read.rows, whose, place, address=address)

    return do
