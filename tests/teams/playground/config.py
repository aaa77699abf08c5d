"""The company in the Playground: who works there, and where they talk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
TENANT = "5d1a7c3e-4f0b-4c55-9d5e-0a7e1c0f4a01"
BOT = "28:3f2b8a94-6c1d-4e0f-a7d2-9b8c7d6e5f40"
TEAM, CHANNEL = "19:waterkant@thread.tacv2", "19:mentoraat@thread.tacv2"
TEAM_AAD = "00000000-0000-4000-8000-00000000a001"
GROUP, PERSONAL = "19:koffie@thread.v2", "a:1-{}"


@dataclass(frozen=True)
class Member:
    """Somebody with an account; the Playground has room for five beside who sits in front of it."""

    name: str

    @property
    def first(self) -> str:
        return self.name.split()[0]

    @property
    def id(self) -> str:
        return f"29:1-{self.first.casefold()}"

    @property
    def email(self) -> str:
        return f"{self.first.casefold()}@waterkant.example"

    @property
    def aad(self) -> str:
        """Their id in the company's directory."""
        return f"00000000-0000-4000-8000-{self.first.casefold().encode().hex()[:12]:0>12}"

    @property
    def personal(self) -> str:
        """The id of their chat with the bot."""
        return PERSONAL.format(self.first.casefold())

    def as_json(self) -> Json:
        given, _, family = self.name.partition(" ")
        return {
            "id": self.id,
            "name": self.name,
            "userPrincipleName": self.email,
            "aadObjectId": self.aad,
            "givenName": given,
            "surname": family,
            "email": self.email,
        }


PEOPLE = (
    Member("Noor de Vries"),
    Member("Thomas Berg"),
    Member("Bram Jansen"),
    Member("Aylin Demir"),
    Member("Jasmijn Çelik-Bakker"),
    Member("Erin O’Connor"),
)


def as_json(sitting: Member, people: tuple[Member, ...] = PEOPLE) -> Json:
    """What the Playground reads; JSON is YAML too."""
    others = [member.as_json() for member in people if member != sitting]
    assert len(others) == 5, "the Playground wants exactly five users beside its own"
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": BOT, "name": "Koppel"},
        "currentUser": sitting.as_json(),
        "users": others,
        "personalChat": {"id": sitting.personal},
        "groupChat": {"id": GROUP, "name": "Koffie met Bram"},
        "team": {
            "id": TEAM,
            "name": "Waterkant",
            "aadGroupId": TEAM_AAD,
            "channels": [{"id": CHANNEL, "name": "Mentoraat"}],
        },
    }
