"""The simulated PBX itself: it outlives the platform's connection, as a real one does."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path

from callwright.integrations.pbx.simulator.legs import SimulatedLeg, SimulatedPlay, Sound, SoundKind
from callwright.integrations.pbx.simulator.phones import PhoneBehaviour
from callwright.integrations.pbx.simulator.recording import write_take
from callwright.kit.clock import Clock
from callwright.kit.errors import CallwrightError
from callwright.ports.telephony import (
    EndCause,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegRinging,
    PbxEvent,
    PhoneChanged,
    Snapshot,
    Trunk,
)

REMEMBERED = 500  # ended legs whose hearing can still be asked for


class SimulatedPbx:
    """Legs, bridges, phones. `listener` gets events while a platform is connected.

    `folder` = where recordings go; the first `longest_sound_s` seconds of each hold sound, the
    rest is silence that takes no room on the disk.
    """

    def __init__(self, clock: Clock, folder: Path | None = None, longest_sound_s: float = 5.0):
        self.clock = clock
        self.folder, self.longest_sound_s = folder, longest_sound_s
        self.running = True
        self.boots = 1
        self.legs: dict[str, SimulatedLeg] = {}
        self.bridges: dict[str, list[str]] = {}
        self.announcements: dict[str, SimulatedPlay] = {}  # what plays, by bridge
        self.phones: dict[str, PhoneBehaviour] = {}
        self.online: set[str] = set()
        self.trunks: dict[str, Trunk] = {}
        self.outside: dict[str, PhoneBehaviour] = {}
        self.waiting: list[SimulatedLeg] = []  # callers who came while no platform was connected
        self.listener: Callable[[PbxEvent], None] | None = None
        self._ended: deque[SimulatedLeg] = deque(maxlen=REMEMBERED)

    def need(self, leg: str) -> SimulatedLeg:
        """A living leg; raises `leg_gone`."""
        found = self.legs.get(leg)
        if found is None:
            raise CallwrightError("leg_gone", leg=leg)
        return found

    def find(self, leg: str) -> SimulatedLeg:
        """A living or lately ended leg; raises `leg_gone` when it was never heard of."""
        for ended in self._ended:
            if ended.id == leg:
                return ended
        return self.need(leg)

    def emit(self, event: PbxEvent) -> None:
        """Tell the platform, if it listens."""
        if self.listener is not None:
            self.listener(event)

    def arrive(self, leg: SimulatedLeg) -> None:
        """A caller came in; while no platform is there, he waits for it."""
        if self.listener is None:
            self.waiting.append(leg)
            return
        self.legs[leg.id] = leg
        self.emit(
            LegArrived(
                leg.id,
                self.clock.now(),
                leg.from_number,
                leg.from_name,
                leg.to_number,
                leg.trunk,
                leg.endpoint,
            )
        )

    def ring(self, leg: SimulatedLeg) -> None:
        """The far end rings."""
        leg.state, leg.rang = "ringing", True
        self.emit(LegRinging(leg.id, self.clock.now()))

    def pick_up(self, leg: SimulatedLeg) -> None:
        """The leg is up, whoever answered."""
        if leg.state == "up":
            return
        leg.state = "up"
        if not leg.incoming:
            self.emit(LegAnswered(leg.id, self.clock.now()))
        self.refresh(leg)
        self.refresh_bridge(leg.bridge)

    def end(self, leg: SimulatedLeg, cause: EndCause, sip_code: int | None = None) -> None:
        """The leg is gone; its recording is final before anybody hears of it."""
        if self.legs.pop(leg.id, None) is None:
            return
        self._leave(leg)
        self._silence(leg)
        self.finish_take(leg)
        leg.gone.set()
        for play in leg.plays:
            play.finish("leg_gone")
        for taker in leg.takers:
            taker.queue.put_nowait(None)
        self._ended.append(leg)
        self.emit(LegEnded(leg.id, self.clock.now(), cause, sip_code))

    def join(self, bridge: str, leg: SimulatedLeg) -> None:
        """Into a bridge, out of any other; music and prompts end."""
        if leg.bridge == bridge:
            return
        self._leave(leg)
        leg.music = None
        for play in leg.plays:
            play.finish("interrupted")
        leg.bridge = bridge
        self.bridges.setdefault(bridge, []).append(leg.id)
        self.refresh_bridge(bridge)

    def part(self, leg: SimulatedLeg) -> None:
        """Out of its bridge; it stays up and hears nothing."""
        self._leave(leg)
        self.refresh(leg)

    def drop(self, bridge: str) -> None:
        """Remove a bridge."""
        if bridge in self.announcements:
            self.announcements[bridge].finish("bridge_gone")
        for leg in self.bridges.pop(bridge, []):
            if leg in self.legs:
                self.legs[leg].bridge = None
                self.refresh(self.legs[leg])

    def refresh(self, leg: SimulatedLeg) -> None:
        """Note what the leg hears from now on."""
        now = self.clock.monotonic()
        wanted = {(s.kind, s.source): s for s in self._sounds(leg)}
        for sound in leg.heard:
            if sound.end is None and wanted.pop((sound.kind, sound.source), None) is None:
                sound.end = now
        leg.heard.extend(wanted.values())

    def refresh_bridge(self, bridge: str | None) -> None:
        """Note what everybody in a bridge hears from now on."""
        for name in self.bridges.get(bridge, []) if bridge is not None else []:
            if name in self.legs:
                self.refresh(self.legs[name])

    def phone_changed(self, endpoint: str, *, online: bool) -> None:
        """A phone registered or went away."""
        if online == (endpoint in self.online):
            return
        (self.online.add if online else self.online.discard)(endpoint)
        self.emit(PhoneChanged(endpoint, self.clock.now(), online))

    def finish_take(self, leg: SimulatedLeg) -> None:
        """Write the recording's files, if there is one."""
        if leg.take is not None:
            write_take(leg, leg.take, self.clock.monotonic(), self.longest_sound_s)
            leg.take = None

    def snapshot(self) -> Snapshot:
        """Everything it holds now."""
        return Snapshot(
            self.clock.now(),
            tuple(leg.as_state() for leg in self.legs.values()),
            {bridge: tuple(legs) for bridge, legs in self.bridges.items()},
            frozenset(self.online),
            f"simulated boot {self.boots}",
        )

    def power_cut(self) -> None:
        """It dies with all its calls; phones' registrations are kept, as on a real one's disk."""
        self.running = False
        self.waiting.clear()
        self.listener = None
        for leg in list(self.legs.values()):
            self.end(leg, "failed")
        for bridge in list(self.bridges):
            self.drop(bridge)

    def _sounds(self, leg: SimulatedLeg) -> list[Sound]:
        now = self.clock.monotonic()
        if leg.state != "up" and not leg.incoming:  # callers hear prompts before the answer too
            return []
        if leg.plays and leg.plays[-1].path:
            return [Sound("file", leg.plays[-1].path, now)]
        if leg.bridge is not None:
            return self._in_bridge(leg, leg.bridge)
        kind: SoundKind = "music"
        return [Sound(kind, leg.music, now)] if leg.music is not None else []

    def _in_bridge(self, leg: SimulatedLeg, bridge: str) -> list[Sound]:
        now, playing = self.clock.monotonic(), self.announcements.get(bridge)
        others = (self.legs.get(name) for name in self.bridges.get(bridge, []))
        voices = [
            Sound("leg", other.id, now, voice_hz=other.voice_hz)
            for other in others
            if other is not None and other is not leg and other.state == "up"
        ]
        return [*voices, *([Sound("file", playing.path, now)] if playing else [])]

    def _leave(self, leg: SimulatedLeg) -> None:
        bridge, leg.bridge = leg.bridge, None
        if bridge is not None and leg.id in self.bridges.get(bridge, []):
            self.bridges[bridge].remove(leg.id)
            self.refresh_bridge(bridge)

    def _silence(self, leg: SimulatedLeg) -> None:
        for sound in leg.heard:
            if sound.end is None:
                sound.end = self.clock.monotonic()
