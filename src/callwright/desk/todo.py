"""What waits for one agent between calls."""

from __future__ import annotations

from typing import Any

from callwright.agents import service as agents
from callwright.agents.model import Agent
from callwright.calls import missed
from callwright.customers import service as customers
from callwright.customers.model import masked_number
from callwright.kit.db import Tx
from callwright.tickets import reads as ticket_reads
from callwright.tickets import show
from callwright.tickets.model import UNSOLVED

AT_MOST = 50  # of either kind


async def items(tx: Tx, login: str) -> list[dict[str, Any]]:
    """Callers of one's queues who got nobody, the oldest first; then one's tickets, due first."""
    agent = await agents.agent_of_login(tx, login)
    mine = ticket_reads.TicketFilter(agent_id=agent.id, states=UNSOLVED)
    rows = await ticket_reads.tickets(tx, mine, before=None, limit=AT_MOST, by_due=True)
    tickets = [{"kind": "ticket", **ticket} for ticket in await show.views(tx, rows)]
    return [*await _missed(tx, agent), *tickets]


async def _missed(tx: Tx, agent: Agent) -> list[dict[str, Any]]:
    """Kind `missed`: who called, when for the last time, how often we tried to call back; not who
    is called back anyway."""
    found = [
        row
        for queue in agent.queues
        for row in await missed.missed(tx, done=False, queue=queue, by_hand=True, limit=AT_MOST)
    ]
    found.sort(key=lambda row: row["at"])
    callers = await customers.heads_of(tx, [row["customer_id"] for row in found])
    return [
        {
            "kind": "missed",
            **{name: row[name] for name in ("contact_id", "at", "times", "tries", "waited_s")},
            "number_masked": masked_number(row["e164"] or row["from_number"]),
            "customer": callers.get(row["customer_id"]),
            "queue": row["queue"],
        }
        for row in found[:AT_MOST]
    ]
