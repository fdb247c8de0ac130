"""The states of a contact, as a table, and what its end means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from callwright.kit.errors import CallwrightError


class ContactState(StrEnum):
    """Where the caller is."""

    IVR = "ivr"
    WAITING = "waiting"
    RINGING = "ringing"
    TALKING = "talking"
    LEAVING = "leaving"
    ENDED = "ended"


S = ContactState

TRANSITIONS: dict[tuple[ContactState, str], ContactState] = {
    (S.IVR, "enqueue"): S.WAITING,
    (S.WAITING, "offer"): S.RINGING,
    (S.RINGING, "offer_failed"): S.WAITING,
    (S.RINGING, "connect"): S.TALKING,
    (S.IVR, "say_goodbye"): S.LEAVING,
    (S.WAITING, "say_goodbye"): S.LEAVING,
    (S.TALKING, "say_goodbye"): S.LEAVING,
    (S.IVR, "end"): S.ENDED,
    (S.WAITING, "end"): S.ENDED,
    (S.RINGING, "end"): S.ENDED,
    (S.TALKING, "end"): S.ENDED,
    (S.LEAVING, "end"): S.ENDED,
}

# What it means when the caller's leg ends in a state and nobody gave a reason before.
END_REASON: dict[ContactState, str] = {
    S.IVR: "abandoned_ivr",
    S.WAITING: "abandoned_queue",
    S.RINGING: "abandoned_ringing",
    S.TALKING: "completed",
    S.LEAVING: "completed",
}

VISIT_EXIT: dict[str, str] = {
    "queue_timeout": "timeout",
    "no_agents": "no_agents",
    "completed": "answered",
    "pbx_lost": "lost",
}


@dataclass(frozen=True, slots=True)
class Contact:
    """One caller's journey."""

    id: UUID
    site: str
    state: ContactState
    caller_leg: str
    from_number: str
    e164: str | None
    number_kind: str
    to_number: str
    customer_id: UUID | None
    tier: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None
    queue: str | None
    agent_id: UUID | None
    ivr: str
    ivr_version: int | None
    language: str
    matches: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay in a queue. `entered_at` stays through unanswered offers: the place is kept."""

    id: UUID
    contact_id: UUID
    queue: str
    entered_at: datetime
    left_at: datetime | None
    exit: str | None


@dataclass(frozen=True, slots=True)
class Segment:
    """One talk of the caller with one agent."""

    id: UUID
    contact_id: UUID
    agent_id: UUID
    leg: str
    bridge: str
    started_at: datetime
    ended_at: datetime | None


def after(state: ContactState, trigger: str) -> ContactState:
    """The next state; `wrong_state` with the present one when it is not possible."""
    following = TRANSITIONS.get((state, trigger))
    if following is None:
        raise CallwrightError("wrong_state", what="contact", state=state.value, trigger=trigger)
    return following


def contact_of(row: dict[str, Any]) -> Contact:
    """A contact from its row."""
    values = {name: row[name] for name in Contact.__slots__}
    return Contact(**{**values, "state": ContactState(row["state"])})
