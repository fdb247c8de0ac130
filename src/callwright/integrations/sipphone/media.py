"""The sound of one call: an RTP socket, what is said into it, what is heard from it."""

from __future__ import annotations

import asyncio
from typing import cast

from callwright.integrations.sipphone.g711 import PAYLOAD_TYPE, Law, Pcm
from callwright.integrations.sipphone.rtp import Packet, parse_key, parse_packet
from callwright.integrations.sipphone.sdp import RemoteMedia
from callwright.integrations.sipphone.speaker import Speaker
from callwright.integrations.sipphone.timeline import Timeline
from callwright.kit.errors import CallwrightError

LAW_OF: dict[int, Law] = {number: law for law, number in PAYLOAD_TYPE.items()}


class Media(asyncio.DatagramProtocol):
    """One RTP socket. Time zero is the far end's first description or packet."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self.keys = ""  # pressed by the far end, in order
        self.speaker = Speaker(self._send)
        self.zero: float | None = None  # on the loop's clock
        self.remote: RemoteMedia | None = None
        self._key_times: set[tuple[int, int]] = set()
        self._changed = asyncio.Event()
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    async def open(cls, host: str) -> Media:
        """Bind a free port."""
        loop = asyncio.get_running_loop()
        _, media = await loop.create_datagram_endpoint(cls, local_addr=(host, 0))
        return media

    @property
    def port(self) -> int:
        """The local RTP port."""
        if self._transport is None:
            raise CallwrightError("leg_gone")
        port: int = self._transport.get_extra_info("sockname")[1]
        return port

    def connect(self, remote: RemoteMedia, *, talk: bool) -> None:
        """Take the far end's description; `talk` = begin (or go on) sending."""
        self._set_zero()
        self.remote = remote
        if talk:
            self.speaker.begin(remote.law, remote.event_type)

    def heard(self) -> Pcm:
        """Everything heard since time zero, 16-bit 8 kHz, silence where nothing came."""
        return self.timeline.samples()

    async def wait_keys(self, count: int) -> str:
        """Wait until the far end has pressed that many keys in all; returns all of them."""
        while len(self.keys) < count:
            self._changed.clear()
            await self._changed.wait()
        return self.keys

    async def wait_pause(self, silent_s: float, *, since_s: float = 0.0, level: int = 200) -> None:
        """Wait until something was heard after `since_s`, followed by `silent_s` of silence.

        `level` = mean amplitude (0…32767) up to which 20 ms count as silence.
        """
        # silence sends no event to wait for
        while self._pause(since_s, level) < silent_s:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    def _pause(self, since_s: float, level: int) -> float:
        return self.timeline.pause_after_sound(self.seconds(), since_s, level)

    def seconds(self) -> float:
        """Seconds since time zero."""
        return 0.0 if self.zero is None else asyncio.get_running_loop().time() - self.zero

    def close(self) -> None:
        """Stop sending and free the port; what was heard stays."""
        self.speaker.close()
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""

        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        """Take sound or a key; anything else is not for us."""
        packet = parse_packet(data)
        if packet is None:
            return
        self._set_zero()
        law = LAW_OF.get(packet.payload_type)
        if law is not None:
            self.timeline.add(packet, law, self.seconds())
        elif self.remote is None or packet.payload_type == self.remote.event_type:
            self._key(packet)

    def error_received(self, exc: Exception) -> None:
        """The far end's port is closed; its signalling will say so."""

    def _key(self, packet: Packet) -> None:
        event = parse_key(packet.payload)
        moment = (packet.source, packet.timestamp)
        if event is None or moment in self._key_times:
            return
        self._key_times.add(moment)
        self.keys += event.key
        self._changed.set()

    def _set_zero(self) -> None:
        if self.zero is None:
            self.zero = asyncio.get_running_loop().time()

    def _send(self, data: bytes) -> None:
        remote = self.remote
        if self._transport is not None and remote is not None and remote.listens:
            self._transport.sendto(data, remote.address)
