"""What both ends of a call have agreed on: tags, targets, routes, counters (RFC 3261 §12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address

from callwright.integrations.sipphone.address import parse_address, uri_host
from callwright.integrations.sipphone.message import Headers, Request
from callwright.integrations.sipphone.transactions import Address

USER_AGENT = "Callwright-phone"
ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS"


@dataclass(slots=True)
class Dialog:
    """One dialog, or the request that may make one.

    `local`, `remote` are whole From/To values with their tags; `target` is the request URI.
    """

    call_id: str
    local: str
    remote: str
    target: str
    contact: str
    peer: Address  # used when no route and no target names an IP address
    routes: list[str] = field(default_factory=list)
    sequence: int = 0

    def request(
        self, method: str, *, headers: tuple[tuple[str, str], ...] = (), body: bytes = b"",
        sequence: int | None = None,
    ) -> Request:  # fmt: skip
        """The next request of this dialog; `sequence` repeats a number (ACK)."""
        if sequence is None:
            self.sequence += 1
        items = [
            ("Max-Forwards", "70"), ("From", self.local), ("To", self.remote),
            ("Call-ID", self.call_id), ("CSeq", f"{sequence or self.sequence} {method}"),
            ("Contact", self.contact), ("User-Agent", USER_AGENT), ("Allow", ALLOW),
            *(("Route", route) for route in self.routes), *headers,
        ]  # fmt: skip
        if body:
            items.append(("Content-Type", "application/sdp"))
        return Request(method, self.target, Headers(tuple(items)), body)

    def destination(self) -> Address:
        """Where requests go: the first route, else the target, else whom we talked to."""
        first = parse_address(self.routes[0]).uri if self.routes else self.target
        place = uri_host(first)
        if place is not None and _is_ip(place[0]):
            return place
        return self.peer

    def confirm(self, answer: Headers) -> None:
        """The far end answered our INVITE: its tag, its contact, its routes (reversed)."""
        self.remote = answer.get("To")
        self.routes = list(reversed(answer.all("Record-Route")))
        self.retarget(answer)

    def retarget(self, headers: Headers) -> None:
        """A Contact says where further requests go."""
        contacts = headers.all("Contact")
        if contacts:
            self.target = parse_address(contacts[0]).uri


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
