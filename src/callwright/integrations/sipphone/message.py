"""SIP messages: parsing what arrives, building what leaves (RFC 3261 §7)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from callwright.integrations.sipphone.address import parse_parameters, split_list
from callwright.kit.errors import CallwrightError

COMPACT = {
    "v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length",
    "c": "content-type", "s": "subject", "k": "supported", "e": "content-encoding",
}  # fmt: skip
LISTS = frozenset({"via", "route", "record-route", "contact", "allow", "supported"})
MAX_BYTES = 65_535
_REQUEST = re.compile(r"^([A-Za-z0-9.!%*_+`'~-]+) (\S+) SIP/2\.0$")
_RESPONSE = re.compile(r"^SIP/2\.0 ([1-6]\d\d)(?: (.*))?$")
_BREAKS = re.compile(r"[\r\n]+")


@dataclass(frozen=True, slots=True)
class Headers:
    """Header fields in their order. Names are compared without case, compact forms included."""

    items: tuple[tuple[str, str], ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """The first value of a header."""
        key = name.lower()
        return next((value for held, value in self.items if held.lower() == key), default)

    def all(self, name: str) -> list[str]:
        """Every value of a header, lists split at their commas."""
        key = name.lower()
        found = [value for held, value in self.items if held.lower() == key]
        if key not in LISTS:
            return found
        return [part for value in found for part in split_list(value) if part]

    @property
    def sequence(self) -> tuple[int, str]:
        """The CSeq's number and method."""
        number, _, method = self.get("CSeq").strip().partition(" ")
        return int(number), method.strip()

    @property
    def branch(self) -> str:
        """The topmost Via's branch, which names the transaction."""
        vias = self.all("Via")
        return parse_parameters(vias[0].partition(";")[2]).get("branch", "") if vias else ""


@dataclass(frozen=True, slots=True)
class Request:
    """A SIP request."""

    method: str
    uri: str
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    def render(self) -> bytes:
        """The bytes for the wire."""
        return _render(f"{self.method} {self.uri} SIP/2.0", self.headers, self.body)


@dataclass(frozen=True, slots=True)
class Response:
    """A SIP response."""

    status: int
    reason: str
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    def render(self) -> bytes:
        """The bytes for the wire."""
        return _render(f"SIP/2.0 {self.status} {self.reason}", self.headers, self.body)


Message = Request | Response


def parse(data: bytes) -> Message:
    """Read one datagram. Raises `CallwrightError("malformed_sip", why=…)` for anything else."""
    if len(data) > MAX_BYTES:
        raise _malformed("too long")
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("utf-8", errors="replace").lstrip("\r\n").split("\r\n")
    headers = Headers(tuple(_fields(lines[1:])))
    _check(headers)
    body = body[: _content_length(headers, len(body))]
    if (request := _REQUEST.match(lines[0])) is not None:
        return Request(request[1], request[2], headers, body)
    if (response := _RESPONSE.match(lines[0])) is not None:
        return Response(int(response[1]), response[2] or "", headers, body)
    raise _malformed("neither a request nor a response")


def respond(
    request: Request,
    status: int,
    reason: str,
    *,
    tag: str,
    extra: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
) -> Response:
    """The response to a request: its Via, From, To, Call-ID, CSeq and the caller's extras.

    `tag` is put on To unless it already has one, or the response is 100.
    """
    copied = [("Via", via) for via in request.headers.all("Via")]
    to = request.headers.get("To")
    if status > 100 and "tag=" not in to.rpartition(">")[2].lower():
        to = f"{to};tag={tag}"
    copied += [("From", request.headers.get("From")), ("To", to)]
    copied += [(name, request.headers.get(name)) for name in ("Call-ID", "CSeq")]
    if 101 <= status < 300:
        copied += [("Record-Route", value) for value in request.headers.all("Record-Route")]
    return Response(status, reason, Headers((*copied, *extra)), body)


def _fields(lines: list[str]) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in (" ", "\t") and fields:  # a folded line belongs to the one before
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise _malformed("a header line without a name")
        key = name.strip()
        fields.append((COMPACT.get(key.lower(), key), value.strip()))
    return fields


def _check(headers: Headers) -> None:
    missing = [name for name in ("Via", "From", "To", "Call-ID", "CSeq") if not headers.get(name)]
    if missing:
        raise _malformed(f"no {missing[0]}")
    number, _, method = headers.get("CSeq").strip().partition(" ")
    if not (number.isascii() and number.isdigit()) or len(number) > 10 or not method.strip():
        raise _malformed("CSeq is not a number and a method")
    vias = headers.all("Via")
    if not vias or len(vias[0].partition(";")[0].split()) < 2:
        raise _malformed("Via names no sender")


def _content_length(headers: Headers, present: int) -> int:
    text = headers.get("Content-Length", str(present))
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise _malformed("Content-Length is not a number")
    if int(text) > present:
        raise _malformed("the body is shorter than Content-Length")
    return int(text)


def _render(first: str, headers: Headers, body: bytes) -> bytes:
    """Line breaks inside values would make headers of their own: they become blanks."""
    lines = [_BREAKS.sub(" ", first)]
    lines += [f"{name}: {_BREAKS.sub(' ', value)}" for name, value in headers.items]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def _malformed(why: str) -> CallwrightError:
    return CallwrightError("malformed_sip", why=why)
