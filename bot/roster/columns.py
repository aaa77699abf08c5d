"""What a column is called: in English or Dutch, however it is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# The first name of each is what the documentation calls it. Case, accents, spaces, dashes and
# underscores do not count.
NAMES: Mapping[str, tuple[str, ...]] = {
    "email": (
        "e-mail", "mail", "e-mail address", "e-mailadres", "mailadres", "work e-mail", "werkmail",
        "e-mail werk", "zakelijk e-mailadres", "primary e-mail", "user principal name", "upn",
    ),
    "user": (
        "chat id", "chat", "user", "user id", "slack id", "teams id", "member id", "object id",
        "aad object id", "account", "gebruiker", "gebruikers-id", "chataccount", "slack user id",
    ),
    "name": (
        "name", "naam", "full name", "volledige naam", "display name", "weergavenaam", "employee",
        "medewerker", "employee name", "naam medewerker", "person", "persoon",
    ),
    "first": ("first name", "voornaam", "roepnaam", "given name"),
    "infix": ("infix", "tussenvoegsel", "tussenvoegsels", "voorvoegsel", "voorvoegsels"),
    "last": ("last name", "achternaam", "surname", "family name", "familienaam"),
    "department": (
        "department", "afdeling", "dept", "unit", "organisational unit", "organisatie-eenheid",
        "bedrijfsonderdeel",
    ),
    "team": ("team", "team name", "teamnaam", "squad", "groep", "group", "subafdeling"),
    "function": (
        "function", "functie", "job title", "functietitel", "functienaam", "functieomschrijving",
        "title", "position", "job", "job function",
    ),
    "manager": (
        "manager", "leidinggevende", "manager e-mail", "e-mail manager", "manager id",
        "manager name", "line manager", "direct manager", "supervisor", "reports to", "chef",
        "e-mail leidinggevende", "naam leidinggevende",
    ),
    "location": (
        "location", "locatie", "office", "kantoor", "vestiging", "standplaats", "werklocatie",
        "plaats", "city", "stad", "office location", "site",
    ),
    "time_zone": ("time zone", "tijdzone", "tz"),
    "country": ("country", "land", "country code", "landcode", "werkland", "usage location"),
    "languages": ("languages", "talen", "spoken languages", "spreekt", "taalvaardigheid"),
    "locale": (
        "locale", "language", "taal", "preferred language", "voorkeurstaal", "taalvoorkeur",
    ),
    "working_days": ("working days", "werkdagen", "workdays", "days", "dagen"),
    "hours": (
        "working hours", "werktijden", "werktijd", "hours", "work hours", "werkuren",
        "office hours", "kantooruren",
    ),
    "kind": ("kind", "soort", "type", "person type", "persoonstype", "user type"),
    "roles": ("role", "rol", "koppel role", "koppel rol", "rechten", "permissions"),
}  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """Where each field stands, what its header says, and which headers say nothing to us."""

    at: Mapping[str, int]
    headers: tuple[str, ...]
    ignored: tuple[str, ...]

    def header(self, field: str) -> str:
        return self.headers[self.at[field]].strip()


def fold(words: str) -> str:
    """Words without case, accents, spaces and signs, to compare by."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return "".join(each for each in plain if each.isalnum())


_FIELDS = {fold(name): field for field, names in NAMES.items() for name in names}


def recognise(headers: Sequence[str]) -> Columns:
    """Which column is what. Of two columns that say the same, the first counts."""
    at: dict[str, int] = {}
    ignored = []
    for place, header in enumerate(headers):
        field = _FIELDS.get(fold(header))
        if field and field not in at:
            at[field] = place
        elif header.strip():
            ignored.append(header.strip())
    return Columns(at, tuple(headers), tuple(ignored))
