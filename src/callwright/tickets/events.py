"""What happens to tickets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from callwright.kit.event import Event


@dataclass(frozen=True, kw_only=True)
class TicketCreated(Event):
    """A ticket was made, from a call or by a person. `type` empty = nothing fitted."""

    NAME: ClassVar[str] = "ticket.created"
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


@dataclass(frozen=True, kw_only=True)
class TicketEdited(Event):
    """A person changed fields of a ticket. `fields` names them; what they hold is not told."""

    NAME: ClassVar[str] = "ticket.edited"
    ticket_id: UUID
    no: int
    version: int
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class TicketAssigned(Event):
    """A ticket got another person, or none."""

    NAME: ClassVar[str] = "ticket.assigned"
    ticket_id: UUID
    no: int
    version: int
    agent_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class TicketCommented(Event):
    """A person wrote a comment on a ticket."""

    NAME: ClassVar[str] = "ticket.commented"
    ticket_id: UUID
    no: int
    version: int
    comment_id: UUID


@dataclass(frozen=True, kw_only=True)
class TicketSolved(Event):
    """The matter is settled."""

    NAME: ClassVar[str] = "ticket.solved"
    ticket_id: UUID
    no: int
    version: int


@dataclass(frozen=True, kw_only=True)
class TicketReopened(Event):
    """A settled matter came up again."""

    NAME: ClassVar[str] = "ticket.reopened"
    ticket_id: UUID
    no: int
    version: int
