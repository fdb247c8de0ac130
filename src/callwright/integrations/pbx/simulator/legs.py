"""A simulated leg: its state, what it hears, what is recorded of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from callwright.integrations.pbx.digits import KeyPresses
from callwright.kit.errors import CallwrightError
from callwright.ports.telephony import LegState, PlayState, RecordingFiles

State = Literal["down", "ringing", "up"]
SoundKind = Literal["file", "music", "leg"]


@dataclass(slots=True)
class Sound:
    """Something that a leg hears. `source` = path, music class or leg; seconds of the clock's
    monotonic counter; `end` None = it still sounds. `voice_hz` = the other leg's tone."""

    kind: SoundKind
    source: str
    start: float
    end: float | None = None
    voice_hz: float | None = None


@dataclass(slots=True)
class SimulatedPlay:
    """One playing; `path` = the file that sounds now."""

    interruptible: bool
    done: asyncio.Future[PlayState]
    path: str = ""
    over_music: bool = False

    def finish(self, state: PlayState) -> None:
        """End it; the first reason counts."""
        if not self.done.done():
            self.done.set_result(state)

    def fail(self) -> None:
        """The connection broke: nobody will hear of the end."""
        if not self.done.done():
            self.done.set_exception(CallwrightError("pbx_unreachable"))


@dataclass(slots=True)
class Take:
    """One recording; `muted` = stretches of silence, seconds of the monotonic counter."""

    files: RecordingFiles
    start: float
    muted: list[tuple[float, float | None]] = field(default_factory=list)


@dataclass(slots=True)
class SimulatedLeg:
    """One leg of the simulated PBX, from its beginning to its end and a while beyond."""

    id: str
    incoming: bool
    from_number: str
    from_name: str
    to_number: str
    trunk: str = ""
    endpoint: str | None = None
    state: State = "down"
    rang: bool = False
    bridge: str | None = None
    music: str | None = None
    voice_hz: float | None = None
    plays: list[SimulatedPlay] = field(default_factory=list)
    takers: list[KeyPresses] = field(default_factory=list)
    heard: list[Sound] = field(default_factory=list)
    take: Take | None = None
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def secure(self) -> bool:
        """Whether keys are being gathered that nobody else may learn."""
        return any(taker.secure for taker in self.takers)

    def as_state(self) -> LegState:
        """The leg as the platform is told of it."""
        return LegState(
            self.id,
            self.state,
            self.incoming,
            self.from_number,
            self.to_number,
            self.bridge,
            self.endpoint,
        )
