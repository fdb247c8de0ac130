"""What one phone's calls share: its socket, its identity, its codecs, proving who it is."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from callwright.integrations.sipphone.address import sip_uri
from callwright.integrations.sipphone.dialog import Dialog
from callwright.integrations.sipphone.digest import ANSWER_HEADER, challenge_of, credentials
from callwright.integrations.sipphone.g711 import Law
from callwright.integrations.sipphone.media import Media
from callwright.integrations.sipphone.message import Request, Response
from callwright.integrations.sipphone.sdp import Direction, describe
from callwright.integrations.sipphone.transactions import Address, Transactions

Header = tuple[str, str]


@dataclass(slots=True)
class Line:
    """One phone's identity and socket. `sound` False = calls without any RTP."""

    user: str
    host: str
    password: str | None
    server: Address
    laws: tuple[Law, ...]
    sound: bool
    layer: Transactions
    idle_port: int = 9  # named in descriptions when there is no sound

    @property
    def contact(self) -> str:
        """Our Contact header's value."""
        return f"<{sip_uri(self.user, *self.layer.address)}>"

    def describe(
        self, media: Media | None, laws: Sequence[Law], *, direction: Direction = "sendrecv",
        event_type: int = 101, version: int = 1,
    ) -> bytes:  # fmt: skip
        """Our session description for a call."""
        port = self.idle_port if media is None else media.port
        return describe(
            self.host, port, laws, direction=direction, event_type=event_type, version=version
        )

    def proof(self, request: Request, response: Response) -> tuple[Header, ...]:
        """The header that answers a 401 or 407; empty when we cannot or already tried."""
        if response.status not in ANSWER_HEADER or self.password is None:
            return ()
        name = ANSWER_HEADER[response.status]
        challenge = challenge_of(response)
        if challenge is None or request.headers.get(name):
            return ()
        value = credentials(
            challenge,
            method=request.method,
            uri=request.uri,
            user=self.user,
            password=self.password,
            cnonce=secrets.token_hex(8),
        )
        return ((name, value),)

    async def ask(
        self, dialog: Dialog, method: str, *, headers: tuple[Header, ...] = ()
    ) -> Response:
        """Send one request of a dialog and wait for its final response, proving who we are.

        A request that nobody answers ends in 408 after 64 × T1.
        """
        request, response = await self._once(dialog, method, headers)
        proof = self.proof(request, response)
        if proof:
            _, response = await self._once(dialog, method, (*headers, *proof))
        return response

    async def _once(
        self, dialog: Dialog, method: str, headers: tuple[Header, ...]
    ) -> tuple[Request, Response]:
        final: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

        def take(response: Response) -> None:
            if response.status >= 200 and not final.done():
                final.set_result(response)

        request = dialog.request(method, headers=headers)
        self.layer.ask(request, dialog.destination(), take)
        return request, await final
