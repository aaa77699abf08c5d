"""A token is fetched once for all who wait, and anew before it ends; real msal, on a fake network."""

from __future__ import annotations

import asyncio
import json
import time
from threading import Barrier, Thread
from typing import Any

import pytest
import requests
from structlog.testing import capture_logs

from bot.core.platform import Refused
from bot.platforms.teams.failures import NotArrived
from bot.platforms.teams.tokens import LOGIN, MARGIN, SCOPE, Credentials, CredentialsFactory

APP, TENANT, SECRET = "6c1d0f6e-app", "waterkant", "a-very-secret-secret"


class _Answer:
    def __init__(self, said: Any, status: int = 200) -> None:
        self.status_code, self.text, self.headers = status, json.dumps(said), {"X": "y"}

    def raise_for_status(self) -> None:
        assert self.status_code < 400


class Microsoft:
    """Where msal asks: tells where tokens are, and gives one at each request."""

    def __init__(self, **outcome: Any) -> None:
        self.outcome, self.fetches = outcome, 0
        self.asked: list[tuple[str, Any]] = []
        self.lasts = 3_600
        self.broken: Exception | None = None

    def get(self, url: str, **given: Any) -> _Answer:
        if "169.254.169.254" in url:  # where a virtual machine asks for its identity
            return self._token(url, given.get("params"))
        at = url.partition("/v2.0")[0]
        return _Answer(
            {
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/oauth2/v2.0/token",
                "issuer": f"{at}/v2.0",
                "metadata": [],
                "tenant_discovery_endpoint": url,
            }
        )

    def post(self, url: str, **given: Any) -> _Answer:
        return self._token(url, given.get("data"))

    def _token(self, url: str, given: Any) -> _Answer:
        time.sleep(0.02)
        if self.broken:
            raise self.broken
        self.fetches += 1
        self.asked.append((url, given))
        if self.outcome:
            return _Answer(self.outcome, 401)
        lasts = {"expires_in": self.lasts, "token_type": "Bearer", "resource": SCOPE}
        return _Answer({"access_token": f"token-{self.fetches}", **lasts})

    def close(self) -> None: ...


class Time:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def factory(microsoft: Microsoft, **given: Any) -> CredentialsFactory:
    told = {"password": SECRET, "tenant_id": TENANT, "http": microsoft, **given}
    return CredentialsFactory(APP, **told)


def test_however_often_the_sdk_asks_for_credentials_one_token_is_fetched() -> None:
    microsoft = Microsoft()
    made = factory(microsoft)

    async def story() -> set[str | None]:
        found = set()
        for _ in range(20):  # as for twenty turns
            credentials = await made.create_credentials(APP, SCOPE, LOGIN, True)
            found.add(await credentials.token())
            found.add(credentials.get_access_token())
        return found

    assert asyncio.run(story()) == {"token-1"}
    assert microsoft.fetches == 1


def test_each_scope_and_endpoint_has_credentials_of_its_own() -> None:
    async def story() -> None:
        made = factory(Microsoft())
        one = await made.create_credentials(APP, SCOPE, LOGIN, True)
        assert await made.create_credentials(APP, SCOPE, LOGIN, True) is one
        assert await made.create_credentials(APP, "api://other", LOGIN, True) is not one
        government = "https://login.microsoftonline.us/"
        assert await made.create_credentials(APP, SCOPE, government, True) is not one
        assert made.connector() is one
        with pytest.raises(ValueError):
            await made.create_credentials("another-app", SCOPE, LOGIN, True)
        assert await made.is_valid_app_id(APP)
        assert not await made.is_valid_app_id("another-app")
        assert not await made.is_authentication_disabled()

    asyncio.run(story())


def test_many_that_wait_share_one_fetch() -> None:
    microsoft = Microsoft()

    async def story() -> set[str | None]:
        credentials = factory(microsoft).connector()
        return set(await asyncio.gather(*(credentials.token() for _ in range(50))))

    assert asyncio.run(story()) == {"token-1"}
    assert microsoft.fetches == 1


def test_threads_of_the_sdk_share_it_too() -> None:
    microsoft = Microsoft()
    credentials, together = factory(microsoft).connector(), Barrier(8)

    def ask() -> None:
        together.wait()
        credentials.get_access_token()

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert microsoft.fetches == 1


def test_the_loop_goes_on_while_a_token_is_fetched() -> None:
    async def story() -> int:
        credentials = factory(Microsoft()).connector()
        fetching = asyncio.create_task(credentials.token())
        turns = 0
        while not fetching.done():
            await asyncio.sleep(0.001)
            turns += 1
        return turns

    assert asyncio.run(story()) > 3


def test_a_token_is_fetched_anew_shortly_before_its_end() -> None:
    microsoft, now = Microsoft(), Time()
    credentials = factory(microsoft, clock=now).connector()

    async def at(seconds: float) -> str | None:
        now.now = 1_000 + seconds
        return await credentials.token()

    assert asyncio.run(at(0)) == "token-1"
    assert asyncio.run(at(3_600 - MARGIN - 1)) == "token-1"
    assert asyncio.run(at(3_600 - MARGIN + 1)) == "token-2"


def test_a_token_that_was_not_taken_is_fetched_anew() -> None:
    microsoft = Microsoft()

    async def story() -> None:
        credentials = factory(microsoft).connector()
        assert await credentials.token() == "token-1"
        credentials.forget()
        assert await credentials.token() == "token-2"

    asyncio.run(story())


def test_a_token_of_a_minute_is_used_for_half_of_it() -> None:
    microsoft, now = Microsoft(), Time()
    microsoft.lasts = 60
    credentials = factory(microsoft, clock=now).connector()
    asyncio.run(credentials.token())
    now.now += 29
    asyncio.run(credentials.token())
    assert microsoft.fetches == 1
    now.now += 2
    asyncio.run(credentials.token())
    assert microsoft.fetches == 2


def test_a_single_tenant_app_asks_its_own_tenant_with_its_secret() -> None:
    microsoft = Microsoft()
    asyncio.run(factory(microsoft).connector().token())
    [(url, said)] = microsoft.asked
    assert url == f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
    assert (said["client_id"], said["client_secret"]) == (APP, SECRET)
    assert said["scope"] == "https://api.botframework.com/.default"


def test_a_managed_identity_asks_the_machine_it_runs_on_and_has_no_secret() -> None:
    microsoft = Microsoft()
    made = factory(microsoft, managed_identity=True, password="", tenant_id="")
    assert asyncio.run(made.connector().token()) == "token-1"
    [(url, said)] = microsoft.asked
    assert url.startswith("http://169.254.169.254/metadata/identity/")
    assert (said["client_id"], said["resource"]) == (APP, "https://api.botframework.com")


def test_in_the_playground_nobody_proves_anything() -> None:
    made = CredentialsFactory("", playground=True)

    async def story() -> None:
        assert await made.is_authentication_disabled()
        credentials = await made.create_credentials("", SCOPE, LOGIN, True)
        assert await credentials.token() is None
        assert not credentials.are_needed
        assert credentials.signed_session().headers.get("Authorization") is None

    asyncio.run(story())


@pytest.mark.parametrize("given", [{}, {"password": SECRET}, {"tenant_id": TENANT}])
def test_an_app_without_any_proof_is_refused_at_once(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        CredentialsFactory(APP, **given)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("invalid_client", Refused),  # the secret is wrong (AADSTS7000215) or too old (7000222)
        ("unauthorized_client", Refused),  # no such app in this tenant (AADSTS700016)
        ("temporarily_unavailable", NotArrived),
        ("server_error", NotArrived),
    ],
)
def test_a_secret_that_is_no_good_is_told_from_a_service_that_is_not_there(
    error: str, kind: type[Exception]
) -> None:
    told = f"AADSTS7000222: the secret {SECRET} is too old"
    microsoft = Microsoft(error=error, error_description=told, error_codes=[7000222])
    with capture_logs() as logs, pytest.raises(kind):
        asyncio.run(factory(microsoft).connector().token())
    assert logs[0]["codes"] == [7000222]
    assert SECRET not in str(logs)


def test_a_network_that_is_down_is_no_refusal_and_the_next_try_may_do_better() -> None:
    microsoft = Microsoft()
    credentials = factory(microsoft).connector()
    microsoft.broken = requests.ConnectionError(SECRET)
    with capture_logs() as logs, pytest.raises(NotArrived) as caught:
        asyncio.run(credentials.token())
    assert SECRET not in str(logs) + str(caught.value)
    microsoft.broken = None
    assert asyncio.run(credentials.token()) == "token-1"


def test_what_microsoft_says_without_a_token_or_an_error_is_no_token() -> None:
    with pytest.raises(NotArrived):
        Credentials(APP, SCOPE, lambda: {}).get_access_token()
