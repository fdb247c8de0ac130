"""What a phone sends: speech, keys, silence between, one packet every 20 ms without drift."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from callwright.integrations.sipphone.g711 import PAYLOAD_TYPE, SILENCE, Law, Pcm, encode
from callwright.integrations.sipphone.rtp import KEYS, KeyEvent, Packet
from callwright.integrations.sipphone.wav import RATE
from callwright.kit.errors import CallwrightError, invalid

PACKET = 160  # samples in 20 ms
PACKET_S = PACKET / RATE
KEY_PACKETS = 6  # a key is held 120 ms
KEY_PAUSE_PACKETS = 5  # and 100 ms pass before the next
END_REPEATS = 3  # RFC 4733: the last packet of a key is sent three times


@dataclass(frozen=True, slots=True)
class Said:
    """Where a piece of speech went out, in seconds from the start of the sound."""

    start_s: float
    end_s: float


@dataclass(slots=True)
class _Speech:
    payload: bytes
    done: asyncio.Future[Said]
    sent: int = 0
    started: int = 0


@dataclass(slots=True)
class _Key:
    key: str
    done: asyncio.Future[Said]
    count: int = 0
    timestamp: int = 0


class Speaker:
    """Paces one outgoing RTP stream on the loop's monotonic clock.

    Packet n is due at start + n × 20 ms; after a stall all due packets follow at once.
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._queue: deque[_Speech | _Key] = deque()
        self._behind = b""  # played in a loop while nobody speaks
        self._behind_at = 0
        self._law: Law = "ulaw"
        self._event_type: int | None = None
        self._start = 0.0
        self._count = 0
        self._sequence = secrets.randbits(15)
        self._first_timestamp = secrets.randbits(31)
        self._source = secrets.randbits(32)
        self._handle: asyncio.Handle | None = None
        self._closed = False

    @property
    def packets(self) -> int:
        """20 ms slots that have passed."""
        return self._count

    def begin(self, law: Law, event_type: int | None) -> None:
        """Start the stream, or go on with another codec."""
        self._law, self._event_type = law, event_type
        if self._handle is None and not self._closed:
            loop = asyncio.get_running_loop()
            self._start = loop.time()
            self._handle = loop.call_soon(self._tick)

    async def say(self, pcm: Pcm) -> Said:
        """Speak after what is already being said; returns when the last packet was sent.

        Raises `CallwrightError("leg_gone")` when the call ends before.
        """
        return await self._wait(_Speech(encode(pcm, self._law), self._future()))

    async def press(self, keys: str) -> Said:
        """Press keys one after another; returns when the last was let go."""
        wrong = [key for key in keys if key not in KEYS]
        if wrong or not keys:
            raise invalid("keys", f"{keys!r} is not made of the keys {KEYS}")
        if self._event_type is None:
            raise CallwrightError("no_telephone_events")
        waits = [self._wait(_Key(key, self._future())) for key in keys]
        said = await asyncio.gather(*waits)
        return Said(said[0].start_s, said[-1].end_s)

    def behind(self, pcm: Pcm | None) -> None:
        """Play this in a loop whenever nothing is said; None = silence."""
        self._behind = b"" if pcm is None else encode(pcm, self._law)
        self._behind_at = 0

    def hush(self) -> None:
        """Drop what is being said; its `say` returns at once."""
        waiting, self._queue = self._queue, deque()
        for item in waiting:
            _settle(item.done, Said(self._seconds(), self._seconds()))

    def close(self) -> None:
        """Stop; whoever waits gets `leg_gone`."""
        self._closed = True
        if self._handle is not None:
            self._handle.cancel()
        waiting, self._queue = self._queue, deque()
        for item in waiting:
            if not item.done.done():
                item.done.set_exception(CallwrightError("leg_gone"))

    def _future(self) -> asyncio.Future[Said]:
        if self._closed:
            raise CallwrightError("leg_gone")
        return asyncio.get_running_loop().create_future()

    async def _wait(self, item: _Speech | _Key) -> Said:
        self._queue.append(item)
        return await item.done

    def _seconds(self) -> float:
        return self._count * PACKET_S

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self._start + self._count * PACKET_S <= now:
            self._slot()
            self._count += 1
        due = self._start + self._count * PACKET_S
        self._handle = loop.call_at(due, self._tick)

    def _slot(self) -> None:
        """Send what belongs into this 20 ms."""
        while self._queue and self._queue[0].done.done():
            self._queue.popleft()  # its caller was cancelled
        item = self._queue[0] if self._queue else None
        if isinstance(item, _Key):
            self._key(item)
        elif item is not None:
            self._speech(item)
        else:
            self._audio(self._background())

    def _speech(self, item: _Speech) -> None:
        if item.sent == 0:
            item.started = self._count
        part = item.payload[item.sent : item.sent + PACKET]
        item.sent += PACKET
        self._audio(part)
        if item.sent >= len(item.payload):
            self._queue.popleft()
            start = item.started * PACKET_S
            _settle(item.done, Said(start, start + len(item.payload) / RATE))

    def _key(self, item: _Key) -> None:
        if item.count == 0:
            item.timestamp = self._timestamp()
        item.count += 1
        if item.count <= KEY_PACKETS:
            ended = item.count == KEY_PACKETS
            event = KeyEvent(item.key, item.count * PACKET, ended)
            for _ in range(END_REPEATS if ended else 1):
                self._packet(self._event_type or 0, event.render(), item.timestamp, item.count == 1)
        else:
            self._audio(b"")
        if item.count == KEY_PACKETS + KEY_PAUSE_PACKETS:
            self._queue.popleft()
            end = self._seconds() + PACKET_S
            _settle(item.done, Said(end - item.count * PACKET_S, end))

    def _background(self) -> bytes:
        if not self._behind:
            return b""
        part = self._behind[self._behind_at : self._behind_at + PACKET]
        self._behind_at += PACKET
        if self._behind_at >= len(self._behind):
            self._behind_at = PACKET - len(part)
            part += self._behind[: self._behind_at]
        return part

    def _audio(self, payload: bytes) -> None:
        full = payload.ljust(PACKET, bytes([SILENCE[self._law]]))
        self._packet(PAYLOAD_TYPE[self._law], full, self._timestamp(), self._count == 0)

    def _timestamp(self) -> int:
        return self._first_timestamp + self._count * PACKET

    def _packet(self, payload_type: int, payload: bytes, timestamp: int, marker: bool) -> None:
        packet = Packet(payload_type, self._sequence, timestamp, self._source, payload, marker)
        self._send(packet.render())
        self._sequence += 1


def _settle(future: asyncio.Future[Said], said: Said) -> None:
    if not future.done():
        future.set_result(said)
