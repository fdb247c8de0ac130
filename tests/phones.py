"""Phones for tests: tones, pairs of phones, a registrar that asks for a password, a lossy line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

import numpy as np

from callwright.integrations.sipphone import IncomingCall, OutgoingCall, Phone, Timers
from callwright.integrations.sipphone.g711 import Law, Pcm
from callwright.integrations.sipphone.message import Request, parse, respond

RATE = 8000
QUICK = Timers(t1=0.05, t2=0.2)  # repeats come soon, so that tests of loss do not wait
Address = tuple[str, int]


def tone(frequency_hz: float, seconds: float = 1.0, amplitude: int = 8000) -> Pcm:
    """A sine at 8 kHz."""
    turn = 2 * np.pi * frequency_hz / RATE * np.arange(round(RATE * seconds))
    sound: Pcm = (amplitude * np.sin(turn)).astype(np.int16)
    return sound


def speech_like(seconds: float, seed: int, amplitude: float = 6000) -> Pcm:
    """Noise with a speech's long-time spectrum, in syllables and sentences: nobody's voice."""
    rng = np.random.default_rng(seed)
    count = round(RATE * seconds)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= 1 / (1 + (hertz / 500) ** 2)
    noise = np.fft.irfft(spectrum, count)
    time = np.arange(count) / RATE
    syllables = np.clip(np.sin(2 * np.pi * 4 * time + rng.uniform(0, 6)), 0, 1)
    sentences = (np.sin(2 * np.pi * time / 2.7 + rng.uniform(0, 6)) > -0.6).astype(float)
    shaped = noise * syllables * sentences
    sound: Pcm = (shaped / np.abs(shaped).max() * amplitude).astype(np.int16)
    return sound


@asynccontextmanager
async def two_phones(
    *,
    timers: Timers = QUICK,
    sound: bool = True,
    laws: tuple[Law, ...] = ("ulaw", "alaw"),
) -> AsyncIterator[tuple[Phone, Phone]]:
    """A caller and a callee whose "PBX" is the callee itself."""
    async with (
        Phone("callee", server=("127.0.0.1", 9), timers=timers, sound=sound) as callee,
        Phone("caller", server=callee.address, timers=timers, sound=sound, laws=laws) as caller,
    ):
        yield caller, callee


async def until(condition: Callable[[], bool]) -> None:
    """Let everything else run until something is so."""
    while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
        await asyncio.sleep(0)


async def talk(caller: Phone, callee: Phone) -> tuple[OutgoingCall, IncomingCall]:
    """A call that is answered at once."""
    placed = await caller.start_call("4008001234")
    arrived = await callee.wait_call()
    await arrived.answer()
    await placed.wait_answer(5)
    return placed, arrived


class Registrar(asyncio.DatagramProtocol):
    """Answers REGISTER; asks for a password once per nonce when it has one."""

    def __init__(self, *, challenge: str = "", expires_s: int = 60, least_s: int = 0) -> None:
        self.requests: list[Request] = []
        self.address: Address = ("", 0)
        self._challenge, self._expires_s, self._least_s = challenge, expires_s, least_s
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls, *, challenge: str = "", expires_s: int = 60, least_s: int = 0
    ) -> AsyncIterator[Registrar]:
        """Listen on a free port."""
        server = cls(challenge=challenge, expires_s=expires_s, least_s=least_s)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: server, local_addr=("127.0.0.1", 0)
        )
        try:
            yield server
        finally:
            transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where we listen."""
        self._transport = cast(asyncio.DatagramTransport, transport)
        self.address = transport.get_extra_info("sockname")

    def datagram_received(self, data: bytes, source: Address) -> None:
        """Challenge, refuse a short time, or register."""
        request = parse(data)
        if not isinstance(request, Request) or self._transport is None:
            return
        self.requests.append(request)
        asked = int(request.headers.get("Expires", "0"))
        status, extra = 200, [("Expires", str(min(asked, self._expires_s)))]
        if self._challenge and not request.headers.get("Authorization"):
            status, extra = 401, [("WWW-Authenticate", self._challenge)]
        elif 0 < asked < self._least_s:
            status, extra = 423, [("Min-Expires", str(self._least_s))]
        answer = respond(request, status, "So", tag="r", extra=tuple(extra))
        self._transport.sendto(answer.render(), source)


class Line(asyncio.DatagramProtocol):
    """Stands between a phone and its server and loses what `loses` says."""

    def __init__(self, server: Address, loses: Callable[[bytes], bool]) -> None:
        self.lost = 0
        self.address: Address = ("", 0)
        self._server, self._loses = server, loses
        self._phone: Address | None = None
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, server: Address, loses: Callable[[bytes], bool]) -> AsyncIterator[Line]:
        """Listen on a free port."""
        line = cls(server, loses)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: line, local_addr=("127.0.0.1", 0)
        )
        try:
            yield line
        finally:
            transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where we listen."""
        self._transport = cast(asyncio.DatagramTransport, transport)
        self.address = transport.get_extra_info("sockname")

    def datagram_received(self, data: bytes, source: Address) -> None:
        """Pass on to the other side, or lose."""
        if self._loses(data):
            self.lost += 1
            return
        if source != self._server:
            self._phone = source
        target = self._server if source != self._server else self._phone
        if self._transport is not None and target is not None:
            self._transport.sendto(data, target)
