"""Every command and button of the product: importing a room registers what it answers.

Help shows the commands in this order.
"""

from __future__ import annotations

from handlers import (
    approving,
    checkins,
    committee,
    digest,
    exchanging,
    guests,
    home,
    home_page,
    joining,
    linking,
    matching,
    pausing,
    profile,
    programme_form,
    programme_settings,
    review,
    review_list,
    rulings,
    surveys,
    words,
)
from handlers.router import router

__all__ = ["ROOMS", "router"]

ROOMS = (
    home_page,
    home,
    joining,
    profile,
    pausing,
    linking,
    checkins,
    programme_form,
    programme_settings,
    matching,
    review,
    review_list,
    approving,
    exchanging,
    rulings,
    committee,
    digest,
    surveys,
    guests,
    words,
)
