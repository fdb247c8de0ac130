"""The suite's world on a real Asterisk, with real SIP phones that measure what they hear."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import numpy as np
from tests.contract.telephony.cable import Cable
from tests.contract.telephony.world import AGENT_HZ, CALLER_HZ, PASSWORD, E, T, of_kind
from tests.pbx_server import PbxUnderTest

from callwright.integrations.pbx.asterisk import AsteriskConnection, AsteriskTelephony
from callwright.integrations.sipphone import Call, IncomingCall, Phone
from callwright.integrations.sipphone.g711 import Pcm
from callwright.integrations.sipphone.hearing import tone_level
from callwright.integrations.sipphone.wav import RATE
from callwright.kit.clock import SystemClock
from callwright.ports.telephony import LegArrived, PbxBack, PbxEvent, PbxLost, PhoneChanged, Trunk

PATIENCE_S = 15.0
LISTEN_S = 0.5
SETTLE_S = 0.15  # sound that was under way when the listening began


class RealFarEnd:
    """One SIP call, seen from its phone."""

    def __init__(self, call: Call, leg: str) -> None:
        self._call, self.leg = call, leg

    async def press(self, keys: str) -> None:
        await self._call.press(keys)

    async def hang_up(self) -> None:
        await self._call.hang_up()

    async def hears(self, hz: float) -> float:
        return tone_level(await self._listen(), hz)

    async def loudness(self) -> float:
        return float(np.abs((await self._listen()).astype(np.float64)).mean())

    async def _listen(self) -> Pcm:
        await asyncio.sleep(SETTLE_S)
        start = round(self._call.sound.seconds() * RATE)
        await asyncio.sleep(LISTEN_S)
        heard = self._call.heard()[start : start + round(LISTEN_S * RATE)]
        return np.pad(heard, (0, round(LISTEN_S * RATE) - len(heard)))


class RealRung(RealFarEnd):
    """An agent's phone that rings."""

    def __init__(self, call: IncomingCall, leg: str, hz: float) -> None:
        super().__init__(call, leg)
        self._incoming, self._hz = call, hz
        self.from_name, self.from_number = call.from_name, call.from_number

    def header(self, name: str) -> str:
        return self._incoming.header(name)

    async def answer(self) -> None:
        await self._incoming.answer()
        self._incoming.behind(tone(self._hz))

    async def refuse(self, status: int) -> None:
        self._incoming.reject(status)

    async def stops(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await self._incoming.ended.wait()


class AsteriskWorld:
    """Phones on loopback around the session's PBX; each test has its own connection to it."""

    def __init__(self, pbx: PbxUnderTest) -> None:
        self._pbx = pbx
        self._made = asyncio.Condition()
        self._phones: dict[str, tuple[Phone, float]] = {}
        self._callers: list[Phone] = []
        self._speaking: list[asyncio.Future[None]] = []
        self._temporary = tempfile.TemporaryDirectory(prefix="callwright-prompts-")
        self.folder = Path(self._temporary.name)
        self.folder.chmod(0o755)
        self._cable = Cable(("127.0.0.1", pbx.settings.ports.pbx_http))
        self.events: list[PbxEvent] = []
        self.telephony: AsteriskTelephony

    async def open(self) -> None:
        await self._cable.__aenter__()
        self.telephony = AsteriskTelephony(self.connection(), SystemClock())
        await self.telephony.start(self._sink)
        await self.until(PbxBack)

    def connection(self) -> AsteriskConnection:
        """The way to the PBX, through the cable."""
        running = self._pbx.running
        return AsteriskConnection(
            ari_url=f"http://127.0.0.1:{self._cable.port}",
            ari_user=running.ari_user,
            ari_password=running.ari_password,
            ami_host="127.0.0.1",
            ami_port=running.ami_port,
            ami_user=running.ami_user,
            ami_password=running.ami_password,
            sip_host=running.sip_host,
            sip_port=running.sip_port,
            spool=self._pbx.paths.spool,
        )

    async def close(self) -> None:
        self._cable.mend()
        for phone, _ in self._phones.values():
            await phone.close()
        for phone in self._callers:
            await phone.close()
        snapshot = await self.telephony.snapshot()
        for leg in snapshot.legs:
            await self.telephony.hang_up(leg.leg)
        for bridge in snapshot.bridges:
            await self.telephony.drop_bridge(bridge)
        for name in self._phones:
            await self.telephony.remove_phone(name)
        await self.telephony.remove_trunk("carrier")
        for speaking in self._speaking:
            speaking.cancel()
        await self.telephony.close()
        await self._cable.__aexit__()
        self._temporary.cleanup()

    async def call_in(self, number: str = "13800138000", name: str = "") -> RealFarEnd:
        phone = Phone(number, server=self._sip)
        await phone.open()
        self._callers.append(phone)
        known = {event.leg for event in of_kind(self, LegArrived)}
        call = await phone.start_call("4001", from_name=name)
        self._speaking.append(asyncio.ensure_future(_speak(call)))

        def new() -> list[LegArrived]:
            return [e for e in of_kind(self, LegArrived) if e.leg not in known]

        await self._wait(lambda: bool(new()))
        return RealFarEnd(call, new()[0].leg)

    async def phone(self, name: str, hz: float = AGENT_HZ, *, register: bool = True) -> None:
        await self.telephony.provision_phone(name, PASSWORD, webrtc=False)
        phone = Phone(name, server=self._sip, password=PASSWORD)
        await phone.open()
        self._phones[name] = phone, hz
        if register:
            await phone.register()
            await self._wait(lambda: _online(self.events, name))

    async def unregister(self, name: str) -> None:
        await self._phones[name][0].unregister()
        await self._wait(lambda: not _online(self.events, name))

    async def dial_from(self, name: str, number: str) -> None:
        await self._phones[name][0].start_call(number)

    async def unplug(self, name: str) -> None:
        await self._phones[name][0].abandon()

    async def outside(self, number: str) -> None:
        phone = Phone(number, server=self._sip)
        await phone.open()
        self._phones[number] = phone, AGENT_HZ
        host, port = phone.address
        await self.telephony.provision_trunk(Trunk("carrier", host, port))

    async def rung(self, name: str, leg: str) -> RealRung:
        phone, hz = self._phones[name]
        return RealRung(await phone.wait_call(PATIENCE_S), leg, hz)

    async def until(self, kind: type[E], leg: str | None = None) -> E:
        await self._wait(lambda: bool(of_kind(self, kind, leg)))
        return of_kind(self, kind, leg)[0]

    async def run(self, work: Awaitable[T]) -> T:
        async with asyncio.timeout(PATIENCE_S):
            return await work

    async def listen(self, hearing: Awaitable[float], work: Awaitable[T]) -> tuple[float, T]:
        async with asyncio.timeout(PATIENCE_S):
            return await asyncio.gather(hearing, work)

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def cut(self) -> None:
        lost = len(of_kind(self, PbxLost))
        self._cable.cut()
        await self._wait(lambda: len(of_kind(self, PbxLost)) > lost)

    async def mend(self) -> None:
        back = len(of_kind(self, PbxBack))
        self._cable.mend()
        await self._wait(lambda: len(of_kind(self, PbxBack)) > back)

    async def kill_pbx(self) -> None:
        lost = len(of_kind(self, PbxLost))
        os.kill(self._pbx.running.pid, signal.SIGKILL)
        await self._wait(lambda: len(of_kind(self, PbxLost)) > lost)

    async def restart_pbx(self) -> None:
        back = len(of_kind(self, PbxBack))
        await asyncio.to_thread(self._pbx.server.ensure)
        await self._wait(lambda: len(of_kind(self, PbxBack)) > back)

    async def restart_platform(self) -> None:
        old, back = self.telephony, len(of_kind(self, PbxBack))
        self.telephony = AsteriskTelephony(self.connection(), SystemClock())
        self._cable.cut()  # it dies without a farewell
        await old.close()
        self._cable.mend()
        await self.telephony.start(self._sink)
        await self._wait(lambda: len(of_kind(self, PbxBack)) > back)

    async def helpers(self) -> int:
        running = self._pbx.running
        query = {"api_key": f"{running.ari_user}:{running.ari_password}"}
        url = f"{running.ari_url.removesuffix('/ari')}/ari/channels"
        async with aiohttp.ClientSession() as session, session.get(url, params=query) as answer:
            return sum(c["id"].startswith("helper-") for c in await answer.json())

    @property
    def _sip(self) -> tuple[str, int]:
        return self._pbx.running.sip_host, self._pbx.running.sip_port

    async def _sink(self, event: PbxEvent) -> None:
        async with self._made:
            self.events.append(event)
            self._made.notify_all()

    async def _wait(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S), self._made:
            await self._made.wait_for(happened)


async def _speak(call: Call) -> None:
    """Say the caller's tone from the answer on: before it, no codec is agreed."""
    await call.answered.wait()
    call.behind(tone(CALLER_HZ))


def tone(hz: float) -> Pcm:
    """One second of a tone; whole hertz loop without a click."""
    return (8000 * np.sin(2 * np.pi * hz * np.arange(RATE) / RATE)).astype(np.int16)


def _online(events: list[PbxEvent], name: str) -> bool:
    changes = [e for e in events if isinstance(e, PhoneChanged) and e.endpoint == name]
    return bool(changes) and changes[-1].online
