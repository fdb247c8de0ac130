"""Makes outgoing legs: towards agents' phones and through trunks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from callwright.integrations.pbx.asterisk.channels import OUT
from callwright.integrations.pbx.asterisk.client import AriClient, AriError
from callwright.integrations.pbx.asterisk.connection import APPLICATION
from callwright.integrations.pbx.asterisk.errors import leg_error
from callwright.integrations.pbx.asterisk.legs import Leg, LegBook
from callwright.integrations.pbx.checks import check_timeout
from callwright.integrations.pbx.outside_text import caller_name, caller_number, sip_headers
from callwright.kit.errors import CallwrightError

START_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom to ask (`through` = phone or trunk), what it is told, how long it may take (seconds)."""

    dial_string: str
    through: str
    caller_number: str
    caller_name: str
    headers: Mapping[str, str]
    timeout_s: int
    beside: str | None = None

    def variables(self, to_number: str) -> dict[str, str]:
        """Channel variables: Asterisk takes an INVITE's From from the connected line, and the
        channel's own number is the far end's."""
        made = {
            "CALLERID(num)": to_number,
            "CONNECTEDLINE(num,i)": caller_number(self.caller_number),
            "CONNECTEDLINE(name,i)": caller_name(self.caller_name),
        }
        for name, value in sip_headers(self.headers).items():
            made[f"PJSIP_HEADER(add,{name})"] = value
        return made


class Outgoing:
    """Creates a channel, waits until it is in our application, then dials: dialling at once fails
    for one call in six."""

    def __init__(self, client: AriClient, book: LegBook) -> None:
        self._client, self._book = client, book

    async def invite(
        self, leg: Leg, invitation: Invitation, only_if: Awaitable[bool] | None = None
    ) -> None:
        """Send the INVITE for a new leg. Raises `phone_unreachable` when nobody can be asked, and
        `leg_gone` when `only_if` came out false: nobody was asked then.
        """
        if self._book.get(leg.id) is not None:
            raise CallwrightError("already_exists", leg=leg.id)
        check_timeout(invitation.timeout_s)
        started = self._book.expect_start(leg.id)
        self._book.add(leg)
        try:
            await self._create(leg, invitation, invitation.beside)
        except BaseException:
            self._book.remove(leg.id)
            raise
        await self._wait_started(leg, started)
        if only_if is not None:
            await self._wait_wanted(leg, only_if)
        try:
            await self._client.request(
                "POST", f"channels/{leg.id}/dial", timeout=invitation.timeout_s
            )
        except AriError as error:
            raise leg_error(error, leg.id) from error

    async def _create(self, leg: Leg, invitation: Invitation, beside: str | None) -> None:
        known = beside if beside is not None and self._book.get(beside) is not None else None
        try:
            await self._client.request(
                "POST",
                "channels/create",
                {"variables": invitation.variables(leg.to_number)},
                endpoint=invitation.dial_string,
                app=APPLICATION,
                appArgs=OUT,
                channelId=leg.id,
                originator=known,
            )
        except AriError as error:
            if known is not None and self._book.get(known) is None:
                await self._create(leg, invitation, None)  # it went meanwhile
                return
            if error.status == 409:
                raise CallwrightError("already_exists", leg=leg.id) from error
            raise CallwrightError("phone_unreachable", endpoint=invitation.through) from error

    async def _wait_started(self, leg: Leg, started: asyncio.Future[None]) -> None:
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                await started
        except TimeoutError as error:
            self._book.fail_start(leg.id)
            raise CallwrightError("pbx_unreachable") from error

    async def _wait_wanted(self, leg: Leg, only_if: Awaitable[bool]) -> None:
        wanted = False
        try:
            wanted = await only_if
        finally:
            if not wanted:  # or it failed: a channel that rings nowhere must not stay
                self._book.remove(leg.id)
                with suppress(AriError):  # it went by itself
                    await self._client.request("DELETE", f"channels/{leg.id}")
        if not wanted:
            raise CallwrightError("leg_gone", leg=leg.id)
