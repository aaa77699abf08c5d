"""Whether Microsoft lets the bot in: for `koppel check`, one finding at a time."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

from msal import ConfidentialClientApplication
from msal.exceptions import MsalError
from sqlmodel import Session

from bot.finding import Finding
from bot.platforms.teams.names import MESSAGES, NAME
from bot.settings import Settings, TeamsSettings
from storage.models import WorkspaceState
from storage.people import workspace_of

AUTHORITY = "https://login.microsoftonline.com"
_SCOPE = "https://api.botframework.com/.default"
_PATIENCE = 5  # seconds for Microsoft to answer
for _talkative in ("msal", "urllib3"):  # a finding says it all
    logging.getLogger(_talkative).setLevel(logging.CRITICAL)
_ON_ITS_PAGE = "both ids stand under Configuration of your Azure Bot"
_TENANT = f"TEAMS_TENANT_ID: Microsoft knows no such tenant; {_ON_ITS_PAGE}"
_REASONS = {
    "7000215": (
        "TEAMS_APP_PASSWORD: Microsoft does not take this secret; copy the Value (not the Secret ID) "
        "of a client secret of this app, under Certificates & secrets"
    ),
    "7000222": (
        "TEAMS_APP_PASSWORD: this secret has expired; make a new one under Certificates & secrets of "
        "the app registration, and restart Koppel with it"
    ),
    "700016": f"TEAMS_APP_ID: there is no such app in this tenant; {_ON_ITS_PAGE}",
    "7000229": (
        "TEAMS_APP_ID: the app has no enterprise application in this tenant yet; make it with: "
        "az ad sp create --id {app}"
    ),
    "7000112": (
        "TEAMS_APP_ID: the app is switched off; switch it on in Entra, under Enterprise applications "
        "> Properties > Enabled for users to sign in"
    ),
    "90002": _TENANT,
    "900023": _TENANT,
    "53003": (
        "teams: an access rule (Conditional Access) of your tenant keeps this machine out; let it "
        "except the app"
    ),
    "90033": "teams: Microsoft has a problem of its own; try again in a minute",
    "90055": "teams: Microsoft asks us to wait; try again in a minute",
}


def findings(settings: Settings, authority: str = AUTHORITY) -> Iterator[Finding]:
    """What Microsoft says of the bot in the settings, and whether Teams could reach it."""
    teams = settings.teams
    assert teams is not None
    if teams.playground:
        yield Finding(
            True, "teams: only the Agents Playground on this machine, where anybody may in"
        )
        return
    yield _let_in(teams, f"{authority}/{teams.tenant_id}")
    yield _reached(settings.public_url)


def installed(session: Session, settings: Settings) -> Iterator[Finding]:
    """Whether anybody of the tenant has met the bot yet; asks nobody."""
    teams = settings.teams
    assert teams is not None
    if teams.playground:
        return
    known = workspace_of(session, NAME, teams.tenant_id)
    if known is None:
        words = "nobody has met Koppel yet; upload the app and add it (koppel manifest teams)"
    elif known.state is WorkspaceState.GONE:
        words = "Koppel was removed; add the app again to go on"
    else:
        words = "has met Koppel"
    yield Finding(True, f"teams tenant {teams.tenant_id}: {words}")


def _let_in(teams: TeamsSettings, tenant: str) -> Finding:
    if teams.managed_identity:
        return Finding(
            True,
            "teams: as a managed identity, which Microsoft lets in only on the Azure machine that it "
            "is assigned to; that cannot be looked at from here",
        )
    try:
        answer = _asked(teams, tenant)
    except (OSError, RuntimeError, MsalError) as error:  # requests' own errors are the first
        return Finding(False, _not_heard(tenant, type(error).__name__))
    except ValueError as error:  # what msal raises where it cannot find the tenant
        code = _code(f"{error} {error.__context__}")
        why = "what answers there is not Microsoft"
        return Finding(False, _reason(code, teams) if code else _not_heard(tenant, why))
    if "access_token" in answer:
        return Finding(True, f"teams: Microsoft lets the bot {teams.app_id} in")
    return Finding(False, _reason(_code(str(answer.get("error_description"))), teams))


def _asked(teams: TeamsSettings, tenant: str) -> dict[str, Any]:
    """What Microsoft answers to who we say we are."""
    secret = teams.app_password
    assert secret is not None
    app = ConfidentialClientApplication(
        teams.app_id,
        client_credential=secret.get_secret_value(),
        authority=tenant,
        instance_discovery=False,
        timeout=_PATIENCE,
    )
    return dict(app.acquire_token_for_client([_SCOPE]))


def _reached(public_url: str) -> Finding:
    """Nobody can see from here what is written in Azure, but what must be written there."""
    if not public_url:
        return Finding(
            False,
            "KOPPEL_PUBLIC_URL: this is missing; set the https address under which Teams reaches this "
            "server, such as https://koppel.example.com",
        )
    if not public_url.startswith("https://"):
        return Finding(
            False,
            "KOPPEL_PUBLIC_URL: Teams speaks to https only; put a proxy with a certificate there",
        )
    return Finding(
        True,
        f"teams messaging endpoint: {public_url}{MESSAGES}; it must stand so under Configuration of "
        "your Azure Bot",
    )


def _code(words: str) -> str:
    """The number of an error in what Microsoft says; the rest may hold more than is to be shown."""
    found = re.search(r"AADSTS(\d+)", words)
    return found[1] if found else ""


def _reason(code: str, teams: TeamsSettings) -> str:
    if code in _REASONS:
        return _REASONS[code].format(app=teams.app_id)
    if code:
        return (
            f"teams: Microsoft says AADSTS{code}; {AUTHORITY}/error?code={code} tells what that is"
        )
    return "teams: Microsoft does not let the bot in, and does not say why; try again in a minute"


def _not_heard(url: str, why: str) -> str:
    return (
        f"teams: Microsoft does not answer at {url} ({why}); see that this machine reaches it, by a "
        "proxy perhaps"
    )
