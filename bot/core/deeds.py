"""What coordinators and admins do that is written down, by the word under which it is kept."""

from __future__ import annotations

from enum import StrEnum

REFUSED = "refused "  # and then which command or button


class Deed(StrEnum):
    APPOINTED = "appointed"
    DISMISSED = "dismissed"
    NAMED_ADVISER = "named an adviser"
    DROPPED_ADVISER = "dropped an adviser"
    PROMISED_ANSWERS = "changed the promised answer time"
    MADE_PROGRAMME = "made a programme"
    CHANGED_SETTINGS = "changed settings"
    CHANGED_RULES = "changed rules"
    CHANGED_WEIGHTS = "changed weights"
    TOOK_OVER_WEIGHTS = "took over learned weights"
    CHANGED_COMMITTEE = "changed the committee"
    ASKED_ROUND = "asked for a round"
    STOPPED_ROUND = "stopped a round"
    APPROVED_PAIR = "approved a pair"
    UNDECIDED_PAIR = "made a pair undecided"
    APPROVED_PAIRS = "approved pairs"
    TOOK_BACK_PAIRS = "took pairs back"
    VOTED_YES = "voted yes on a pair"
    VOTED_NO = "voted no on a pair"
    TOOK_VOTE_BACK = "took a vote back"
    EXCHANGED = "exchanged mentors"
    KEPT_TOGETHER = "kept two together"
    KEPT_APART = "kept two apart"
    LIFTED = "lifted a ruling"
    LEFT_OUT = "left changed pairs out"
    ANNOUNCED = "announced"
    ASKED_WISHES = "asked for wishes"
    CLOSED_WISHES = "closed wishes"
    PROLONGED_WISHES = "moved the end of wishes"
    READ_DIGEST = "digest"
    DECIDED_WORD = "decided on a word for a skill"
    UNDECIDED_WORD = "took back a decision on a word for a skill"
    ADDED_SKILL = "added a skill"
    LET_IN = "let in"
    KEPT_OUT = "kept out"
    JOINED_ACCOUNTS = "joined accounts"
    PARTED_ACCOUNT = "took an account apart"
    NOT_THEIR_ACCOUNT = "said that an account is not theirs"
