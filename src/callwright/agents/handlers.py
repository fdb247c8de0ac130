"""What time does to agents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from callwright.agents import service
from callwright.kit.timers import on_timer
from callwright.ports.house import House


@on_timer(service.PHONE_TIMER)
async def phone_lost(body: dict[str, Any], house: House) -> None:
    """The only phone has been away for the whole grace."""
    agent_id = UUID(body["agent_id"])
    await house.db.run(lambda tx: service.sign_off_without_phone(tx, agent_id))
