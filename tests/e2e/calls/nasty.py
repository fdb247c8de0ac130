"""Datagrams that no SIP stack should send, and callers with absurd ids."""

from __future__ import annotations

import random

ABSURD_IDS = {
    "quotes": "'\"; DROP TABLE contact; --",
    "five hundred": "9" * 500,
    "emoji": "😀☎️" * 10,
    "markup": "<script>alert(1)</script>",
    "format": "%s%n${IFS}$(reboot)",
    "nothing": "",
}
_INVITE = (
    "INVITE sip:4008001234@127.0.0.1 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{tag}\r\n"
    "From: <sip:10086@127.0.0.1>;tag={tag}\r\nTo: <sip:4008001234@127.0.0.1>\r\n"
    "Call-ID: nasty-{tag}\r\nCSeq: 1 INVITE\r\nContact: <sip:x@127.0.0.1:{port}>\r\n"
    "Max-Forwards: 70\r\nContent-Type: application/sdp\r\nContent-Length: {length}\r\n\r\n{body}"
)
_SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
_BODIES = (
    "", "v=0", _SDP, _SDP + "m=audio 0 RTP/AVP 0\r\n", _SDP + "m=audio 99999 RTP/AVP 0\r\n",
    _SDP + "m=audio -5 RTP/AVP 0\r\n", _SDP + "m=video 4000 RTP/AVP 31\r\n",
    _SDP + "m=audio 4000 RTP/AVP " + "9 " * 500 + "\r\n", _SDP + "m=audio 4000 RTP/AVP 250\r\n",
    "\x00" * 200, _SDP.replace("127.0.0.1", "999.1.1.1") + "m=audio 4000 RTP/AVP 0\r\n",
)  # fmt: skip
_HEADS = (
    b"", b"\r\n\r\n", b"\x00", b"\xff\xfe\xfd", b"INVITE", b"INVITE sip: SIP/2.0\r\n\r\n",
    b"SIP/2.0 200 OK\r\n\r\n", b"SIP/2.0 999999 ?\r\nCSeq: 1 INVITE\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"BYE sip:x SIP/2.0\r\nCall-ID: none\r\n\r\n", b"INVITE sip:1 SIP/9.9\r\nVia:\r\n\r\n",
    b"A" * 60000, b"REGISTER sip:127.0.0.1 SIP/2.0\r\n" + b"Via: x\r\n" * 500 + b"\r\n",
)  # fmt: skip


def datagrams(port: int) -> list[bytes]:
    """Some ninety of them, always the same; `port` = where answers would go."""
    found = list(_HEADS)
    for number, body in enumerate(_BODIES):
        found.append(_invite(port, f"b{number}", body))
        found.append(_invite(port, f"l{number}", body, wrong_by=1000 - 1500 * (number % 2)))
    whole = _invite(port, "m", _SDP + "m=audio 4000 RTP/AVP 0\r\n")
    chance = random.Random(5060)
    for number in range(50):
        spoilt = bytearray(whole.replace(b"nasty-m", b"nasty-m%d" % number))
        for _ in range(chance.randint(1, 30)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        found.append(bytes(spoilt[: chance.randint(20, len(spoilt))]))
    return found


def _invite(port: int, tag: str, body: str, *, wrong_by: int = 0) -> bytes:
    length = len(body.encode()) + wrong_by
    return _INVITE.format(port=port, tag=tag, length=length, body=body).encode()
