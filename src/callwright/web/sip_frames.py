"""What a browser may say in SIP: nothing in another phone's name. Pure.

The PBX takes what comes through our proxy for a neighbour on loopback, so a frame must be one whole
message that we and the PBX read alike: anything unusual is refused, not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from callwright.kit.errors import CallwrightError

KEEP_ALIVE = frozenset({"\r\n", "\r\n\r\n"})
_REQUEST = re.compile(r"([A-Z]{2,16}) sips?:[^\s]+ SIP/2\.0")
_RESPONSE = re.compile(r"SIP/2\.0 [1-6][0-9]{2}( [^\0]*)?")
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]*)[ \t]*:[ \t]*([^\0\r\n]*)")
_NAME = r'(?:"(?:[^"\\]|\\.)*"|[^"<>,;:]*)'
_ADDRESS = re.compile(
    _NAME + r'[ \t]*<sips?:(?P<user>[^@:;<>\s]+)@[^<>@]+>(?P<more>;[^<>,"]*)?',
)
_SHORT = {"f": "from", "t": "to", "m": "contact", "l": "content-length"}
_ONCE = ("from", "to", "content-length")

Headers = dict[str, list[str]]


class FrameGate:
    """Checks the frames of one browser, whose phone is `endpoint`."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._contacts: set[str] = set()  # what its own registrations call it

    def check(self, frame: str) -> str:
        """The method of a request, empty for a response or a sign of life.

        Raises `not_allowed` for a frame that must not reach the PBX.
        """
        if frame in KEEP_ALIVE:
            return ""
        first, headers = _read(frame)
        if _RESPONSE.fullmatch(first):
            return ""
        request = _REQUEST.fullmatch(first)
        if request is None:
            raise _refused("the first line is no SIP")
        method = request[1]
        sender, _ = _address(headers["from"][0])
        receiver, receiver_more = _address(headers["to"][0])
        if method == "REGISTER":
            self._own([sender, receiver])
            self._contacts |= _contacts(headers)
        elif ";tag=" in receiver_more.lower().replace(" ", ""):
            self._own([sender], self._contacts)  # within a talk it bears its contact's name
        else:
            self._own([sender])
        return method

    def _own(self, names: Iterable[str], others: Iterable[str] = ()) -> None:
        if not set(names) <= {self.endpoint, *others}:
            raise _refused("in another phone's name")


def _read(frame: str) -> tuple[str, Headers]:
    """First line and headers of the one message that the frame must be."""
    head, end, body = frame.partition("\r\n\r\n")
    if not end:
        raise _refused("no whole message")
    first, *lines = head.split("\r\n")
    headers: Headers = {}
    for line in lines:
        header = _HEADER.fullmatch(line)
        if header is None:
            raise _refused("an unusual header")
        name = header[1].lower()
        headers.setdefault(_SHORT.get(name, name), []).append(header[2].strip())
    if any(len(headers.get(name, ())) != 1 for name in _ONCE):
        raise _refused("a header is missing or there twice")
    if headers["content-length"][0] != str(len(body.encode())):
        raise _refused("the body has another length")
    return first, headers


def _address(value: str) -> tuple[str, str]:
    """User and parameters of a From or To."""
    found = _ADDRESS.fullmatch(value)
    if found is None:
        raise _refused("an unusual address")
    return found["user"], found["more"] or ""


def _contacts(headers: Headers) -> set[str]:
    found = (
        re.match(r'[^<"]*<sips?:([^@:;<>\s]+)@', value) for value in headers.get("contact", ())
    )
    return {match[1] for match in found if match}


def _refused(why: str) -> CallwrightError:
    return CallwrightError("not_allowed", why=why)
