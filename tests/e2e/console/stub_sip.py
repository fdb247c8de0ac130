"""A registrar of a few lines: takes REGISTER, and rings a browser with an offer it can answer."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field

from fastapi import WebSocket, WebSocketDisconnect

# A real WebRTC offer for which nobody listens: enough to ring and to be answered.
OFFER = "\r\n".join(
    [
        "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 0 101", "c=IN IP4 127.0.0.1", "a=mid:0",
        "a=ice-ufrag:stub", "a=ice-pwd:stubstubstubstubstubstub",
        "a=fingerprint:sha-256 " + ":".join(["AB"] * 32), "a=setup:actpass", "a=rtcp-mux",
        "a=sendrecv", "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000", "",
    ]
)  # fmt: skip


@dataclass
class SipStub:
    """What the browser's phone said; `ring` calls it."""

    sockets: list[WebSocket] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    contact: str = ""
    refuse: bool = False
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, socket: WebSocket) -> None:
        """One browser's socket, until it goes."""
        if self.refuse:
            await socket.close(1013)
            return
        await socket.accept("sip")
        self.sockets.append(socket)
        try:
            while True:
                await self._take(socket, await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError, asyncio.CancelledError):
            pass
        finally:
            self.sockets.remove(socket)

    async def drop(self) -> None:
        """The connection is lost."""
        for socket in list(self.sockets):
            await socket.close(1011)

    async def ring(self, contact_id: str, kind: str = "offer") -> None:
        """INVITE the registered browser."""
        await self._request("INVITE", contact_id, OFFER, f"X-Callwright: {kind}")

    async def cancel(self, contact_id: str) -> None:
        """The caller gave up."""
        await self._request("CANCEL", contact_id)

    async def bye(self, contact_id: str) -> None:
        """The talk is over; the tag is the one that the browser answered with."""
        await self._request("BYE", contact_id, tag=self._tag(contact_id))

    async def until(self, start: str) -> str:
        """The first message of the browser that begins so."""
        while True:
            found = next((one for one in self.said if one.startswith(start)), None)
            if found:
                return found
            self.heard.clear()
            await asyncio.wait_for(self.heard.wait(), 10)

    async def _request(
        self, method: str, contact_id: str, body: str = "", *more: str, tag: str = ""
    ) -> None:
        sequence = 2 if method == "BYE" else 1
        lines = [
            f"{method} {self.contact} SIP/2.0",
            f"Via: SIP/2.0/WS stub;branch=z9hG4bK{contact_id}{'b' if method == 'BYE' else ''}",
            "Max-Forwards: 70", f"From: <sip:caller@stub>;tag={contact_id}",
            f"To: <{self.contact}>{tag}", f"Call-ID: {contact_id}", f"CSeq: {sequence} {method}",
            "Contact: <sip:caller@stub;transport=ws>", f"X-Call-Id: {contact_id}", *more,
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}", "", body,
        ]  # fmt: skip
        for socket in self.sockets[-1:]:
            await socket.send_text("\r\n".join(lines))

    def _tag(self, contact_id: str) -> str:
        answer = next(
            one for one in self.said if one.startswith("SIP/2.0 200") and contact_id in one
        )
        [tag] = re.findall(r"^To:.*(;tag=\S+)", answer, re.M)
        return str(tag)

    async def _take(self, socket: WebSocket, text: str) -> None:
        self.said.append(text)
        self.heard.set()
        if text.startswith("REGISTER"):
            found = re.search(r"^Contact: <?(sip:[^>;]+)", text, re.M)
            self.contact = found[1] if found else self.contact
            await socket.send_text(_answer(text, with_contact=True))
        elif re.match(r"BYE|OPTIONS", text):
            await socket.send_text(_answer(text))
        elif text.startswith("SIP/2.0 ") and "INVITE" in text and not text.startswith("SIP/2.0 1"):
            await socket.send_text(_acknowledge(text, self.contact))


def _kept(text: str, *names: str) -> list[str]:
    return [line for line in text.split("\r\n") if line.split(":")[0] in names]


def _answer(text: str, *, with_contact: bool = False) -> str:
    kept = _kept(text, "Via", "From", "Call-ID", "CSeq", *(["Contact"] if with_contact else []))
    to = _kept(text, "To")[0]
    receiver = to if ";tag=" in to else f"{to};tag=stub"
    return "\r\n".join(["SIP/2.0 200 OK", *kept, receiver, "Content-Length: 0", "", ""])


def _acknowledge(text: str, contact: str) -> str:
    kept = _kept(text, "Via", "From", "To", "Call-ID")
    sequence = ["CSeq: 1 ACK", "Max-Forwards: 70", "Content-Length: 0", "", ""]
    return "\r\n".join([f"ACK {contact} SIP/2.0", *kept, *sequence])
