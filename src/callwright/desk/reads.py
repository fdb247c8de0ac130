"""What an agent's day is counted from: the event table, and who changed which ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from callwright.agents.events import AgentStateChanged
from callwright.agents.model import Agent
from callwright.calls.events import CallConnected
from callwright.desk.day import OFFLINE, StateChange, Today, begin_of_day, figures
from callwright.kit.db import Tx
from callwright.kit.journal import event_table
from callwright.routing.events import OfferClosed
from callwright.tickets import reads as ticket_reads
from callwright.tickets.events import TicketCreated

e = event_table.c
# written as its index has it: with a parameter for the name the index is not used
_AGENT: Any = sa.literal_column("(event.subjects ->> 'agent_id')", sa.Text)


async def today(tx: Tx, agent: Agent, zone: str) -> Today:
    """The figures since midnight of the site."""
    now = tx.clock.now()
    begin = begin_of_day(now, zone)
    query = sa.select(e.name, e.at, e.body).where(
        str(agent.id) == _AGENT,
        e.name.in_([AgentStateChanged.NAME, OfferClosed.NAME]),
        e.at >= begin,
    )
    rows = await tx.rows(query.order_by(e.at, e.id))
    done = await ticket_reads.done_by(tx, agent.login, begin)
    return figures(
        begin=begin,
        now=now,
        before=await _state_at(tx, agent.id, begin),
        changes=[
            StateChange(row["at"], row["body"]["state"])
            for row in rows
            if row["name"] == AgentStateChanged.NAME
        ],
        offers=[row["body"]["result"] for row in rows if row["name"] == OfferClosed.NAME],
        tickets={**done, "made": done["made"] + await _tickets_made(tx, agent.id, begin)},
    )


async def _state_at(tx: Tx, agent_id: UUID, moment: datetime) -> str:
    """The state an agent had at a moment."""
    query = sa.select(e.body["state"].astext).where(
        str(agent_id) == _AGENT, e.name == AgentStateChanged.NAME, e.at < moment
    )
    return str(await tx.value(query.order_by(e.at.desc()).limit(1)) or OFFLINE)


async def _tickets_made(tx: Tx, agent_id: UUID, begin: datetime) -> int:
    """Tickets that were made today from calls this agent talked in."""
    talks = sa.select(e.contact_id).where(str(agent_id) == _AGENT, e.name == CallConnected.NAME)
    query = sa.select(sa.func.count()).where(
        e.name == TicketCreated.NAME, e.at >= begin, e.contact_id.in_(talks)
    )
    return int(await tx.value(query) or 0)
