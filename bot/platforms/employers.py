"""What a check-up says of the employers, whichever platform their people are on."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session

from bot.finding import Finding
from bot.platforms.slack.scopes import INSTALL
from bot.settings import Settings
from storage import organisations, roles


def findings(session: Session, settings: Settings) -> Iterator[Finding]:
    """Whether each has an administrator, and whether all have found their people; asks nobody."""
    platforms = [platform.lower() for platform in settings.platforms_configured]
    ours = {each.id: each for name in platforms for each in organisations.at(session, name)}
    for each in ours.values():
        if not roles.admins(session, each.id):
            yield Finding(False, f"administrator of {each.name}: {_who_could_be(settings)}")
    first = next(iter(ours.values()), None)
    for name, people in organisations.stranded(session) if first else ():
        assert first is not None
        yield Finding(
            False,
            f"organisation {name}: it has no workspace, so {people} of its people will not be "
            f"recognised; import them again with --organisation {first.name!r}",
        )


def _who_could_be(settings: Settings) -> str:
    """What to do where nobody is administrator."""
    if settings.slack and settings.slack.oauth and not settings.teams:
        door = f"{settings.public_url}{INSTALL}"
        return f"nobody; let who is to be it install again at {door}"
    if settings.admin:
        return (
            "nobody yet fits KOPPEL_ADMIN; see that it is the address, or the user id, of an "
            f"employee as {' or '.join(settings.platforms_configured)} knows them, and restart"
        )
    return "nobody yet; name one in KOPPEL_ADMIN and restart"
