"""One caller in the menu: speaking, asking for keys, writing down what happens."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from callwright.calls.model import Contact
from callwright.ivr.model import Ivr
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.event import Event
from callwright.ports.house import House

log = logging.getLogger(__name__)


@dataclass
class Session:
    """The version of the tree stays the one that the call began with. Speaking and asking raise
    `leg_gone` when the caller is gone."""

    house: House
    contact: Contact
    ivr: Ivr
    version: int
    language: str
    answered: bool = False

    @property
    def contact_id(self) -> UUID:
        """Whose call it is."""
        return self.contact.id

    @property
    def leg(self) -> str:
        """The caller's leg."""
        return self.contact.caller_leg

    async def say(self, prompts: Sequence[str], *, interruptible: bool = False) -> None:
        """Speak. A prompt that fails is logged, never hidden."""
        if not prompts:
            return
        files = self.files(prompts)
        result = await self.house.telephony.play(self.leg, files, interruptible=interruptible)
        if result.state == "failed":
            log.error("prompt failed: %s", result.reason)
        self._there(result.state)

    async def ask(
        self, prompts: Sequence[str], *, most: int, timeout_s: float, end: str, secure: bool = False
    ) -> str:
        """Speak, and let the caller type up to `most` digits; `end` = the key that ends it. That
        key alone is returned as it is."""
        typed = await self.house.telephony.collect(
            self.leg,
            self.files(prompts),
            max_digits=most,
            first_timeout_s=timeout_s,
            next_timeout_s=timeout_s,
            terminator=end,
            secure=secure,
        )
        self._there(typed.end)
        return typed.digits or (end if typed.end == "terminator" else "")

    def _there(self, end: str) -> None:
        if end == "leg_gone":
            raise CallwrightError("leg_gone", leg=self.leg)

    def files(self, prompts: Sequence[str]) -> list[str]:
        """The sound files of prompts, in the caller's language where there is one."""
        return [self.house.prompt(key, self.language) for key in prompts]

    async def note(self, event: type[Event], **fields: Any) -> None:
        """Write down what happened."""

        async def write(tx: Tx) -> None:
            tx.publish(event(at=tx.clock.now(), contact_id=self.contact_id, **fields))

        await self.house.db.run(write)
