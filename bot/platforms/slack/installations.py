"""What Slack's own stores need to know of our database: its engine, its threads and its seal."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import Engine
from sqlmodel import SQLModel

from storage import slack_tokens
from storage.database import Database
from storage.models.slack import SECRETS, slack_bots, slack_installations, slack_oauth_states
from storage.sealing import Seal, sealed

STATE_SECONDS = 600  # how long somebody may think about it on Slack's page


class _Shortly(logging.Handler):
    """What the libraries have to complain of, in one line of our own log."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().error("slack.library", says=record.getMessage()[:300])


# At its DEBUG level the library logs what it sends, which is a client secret and a refresh token.
quiet = logging.getLogger("koppel.slack")
quiet.setLevel(logging.ERROR)
quiet.propagate = False
quiet.handlers = [_Shortly()]


class _Store(SQLAlchemyInstallationStore):
    """Slack's store on our tables; it sees tokens in clear, the database never does."""

    def __init__(self, engine: Engine, client_id: str, seal: Seal) -> None:
        # The library's own constructor would make tables of its own, with too narrow columns.
        self.engine, self.client_id, self._logger = engine, client_id, quiet
        self.metadata = SQLModel.metadata
        self.bots = sealed(slack_bots, SECRETS, seal)
        self.installations = sealed(slack_installations, SECRETS, seal)


class _States(SQLAlchemyOAuthStateStore):
    def __init__(self, engine: Engine) -> None:
        self.engine, self.expiration_seconds, self._logger = engine, STATE_SECONDS, quiet
        self.metadata, self.oauth_states = SQLModel.metadata, slack_oauth_states


class Installations(AsyncInstallationStore):
    """Which workspace gave which token; the work is done in the database's own threads."""

    def __init__(self, database: Database, client_id: str, seal: Seal) -> None:
        self._database, self._client_id = database, client_id
        self._writing = _Store(database.engine, client_id, seal)
        self._reading = _Store(database.for_readers(), client_id, seal)

    @property
    def logger(self) -> logging.Logger:
        return quiet

    async def bot_of(self, workspace: str) -> Bot | None:
        """The bot's token and account in a workspace, also in one that belongs to an enterprise."""

        def find() -> Bot | None:
            with self._database.look() as session:
                known = slack_tokens.of_workspace(session, self._client_id, workspace)
            if known is None:
                return None
            return self._reading.find_bot(enterprise_id=known.enterprise, team_id=workspace)

        return await self._database.read(find)

    async def forget(self, workspace: str) -> None:
        """Delete every token of a workspace, and who installed the bot there."""
        await self._database.changed(lambda session: slack_tokens.forget(session, workspace))

    async def async_save(self, installation: Installation) -> None:
        await self._database.write(lambda: self._writing.save(installation))

    async def async_save_bot(self, bot: Bot) -> None:
        await self._database.write(lambda: self._writing.save_bot(bot))

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        return await self._database.read(
            lambda: self._reading.find_bot(
                enterprise_id=enterprise_id,
                team_id=team_id,
                is_enterprise_install=is_enterprise_install,
            )
        )

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        return await self._database.read(
            lambda: self._reading.find_installation(
                enterprise_id=enterprise_id,
                team_id=team_id,
                user_id=user_id,
                is_enterprise_install=is_enterprise_install,
            )
        )

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self._database.write(
            lambda: self._writing.delete_bot(enterprise_id=enterprise_id, team_id=team_id)
        )

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        await self._database.write(
            lambda: self._writing.delete_installation(
                enterprise_id=enterprise_id, team_id=team_id, user_id=user_id
            )
        )


class States(AsyncOAuthStateStore):
    """Whose browser began to install, for ten minutes."""

    def __init__(self, database: Database) -> None:
        self._database, self._states = database, _States(database.engine)

    @property
    def logger(self) -> logging.Logger:
        return quiet

    async def async_issue(self, *args: Any, **kwargs: Any) -> str:
        def issue() -> str:
            with self._database.transaction() as session:
                # The page is open to anybody: what it leaves behind must not pile up.
                slack_tokens.forget_expired_states(session, datetime.now(UTC))
            return self._states.issue(*args, **kwargs)

        return await self._database.write(issue)

    async def async_consume(self, state: str) -> bool:
        return await self._database.write(lambda: self._states.consume(state))
