"""One call of a phone, whoever placed it: speak, listen, press keys, hang up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np

from callwright.integrations.sipphone.dialog import ALLOW, Dialog
from callwright.integrations.sipphone.g711 import Pcm
from callwright.integrations.sipphone.line import Line
from callwright.integrations.sipphone.media import Media
from callwright.integrations.sipphone.message import Headers, Request, respond
from callwright.integrations.sipphone.sdp import MIRROR, RemoteMedia, understand
from callwright.integrations.sipphone.speaker import Said
from callwright.integrations.sipphone.transactions import ServerTransaction
from callwright.integrations.sipphone.wav import read_wav
from callwright.kit.errors import CallwrightError

CallState = Literal["calling", "ringing", "talking", "ended"]
EndedBy = Literal["us", "them", "refused", "cancelled", "timeout", "failed"]


class Call:
    """A call. All times are seconds on the event loop's clock; None until it happened.

    `status` is the final SIP status of the INVITE. `headers` are the far end's: of its INVITE, or
    of its answer to ours.
    """

    def __init__(self, line: Line, dialog: Dialog, local_tag: str) -> None:
        self.state: CallState = "calling"
        self.status: int | None = None
        self.reason = ""
        self.ended_by: EndedBy | None = None
        self.ringing = asyncio.Event()
        self.answered = asyncio.Event()
        self.ended = asyncio.Event()
        self.started_at = asyncio.get_running_loop().time()
        self.ringing_at: float | None = None
        self.answered_at: float | None = None
        self.ended_at: float | None = None
        self.headers = Headers()
        self.media: Media | None = None
        self.local_tag = local_tag
        self.on_end: Callable[[Call], None] | None = None
        self._line = line
        self._dialog = dialog
        self._version = 1  # of our session description
        self._reinvite: ServerTransaction | None = None

    @property
    def call_id(self) -> str:
        """The SIP Call-ID."""
        return self._dialog.call_id

    async def say(self, pcm: Pcm) -> Said:
        """Say 8 kHz samples; returns when the last packet was sent."""
        return await self.sound.speaker.say(pcm)

    async def say_wav(self, path: Path) -> Said:
        """Say a WAV file (see `wav.read_wav` for what it may be)."""
        return await self.say(read_wav(path))

    def behind(self, pcm: Pcm | None) -> None:
        """Play samples in a loop whenever nothing is said (a tone, a noise); None = silence."""
        self.sound.speaker.behind(pcm)

    async def press(self, keys: str) -> Said:
        """Press keys (RFC 4733), one after another."""
        return await self.sound.speaker.press(keys)

    def heard(self) -> Pcm:
        """Everything heard, 16-bit 8 kHz from the start of the sound; empty without sound."""
        return np.zeros(0, dtype=np.int16) if self.media is None else self.media.heard()

    @property
    def keys(self) -> str:
        """Keys that the far end pressed."""
        return "" if self.media is None else self.media.keys

    @property
    def sound(self) -> Media:
        """The call's media; raises `CallwrightError("no_sound")` before there is any."""
        if self.media is None:
            raise CallwrightError("no_sound", state=self.state)
        return self.media

    async def hang_up(self) -> None:
        """End the call, in whatever state it is; returns when the far end knows."""
        if self.state == "talking":
            self._finish("us")
            await self._line.ask(self._dialog, "BYE")
        elif self.state != "ended":
            await self._give_up()

    def receive(self, transaction: ServerTransaction) -> None:
        """A request inside this call."""
        method = transaction.request.method
        if method == "BYE":
            self._reply(transaction, 200, "OK")
            self._finish("them")
        elif method == "INVITE":
            self._renegotiate(transaction)
        elif method in ("OPTIONS", "INFO", "UPDATE"):
            self._reply(transaction, 200, "OK")
        else:
            self._reply(transaction, 405, "Method Not Allowed", ("Allow", ALLOW))

    def acknowledge(self, request: Request) -> None:
        """An ACK inside this call."""
        if self._reinvite is not None:
            self._reinvite.acknowledged()
            self._reinvite = None

    async def _give_up(self) -> None:
        """Hang up before the call was answered."""
        raise NotImplementedError

    def _renegotiate(self, transaction: ServerTransaction) -> None:
        """A re-INVITE: take its description, answer with ours in the opposite direction."""
        if self.state != "talking":
            self._reply(transaction, 491, "Request Pending")
            return
        request = transaction.request
        self._dialog.retarget(request.headers)
        self._version += 1
        try:
            remote = understand(request.body, self._line.laws) if request.body else None
        except CallwrightError as error:
            self._reply(transaction, 488, f"Not Acceptable Here ({error.code})")
            return
        self._reinvite = transaction
        if remote is not None and self.media is not None:
            self.media.connect(remote, talk=True)
        self._reply_with_sound(transaction, remote)

    def _reply_with_sound(self, transaction: ServerTransaction, remote: RemoteMedia | None) -> None:
        """200 with our description: an answer, or an offer when there was none."""
        line = self._line
        body = (
            line.describe(self.media, line.laws, version=self._version)
            if remote is None
            else line.describe(
                self.media,
                (remote.law,),
                direction=MIRROR[remote.direction],
                event_type=remote.event_type or 101,
                version=self._version,
            )
        )
        self._reply(transaction, 200, "OK", ("Content-Type", "application/sdp"), body=body)

    def _reply(
        self, transaction: ServerTransaction, status: int, reason: str,
        *extra: tuple[str, str], body: bytes = b"",
    ) -> None:  # fmt: skip
        transaction.respond(
            respond(
                transaction.request,
                status,
                reason,
                tag=self.local_tag,
                extra=(("Contact", self._line.contact), *extra),
                body=body,
            )
        )

    def _ring(self) -> None:
        if self.state == "calling":
            self.state = "ringing"
            self.ringing_at = asyncio.get_running_loop().time()
            self.ringing.set()

    def _talk(self) -> None:
        self.state = "talking"
        self.status = 200
        self.answered_at = asyncio.get_running_loop().time()
        self.answered.set()

    def _finish(self, by: EndedBy) -> None:
        """The call is over; only the first reason counts."""
        if self.state == "ended":
            return
        self.state, self.ended_by = "ended", by
        self.ended_at = asyncio.get_running_loop().time()
        if self.media is not None:
            self.media.close()
        self.ended.set()
        if self.on_end is not None:
            self.on_end(self)
