"""One WebSocket to Asterisk: events come in, REST requests go out on it, and it is kept open."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp

from callwright.integrations.pbx.asterisk.connection import AsteriskConnection
from callwright.kit.clock import Clock
from callwright.kit.errors import CallwrightError

log = logging.getLogger(__name__)

Event = dict[str, Any]
REQUEST_TIMEOUT_S = 10.0
HEARTBEAT_S = 10.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 5.0
CONNECT_TIMEOUT_S = 5.0


class AriError(Exception):
    """Asterisk refused a request. `status` is its HTTP status."""

    def __init__(self, status: int, message: str, what: str) -> None:
        super().__init__(f"{what}: {status} {message}")
        self.status = status
        self.message = message


class AriClient:
    """Sends requests and hands over events while connected; connects again for ever.

    `on_connected` runs after each connect, before any event is handed over: events that arrive
    meanwhile wait. If it fails, the connection is given up and tried anew.
    """

    def __init__(
        self,
        connection: AsteriskConnection,
        clock: Clock,
        *,
        on_event: Callable[[Event], None],
        on_connected: Callable[[list[Event]], Awaitable[None]],
        on_lost: Callable[[], None],
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._on_event, self._on_connected, self._on_lost = on_event, on_connected, on_lost
        self._session: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._requests: dict[str, asyncio.Future[Event]] = {}
        self._numbers = itertools.count(1)
        self._held_back: list[Event] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self.connected = False

    async def open(self) -> None:
        """Connect and stay connected; returns once the first connection stands."""
        login = f"{self._connection.ari_user}:{self._connection.ari_password}".encode()
        headers = {"Authorization": "Basic " + base64.b64encode(login).decode()}
        self._session = aiohttp.ClientSession(headers=headers)
        first = asyncio.Event()
        self._keeper = asyncio.create_task(self._keep_connected(first), name="ari-connection")
        await first.wait()

    async def close(self) -> None:
        """Disconnect for good."""
        self.connected = False  # our own wish: not a loss
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The HTTP session, for media sockets on the same server."""
        if self._session is None:
            raise CallwrightError("pbx_unreachable")
        return self._session

    async def request(
        self, method: str, path: str, body: Mapping[str, object] | None = None, /, **query: object
    ) -> Any:
        """Ask Asterisk; returns the answer's JSON (None when it has none) or raises AriError."""
        socket = self._socket
        if socket is None or socket.closed:
            raise CallwrightError("pbx_unreachable")
        number = str(next(self._numbers))
        answer: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self._requests[number] = answer
        try:
            await socket.send_str(json.dumps(_request(number, method, path, body, query)))
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                return _content(await answer, f"{method} {path}")
        except (TimeoutError, ConnectionError, aiohttp.ClientError) as error:
            raise CallwrightError("pbx_unreachable") from error
        finally:
            self._requests.pop(number, None)

    async def _keep_connected(self, first: asyncio.Event) -> None:
        wait = FIRST_WAIT_S
        while True:
            try:
                await self._one_connection(first)
                wait = FIRST_WAIT_S
            except (OSError, aiohttp.ClientError, TimeoutError, CallwrightError, AriError) as error:
                log.warning("PBX not reachable, trying again in %.1f s: %s", wait, error)
            except Exception:  # whatever the PBX said: a platform without it is worth nothing
                log.exception("the connection to the PBX failed, trying again in %.1f s", wait)
            await self._clock.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT_S)

    async def _one_connection(self, first: asyncio.Event) -> None:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            socket = await self.session.ws_connect(
                self._connection.events_url, heartbeat=HEARTBEAT_S, max_msg_size=0
            )
        self._socket, self._held_back = socket, []
        reader = asyncio.create_task(self._read(socket), name="ari-reader")
        try:
            await self._on_connected(self._held_back)
            self.connected = True
            self._release()
            first.set()
            await reader
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)
            self._drop(socket)
            await socket.close()

    def _release(self) -> None:
        waiting, self._held_back = self._held_back or [], None
        for event in waiting:
            self._hand_over(event)

    def _drop(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket, self._held_back = None, None
        for answer in self._requests.values():
            if not answer.done():
                answer.set_exception(ConnectionResetError("the PBX's connection broke"))
        if self.connected:
            self.connected = False
            self._on_lost()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                self._take(json.loads(message.data))
        log.warning("the PBX closed the connection (%s)", socket.close_code)

    def _take(self, event: Event) -> None:
        if event.get("type") == "RESTResponse":
            answer = self._requests.get(event.get("request_id", ""))
            if answer is not None and not answer.done():
                answer.set_result(event)
        elif self._held_back is not None:
            self._held_back.append(event)
        else:
            self._hand_over(event)

    def _hand_over(self, event: Event) -> None:
        try:
            self._on_event(event)
        except Exception:
            log.exception("an event of the PBX could not be understood: %s", event.get("type"))


def _request(
    number: str,
    method: str,
    path: str,
    body: Mapping[str, object] | None,
    query: Mapping[str, object],
) -> Event:
    message: Event = {"type": "RESTRequest", "request_id": number, "method": method, "uri": path}
    values = {name: value for name, value in query.items() if value is not None}
    if values:
        message["query_strings"] = [{"name": n, "value": str(v)} for n, v in values.items()]
    if body is not None:
        message["content_type"] = "application/json"
        message["message_body"] = json.dumps(body)
    return message


def _content(answer: Event, what: str) -> Any:
    text = answer.get("message_body")
    content = json.loads(text) if text else None
    status = int(answer["status_code"])
    if status >= 400:
        words = content.get("message", "") if isinstance(content, dict) else ""
        raise AriError(status, words or str(answer.get("reason_phrase", "")), what)
    return content
