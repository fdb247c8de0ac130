"""A SIP phone on our WebSocket, as a browser's library speaks it; it rings, but has no sound."""

from __future__ import annotations

import asyncio
import secrets
from types import TracebackType
from typing import Any, Self

import aiohttp

from callwright.integrations.sipphone.digest import ANSWER_HEADER, challenge_of, credentials
from callwright.integrations.sipphone.message import Headers, Message, Request, Response, parse
from callwright.integrations.sipphone.message import respond as response_to

CSRF = {"X-Callwright": "1"}


class SocketPhone:
    """`told` = requests from the PBX, in order; `closed` = the code that the socket ended with."""

    def __init__(self, session: aiohttp.ClientSession, user: str, password: str) -> None:
        self.user, self.password = user, password
        self.told: asyncio.Queue[Request] = asyncio.Queue()
        self.closed: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._session = session
        self._answers: asyncio.Queue[Response] = asyncio.Queue()
        self._contact, self._call_id = secrets.token_hex(4), secrets.token_hex(8)
        self._sequence = 0
        self.socket: aiohttp.ClientWebSocketResponse
        self._reading: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        self.socket = await self._session.ws_connect("/sip", protocols=("sip",))
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reading.cancel()
        await self.socket.close()

    async def register(self, *, expires: int = 300, **changed: str) -> Response:
        """Register with the password, as a challenge demands; the last answer."""
        first = await self.ask("REGISTER", expires=str(expires), **changed)
        challenge = challenge_of(first) if first.status in ANSWER_HEADER else None
        if challenge is None:
            return first
        proof = credentials(
            challenge, method="REGISTER", uri="sip:callwright", user=self.user,
            password=self.password, cnonce=secrets.token_hex(4),
        )  # fmt: skip
        return await self.ask("REGISTER", expires=str(expires), authorization=proof, **changed)

    async def ask(self, method: str, uri: str = "sip:callwright", **changed: str) -> Response:
        """Send a request and wait for its final answer."""
        await self.say(method, uri, **changed)
        while (answer := await self._answers.get()).status < 200:
            pass
        return answer

    async def say(self, method: str, uri: str = "sip:callwright", **changed: str) -> None:
        """Send a request; `changed` = headers that differ, with underscores for dashes."""
        self._sequence += 1
        me = f"<sip:{self.user}@callwright>"
        headers = {
            "via": f"SIP/2.0/WS x.invalid;branch=z9hG4bK{secrets.token_hex(6)}",
            "max-forwards": "69",
            "from": f"{me};tag={secrets.token_hex(4)}",
            "to": me,
            "call-id": self._call_id,
            "cseq": f"{self._sequence} {method}",
            "contact": f"<sip:{self._contact}@x.invalid;transport=ws>",
        } | {name.replace("_", "-"): value for name, value in changed.items()}
        request = Request(method, uri, Headers(tuple(headers.items())))
        await self.socket.send_str(request.render().decode())

    async def respond(self, request: Request, status: int, reason: str) -> None:
        """Answer the PBX."""
        await self.socket.send_str(response_to(request, status, reason, tag="t1").render().decode())

    async def _read(self) -> None:
        async for message in self.socket:
            told = parse(message.data.encode())
            if isinstance(told, Request) and told.method == "OPTIONS":
                await self.respond(told, 200, "OK")  # as the library does by itself: still there
            else:
                self._take(told)
        self.closed.set_result(self.socket.close_code)

    def _take(self, message: Message) -> None:
        (self._answers if isinstance(message, Response) else self.told).put_nowait(message)  # type: ignore[arg-type]


async def signed_in(url: str, login: str, password: str) -> aiohttp.ClientSession:
    """A browser's session: its cookie, and the header that our pages send."""
    session = aiohttp.ClientSession(url, headers=CSRF)
    body: dict[str, Any] = {"login": login, "password": password}
    async with session.post("/api/v1/session", json=body) as answer:
        answer.raise_for_status()
    return session
