"""What happens to recordings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from callwright.kit.event import Event


@dataclass(frozen=True, kw_only=True)
class RecordingStarted(Event):
    """From now on the call is recorded; the notice was spoken before."""

    NAME: ClassVar[str] = "recording.started"
    contact_id: UUID


@dataclass(frozen=True, kw_only=True)
class RecordingSaved(Event):
    """The stitched file is safe. `path` is relative to the recordings folder."""

    NAME: ClassVar[str] = "recording.saved"
    contact_id: UUID
    seconds: float
    channels: int
    sha256: str
    path: str


@dataclass(frozen=True, kw_only=True)
class RecordingFailed(Event):
    """There is no usable recording, and why."""

    NAME: ClassVar[str] = "recording.failed"
    contact_id: UUID
    reason: str
