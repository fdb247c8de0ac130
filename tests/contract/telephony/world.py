"""The little world that the suite plays in: a PBX, callers, agents' phones, time."""

from __future__ import annotations

from collections.abc import Awaitable
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from callwright.integrations.sipphone.wav import RATE, write_wav
from callwright.ports.telephony import PbxEvent, Telephony

T = TypeVar("T")
E = TypeVar("E", bound=PbxEvent)

CALLER_HZ, AGENT_HZ, OTHER_HZ, PROMPT_HZ = 400.0, 1250.0, 1700.0, 700.0
LOUD, QUIET = 3000.0, 300.0  # amplitudes: certainly heard, certainly not
PASSWORD = "not-a-secret-here"


class FarEnd(Protocol):
    """Whoever is at the other end of a leg."""

    leg: str

    async def press(self, keys: str) -> None: ...

    async def hang_up(self) -> None: ...

    async def hears(self, hz: float) -> float:
        """Amplitude of one frequency over the next half second."""
        ...

    async def loudness(self) -> float:
        """Mean amplitude of whatever is heard over the next half second."""
        ...


class Rung(FarEnd, Protocol):
    """An agent's phone that has been invited. Headers are those of the INVITE."""

    from_name: str
    from_number: str

    def header(self, name: str) -> str: ...

    async def answer(self) -> None: ...

    async def refuse(self, status: int) -> None: ...

    async def stops(self) -> None:
        """Wait until the phone no longer rings or talks."""
        ...


class World(Protocol):
    """What every test is given."""

    events: list[PbxEvent]
    folder: Path

    @property
    def telephony(self) -> Telephony: ...

    async def call_in(self, number: str = "13800138000", name: str = "") -> FarEnd:
        """Somebody calls and says CALLER_HZ; returns once the leg has arrived."""
        ...

    async def phone(self, name: str, hz: float = AGENT_HZ, *, register: bool = True) -> None:
        """An agent's phone: provisioned, registered."""
        ...

    async def unregister(self, name: str) -> None:
        """The phone says goodbye; returns when the platform knows."""
        ...

    async def dial_from(self, name: str, number: str) -> None:
        """An agent's phone dials a number by itself."""
        ...

    async def unplug(self, name: str) -> None:
        """The phone loses its power: it stays registered and says nothing more."""
        ...

    async def outside(self, number: str) -> None:
        """Somebody's phone outside, reached through the trunk `carrier`."""
        ...

    async def rung(self, name: str, leg: str) -> Rung:
        """The next call that reaches the phone."""
        ...

    async def until(self, kind: type[E], leg: str | None = None) -> E:
        """Wait for an event and return the first of that kind (and leg)."""
        ...

    async def run(self, work: Awaitable[T]) -> T:
        """Let a command that takes time run to its end."""
        ...

    async def listen(self, hearing: Awaitable[float], work: Awaitable[T]) -> tuple[float, T]:
        """Hear while a command runs: what was heard, and the command's result."""
        ...

    async def pause(self, seconds: float) -> None: ...

    async def cut(self) -> None:
        """Break the connection to the PBX; returns when the platform knows."""
        ...

    async def kill_pbx(self) -> None:
        """The PBX dies with all its calls; returns when the platform knows."""
        ...

    async def restart_pbx(self) -> None:
        """The PBX starts again; returns when the platform is connected."""
        ...

    async def restart_platform(self) -> None:
        """The platform dies; a new one takes its place and is connected on return."""
        ...

    async def helpers(self) -> int:
        """Channels on the PBX that carry no leg."""
        ...

    async def mend(self) -> None:
        """Let the platform connect again; returns when it has."""
        ...


def tone_file(folder: Path, name: str, seconds: float, hz: float = PROMPT_HZ) -> str:
    """A WAV file with one tone; returns its absolute path."""
    at = np.arange(round(seconds * RATE)) / RATE
    path = folder / f"{name}.wav"
    write_wav(path, (8000 * np.sin(2 * np.pi * hz * at)).astype(np.int16))
    path.chmod(0o644)
    return str(path)


def of_kind(world: World, kind: type[E], leg: str | None = None) -> list[E]:
    """All events of a kind (and leg) so far."""
    return [
        event
        for event in world.events
        if isinstance(event, kind) and (leg is None or getattr(event, "leg", None) == leg)
    ]
