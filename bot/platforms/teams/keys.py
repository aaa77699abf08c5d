"""The keys with which Teams signs: fetched when needed, kept for a day, never in anybody's way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from jwt import PyJWK

DAY, HOUR = 86_400.0, 3_600.0  # seconds
_PATIENCE = aiohttp.ClientTimeout(total=5)
Json = Mapping[str, Any]


class Unavailable(Exception):
    """The keys could not be fetched: who is there cannot be told now."""


class UnknownKey(PermissionError):
    """Signed with a key that Microsoft does not publish."""


@dataclass(frozen=True)
class Key:
    """What the SDK asks of a key: for which channels it may speak."""

    public_key: object
    endorsements: list[str] = field(default_factory=list)


async def fetched(url: str) -> list[Json]:
    """The published keys, by way of the document that says where they are."""
    async with aiohttp.ClientSession(timeout=_PATIENCE, raise_for_status=True) as http:
        async with http.get(url) as answer:
            where = (await answer.json(content_type=None))["jwks_uri"]
        async with http.get(where) as answer:
            found = (await answer.json(content_type=None))["keys"]
    return [key for key in found if isinstance(key, Mapping)]


class Keys:
    """Stands in for the SDK's own store, which blocks everybody while it fetches and stumbles over a
    key it does not know."""

    def __init__(
        self,
        url: str,
        fetch: Callable[[str], Awaitable[list[Json]]] = fetched,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url, self._fetch, self._clock = url, fetch, clock
        self._known: dict[str, Key] = {}
        self._at: float | None = None
        self._one_at_a_time = asyncio.Lock()

    async def get(self, key_id: str | None) -> Key:
        """The key of this name. Raises UnknownKey, or Unavailable as long as none were fetched."""
        await self._fetch_after(DAY)
        if key_id not in self._known:
            await self._fetch_after(HOUR)  # a new one; no stranger makes us ask more often
        found = self._known.get(key_id or "")
        if found is None:
            raise UnknownKey
        return found

    async def _fetch_after(self, age: float) -> None:
        async with self._one_at_a_time:
            if self._at is not None and self._clock() - self._at < age:
                return
            try:
                found = await self._fetch(self._url)
                self._known = {str(key["kid"]): _key(key) for key in found if _is_ours(key)}
            except (aiohttp.ClientError, OSError, ValueError, KeyError, TypeError) as error:
                if not self._known:
                    raise Unavailable(type(error).__name__) from error
                return  # those of yesterday still hold
            self._at = self._clock()


def _is_ours(key: Json) -> bool:
    return bool(key.get("kid")) and key.get("kty") == "RSA"


def _key(key: Json) -> Key:
    return Key(PyJWK(dict(key), "RS256").key, list(key.get("endorsements") or ()))
