"""A call that this phone places: INVITE, its answers, ACK, CANCEL."""

from __future__ import annotations

import asyncio

from callwright.integrations.sipphone.call import Call, EndedBy
from callwright.integrations.sipphone.dialog import Dialog
from callwright.integrations.sipphone.line import Header, Line
from callwright.integrations.sipphone.media import Media
from callwright.integrations.sipphone.message import Headers, Request, Response
from callwright.integrations.sipphone.sdp import understand
from callwright.integrations.sipphone.transactions import ClientTransaction
from callwright.kit.errors import CallwrightError


class OutgoingCall(Call):
    """Rings somewhere. `wait_answer` tells what came of it."""

    def __init__(
        self, line: Line, dialog: Dialog, local_tag: str, media: Media | None,
        headers: tuple[Header, ...],
    ) -> None:  # fmt: skip
        super().__init__(line, dialog, local_tag)
        self.media = media
        self._extra = headers
        self._invite: ClientTransaction = self._ask(())
        self._invite_sequence = dialog.sequence
        self._acknowledgement = b""
        self._heard_of = False  # a provisional answer came: CANCEL is allowed
        self._cancelled = False
        self._bye: asyncio.Future[Response] | None = None  # held so that it is not collected

    async def wait_answer(self, timeout_s: float | None = None) -> None:
        """Return when the far end answered.

        Raises `CallwrightError("call_failed", status=…, reason=…)` when it did not, and
        `CallwrightError("no_answer")` after `timeout_s`, having hung up.
        """
        answered = asyncio.ensure_future(self.answered.wait())
        ended = asyncio.ensure_future(self.ended.wait())
        try:
            await asyncio.wait(
                {answered, ended}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            answered.cancel()
            ended.cancel()
        if self.answered.is_set():
            return
        if self.state != "ended":
            await self.hang_up()
            raise CallwrightError("no_answer", after_s=timeout_s)
        raise CallwrightError("call_failed", status=self.status, reason=self.reason)

    async def _give_up(self) -> None:
        if not self._cancelled:
            self._cancelled = True
            if self._heard_of:
                self._send_cancel()
            give_up = self._line.layer.timers.give_up
            asyncio.get_running_loop().call_later(give_up, self._finish, "timeout")
        await self.ended.wait()

    def _ask(self, proof: tuple[Header, ...]) -> ClientTransaction:
        line = self._line
        body = line.describe(self.media, line.laws)
        request = self._dialog.request("INVITE", headers=(*self._extra, *proof), body=body)
        return line.layer.ask(request, self._dialog.destination(), self._on_response)

    def _on_response(self, response: Response) -> None:
        if response.status < 200:
            self._on_progress(response)
        elif response.status < 300:
            self._on_accepted(response)
        else:
            self._on_refused(response)

    def _on_progress(self, response: Response) -> None:
        first, self._heard_of = not self._heard_of, True
        if self._cancelled and first:
            self._send_cancel()
        if response.status == 180:
            self._ring()
        if response.body and self.media is not None:
            try:
                self.media.connect(understand(response.body, self._line.laws), talk=False)
            except CallwrightError as error:  # the final answer decides
                self.reason = str(error)

    def _on_accepted(self, response: Response) -> None:
        if self._acknowledgement:  # our ACK was lost
            self._send_acknowledgement()
            return
        dialog = self._dialog
        dialog.confirm(response.headers)
        self.headers = response.headers
        request = dialog.request("ACK", sequence=self._invite_sequence)
        self._acknowledgement = self._line.layer.stamp(request).render()
        self._send_acknowledgement()
        if self._cancelled or self.state == "ended":
            self._leave("cancelled")
            return
        try:
            remote = understand(response.body, self._line.laws)
        except CallwrightError as error:
            self.status, self.reason = 488, str(error)
            self._leave("failed")
            return
        if self.media is not None:
            self.media.connect(remote, talk=True)
        self._talk()

    def _on_refused(self, response: Response) -> None:
        proof = self._line.proof(self._invite.request, response)
        if proof and not self._cancelled:
            self._invite = self._ask(proof)
            self._invite_sequence = self._dialog.sequence
            return
        self.status, self.reason = response.status, response.reason
        self.headers = response.headers
        self._finish("cancelled" if self._cancelled else "refused")

    def _leave(self, by: EndedBy) -> None:
        """Hang up a call that was answered against our wish."""
        self._bye = asyncio.ensure_future(self._line.ask(self._dialog, "BYE"))
        self._finish(by)

    def _send_acknowledgement(self) -> None:
        self._line.layer.send(self._acknowledgement, self._dialog.destination())

    def _send_cancel(self) -> None:
        """The INVITE's own Via, From, To, Call-ID and number, as CANCEL (RFC 3261 §9.1)."""
        invite = self._invite.request
        kept: list[Header] = [("Via", invite.headers.get("Via")), ("Max-Forwards", "70")]
        kept += [(name, invite.headers.get(name)) for name in ("From", "To", "Call-ID")]
        kept += [("Route", route) for route in invite.headers.all("Route")]
        kept.append(("CSeq", f"{invite.headers.sequence[0]} CANCEL"))
        cancel = Request("CANCEL", invite.uri, Headers(tuple(kept)))
        self._line.layer.ask(cancel, self._invite.destination, lambda _: None)
