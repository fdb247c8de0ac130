"""What the adapter remembers of each leg while it lives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from callwright.integrations.pbx.digits import KeyPresses
from callwright.kit.errors import CallwrightError
from callwright.ports.telephony import EndCause, LegState, PlayState, RecordingFiles

State = Literal["down", "ringing", "up"]
FOREIGN_PREFIX = "helper-"  # ids of channels and bridges that carry no leg


@dataclass(slots=True)
class Play:
    """One playing on a leg; `playback` = the file that sounds now; `over_music` = it ends with the
    music of a leg on hold."""

    interruptible: bool
    over_music: bool = False
    playback: str = ""
    stopped: bool = False
    finished: asyncio.Future[PlayState] | None = None

    def finish(self, state: PlayState) -> None:
        """Wake the one who waits for the file's end."""
        if self.finished is not None and not self.finished.done():
            self.finished.set_result(state)

    def fail(self, error: Exception) -> None:
        """Let the one who waits fail."""
        if self.finished is not None and not self.finished.done():
            self.finished.set_exception(error)


@dataclass(slots=True)
class Leg:
    """One living leg. `music` = it hears music, which must end before it is connected; `on_hold` =
    we know that it does, of class `music_class`, and it goes on after an announcement."""

    id: str
    incoming: bool
    state: State = "down"
    from_number: str = ""
    to_number: str = ""
    endpoint: str | None = None
    bridge: str | None = None
    music: bool = False
    on_hold: bool = False
    music_class: str | None = None
    tone: bool = False  # it hears a ringing tone
    silence: bool = False  # sent because it is recorded and hears nothing else
    rang: bool = False
    ended_by_us: EndCause | None = None
    recordings: list[RecordingFiles] = field(default_factory=list)
    recording: bool = False
    hanging_up: bool = False
    plays: list[Play] = field(default_factory=list)
    takers: list[KeyPresses] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

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

    def let_go(self) -> None:
        """Tell everybody who waits for something of this leg that it is gone."""
        self.gone.set()
        for play in self.plays:
            play.finish("leg_gone")
        for taker in self.takers:
            taker.queue.put_nowait(None)


class LegBook:
    """All living legs, and the channels whose start in our application somebody awaits."""

    def __init__(self) -> None:
        self._legs: dict[str, Leg] = {}
        self._starts: dict[str, asyncio.Future[None]] = {}
        self.helpers: set[str] = set()  # channels and bridges of streams that are open here

    def __iter__(self) -> Iterator[Leg]:
        return iter(list(self._legs.values()))

    def get(self, leg: str) -> Leg | None:
        """The leg, if it lives."""
        return self._legs.get(leg)

    def need(self, leg: str) -> Leg:
        """The leg; raises `leg_gone` when it does not live (any more)."""
        found = self._legs.get(leg)
        if found is None:
            raise CallwrightError("leg_gone", leg=leg)
        return found

    def add(self, leg: Leg) -> None:
        """Remember a new leg."""
        self._legs[leg.id] = leg

    def remove(self, leg: str) -> Leg | None:
        """Forget a leg and wake those who wait on it."""
        found = self._legs.pop(leg, None)
        if found is not None:
            found.let_go()
        self.fail_start(leg)
        return found

    def connection_lost(self) -> None:
        """No event will come for what commands wait for: let them fail."""
        for channel in list(self._starts):
            self.fail_start(channel, CallwrightError("pbx_unreachable"))
        for leg in self:
            for play in leg.plays:
                play.fail(CallwrightError("pbx_unreachable"))

    def expect_start(self, channel: str) -> asyncio.Future[None]:
        """Ask before the channel is made: resolves when it is in our application."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._starts[channel] = future
        return future

    def started(self, channel: str) -> None:
        """The channel is in our application."""
        future = self._starts.pop(channel, None)
        if future is not None and not future.done():
            future.set_result(None)

    def fail_start(self, channel: str, why: CallwrightError | None = None) -> None:
        """The channel is gone, or nobody waits any more."""
        future = self._starts.pop(channel, None)
        if future is not None and not future.done():
            future.set_exception(why or CallwrightError("leg_gone", leg=channel))
            future.exception()  # whoever awaited it may have given up: not worth a warning
