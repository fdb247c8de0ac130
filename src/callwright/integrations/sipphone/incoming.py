"""A call that arrives: ring, answer, reject, or let it ring until the caller gives up."""

from __future__ import annotations

import asyncio

from callwright.integrations.sipphone.address import parse_address
from callwright.integrations.sipphone.call import Call
from callwright.integrations.sipphone.dialog import Dialog
from callwright.integrations.sipphone.line import Line
from callwright.integrations.sipphone.media import Media
from callwright.integrations.sipphone.message import Request, Response
from callwright.integrations.sipphone.sdp import RemoteMedia, understand
from callwright.integrations.sipphone.transactions import ServerTransaction
from callwright.kit.errors import CallwrightError

REASONS = {
    404: "Not Found",
    480: "Temporarily Unavailable",
    486: "Busy Here",
    503: "Service Unavailable",
    603: "Decline",
}


class IncomingCall(Call):
    """Somebody calls. `headers` are those of the INVITE."""

    def __init__(self, line: Line, transaction: ServerTransaction, local_tag: str) -> None:
        request = transaction.request
        headers = request.headers
        contacts = headers.all("Contact")
        dialog = Dialog(
            call_id=headers.get("Call-ID"),
            local=f"{headers.get('To')};tag={local_tag}",
            remote=headers.get("From"),
            target=parse_address(contacts[0]).uri if contacts else request.uri,
            contact=line.contact,
            peer=transaction.source,
            routes=headers.all("Record-Route"),
        )
        super().__init__(line, dialog, local_tag)
        self.headers = headers
        self.transaction = transaction
        self._offer: RemoteMedia | None = (
            understand(request.body, line.laws) if request.body else None
        )
        self._acknowledged = False
        self._bye: asyncio.Future[Response] | None = None  # held so that it is not collected

    @property
    def from_number(self) -> str:
        """Who calls, as the network says."""
        return parse_address(self.headers.get("From")).user

    @property
    def from_name(self) -> str:
        """The caller's display name."""
        return parse_address(self.headers.get("From")).name

    @property
    def to_number(self) -> str:
        """Which number of ours was dialled."""
        return parse_address(self.headers.get("To")).user

    def header(self, name: str) -> str:
        """One header of the INVITE (X-…); empty when it is not there."""
        return self.headers.get(name)

    def ring(self) -> None:
        """Tell the caller that it rings (180)."""
        self._reply(self.transaction, 180, "Ringing")
        self._ring()

    async def answer(self) -> None:
        """Answer; sound flows when this returns. Raises `leg_gone` when the caller has left."""
        if self.state not in ("calling", "ringing"):
            raise CallwrightError("leg_gone", state=self.state)
        if self._line.sound:
            self.media = await Media.open(self._line.host)
        if self.state not in ("calling", "ringing"):  # cancelled while the socket opened
            self.sound.close()
            raise CallwrightError("leg_gone", state=self.state)
        self._reply_with_sound(self.transaction, self._offer)
        if self._offer is not None and self.media is not None:
            self.media.connect(self._offer, talk=True)
        self._talk()
        give_up = self._line.layer.timers.give_up
        asyncio.get_running_loop().call_later(give_up, self._check_acknowledged)

    def reject(self, status: int = 486) -> None:
        """Refuse: 486 busy, 603 declined, 480 not now."""
        if self.state == "ended":
            return
        self.status = status
        self._reply(self.transaction, status, REASONS.get(status, "Rejected"))
        self._finish("refused")

    def cancel(self) -> None:
        """The caller gave up before the answer."""
        if self.state in ("calling", "ringing"):
            self.status = 487
            self._reply(self.transaction, 487, "Request Terminated")
            self._finish("cancelled")

    def acknowledge(self, request: Request) -> None:
        """The ACK of our 200; it carries the answer when the INVITE offered nothing."""
        super().acknowledge(request)
        self._acknowledged = True
        self.transaction.acknowledged()
        if self._offer is None and request.body and self.media is not None:
            try:
                self._offer = understand(request.body, self._line.laws)
            except CallwrightError as error:
                self.reason = str(error)
                self._bye = asyncio.ensure_future(self._line.ask(self._dialog, "BYE"))
                self._finish("failed")
                return
            self.media.connect(self._offer, talk=True)

    async def _give_up(self) -> None:
        self.reject(603)

    def _check_acknowledged(self) -> None:
        if self.state == "talking" and not self._acknowledged:
            self._bye = asyncio.ensure_future(self._line.ask(self._dialog, "BYE"))
            self._finish("timeout")
