"""SIP over UDP: sending until answered, answering repeats alike (RFC 3261 §17, RFC 6026)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

import structlog

from callwright.integrations.sipphone.message import Headers, Request, Response, parse
from callwright.kit.errors import CallwrightError

Address = tuple[str, int]
OnResponse = Callable[[Response], None]
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Timers:
    """RFC 3261's timers in seconds: T1 = first repeat, T2 = longest gap between repeats."""

    t1: float = 0.5
    t2: float = 4.0

    @property
    def give_up(self) -> float:
        """64 × T1: when a request without an answer has failed."""
        return 64 * self.t1


class _Repeater:
    """Sends the same bytes at doubling intervals until stopped or `give_up` has passed."""

    def __init__(self, send: Callable[[], None], timers: Timers, *, cap: bool) -> None:
        self._send, self._timers, self._cap = send, timers, cap
        self._interval = timers.t1
        loop = asyncio.get_running_loop()
        self._end = loop.time() + timers.give_up
        self._handle: asyncio.TimerHandle | None = loop.call_later(self._interval, self._again)

    def slow(self) -> None:
        """From now on only every T2 (a provisional answer came)."""
        self._interval = self._timers.t2

    def stop(self) -> None:
        """No more repeats."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _again(self) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() >= self._end:
            self._handle = None
            return
        self._send()
        doubled = self._interval * 2
        self._interval = min(doubled, self._timers.t2) if self._cap else doubled
        self._handle = loop.call_later(self._interval, self._again)


class ClientTransaction:
    """One request of ours. Every 2xx to an INVITE is handed up; other finals once."""

    def __init__(
        self, layer: Transactions, request: Request, to: Address, on_response: OnResponse
    ) -> None:
        self.request, self.destination = request, to
        self._layer, self._on_response = layer, on_response
        self._answered = False
        self._data = request.render()
        self._invite = request.method == "INVITE"
        self._send()
        self._repeater = _Repeater(self._send, layer.timers, cap=not self._invite)
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(layer.timers.give_up, self.give_up)

    def receive(self, response: Response) -> None:
        """A response to this request arrived."""
        if response.status < 200:
            self._provisional(response)
            return
        if self._invite and response.status >= 300:
            self._layer.send(self._acknowledgement(response), self.destination)
        self._final(response)

    def _final(self, response: Response) -> None:
        first, self._answered = not self._answered, True
        if first:
            self.stop()
            asyncio.get_running_loop().call_later(
                self._layer.timers.give_up, self._layer.forget, self
            )
        if first or (self._invite and response.status < 300):
            self._on_response(response)

    def stop(self) -> None:
        """No more repeats, no time-out."""
        self._repeater.stop()
        self._deadline.cancel()

    def _provisional(self, response: Response) -> None:
        if self._answered:
            return
        if self._invite:  # a phone may ring as long as it likes
            self.stop()
        else:
            self._repeater.slow()
        self._on_response(response)

    def give_up(self) -> None:
        """Nobody answers any more: whoever waits gets 408."""
        self._final(Response(408, "Request Timeout", self.request.headers))

    def _send(self) -> None:
        self._layer.send(self._data, self.destination)

    def _acknowledgement(self, response: Response) -> bytes:
        mine = self.request.headers
        kept = [("Via", mine.get("Via")), ("From", mine.get("From"))]
        kept += [("To", response.headers.get("To")), ("Call-ID", mine.get("Call-ID"))]
        kept += [("Route", route) for route in mine.all("Route")]
        kept += [("CSeq", f"{mine.sequence[0]} ACK"), ("Max-Forwards", "70")]
        return Request("ACK", self.request.uri, Headers(tuple(kept))).render()


class ServerTransaction:
    """One request of somebody else's; its last answer is repeated as often as asked."""

    def __init__(self, layer: Transactions, request: Request, source: Address) -> None:
        self.request, self.source = request, source
        self._layer = layer
        self._data = b""
        self._repeater: _Repeater | None = None
        self.final: int | None = None

    def respond(self, response: Response) -> None:
        """Send a response. Finals to an INVITE are repeated until `acknowledged`."""
        self._data = response.render()
        self._send()
        if response.status < 200 or self.final is not None:
            return
        self.final = response.status
        if self.request.method == "INVITE":
            self._repeater = _Repeater(self._send, self._layer.timers, cap=True)
        asyncio.get_running_loop().call_later(
            self._layer.timers.give_up, self._layer.forget_served, self
        )

    def repeat(self) -> None:
        """The request came again."""
        if self._data:
            self._send()

    def acknowledged(self) -> None:
        """The ACK came, or nobody cares any more."""
        if self._repeater is not None:
            self._repeater.stop()

    def _send(self) -> None:
        self._layer.send(self._data, self.source)


class Transactions(asyncio.DatagramProtocol):
    """One UDP socket. New requests go to `on_request`, ACKs of 2xx to `on_ack`."""

    def __init__(
        self,
        on_request: Callable[[ServerTransaction], None],
        on_ack: Callable[[Request], None],
        timers: Timers,
    ) -> None:
        self.timers = timers
        self.malformed = 0  # datagrams that were not SIP
        self.address: Address = ("", 0)
        self._on_request, self._on_ack = on_request, on_ack
        self._transport: asyncio.DatagramTransport | None = None
        self._clients: dict[tuple[str, str], ClientTransaction] = {}
        self._servers: dict[tuple[str, str, str], ServerTransaction] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""

        self._transport = cast(asyncio.DatagramTransport, transport)
        self.address = transport.get_extra_info("sockname")[:2]

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        """Sort one datagram; what is not SIP is counted and dropped."""
        if not data.strip():  # keep-alive
            return
        try:
            message = parse(data)
        except CallwrightError as error:
            self.malformed += 1
            log.debug("sip_malformed", why=error.params.get("why"))
            return
        if isinstance(message, Response):
            self._response(message)
        else:
            self._request(message, source)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there (yet): the repeats decide."""
        log.debug("sip_not_delivered", why=str(exc))

    def ask(self, request: Request, to: Address, on_response: OnResponse) -> ClientTransaction:
        """Send a request (a fresh Via is put on top unless it has one) until it is answered."""
        stamped = request if request.headers.branch else self.stamp(request)
        transaction = ClientTransaction(self, stamped, to, on_response)
        self._clients[stamped.headers.branch, stamped.method] = transaction
        return transaction

    def stamp(self, request: Request) -> Request:
        """The request with our Via and a new branch."""
        host, port = self.address
        via = f"SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK{secrets.token_hex(8)}"
        return replace(request, headers=Headers((("Via", via), *request.headers.items)))

    def send(self, data: bytes, to: Address) -> None:
        """Put bytes on the wire; after `close` nothing happens."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, to)

    def forget(self, transaction: ClientTransaction) -> None:
        """Drop a finished request."""
        headers = transaction.request.headers
        self._clients.pop((headers.branch, transaction.request.method), None)

    def forget_served(self, transaction: ServerTransaction) -> None:
        """Drop a finished answer."""
        transaction.acknowledged()
        self._servers.pop(_server_key(transaction.request), None)

    def served_invite(self, cancel: Request) -> ServerTransaction | None:
        """The INVITE that a CANCEL means."""
        branch, sender, _ = _server_key(cancel)
        return self._servers.get((branch, sender, "INVITE"))

    def close(self) -> None:
        """Close the socket, stop every timer, let nobody wait."""
        if self._transport is not None:
            self._transport.close()
        for client in list(self._clients.values()):
            client.give_up()
        for server in self._servers.values():
            server.acknowledged()

    def _response(self, response: Response) -> None:
        key = (response.headers.branch, response.headers.sequence[1])
        transaction = self._clients.get(key)
        if transaction is not None:
            transaction.receive(response)

    def _request(self, request: Request, source: Address) -> None:
        key = _server_key(request)
        if request.method == "ACK":
            invite = self._servers.get((key[0], key[1], "INVITE"))
            if invite is not None:
                invite.acknowledged()
            self._on_ack(request)
            return
        known = self._servers.get(key)
        if known is not None:
            known.repeat()
            return
        transaction = ServerTransaction(self, request, source)
        self._servers[key] = transaction
        self._on_request(transaction)


def _server_key(request: Request) -> tuple[str, str, str]:
    """Branch, sender and method; the Call-ID stands in for a branch that is missing."""
    via = request.headers.all("Via")[0]
    sender = via.partition(";")[0].split()[-1].lower()
    branch = request.headers.branch
    if not branch:
        branch = f"{request.headers.get('Call-ID')}/{request.headers.sequence[0]}"
    return branch, sender, request.method
