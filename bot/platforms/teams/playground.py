"""Microsoft's test client shows no image that is attached, but one within a card, however large."""

from __future__ import annotations

from bot.platforms.teams.cards import CARD, VERSION
from bot.platforms.teams.texts import Json

_BUTTONS = "ActionSet"


def as_it_is(activity: Json) -> Json:
    """For Teams itself."""
    return activity


def within(activity: Json) -> Json:
    """The same message with its images in its card, before the buttons at the end."""
    attached = activity.get("attachments") or []
    images = [_image(each) for each in attached if _is_image(each)]
    if not images:
        return activity
    cards = [each for each in attached if not _is_image(each)]
    card = (
        cards[0]["content"] if cards else {"type": "AdaptiveCard", "version": VERSION, "body": []}
    )
    body = list(card["body"])
    place = len(body)
    while place and body[place - 1]["type"] == _BUTTONS:
        place -= 1
    drawn = {**card, "body": [*body[:place], *images, *body[place:]]}
    return {**activity, "attachments": [{"contentType": CARD, "content": drawn}, *cards[1:]]}


def _is_image(attachment: Json) -> bool:
    return str(attachment.get("contentType")).startswith("image/")


def _image(attachment: Json) -> Json:
    words = str(attachment.get("name") or "")
    return {"type": "Image", "url": attachment["contentUrl"], "altText": words, "size": "Stretch"}
