"""The Telephony port on the simulated PBX."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from callwright.integrations.pbx.checks import (
    check_number,
    check_phone,
    check_timeout,
    check_trunk,
)
from callwright.integrations.pbx.delivery import Delivery
from callwright.integrations.pbx.digits import Wanted
from callwright.integrations.pbx.outside_text import (
    caller_name as clean_name,
)
from callwright.integrations.pbx.outside_text import (
    caller_number as clean_number,
)
from callwright.integrations.pbx.outside_text import object_id, sip_headers
from callwright.integrations.pbx.simulator import playing
from callwright.integrations.pbx.simulator.controls import Controls
from callwright.integrations.pbx.simulator.legs import SimulatedLeg, Take
from callwright.integrations.pbx.simulator.pbx import SimulatedPbx
from callwright.integrations.pbx.simulator.phones import PhoneBehaviour
from callwright.integrations.pbx.simulator.ringing import live
from callwright.integrations.pbx.simulator.stream import SimulatedAudioStream
from callwright.kit.clock import Clock
from callwright.kit.errors import CallwrightError, invalid
from callwright.ports.telephony import (
    AudioStream,
    Digits,
    EndCause,
    LegArrived,
    LegEnded,
    PbxBack,
    PbxEvent,
    PbxHealth,
    PbxLost,
    PbxSink,
    PlayResult,
    RecordingFiles,
    Snapshot,
    Trunk,
)

VERSION = "simulator"
RINGBACK = "ringback"  # what a leg hears is named like a music class


class SimulatedTelephony(Controls):
    """One platform's connection to a simulated PBX.

    Give a second one the first's `pbx` to play a platform that starts anew while calls go on.
    """

    phone_socket: str | None = None

    def __init__(
        self, clock: Clock, *, folder: Path | None = None, pbx: SimulatedPbx | None = None
    ) -> None:
        super().__init__(pbx or SimulatedPbx(clock, folder))
        self._clock = clock
        self._delivery: Delivery | None = None
        self._connected = False
        self._boot = 0
        self._known: set[str] = set()  # legs the platform was told of and that have not ended
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, sink: PbxSink) -> None:
        """Connect; see the port."""
        if self._delivery is not None:
            raise CallwrightError("wrong_state", state="started")
        self._delivery = Delivery(sink)
        if self.pbx.running:
            self.come_back()

    async def close(self) -> None:
        """Disconnect; legs and bridges live on."""
        if self._connected:
            self._connected, self.pbx.listener = False, None
        if self._delivery is not None:
            await self._delivery.close()

    def go_away(self) -> None:
        """The connection breaks; the PBX goes on."""
        if not self._connected:
            return
        self._connected, self.pbx.listener = False, None
        plays = [play for leg in self.pbx.legs.values() for play in leg.plays]
        for play in (*plays, *self.pbx.announcements.values()):
            play.fail()
        self._deliver(PbxLost(self._clock.now()))

    def come_back(self) -> None:
        """The connection stands again."""
        if not self.pbx.running or self._connected:
            raise CallwrightError("wrong_state", state="connected" if self._connected else "down")
        self._connected, self.pbx.listener = True, self._hear
        snapshot = self.pbx.snapshot()
        self._deliver(PbxBack(self._clock.now(), snapshot))
        cause: EndCause = "normal" if self._boot in {0, self.pbx.boots} else "failed"
        self._boot = self.pbx.boots
        for leg in sorted(self._known - self.pbx.legs.keys()):
            self._hear(LegEnded(leg, self._clock.now(), cause))
        self._known.update(self.pbx.legs)
        waiting, self.pbx.waiting = self.pbx.waiting, []
        for caller in waiting:
            self.pbx.arrive(caller)

    def crash(self) -> None:
        """The PBX dies, with all calls."""
        if self.pbx.running:
            self.go_away()
            self.pbx.power_cut()

    def restart(self) -> None:
        """The PBX starts again; the platform connects."""
        if self.pbx.running:
            raise CallwrightError("wrong_state", state="running")
        self.pbx.running = True
        self.pbx.boots += 1
        self.come_back()

    async def answer(self, leg: str) -> None:
        """Answer a caller; see the port."""
        self.pbx.pick_up(self._need(leg))

    async def hang_up(self, leg: str, cause: EndCause = "normal") -> None:
        """End a leg; see the port."""
        self._check_connected()
        found = self.pbx.legs.get(leg)
        if found is not None:
            never_talked = cause == "normal" and found.state != "up"
            self.pbx.end(found, "cancelled" if never_talked else cause)

    async def play(
        self, leg: str, media: Sequence[str], *, interruptible: bool = False
    ) -> PlayResult:
        """Play files; see the port."""
        self._check_connected()
        return await playing.play(self.pbx, leg, media, interruptible=interruptible)

    async def announce(self, leg: str, media: Sequence[str]) -> PlayResult:
        """Play into the music of a leg on hold; see the port."""
        self._check_connected()
        found = self.pbx.legs.get(leg)
        if found is not None and (found.music in (None, RINGBACK) or found.plays):
            return PlayResult("interrupted")
        return await playing.play(self.pbx, leg, media, interruptible=False, over_music=True)

    async def stop_playing(self, leg: str) -> None:
        """Stop whatever plays; see the port."""
        found = self.pbx.legs.get(leg)
        if found is not None:
            playing.stop_all(found)

    async def collect(
        self,
        leg: str,
        media: Sequence[str],
        *,
        max_digits: int,
        first_timeout_s: float,
        next_timeout_s: float,
        terminator: str = "#",
        secure: bool = False,
        on_digit: Callable[[int], None] | None = None,
    ) -> Digits:
        """Gather digits; see the port."""
        self._check_connected()
        wanted = Wanted(max_digits, first_timeout_s, next_timeout_s, terminator, on_digit)
        return await playing.collect(self.pbx, leg, media, wanted, secure=secure)

    async def hold(self, leg: str, music: str | None = None) -> None:
        """Music for one leg; see the port."""
        found = self._need(leg)
        found.music = object_id("music", music) if music is not None else "default"
        self.pbx.part(found)

    async def ringback(self, leg: str) -> None:
        """The tone of a ringing phone; see the port."""
        found = self._need(leg)
        playing.stop_announcing(found)
        found.music = RINGBACK
        self.pbx.part(found)

    async def unhold(self, leg: str) -> None:
        """End the music; see the port."""
        self._check_connected()
        found = self.pbx.legs.get(leg)
        if found is not None:
            playing.stop_announcing(found)
            found.music = None
            self.pbx.refresh(found)

    async def ring(
        self,
        leg: str,
        endpoint: str,
        *,
        caller_number: str,
        caller_name: str,
        headers: Mapping[str, str],
        timeout_s: int,
        beside: str | None = None,
        only_if: Awaitable[bool] | None = None,
    ) -> None:
        """Ring an agent's phone; see the port."""
        object_id("endpoint", endpoint)
        new = SimulatedLeg(leg, False, caller_number, caller_name, endpoint, endpoint=endpoint)
        new.headers = {
            **sip_headers(headers),
            "From-Name": clean_name(caller_name),
            "From-Number": clean_number(caller_number),
        }
        phone = self.pbx.phones.get(endpoint)
        if only_if is not None and not await only_if:
            raise CallwrightError("leg_gone", leg=leg)
        self._invite(new, phone if endpoint in self.pbx.online else None, timeout_s, endpoint)

    async def originate(
        self, leg: str, number: str, trunk: str, *, caller_number: str, timeout_s: int
    ) -> None:
        """Call an outside number; see the port."""
        check_number(number)
        new = SimulatedLeg(leg, False, caller_number, "", number, trunk=trunk)
        new.headers = {"From-Number": clean_number(caller_number)}
        phone = self.pbx.outside.get(number, PhoneBehaviour())
        self._invite(new, phone if trunk in self.pbx.trunks else None, timeout_s, trunk)

    async def connect(self, bridge: str, legs: Sequence[str]) -> None:
        """Put legs together; see the port."""
        object_id("bridge", bridge)
        if not legs:
            raise invalid("legs", "must name at least one")
        found = [self._need(leg) for leg in legs]
        self.pbx.bridges.setdefault(bridge, [])
        for leg in found:
            self.pbx.join(bridge, leg)

    async def take_out(self, bridge: str, leg: str) -> None:
        """Take one leg out; see the port."""
        found = self._need(leg)
        if found.bridge == bridge:
            self.pbx.part(found)

    async def drop_bridge(self, bridge: str) -> None:
        """Remove a bridge; see the port."""
        self._check_connected()
        self.pbx.drop(bridge)

    async def play_to_bridge(self, bridge: str, media: str) -> PlayResult:
        """Play a file to everybody in a bridge; see the port."""
        object_id("bridge", bridge)
        self._check_connected()
        return await playing.announce(self.pbx, bridge, media)

    async def stop_bridge_playing(self, bridge: str) -> None:
        """Stop it; see the port."""
        if bridge in self.pbx.announcements:
            self.pbx.announcements[bridge].finish("interrupted")

    async def record_start(self, leg: str, name: str) -> RecordingFiles:
        """Record both directions; needs a `folder`."""
        object_id("name", name)
        found, folder = self._need(leg), self.pbx.folder
        if folder is None:
            raise invalid("folder", "the simulated PBX was given none for recordings")
        if found.take is not None:
            raise CallwrightError("wrong_state", leg=leg, state="recording")
        customer, heard = folder / f"{name}-customer.wav", folder / f"{name}-heard.wav"
        files = RecordingFiles(name, customer, heard, self._clock.now())
        found.take = Take(files, self._clock.monotonic())
        return files

    async def record_mute(self, leg: str, muted: bool) -> None:
        """Silence in the recording; see the port."""
        take = self._need(leg).take
        if take is None:
            raise CallwrightError("wrong_state", leg=leg, state="not_recording")
        now = self._clock.monotonic()
        already = bool(take.muted) and take.muted[-1][1] is None
        if muted and not already:
            take.muted.append((now, None))
        elif already and not muted:
            take.muted[-1] = (take.muted[-1][0], now)

    async def record_stop(self, leg: str) -> None:
        """End the recording; its files are final on return."""
        self._check_connected()
        found = self.pbx.legs.get(leg)
        if found is not None:
            self.pbx.finish_take(found)

    async def stream(self, leg: str) -> AudioStream:
        """Open live sound."""
        return SimulatedAudioStream(self._need(leg), self._clock)

    async def provision_phone(self, endpoint: str, password: str, *, webrtc: bool) -> None:
        """Let a phone register; see the port."""
        check_phone(endpoint, password)
        self._check_connected()
        self.pbx.phones.setdefault(endpoint, PhoneBehaviour())

    async def remove_phone(self, endpoint: str) -> None:
        """Forget a phone."""
        self._check_connected()
        self.pbx.phones.pop(endpoint, None)
        self.pbx.phone_changed(endpoint, online=False)

    async def provision_trunk(self, trunk: Trunk) -> None:
        """Set up a trunk."""
        check_trunk(trunk)
        self._check_connected()
        self.pbx.trunks[trunk.name] = trunk

    async def remove_trunk(self, name: str) -> None:
        """Forget a trunk."""
        self._check_connected()
        self.pbx.trunks.pop(name, None)

    async def snapshot(self) -> Snapshot:
        """What the PBX holds now."""
        self._check_connected()
        return self.pbx.snapshot()

    async def health(self) -> PbxHealth:
        """Whether the PBX answers; never raises."""
        legs = len(self.pbx.legs)
        boot = f"simulated boot {self.pbx.boots}"
        return PbxHealth(self._connected, VERSION, boot, legs)

    def _invite(
        self, leg: SimulatedLeg, phone: PhoneBehaviour | None, timeout_s: int, endpoint: str
    ) -> None:
        object_id("leg", leg.id)
        check_timeout(timeout_s)
        self._check_connected()
        if leg.id in self.pbx.legs:
            raise CallwrightError("already_exists", leg=leg.id)
        if phone is None:
            raise CallwrightError("phone_unreachable", endpoint=endpoint)
        leg.voice_hz = phone.voice_hz
        self.pbx.legs[leg.id] = leg
        self._known.add(leg.id)
        self._spawn(live(self.pbx, leg, phone, timeout_s))

    def _need(self, leg: str) -> SimulatedLeg:
        self._check_connected()
        return self.pbx.need(leg)

    def _check_connected(self) -> None:
        if not self._connected:
            raise CallwrightError("pbx_unreachable")

    def _hear(self, event: PbxEvent) -> None:
        if isinstance(event, LegArrived):
            self._known.add(event.leg)
        elif isinstance(event, LegEnded):
            self._known.discard(event.leg)
        self._deliver(event)

    def _deliver(self, event: PbxEvent) -> None:
        if self._delivery is not None:
            self._delivery.send(event)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
