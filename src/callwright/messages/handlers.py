"""When messages are handed over: as soon as they are written, and again after a pause."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from callwright.kit.bus import later
from callwright.kit.timers import on_timer
from callwright.messages import service
from callwright.messages.events import MessageQueued
from callwright.ports.house import House


@later(MessageQueued)
async def message_queued(event: MessageQueued, house: House) -> None:
    """The first try."""
    await service.deliver(house, event.message_id)


@on_timer(service.RETRY_TIMER)
async def retry(body: dict[str, Any], house: House) -> None:
    """Another try."""
    await service.deliver(house, UUID(body["message_id"]))
