"""Live sound of one leg: a snoop channel and a WebSocket channel in a bridge of their own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import aiohttp

from callwright.integrations.pbx.asterisk.channels import HELPER
from callwright.integrations.pbx.asterisk.client import AriClient, AriError
from callwright.integrations.pbx.asterisk.connection import APPLICATION, AsteriskConnection
from callwright.integrations.pbx.asterisk.errors import leg_error
from callwright.integrations.pbx.asterisk.legs import FOREIGN_PREFIX, Leg, LegBook
from callwright.kit.clock import Clock
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id

RATE_HZ = 16_000
OPEN_TIMEOUT_S = 5.0
_VARIABLE = "MEDIA_WEBSOCKET_CONNECTION_ID"


class AsteriskAudioStream:
    """Frames as Asterisk times them, 20 ms each; ends with the leg or with `close`."""

    sample_rate = RATE_HZ

    def __init__(
        self, streams: Streams, key: str, socket: aiohttp.ClientWebSocketResponse, leg: Leg
    ) -> None:
        self._streams, self._key, self._socket = streams, key, socket
        self._first = b""
        self._end = asyncio.create_task(self._close_with(leg))
        self.started_at: datetime

    async def wait_for_sound(self, clock: Clock) -> None:
        """Take the first frame: its moment is the stream's start."""
        self._first = await _next_frame(self._socket) or b""
        self.started_at = clock.now()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        frame: bytes | None = self._first
        while frame:
            yield frame
            frame = await _next_frame(self._socket)
        await self.close()

    async def close(self) -> None:
        """Stop the stream; the leg goes on."""
        self._end.cancel()
        await self._stop()

    async def _close_with(self, leg: Leg) -> None:
        """The leg's end closes only the tap; the media channel would wait for ever."""
        await leg.gone.wait()
        await self._stop()

    async def _stop(self) -> None:
        await self._streams.remove(self._key, self)
        await self._socket.close()


class Streams:
    """Opens streams and removes their helper channels."""

    def __init__(
        self, connection: AsteriskConnection, client: AriClient, book: LegBook, clock: Clock
    ) -> None:
        self._connection, self._client, self._clock = connection, client, clock
        self._book = book
        self._open: set[AsteriskAudioStream] = set()

    async def close(self) -> None:
        """Close every stream that is open."""
        for stream in list(self._open):
            await stream.close()

    async def open(self, leg_id: str) -> AsteriskAudioStream:
        """Tap what the leg's far end says."""
        leg = self._book.need(leg_id)
        key = str(new_id())
        self._book.helpers.update(_helpers(key))
        try:
            async with asyncio.timeout(OPEN_TIMEOUT_S):
                stream = await self._build(leg, key)
                self._open.add(stream)
                await stream.wait_for_sound(self._clock)
                return stream
        except BaseException as error:
            await self.remove(key)
            if leg.gone.is_set():
                raise CallwrightError("leg_gone", leg=leg_id) from error
            if isinstance(error, AriError):
                raise leg_error(error, leg_id) from error
            if isinstance(error, TimeoutError | aiohttp.ClientError):
                raise CallwrightError("pbx_unreachable") from error
            raise

    async def remove(self, key: str, stream: AsteriskAudioStream | None = None) -> None:
        """Hang up the helpers; twice does no harm."""
        if stream is not None:
            self._open.discard(stream)
        snoop, media, bridge = _helpers(key)
        for path in (f"channels/{snoop}", f"channels/{media}", f"bridges/{bridge}"):
            with contextlib.suppress(AriError, CallwrightError):
                await self._client.request("DELETE", path)
        self._book.helpers.difference_update(_helpers(key))

    async def _build(self, leg: Leg, key: str) -> AsteriskAudioStream:
        snoop, media, bridge = _helpers(key)
        ready = [self._book.expect_start(snoop), self._book.expect_start(media)]
        made = await asyncio.gather(
            self._client.request("POST", "bridges", type="mixing", bridgeId=bridge),
            self._client.request(
                "POST",
                f"channels/{leg.id}/snoop/{snoop}",
                app=APPLICATION,
                appArgs=HELPER,
                spy="in",
            ),
            self._client.request("POST", "channels/externalMedia", **_media(media)),
        )
        socket = await self._client.session.ws_connect(
            self._connection.media_url(await self._connection_id(made[2])),
            protocols=("media",),
            max_msg_size=0,
        )
        await asyncio.gather(*ready)
        await self._client.request(
            "POST", f"bridges/{bridge}/addChannel", channel=f"{snoop},{media}"
        )
        return AsteriskAudioStream(self, key, socket, leg)

    async def _connection_id(self, channel: dict[str, Any]) -> str:
        told = (channel.get("channelvars") or {}).get(_VARIABLE)
        if told:
            return str(told)
        path = f"channels/{channel['id']}/variable"
        return str((await self._client.request("GET", path, variable=_VARIABLE))["value"])


def _media(channel: str) -> dict[str, object]:
    return {
        "app": APPLICATION,
        "appArgs": HELPER,
        "channelId": channel,
        "external_host": "INCOMING",
        "transport": "websocket",
        "encapsulation": "none",
        "connection_type": "server",
        "format": "slin16",
        "transport_data": "f(json)",
    }


def _helpers(key: str) -> tuple[str, str, str]:
    return (f"{FOREIGN_PREFIX}snoop-{key}", f"{FOREIGN_PREFIX}media-{key}", f"helper-mix-{key}")


async def _next_frame(socket: aiohttp.ClientWebSocketResponse) -> bytes | None:
    """The next sound; None at the end. Text in between is Asterisk's talk about the stream."""
    async for message in socket:
        if message.type is aiohttp.WSMsgType.BINARY:
            return bytes(message.data)
    return None
