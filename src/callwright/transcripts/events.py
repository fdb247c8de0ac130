"""What happens to transcripts. No word that was said is in an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from callwright.kit.event import Event


@dataclass(frozen=True, kw_only=True)
class TurnHeard(Event):
    """Somebody said something, recognised while the call goes on."""

    NAME: ClassVar[str] = "turn.heard"
    contact_id: UUID
    turn_id: UUID
    speaker: str


@dataclass(frozen=True, kw_only=True)
class TranscriptReady(Event):
    """The final text is there. `source` = live, or recording when live had holes."""

    NAME: ClassVar[str] = "transcript.completed"
    contact_id: UUID
    turns: int
    source: str


@dataclass(frozen=True, kw_only=True)
class TranscriptFailed(Event):
    """There was a talk but no text could be had of it."""

    NAME: ClassVar[str] = "transcript.failed"
    contact_id: UUID
    reason: str
