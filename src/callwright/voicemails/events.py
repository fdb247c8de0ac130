"""What is told of messages that callers leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from callwright.kit.event import Event


@dataclass(frozen=True, kw_only=True)
class VoicemailStarted(Event):
    """The tone was heard: what the caller says now is their message."""

    NAME: ClassVar[str] = "voicemail.started"
    contact_id: UUID
    queue: str


@dataclass(frozen=True, kw_only=True)
class VoicemailLeft(Event):
    """There is a message. `how` it ended = key, silence, longest, hung_up."""

    NAME: ClassVar[str] = "voicemail.left"
    contact_id: UUID
    how: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class VoicemailDiscarded(Event):
    """There is no message, and why: too_short, or not_recorded."""

    NAME: ClassVar[str] = "voicemail.discarded"
    contact_id: UUID
    reason: str
    seconds: float
