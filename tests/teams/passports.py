"""Tokens as Microsoft's service signs them, with keys of our own; and a server that publishes those."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from bot.platforms.teams.gate import ISSUER

APP = "5a1e9c1e-0000-4000-8000-00000000b07a"
SERVICE = "https://smba.example/emea/"
Json = dict[str, Any]


@cache
def private(name: str) -> rsa.RSAPrivateKey:
    """The key of this name."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public(name: str, endorsements: tuple[str, ...] = ("msteams",)) -> Json:
    """How Microsoft publishes a key."""
    key = json.loads(RSAAlgorithm.to_jwk(private(name).public_key()))
    return {**key, "kid": name, "use": "sig", "endorsements": [*endorsements]}


def token(
    *,
    key: str = "monday",
    named: str | None = None,
    algorithm: str = "RS256",
    secret: Any = None,
    without: tuple[str, ...] = (),
    **claims: Any,
) -> str:
    """A passport that is in order, except for what is said otherwise."""
    now = time.time()
    said = {
        "iss": ISSUER,
        "aud": APP,
        "serviceurl": SERVICE,
        "nbf": now - 60,
        "exp": now + 3600,
        **claims,
    }
    kept = {name: value for name, value in said.items() if name not in without}
    signed = jwt.encode(
        kept,
        secret if secret is not None else private(key),
        algorithm=algorithm,
        headers={"kid": named if named is not None else key},
    )
    return f"Bearer {signed}"


@dataclass
class Office:
    """Where keys are published: how often somebody came to look, and whether it is open."""

    url: str = ""
    keys: list[Json] = field(default_factory=lambda: [public("monday")])
    looked: int = 0
    closed: bool = False


@asynccontextmanager
async def office() -> AsyncIterator[Office]:
    """The key office on this machine."""
    found = Office()

    async def metadata(_request: web.Request) -> web.Response:
        if found.closed:
            return web.Response(status=503)
        found.looked += 1
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{found.url}/keys"})

    async def keys(_request: web.Request) -> web.Response:
        return web.json_response({"keys": found.keys})

    app = web.Application()
    app.router.add_get("/metadata", metadata)
    app.router.add_get("/keys", keys)
    async with TestServer(app, host="127.0.0.1") as server:
        found.url = str(server.make_url("")).rstrip("/")
        yield found
