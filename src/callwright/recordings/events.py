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


@dataclass(frozen=True, kw_only=True)
class RecordingPaused(Event):
    """Silence is recorded from now on; the time line stays. `reason` = secure."""

    NAME: ClassVar[str] = "recording.paused"
    contact_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecordingResumed(Event):
    """What is said is recorded again."""

    NAME: ClassVar[str] = "recording.resumed"
    contact_id: UUID


@dataclass(frozen=True, kw_only=True)
class RecordingRefused(Event):
    """The caller does not want to be recorded: it stopped, and never begins again in this call."""

    NAME: ClassVar[str] = "recording.refused"
    contact_id: UUID
