"""Keeping a phone known to its server: REGISTER, refresh, unregister (RFC 3261 §10)."""

from __future__ import annotations

import asyncio
import secrets

import structlog

from callwright.integrations.sipphone.address import parse_address, sip_uri
from callwright.integrations.sipphone.dialog import Dialog
from callwright.integrations.sipphone.line import Line
from callwright.integrations.sipphone.message import Response
from callwright.kit.clock import Clock
from callwright.kit.errors import CallwrightError

REFRESH_AT = 0.8  # of the time that was granted
RETRY_S = 5.0  # after a refresh that failed
log = structlog.get_logger(__name__)


class Registration:
    """One phone's registration; refreshed by itself until `end`."""

    def __init__(self, line: Line, clock: Clock) -> None:
        self.granted_s: int | None = None  # None = not registered
        self._line, self._clock = line, clock
        self._task: asyncio.Task[None] | None = None
        host, port = line.server
        me = f"<{sip_uri(line.user, host)}>"
        self._dialog = Dialog(
            call_id=secrets.token_hex(12),
            local=f"{me};tag={secrets.token_hex(6)}",
            remote=me,
            target=sip_uri("", host, port),
            contact=line.contact,
            peer=line.server,
        )

    async def begin(self, expires_s: int) -> None:
        """Register and keep it up. Raises `CallwrightError("register_failed", status=…)`."""
        await self._stop()
        await self._register(expires_s)
        self._task = asyncio.create_task(self._refresh(expires_s))

    async def end(self) -> None:
        """Unregister; nothing happens when there is nothing to take back."""
        await self._stop()
        if self.granted_s is not None:
            self.granted_s = None
            await self._ask(0)

    async def forget(self) -> None:
        """Stop refreshing without a word to the server."""
        await self._stop()

    async def _refresh(self, expires_s: int) -> None:
        while True:
            wait = RETRY_S if self.granted_s is None else self.granted_s * REFRESH_AT
            await self._clock.sleep(wait)
            try:
                await self._register(expires_s)
            except CallwrightError as error:
                log.warning("sip_refresh_failed", user=self._line.user, why=str(error))

    async def _register(self, expires_s: int) -> None:
        response = await self._ask(expires_s)
        if response.status == 423:  # the server wants longer ones
            wanted = response.headers.get("Min-Expires")
            if wanted.isascii() and wanted.isdigit():
                response = await self._ask(int(wanted[:6]))
        if response.status != 200:
            self.granted_s = None
            raise CallwrightError(
                "register_failed",
                user=self._line.user,
                status=response.status,
                reason=response.reason,
            )
        self.granted_s = self._granted(response, expires_s)

    async def _ask(self, expires_s: int) -> Response:
        headers = (("Expires", str(expires_s)),)
        return await self._line.ask(self._dialog, "REGISTER", headers=headers)

    def _granted(self, response: Response, asked: int) -> int:
        """Seconds the server will remember us: our contact's own, else the Expires header."""
        mine = parse_address(self._line.contact).uri
        for contact in map(parse_address, response.headers.all("Contact")):
            text = contact.parameters.get("expires", "")
            if contact.uri.startswith(mine) and text.isascii() and text.isdigit():
                return max(int(text[:9]), 1)
        text = response.headers.get("Expires")
        return max(int(text[:9]), 1) if text.isascii() and text.isdigit() else asked

    async def _stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
