"""Session descriptions for one G.711 stream with telephone events (RFC 8866, 3264, 4733)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from callwright.integrations.sipphone.g711 import PAYLOAD_TYPE, Law
from callwright.kit.errors import CallwrightError

Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
EVENT_TYPE = 101  # the dynamic payload type we offer for telephone events
NAMES: dict[Law, str] = {"ulaw": "PCMU", "alaw": "PCMA"}
MIRROR: dict[Direction, Direction] = {
    "sendrecv": "sendrecv",
    "sendonly": "recvonly",
    "recvonly": "sendonly",
    "inactive": "inactive",
}


@dataclass(frozen=True, slots=True)
class RemoteMedia:
    """Where the far end wants its sound, in which codec, and whether it listens.

    `event_type` is its payload type for telephone events, None when it takes none.
    """

    address: tuple[str, int]
    law: Law
    event_type: int | None
    direction: Direction

    @property
    def listens(self) -> bool:
        """Whether sound sent there is wanted."""
        return self.direction in ("sendrecv", "recvonly") and self.address[0] != "0.0.0.0"  # noqa: S104 - a SIP hold by address, not a bind


def describe(
    host: str, port: int, laws: Sequence[Law], *, direction: Direction = "sendrecv",
    event_type: int = EVENT_TYPE, version: int = 1,
) -> bytes:  # fmt: skip
    """Our own description, as an offer (all our codecs) or an answer (the one chosen)."""
    types = " ".join(str(PAYLOAD_TYPE[law]) for law in laws)
    lines = [
        "v=0", f"o=- {port} {version} IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0",
        f"m=audio {port} RTP/AVP {types} {event_type}",
        *(f"a=rtpmap:{PAYLOAD_TYPE[law]} {NAMES[law]}/8000" for law in laws),
        f"a=rtpmap:{event_type} telephone-event/8000", f"a=fmtp:{event_type} 0-15",
        "a=ptime:20", f"a={direction}", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def understand(body: bytes, laws: Sequence[Law]) -> RemoteMedia:
    """Read the far end's description; its first codec that we have is taken.

    Raises `CallwrightError("no_common_codec")` or `CallwrightError("malformed_sdp", why=…)`.
    """
    lines = [line.strip() for line in body.decode("utf-8", errors="replace").splitlines()]
    place = next((n for n, line in enumerate(lines) if line.startswith("m=audio ")), None)
    if place is None:
        raise CallwrightError("malformed_sdp", why="no audio stream")
    ending = next((n for n in range(place + 1, len(lines)) if lines[n][:2] == "m="), len(lines))
    stream, head = lines[place:ending], lines[:place]
    port, types = _media_line(stream[0])
    host = _connection(stream) or _connection(head)
    if not host:
        raise CallwrightError("malformed_sdp", why="no address")
    direction = _direction(stream) or _direction(head) or "sendrecv"
    return RemoteMedia((host, port), _choose(types, laws), _event_type(stream, types), direction)


def _media_line(line: str) -> tuple[int, list[int]]:
    words = line.split()
    numbers = [words[1].partition("/")[0], *words[3:]] if len(words) > 3 else []
    if not numbers or not all(word.isascii() and word.isdigit() for word in numbers):
        raise CallwrightError("malformed_sdp", why="the m= line is not port and payload types")
    port = int(numbers[0][:6])
    if port > 65535:
        raise CallwrightError("malformed_sdp", why="the port is out of range")
    return port, [int(word[:4]) for word in numbers[1:]]


def _connection(lines: list[str]) -> str:
    words = next((line.split() for line in lines if line.startswith("c=IN IP4 ")), [])
    return words[2].partition("/")[0] if len(words) > 2 else ""


def _direction(lines: list[str]) -> Direction | None:
    return next((way for way in MIRROR if f"a={way}" in lines), None)


def _choose(types: list[int], laws: Sequence[Law]) -> Law:
    ours: dict[int, Law] = {PAYLOAD_TYPE[law]: law for law in laws}
    chosen = next((ours[number] for number in types if number in ours), None)
    if chosen is None:
        raise CallwrightError("no_common_codec", offered=types)
    return chosen


def _event_type(lines: list[str], types: list[int]) -> int | None:
    for line in lines:
        number, _, name = line.removeprefix("a=rtpmap:").partition(" ")
        if (
            name.lower().startswith("telephone-event/8000")
            and number.isascii()
            and number.isdigit()
            and int(number[:4]) in types
        ):
            return int(number[:4])
    return None
