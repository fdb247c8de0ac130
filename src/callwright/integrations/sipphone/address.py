"""Names, numbers and hosts as SIP writes them (RFC 3261 §19, §20.10, §25)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

# RFC 3261 "unreserved" and "user-unreserved" beyond what quote() always keeps
USER_SAFE = "-_.!~*'()&=+$,;?/"
_URI = re.compile(r"^(?P<scheme>sips?|tel):(?:(?P<user>[^@]*)@)?(?P<host>\[[^\]]*\]|[^;?:]*)"
                  r"(?::(?P<port>\d{1,5}))?", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameAddress:
    """`"Name" <uri>;tag=…` taken apart; `uri` keeps its own parameters."""

    name: str
    uri: str
    parameters: dict[str, str]

    @property
    def user(self) -> str:
        """The decoded user part, or the number of a tel: URI."""
        return uri_user(self.uri)

    @property
    def tag(self) -> str:
        """The dialog tag; empty when there is none."""
        return self.parameters.get("tag", "")


def parse_address(text: str) -> NameAddress:
    """Read a From, To, Contact, Route value; whatever is malformed lands in `uri`."""
    text = text.strip()
    opening = next((place for place, char in _outside_quotes(text) if char == "<"), -1)
    closing = text.find(">", opening)
    if opening < 0 or closing < 0:
        uri, _, rest = text.partition(";")
        return NameAddress("", uri.strip(), parse_parameters(rest))
    name = _unquote(text[:opening].strip())
    return NameAddress(name, text[opening + 1 : closing], parse_parameters(text[closing + 1 :]))


def parse_parameters(text: str) -> dict[str, str]:
    """`;a=b;c` as a dict with lower-case names; a name without a value maps to ""."""
    parameters = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if name.strip():
            parameters[name.strip().lower()] = value.strip().strip('"')
    return parameters


def split_list(value: str) -> Iterator[str]:
    """Split at commas that stand neither in quotes nor in angle brackets."""
    start, depth = 0, 0
    for place, char in _outside_quotes(value):
        if char in "<>":
            depth += 1 if char == "<" else -1
        elif char == "," and depth <= 0:
            yield value[start:place].strip()
            start = place + 1
    yield value[start:].strip()


def uri_user(uri: str) -> str:
    """The user part of a URI without its parameters, decoded."""
    match = _URI.match(uri)
    if match is None:
        return ""
    if match["scheme"].lower() == "tel":
        return unquote(match["host"])
    return unquote((match["user"] or "").partition(":")[0])  # what follows is a password


def uri_host(uri: str, default_port: int = 5060) -> tuple[str, int] | None:
    """Host and port of a sip: URI; None when it has none."""
    match = _URI.match(uri)
    if match is None or not match["host"] or match["scheme"].lower() == "tel":
        return None
    port = int(match["port"]) if match["port"] else default_port
    return (match["host"], port) if port < 65536 else None


def sip_uri(user: str, host: str, port: int | None = None) -> str:
    """Build `sip:user@host[:port]`, escaping whatever a user part may not hold."""
    place = host if port is None else f"{host}:{port}"
    return f"sip:{quote(user, safe=USER_SAFE)}@{place}" if user else f"sip:{place}"


def quoted_name(name: str) -> str:
    """A display name as a quoted string with a blank behind it; empty for no name."""
    clean = "".join(char for char in name if char.isprintable())
    escaped = clean.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" ' if escaped else ""


def _outside_quotes(text: str) -> Iterator[tuple[int, str]]:
    """Place and character of everything that stands in no quoted string."""
    quoted = escaped = False
    for place, char in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif not quoted:
            yield place, char


def _unquote(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text
