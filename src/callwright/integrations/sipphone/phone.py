"""A SIP phone on one UDP socket: registers, places calls, takes calls; many fit in a process."""

from __future__ import annotations

import asyncio
import secrets
import socket
from types import TracebackType
from typing import Self

from callwright.integrations.sipphone.address import parse_address, quoted_name, sip_uri
from callwright.integrations.sipphone.call import Call
from callwright.integrations.sipphone.dialog import ALLOW, Dialog
from callwright.integrations.sipphone.g711 import Law
from callwright.integrations.sipphone.incoming import IncomingCall
from callwright.integrations.sipphone.line import Header, Line
from callwright.integrations.sipphone.media import Media
from callwright.integrations.sipphone.message import Request, respond
from callwright.integrations.sipphone.outgoing import OutgoingCall
from callwright.integrations.sipphone.registration import Registration
from callwright.integrations.sipphone.transactions import (
    Address,
    ServerTransaction,
    Timers,
    Transactions,
)
from callwright.kit.clock import Clock, SystemClock
from callwright.kit.errors import CallwrightError

FAREWELL_S = 2.0  # how long `close` waits for a server that may be dead
RFC_TIMERS = Timers()


class Phone:
    """One phone. `server` = the PBX; calls to numbers go there. `sound` False = no RTP at all.

    `rings` False = an arriving call is not told that it rings (180) before somebody does so.
    """

    def __init__(
        self,
        user: str,
        *,
        server: Address,
        host: str = "127.0.0.1",
        port: int = 0,
        password: str | None = None,
        laws: tuple[Law, ...] = ("ulaw", "alaw"),
        sound: bool = True,
        rings: bool = True,
        timers: Timers = RFC_TIMERS,
        clock: Clock | None = None,
    ) -> None:
        self.user, self._rings, self._port = user, rings, port
        self._layer = Transactions(self._on_request, self._on_ack, timers)
        self._line = Line(user, host, password, server, laws, sound, self._layer)
        self._clock = clock or SystemClock()
        self._calls: dict[tuple[str, str], Call] = {}
        self._arrived: asyncio.Queue[IncomingCall] = asyncio.Queue()
        self._registration: Registration | None = None
        self._idle: socket.socket | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def address(self) -> Address:
        """Where this phone listens."""
        return self._layer.address

    @property
    def calls(self) -> list[Call]:
        """Calls that are not over."""
        return list(self._calls.values())

    @property
    def malformed(self) -> int:
        """Datagrams that arrived and were not SIP."""
        return self._layer.malformed

    @property
    def registered(self) -> bool:
        """Whether the server knows us."""
        return self._registration is not None and self._registration.granted_s is not None

    async def open(self) -> None:
        """Bind the socket."""
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(
            lambda: self._layer, local_addr=(self._line.host, self._port)
        )
        if not self._line.sound:  # a port that is ours and that nobody reads
            self._idle = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._idle.bind((self._line.host, 0))
            self._line.idle_port = self._idle.getsockname()[1]

    async def close(self) -> None:
        """Hang up what still talks, unregister, free the socket."""
        goodbyes = [call.hang_up() for call in self.calls]
        if self._registration is not None:
            goodbyes.append(self._registration.end())
        waiting = [asyncio.ensure_future(goodbye) for goodbye in goodbyes]
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=FAREWELL_S)
            for task in late:
                task.cancel()
        await self.abandon()

    async def abandon(self) -> None:
        """Vanish as a phone does that loses its power: no BYE, no unregister."""
        if self._registration is not None:
            await self._registration.forget()
        for call in self.calls:
            if call.media is not None:
                call.media.close()
        self._layer.close()
        if self._idle is not None:
            self._idle.close()

    async def register(self, expires_s: int = 300) -> None:
        """Make the server send our calls here, refreshed until `unregister` or `close`."""
        if self._registration is None:
            self._registration = Registration(self._line, self._clock)
        await self._registration.begin(expires_s)

    async def unregister(self) -> None:
        """Take the registration back."""
        if self._registration is not None:
            await self._registration.end()

    async def start_call(
        self,
        number: str,
        *,
        from_number: str | None = None,
        from_name: str = "",
        headers: tuple[Header, ...] = (),
    ) -> OutgoingCall:
        """Send the INVITE and return at once; see `OutgoingCall.wait_answer`."""
        host, port = self._line.server
        local_tag = secrets.token_hex(6)
        me = self.user if from_number is None else from_number
        dialog = Dialog(
            call_id=secrets.token_hex(12),
            local=f"{quoted_name(from_name)}<{sip_uri(me, self._line.host)}>;tag={local_tag}",
            remote=f"<{sip_uri(number, host)}>",
            target=sip_uri(number, host, port),
            contact=self._line.contact,
            peer=self._line.server,
        )
        media = await Media.open(self._line.host) if self._line.sound else None
        call = OutgoingCall(self._line, dialog, local_tag, media, headers)
        self._keep(call)
        return call

    async def call(
        self,
        number: str,
        *,
        from_number: str | None = None,
        from_name: str = "",
        headers: tuple[Header, ...] = (),
        timeout_s: float | None = 60.0,
    ) -> OutgoingCall:
        """Place a call and return when it is answered (errors: `OutgoingCall.wait_answer`)."""
        call = await self.start_call(
            number, from_number=from_number, from_name=from_name, headers=headers
        )
        await call.wait_answer(timeout_s)
        return call

    async def wait_call(self, timeout_s: float | None = 10.0) -> IncomingCall:
        """The next call that arrives. Raises `CallwrightError("no_call")` after `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s):
                return await self._arrived.get()
        except TimeoutError as error:
            raise CallwrightError("no_call", user=self.user, after_s=timeout_s) from error

    def send_raw(self, data: bytes) -> None:
        """Send bytes to the server as they are, SIP or not (for tests of the other side)."""
        self._layer.send(data, self._line.server)

    def _keep(self, call: Call) -> None:
        self._calls[call.call_id, call.local_tag] = call
        call.on_end = self._drop

    def _drop(self, call: Call) -> None:
        self._calls.pop((call.call_id, call.local_tag), None)

    def _on_ack(self, request: Request) -> None:
        call = self._call_of(request)
        if call is not None:
            call.acknowledge(request)

    def _on_request(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        call = self._call_of(request)
        if request.method == "CANCEL":
            self._on_cancel(transaction)
        elif request.headers.get("Require"):
            extra = ("Unsupported", request.headers.get("Require"))
            self._answer(transaction, 420, "Bad Extension", extra)
        elif call is not None:
            call.receive(transaction)
        elif parse_address(request.headers.get("To")).tag:
            self._answer(transaction, 481, "Call Does Not Exist")
        elif request.method == "INVITE":
            self._on_invite(transaction)
        elif request.method == "OPTIONS":
            self._answer(transaction, 200, "OK", ("Allow", ALLOW))
        else:
            self._answer(transaction, 405, "Method Not Allowed", ("Allow", ALLOW))

    def _on_invite(self, transaction: ServerTransaction) -> None:
        self._answer(transaction, 100, "Trying")
        try:
            call = IncomingCall(self._line, transaction, secrets.token_hex(6))
        except CallwrightError as error:
            self._answer(transaction, 488, f"Not Acceptable Here ({error.code})")
            return
        self._keep(call)
        if self._rings:
            call.ring()
        self._arrived.put_nowait(call)

    def _on_cancel(self, transaction: ServerTransaction) -> None:
        invite = self._layer.served_invite(transaction.request)
        if invite is None:
            self._answer(transaction, 481, "Call Does Not Exist")
            return
        self._answer(transaction, 200, "OK")
        for call in self.calls:
            if isinstance(call, IncomingCall) and call.transaction is invite:
                call.cancel()

    def _answer(
        self, transaction: ServerTransaction, status: int, reason: str, *extra: Header
    ) -> None:
        tag = secrets.token_hex(6)
        transaction.respond(respond(transaction.request, status, reason, tag=tag, extra=extra))

    def _call_of(self, request: Request) -> Call | None:
        tag = parse_address(request.headers.get("To")).tag
        return self._calls.get((request.headers.get("Call-ID"), tag))
