"""The suite's world on the simulator: time moves only as far as needed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime
from pathlib import Path

from tests.contract.telephony.world import AGENT_HZ, CALLER_HZ, PASSWORD, E, T, of_kind

from callwright.integrations.pbx.simulator import PhoneBehaviour, SimulatedTelephony, Sound
from callwright.integrations.pbx.simulator.recording import AMPLITUDE, MUSIC_HZ
from callwright.integrations.sipphone.hearing import tone_level
from callwright.integrations.sipphone.wav import read_wav
from callwright.kit.clock import VirtualClock
from callwright.ports.telephony import LegArrived, LegRinging, PbxEvent, Trunk

STEP_S, LONGEST_S, LISTEN_S = 0.05, 60.0, 0.5
CAUSES = {486: "busy", 603: "rejected"}


class SimulatedFarEnd:
    """A caller or a rung phone."""

    def __init__(self, world: SimulatedWorld, leg: str) -> None:
        self._world, self.leg = world, leg
        invite = world.telephony.invited_with(leg)
        self.from_name = invite.get("From-Name", "")
        self.from_number = invite.get("From-Number", "")
        self._headers = invite

    def header(self, name: str) -> str:
        return self._headers.get(name, "")

    async def press(self, keys: str) -> None:
        for key in keys:
            self._world.telephony.press(self.leg, key)
            await self._world.pause(0.1)

    async def hang_up(self) -> None:
        self._world.telephony.caller_hangs_up(self.leg)
        await self._world.pause(0.0)

    async def hears(self, hz: float) -> float:
        return sum(_level(sound, hz) for sound in await self._listen())

    async def loudness(self) -> float:
        return float(AMPLITUDE if await self._listen() else 0)

    async def answer(self) -> None:
        self._world.telephony.answers(self.leg)
        await self._world.pause(0.0)

    async def refuse(self, status: int) -> None:
        self._world.telephony.refuses(self.leg, CAUSES[status])  # type: ignore[arg-type]

    async def stops(self) -> None:
        await self._world.pause(0.0)
        assert self.leg not in self._world.telephony.pbx.legs

    async def _listen(self) -> list[Sound]:
        await self._world.pause(LISTEN_S)
        start = self._world.clock.monotonic() - LISTEN_S + 1e-6
        sounds = self._world.telephony.hears(self.leg)
        return [s for s in sounds if s.end is None and s.start <= start]


class SimulatedWorld:
    """Everything in this process, on a virtual clock."""

    def __init__(self, folder: Path) -> None:
        self.clock = VirtualClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
        self.telephony = SimulatedTelephony(self.clock, folder=folder)
        self.events: list[PbxEvent] = []
        self.folder = folder

    async def open(self) -> None:
        await self.telephony.start(self._sink)
        await self.clock.advance(0)

    async def close(self) -> None:
        await self.telephony.close()

    async def call_in(self, number: str = "13800138000", name: str = "") -> SimulatedFarEnd:
        leg = self.telephony.call_in(number, "4001", from_name=name, voice_hz=CALLER_HZ)
        await self.until(LegArrived, leg)
        return SimulatedFarEnd(self, leg)

    async def phone(self, name: str, hz: float = AGENT_HZ, *, register: bool = True) -> None:
        await self.telephony.provision_phone(name, PASSWORD, webrtc=False)
        if register:
            behaviour = PhoneBehaviour(rings_after_s=0.05, answers_after_s=None, voice_hz=hz)
            self.telephony.agent(name, behaviour)
        await self.pause(0.0)

    async def unregister(self, name: str) -> None:
        self.telephony.phone_goes(name)
        await self.pause(0.0)

    async def dial_from(self, name: str, number: str) -> None:
        self.telephony.call_in(name, number, endpoint=name)

    async def unplug(self, name: str) -> None:
        self.telephony.agent(name, PhoneBehaviour(reachable=False))

    async def outside(self, number: str) -> None:
        await self.telephony.provision_trunk(Trunk("carrier", "127.0.0.1"))
        behaviour = PhoneBehaviour(rings_after_s=0.05, answers_after_s=None, voice_hz=AGENT_HZ)
        self.telephony.outside(number, behaviour)

    async def rung(self, name: str, leg: str) -> SimulatedFarEnd:
        await self.until(LegRinging, leg)
        return SimulatedFarEnd(self, leg)

    async def until(self, kind: type[E], leg: str | None = None) -> E:
        for _ in range(round(LONGEST_S / STEP_S)):
            found = of_kind(self, kind, leg)
            if found:
                return found[0]
            await self.clock.advance(STEP_S)
        raise AssertionError(f"no {kind.__name__} for {leg}: {self.events}")

    async def run(self, work: Awaitable[T]) -> T:
        task = asyncio.ensure_future(work)
        for _ in range(round(LONGEST_S / STEP_S)):
            await self.clock.advance(0)
            if task.done():
                return task.result()
            await self.clock.advance(STEP_S)
        raise AssertionError("it does not end")

    async def listen(self, hearing: Awaitable[float], work: Awaitable[T]) -> tuple[float, T]:
        working = asyncio.ensure_future(work)
        await self.clock.advance(STEP_S)
        heard = await hearing
        return heard, await self.run(working)

    async def pause(self, seconds: float) -> None:
        await self.clock.advance(seconds)

    async def cut(self) -> None:
        self.telephony.go_away()
        await self.pause(0.0)

    async def mend(self) -> None:
        self.telephony.come_back()
        await self.pause(0.0)

    async def kill_pbx(self) -> None:
        self.telephony.crash()
        await self.pause(0.0)

    async def restart_pbx(self) -> None:
        self.telephony.restart()
        await self.pause(0.0)

    async def restart_platform(self) -> None:
        await self.telephony.close()
        self.telephony = SimulatedTelephony(self.clock, pbx=self.telephony.pbx)
        await self.open()

    async def helpers(self) -> int:
        return 0

    async def _sink(self, event: PbxEvent) -> None:
        self.events.append(event)


def _level(sound: Sound, hz: float) -> float:
    if sound.kind == "file":
        return tone_level(read_wav(Path(sound.source)), hz)
    voice = MUSIC_HZ if sound.kind == "music" else sound.voice_hz
    return float(AMPLITUDE if voice == hz else 0)
