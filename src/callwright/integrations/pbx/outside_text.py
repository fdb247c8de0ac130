"""Makes strings from outside harmless before they enter SIP messages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from callwright.kit.errors import invalid

LONGEST_NUMBER, LONGEST_NAME, LONGEST_HEADER = 32, 60, 256
NOBODY = "anonymous"

_NUMBER_SIGNS = re.compile(r"[^0-9A-Za-z+*#._]")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_NAME_SIGNS = frozenset(" .-()·'_")
_OBJECT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def caller_number(raw: str) -> str:
    """A number fit for a SIP address: its digits and letters, clipped; never empty."""
    return _NUMBER_SIGNS.sub("", raw)[:LONGEST_NUMBER] or NOBODY


def caller_name(raw: str) -> str:
    """A display name of letters, digits and blanks in any script, clipped; may be empty."""
    kept = (sign if _is_name_sign(sign) else " " for sign in raw[: LONGEST_NAME * 8])
    return " ".join("".join(kept).split())[:LONGEST_NAME].strip()


def sip_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers with line breaks and control characters taken out of their values, clipped."""
    clean: dict[str, str] = {}
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise invalid("headers", f"{name!r} is not a SIP header name")
        printable = (sign if sign.isprintable() else " " for sign in value)
        clean[name] = "".join(printable)[:LONGEST_HEADER].strip()
    return clean


def object_id(what: str, value: str) -> str:
    """A name that becomes part of the PBX's own names; anything unusual is refused."""
    if not _OBJECT_ID.fullmatch(value):
        raise invalid(what, "letters, digits, dash and underscore only, at most 64")
    return value


def _is_name_sign(sign: str) -> bool:
    return sign in _NAME_SIGNS or unicodedata.category(sign)[0] in "LMN"
