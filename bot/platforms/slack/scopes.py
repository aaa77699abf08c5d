"""The rights we ask of Slack, each because of something we do; a test holds them against the code."""

from __future__ import annotations

COMMAND = "/mentor"
REQUESTS = "/slack/events"  # where Slack calls, over HTTP
INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"

# Every method of the Web API that the code calls, and the scopes of the bot's token it needs.
METHODS: dict[str, tuple[str, ...]] = {
    "api.test": (),
    "apps.connections.open": (),  # with the app-level token, which needs connections:write
    "auth.revoke": (),
    "auth.test": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("im:history",),  # of its own chats with one person
    "conversations.open": ("im:write", "mpim:write"),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "oauth.v2.access": (),
    "users.conversations": ("channels:read", "groups:read"),  # those it is a member of
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.update": (),
}

# Every event the bot is told of, and the scopes that takes.
SUBSCRIBED: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "message.im": ("im:history",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
EVENTS = tuple(SUBSCRIBED)

# What a call or an event gives more of with a further scope, and a slash command needs anyhow.
ALSO: dict[str, tuple[str, ...]] = {
    COMMAND: ("commands",),
    "the e-mail address of an account": ("users:read.email",),  # who is in a list of people?
}

BOT: tuple[str, ...] = tuple(
    sorted(
        {
            scope
            for reasons in (METHODS, SUBSCRIBED, ALSO)
            for scopes in reasons.values()
            for scope in scopes
        }
    )
)

APP = "connections:write"  # of the app-level token, for Socket Mode

# What would let the bot read people's own talk. It never asks for these.
NEVER = frozenset(
    {"channels:history", "groups:history", "mpim:history", "search:read", "channels:join"}
)
