"""Reads accounts as Teams describes them; every field may be missing, null or empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.news import Account, Kind
from bot.platforms.teams import wire
from bot.platforms.words import one_line

Json = Mapping[str, Any]
_LONGEST = 200  # characters of a name


def account(member: Json, tenant: str, said: Json | None = None) -> Account:
    """What a member of a conversation tells, with the language and time zone of what they `said`."""
    said = said or {}
    email = _words(member, "email") or _words(member, "userPrincipalName")
    return Account(
        user=wire.account(member),
        name=_words(member, "name") or _full(member),
        email=email if "@" in email and "#EXT#" not in email.upper() else "",
        locale=_words(said, "locale").replace("_", "-").partition("-")[0].lower(),
        time_zone=_words(said, "localTimezone"),
        kind=_kind(member, tenant),
    )


def _kind(member: Json, tenant: str) -> Kind:
    if wire.is_bot(member):
        return Kind.BOT
    home = str(member.get("tenantId") or "").lower()
    if home and tenant and home != tenant:
        return Kind.STRANGER
    if _words(member, "userRole").lower() in ("guest", "anonymous"):
        return Kind.GUEST
    # A guest signs in with an address of their own, rewritten for the tenant.
    if "#EXT#" in _words(member, "userPrincipalName").upper():
        return Kind.GUEST
    return Kind.EMPLOYEE


def _full(member: Json) -> str:
    return " ".join(filter(None, (_words(member, "givenName"), _words(member, "surname"))))


def _words(whole: Json, name: str) -> str:
    found = whole.get(name)
    return one_line(found, _LONGEST, "") if isinstance(found, str) else ""
