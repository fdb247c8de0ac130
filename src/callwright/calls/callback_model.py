"""A callback that keeps the caller's place: its states, and what follows an attempt. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from callwright.kit.errors import CallwrightError


class CallbackState(StrEnum):
    """`waiting` = in the queue without a leg; `dialling` = an attempt is under way."""

    WAITING = "waiting"
    DIALLING = "dialling"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


S = CallbackState

TRANSITIONS: dict[tuple[CallbackState, str], CallbackState] = {
    (S.WAITING, "dial"): S.DIALLING,
    (S.DIALLING, "give_back"): S.WAITING,
    (S.DIALLING, "complete"): S.COMPLETED,
    (S.DIALLING, "fail"): S.FAILED,
    (S.WAITING, "fail"): S.FAILED,
    (S.WAITING, "cancel"): S.CANCELLED,
    (S.DIALLING, "cancel"): S.CANCELLED,
}
OPEN: tuple[CallbackState, ...] = (S.WAITING, S.DIALLING)
First = Literal["agent", "customer"]

# Nobody is called outside these hours of the company's zone, whatever the calendar says.
EARLIEST, LATEST = 8, 21
LOOK_AGAIN = timedelta(minutes=5)  # closed, or no line to the outside
BUSY_HERE = timedelta(seconds=10)  # the same number is in a call with us just now
AFTER_A_LOST_PBX = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Callback:
    """One promise. `caller` = the same for all calls of one number; `number` = what is dialled.

    `contact_id` = the call in which it was asked for; `aged_from` = since when the wait counts;
    `tries` = how often the customer's phone was dialled; `first` = whose phone rings first.
    `blended` = nobody asked for it: it has no place, delays no caller, and ends at `expires_at`.
    """

    id: UUID
    contact_id: UUID
    caller: str
    number: str
    customer_id: UUID | None
    site: str
    queue: str
    line: str
    language: str
    first: First
    state: CallbackState
    requested_at: datetime
    aged_from: datetime
    not_before: datetime
    tries: int
    most_tries: int
    retry_min: int
    done_at: datetime | None
    reason: str
    by: str
    blended: bool = False
    expires_at: datetime | None = None


def callback_of(row: dict[str, Any]) -> Callback:
    """A callback from its row."""
    values = {name: row[name] for name in Callback.__slots__}
    return Callback(**{**values, "state": CallbackState(row["state"])})


def after(state: CallbackState, trigger: str) -> CallbackState:
    """The next state; `wrong_state` with the present one when it is not possible."""
    following = TRANSITIONS.get((state, trigger))
    if following is None:
        raise CallwrightError("wrong_state", what="callback", state=state.value, trigger=trigger)
    return following


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt ended without a talk. `reason` = the end reason of its contact.

    `dialled` = the customer's phone was asked; `answered` = somebody picked it up.
    """

    reason: str
    dialled: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class Following:
    """What an ended attempt leads to: `give_back` (not before a moment) or `fail`."""

    trigger: str
    tries: int
    not_before: datetime


def after_attempt(callback: Callback, attempt: Attempt, at: datetime) -> Following:
    """Tried again, or given up: only a phone that was really dialled counts as a try.

    Whoever picked up and left again has had the callback; an agent who gave up, or a PBX that
    died, is no fault of theirs. What would be tried again after its time is given up.
    """
    following = _following(callback, attempt, at)
    if callback.expires_at is not None and following.not_before >= callback.expires_at:
        return replace(following, trigger="fail")
    return following


def _following(callback: Callback, attempt: Attempt, at: datetime) -> Following:
    if attempt.reason == "pbx_lost":
        return Following("give_back", callback.tries, at + AFTER_A_LOST_PBX)
    if not attempt.dialled:
        return Following("give_back", callback.tries, at)
    tries = callback.tries + 1
    ours = attempt.reason == "cancelled" or attempt.reason.startswith("agent_")
    if (attempt.answered and not ours) or tries >= callback.most_tries:
        return Following("fail", tries, at)
    return Following("give_back", tries, at + timedelta(minutes=callback.retry_min))


def look_again_at(now: datetime, zone: str, is_open: bool) -> datetime | None:
    """None = may be dialled now, else when to look again."""
    local = now.astimezone(ZoneInfo(zone))
    if EARLIEST <= local.hour < LATEST:
        return None if is_open else now + LOOK_AGAIN
    day = local.date() + timedelta(days=1 if local.hour >= LATEST else 0)
    return datetime(day.year, day.month, day.day, EARLIEST, tzinfo=local.tzinfo).astimezone(
        now.tzinfo
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody in a queue: a caller, or a callback (due, not due yet, or being dialled)."""

    id: str
    queue: str
    aged_from: datetime


def ahead_of(one: Standing, line_up: list[Standing]) -> int:
    """How many in the same queue have waited longer."""
    return sum(
        other.queue == one.queue and (other.aged_from, other.id) < (one.aged_from, one.id)
        for other in line_up
    )
