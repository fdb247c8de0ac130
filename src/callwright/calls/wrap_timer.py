"""A wrap-up ends by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from callwright.kit.db import Tx
from callwright.kit.timers import cancel_timer, set_timer

WRAP_TIMER = "agent.wrap_over"


async def set_wrap_timer(tx: Tx, contact_id: UUID, agent_id: UUID, due: datetime) -> None:
    """The wrap-up of this contact ends then by itself; set again, it ends at the new moment."""
    body = {"agent_id": str(agent_id), "contact_id": str(contact_id)}
    await set_timer(tx, _wrap_key(contact_id, agent_id), WRAP_TIMER, due, body)


async def drop_wrap_timer(tx: Tx, contact_id: UUID, agent_id: UUID) -> None:
    """The wrap-up is done: nothing is left to end."""
    await cancel_timer(tx, _wrap_key(contact_id, agent_id))


def _wrap_key(contact_id: UUID, agent_id: UUID) -> str:
    return f"wrap:{contact_id}:{agent_id}"
