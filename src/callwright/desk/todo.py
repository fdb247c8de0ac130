"""What waits for one agent between calls."""

from __future__ import annotations

from typing import Any

from callwright.agents import service as agents
from callwright.kit.db import Tx
from callwright.tickets import reads as ticket_reads
from callwright.tickets import show
from callwright.tickets.model import UNSOLVED

AT_MOST = 50


async def items(tx: Tx, login: str) -> list[dict[str, Any]]:
    """One's open tickets, the oldest first: kind `ticket`, and the ticket as everywhere."""
    agent = await agents.agent_of_login(tx, login)
    mine = ticket_reads.TicketFilter(agent_id=agent.id, states=UNSOLVED)
    rows = await ticket_reads.tickets(tx, mine, before=None, limit=AT_MOST)
    rows.reverse()
    return [{"kind": "ticket", **ticket} for ticket in await show.views(tx, rows)]
