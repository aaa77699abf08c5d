"""Every command and button of the product: importing a room registers what it answers.

Help shows the commands in this order.
"""

from __future__ import annotations

from handlers import (
    announcing,
    approving,
    checkins,
    committee,
    digest,
    dry_run,
    exchanging,
    fit,
    guests,
    home,
    home_page,
    joining,
    learning,
    linking,
    matching,
    own_data,
    pausing,
    profile,
    programme_form,
    programme_settings,
    review,
    review_list,
    rules,
    rulings,
    skills,
    surveys,
    trials,
    waiting,
    weights,
    wishes,
    wishings,
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
    own_data,
    linking,
    checkins,
    fit,
    programme_form,
    programme_settings,
    rules,
    weights,
    matching,
    dry_run,
    review,
    skills,
    review_list,
    approving,
    exchanging,
    rulings,
    committee,
    announcing,
    waiting,
    learning,
    digest,
    surveys,
    wishings,
    wishes,
    trials,
    guests,
    words,
)
