"""What happens to tickets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from callwright.kit.event import Event


@dataclass(frozen=True, kw_only=True)
class TicketCreated(Event):
    """A ticket was made from a call. `type` empty = nothing fitted, a person decides."""

    NAME: ClassVar[str] = "ticket.created"
    contact_id: UUID
    ticket_id: UUID
    no: int
    type: str
    priority: str
    department: str
    transcribed: bool


@dataclass(frozen=True, kw_only=True)
class TicketWaived(Event):
    """No ticket for this call, and why: no conversation, or nothing was said."""

    NAME: ClassVar[str] = "ticket.waived"
    contact_id: UUID
    reason: str
