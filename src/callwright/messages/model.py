"""A text message on its way: its states, its parts, when it is tried again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from callwright.kit.errors import CallwrightError

RETRY_S = (2, 10, 60, 300, 1800)  # pauses after the first, second, … try in vain
# What fits the old 7-bit alphabet of telephones; anything else costs 16 bits a character.
_GSM = frozenset(
    "+@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("^{}\\[~]|€")


class MessageState(StrEnum):
    """Where a message is."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


S = MessageState

TRANSITIONS: dict[tuple[MessageState, str], MessageState] = {
    (S.QUEUED, "try_again"): S.QUEUED,
    (S.QUEUED, "hand_over"): S.SENT,
    (S.QUEUED, "give_up"): S.FAILED,
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `key` = the sender's own: the same one makes no second message."""

    id: UUID
    contact_id: UUID
    customer_id: UUID | None
    script_id: UUID | None
    to: str
    text: str
    key: str
    author: str
    state: MessageState
    tries: int
    reason: str
    created_at: datetime
    sent_at: datetime | None


def after(state: MessageState, trigger: str) -> MessageState:
    """The next state; `wrong_state` with the present one when it is not possible."""
    following = TRANSITIONS.get((state, trigger))
    if following is None:
        raise CallwrightError("wrong_state", what="message", state=state.value, trigger=trigger)
    return following


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to try again after so many tries in vain; None = never."""
    return now + timedelta(seconds=RETRY_S[tries - 1]) if tries <= len(RETRY_S) else None


def parts(text: str) -> int:
    """How many short messages a text takes."""
    if all(char in _GSM or char in _GSM_DOUBLE for char in text):
        length, single, joined = sum(1 + (char in _GSM_DOUBLE) for char in text), 160, 153
    else:
        length, single, joined = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= single else -(-length // joined)
