"""What happens to text messages. Neither number nor text is in an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from callwright.kit.event import Event


@dataclass(frozen=True, kw_only=True)
class MessageQueued(Event):
    """A message waits to be handed to the gateway."""

    NAME: ClassVar[str] = "message.queued"
    message_id: UUID


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """The gateway took it."""

    NAME: ClassVar[str] = "message.sent"
    message_id: UUID
    gateway: str
    tries: int


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Event):
    """It will not be sent. `reason` = a code: opted_out, sms_refused, sms_unreachable."""

    NAME: ClassVar[str] = "message.failed"
    message_id: UUID
    reason: str
    tries: int
