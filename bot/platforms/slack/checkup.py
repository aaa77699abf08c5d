"""Whether Slack lets us in, with every right we need: for `koppel check`, one finding at a time."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.slack_response import SlackResponse
from sqlmodel import Session

from bot.finding import Finding
from bot.platforms.slack import scopes
from bot.platforms.slack.tokens import seal
from bot.platforms.slack.wire import NAME
from bot.settings import Settings, SlackSettings
from storage import slack_tokens
from storage.models import WorkspaceState
from storage.people import workspace_of

_PATIENCE = 5  # seconds for Slack to answer
_SILENT = logging.getLogger("koppel.slack.checkup")  # a finding says it all
_SILENT.setLevel(logging.CRITICAL)
_NOT_HEARD = (
    "Slack does not answer at {url} ({why}); see that this machine reaches it, by a proxy perhaps"
)
_WHERE = {"SLACK_BOT_TOKEN": "OAuth & Permissions", "SLACK_APP_TOKEN": "Basic Information"}
_REASONS = {
    "invalid_auth": "Slack does not know this token; copy it anew from {where}",
    "not_authed": "Slack does not know this token; copy it anew from {where}",
    "token_revoked": "this token was revoked; install the app again and copy the new token from {where}",
    "token_expired": "this token has expired; use an app without token rotation, or SLACK_CLIENT_ID",
    "account_inactive": "the app was removed from the workspace; install it again under {where}",
    "not_allowed_token_type": "this is another kind of token; copy the right one from {where}",
    "missing_scope": "this token lacks the right {scope}; make a new one under {where}",
    "ratelimited": "Slack asks us to wait; try again in a minute",
}


def findings(settings: Settings) -> Iterator[Finding]:
    """What Slack says of the tokens in the settings."""
    slack = settings.slack
    assert slack is not None
    if slack.bot_token:
        yield from _bot(slack, slack.bot_token)
    else:
        yield _reached(slack)
    if slack.app_token:
        yield _app(slack, slack.app_token)


def installed(session: Session, settings: Settings) -> Iterator[Finding]:
    """Which workspaces installed the bot, and whether their tokens can be used; asks nobody."""
    slack = settings.slack
    assert slack is not None
    if slack.oauth:
        yield from _tokens(session, settings, slack)


def _door(settings: Settings) -> str:
    return f"{settings.public_url}{scopes.INSTALL}"


def _tokens(session: Session, settings: Settings, slack: SlackSettings) -> Iterator[Finding]:
    where = _door(settings)
    held = slack_tokens.held(session, slack.client_id)
    if not held:
        yield Finding(True, f"slack workspaces: none yet; each installs Koppel at {where}")
    sealed = set(slack_tokens.unopenable(session, seal(settings)))
    for each in held:
        yield _workspace(session, each, sealed, where)


def _workspace(session: Session, held: slack_tokens.Held, sealed: set[str], where: str) -> Finding:
    name = f"slack workspace {held.name or held.workspace} ({held.workspace})"
    known = workspace_of(session, NAME, held.workspace)
    lacking = set(scopes.BOT) - held.scopes
    if held.workspace in sealed:
        return Finding(
            False,
            f"{name}: no key in KOPPEL_SECRET_KEYS opens its token; put the former key back, behind "
            "the first",
        )
    if known and known.state is WorkspaceState.PAUSED:
        return Finding(False, f"{name}: paused, Slack refused our token; install again at {where}")
    if lacking:
        return Finding(False, f"{name}: it lacks {_listed(lacking)}; install again at {where}")
    return Finding(True, f"{name}: installed")


def _bot(slack: SlackSettings, token: SecretStr) -> Iterator[Finding]:
    try:
        answer = _client(slack, token).auth_test()
    except (SlackClientError, OSError) as error:
        yield Finding(False, f"SLACK_BOT_TOKEN: {_why(error, slack, 'SLACK_BOT_TOKEN')}")
        return
    team = f"{answer.get('team', '')} ({answer.get('team_id', '')})"
    yield Finding(True, f"slack: lets us in as {answer.get('user', '')}, workspace {team}")
    granted = _granted(answer)
    if granted is not None:  # an emulator may not tell
        yield _rights(granted)


def _rights(granted: set[str]) -> Finding:
    lacking = set(scopes.BOT) - granted
    if lacking:
        return Finding(
            False,
            f"slack rights: add {_listed(lacking)} under OAuth & Permissions, or update the app's "
            "manifest with: koppel manifest slack; then reinstall the app",
        )
    if granted & scopes.NEVER:
        return Finding(
            False,
            f"slack rights: take {_listed(granted & scopes.NEVER)} away under OAuth & Permissions: "
            "Koppel does not read what people say to each other; then reinstall the app",
        )
    return Finding(True, "slack rights: all that are needed")


def _app(slack: SlackSettings, token: SecretStr) -> Finding:
    try:
        _client(slack, token).apps_connections_open(app_token=token.get_secret_value())
    except (SlackClientError, OSError) as error:
        return Finding(False, f"SLACK_APP_TOKEN: {_why(error, slack, 'SLACK_APP_TOKEN')}")
    return Finding(True, "slack socket: it opens")


def _reached(slack: SlackSettings) -> Finding:
    """Without a token of our own all there is to ask is whether Slack is there."""
    try:
        _client(slack).api_test()
    except (SlackClientError, OSError) as error:
        return Finding(False, f"SLACK_API_URL: {_why(error, slack, 'SLACK_API_URL')}")
    return Finding(True, "slack: answers")


def _client(slack: SlackSettings, token: SecretStr | None = None) -> WebClient:
    return WebClient(
        token=token.get_secret_value() if token else None,
        base_url=slack.api_url,
        timeout=_PATIENCE,
        logger=_SILENT,
        retry_handlers=[],
    )


def _why(error: Exception, slack: SlackSettings, name: str) -> str:
    """One clear line; never the token, nor what was sent."""
    if not isinstance(error, SlackApiError) or not isinstance(error.response, SlackResponse):
        return _NOT_HEARD.format(url=slack.api_url, why=type(error).__name__)
    code = str(error.response.get("error", ""))
    if code == "not_allowed_token_type" or code in _REASONS:
        return _REASONS[code].format(where=_WHERE.get(name, ""), scope=scopes.APP)
    return f"Slack says {code[:60] or error.response.status_code}"


def _granted(answer: SlackResponse) -> set[str] | None:
    """What the token may do, as the answer's header says; None when it does not."""
    headers = {str(name).lower(): value for name, value in answer.headers.items()}
    said = headers.get("x-oauth-scopes")
    if said is None:
        return None
    return {scope.strip() for scope in str(said).split(",")}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
