"""HTTP digest as SIP uses it, the client's side (RFC 3261 §22, RFC 8760)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from callwright.integrations.sipphone.message import Response

_PART = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
HASHES = {"MD5": "md5", "SHA-256": "sha256"}
ANSWER_HEADER = {401: "Authorization", 407: "Proxy-Authorization"}
CHALLENGE_HEADER = {401: "WWW-Authenticate", 407: "Proxy-Authenticate"}


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a server wants to see proven."""

    realm: str
    nonce: str
    algorithm: str
    qop: str
    opaque: str


def challenge_of(response: Response) -> Challenge | None:
    """The first challenge with an algorithm we know, or None."""
    for value in response.headers.all(CHALLENGE_HEADER[response.status]):
        scheme, _, rest = value.strip().partition(" ")
        parts = {name.lower(): quoted or plain for name, quoted, plain in _PART.findall(rest)}
        algorithm = parts.get("algorithm", "MD5").upper()
        if scheme.lower() == "digest" and algorithm in HASHES and "nonce" in parts:
            offered = [word.strip() for word in parts.get("qop", "").split(",")]
            qop = "auth" if "auth" in offered else ""
            return Challenge(
                parts.get("realm", ""), parts["nonce"], algorithm, qop, parts.get("opaque", "")
            )
    return None


def credentials(
    challenge: Challenge, *, method: str, uri: str, user: str, password: str, cnonce: str
) -> str:
    """The value of the Authorization header that answers a challenge."""

    def digest(text: str) -> str:
        name = HASHES[challenge.algorithm]
        return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

    count = "00000001"
    secret = digest(f"{user}:{challenge.realm}:{password}")
    what = digest(f"{method}:{uri}")
    middle = f"{count}:{cnonce}:auth:" if challenge.qop else ""
    proof = digest(f"{secret}:{challenge.nonce}:{middle}{what}")
    parts = [
        f'username="{user}"', f'realm="{challenge.realm}"', f'nonce="{challenge.nonce}"',
        f'uri="{uri}"', f'response="{proof}"', f"algorithm={challenge.algorithm}",
    ]  # fmt: skip
    if challenge.qop:
        parts += [f'cnonce="{cnonce}"', f"nc={count}", "qop=auth"]
    if challenge.opaque:
        parts.append(f'opaque="{challenge.opaque}"')
    return "Digest " + ", ".join(parts)
