"""The default gateway: sends nothing, and notes in the log that a message would have gone out."""

from __future__ import annotations

import logging

from callwright.ports.sms import TextMessage

log = logging.getLogger(__name__)


class LogGateway:
    """For companies without a gateway, and for trying things out."""

    name = "log"

    async def send(self, message: TextMessage) -> str:
        """Note id and length; no number, no word."""
        log.info("message %s (%d characters) goes to the log only", message.id, len(message.text))
        return ""
