"""The way out for text messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TextMessage:
    """One message. `id` = ours: a gateway that is given it twice sends once. `to` = E.164."""

    id: str
    to: str = field(repr=False)
    text: str = field(repr=False)


class SmsGateway(Protocol):
    """Takes messages from us. Neither numbers nor texts reach a log."""

    name: str

    async def send(self, message: TextMessage) -> str:
        """Hand it over; return the gateway's own reference, or an empty text.

        Raises `CallwrightError("sms_refused", why=…)` when another try is of no use (a wrong
        number, a forbidden text) and `sms_unreachable` when it is.
        """
        ...
