"""The tables of agents and their phones, and their SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from callwright.agents.model import Agent, AgentState, Phone, after, agent_of
from callwright.kit.db import Tx, metadata
from callwright.kit.errors import CallwrightError

agent_table = sa.Table(
    "agent",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("department", sa.Text, nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("endpoint", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("reachable", sa.Boolean, nullable=False),
    sa.Column("phone", sa.Text),
    sa.Column("until", sa.DateTime(timezone=True)),
    sa.Column("contact_id", sa.Uuid),
    sa.Column("skills", JSONB, nullable=False),
    sa.Column("queues", sa.ARRAY(sa.Text), nullable=False),
    sa.Column("back_to", sa.Text, nullable=False, server_default="ready"),
)
phone_table = sa.Table(
    "phone",
    metadata,
    sa.Column("endpoint", sa.Text, primary_key=True),
    sa.Column("agent_id", sa.Uuid, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("online", sa.Boolean, nullable=False),
    sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    sa.UniqueConstraint("agent_id", "kind", name="phone_agent_id_key"),
)
a, p = agent_table.c, phone_table.c

# For the offer of a call, where each millisecond counts: made once, run together with others.
_READY = sa.select(agent_table).where(a.state == "ready", a.reachable)
RESERVE = (
    sa.update(agent_table)
    .where(a.id == sa.bindparam("for_agent"), a.state == AgentState.READY.value)
    .values(
        state=after(AgentState.READY, "reserve").value,
        state_since=sa.bindparam("now"),
        reason="",
        contact_id=sa.bindparam("for_contact"),
        until=sa.bindparam("ring_until"),
    )
)


async def insert_agent(tx: Tx, values: dict[str, Any]) -> None:
    """Write a new agent."""
    await tx.execute(sa.insert(agent_table).values(**values))


async def agents(tx: Tx) -> list[Agent]:
    """All agents by login."""
    return [agent_of(row) for row in await tx.rows(sa.select(agent_table).order_by(a.login))]


async def agents_with(tx: Tx, contact_id: UUID) -> list[Agent]:
    """Agents who have this contact in hand: ringing, talking, held or wrapping up."""
    query = sa.select(agent_table).where(a.contact_id == contact_id)
    return [agent_of(row) for row in await tx.rows(query)]


async def agents_ready(tx: Tx) -> list[Agent]:
    """Agents who can be offered a call now."""
    return [agent_of(row) for row in await tx.rows(_READY)]


async def count_on_duty(tx: Tx, queue: str) -> int:
    """Agents of a queue, or of all, who are signed in, whatever they do at the moment."""
    serves = sa.or_(sa.func.cardinality(a.queues) == 0, sa.literal(queue) == sa.any_(a.queues))
    query = sa.select(sa.func.count()).where(a.state != "offline", serves)
    return int(await tx.value(query) or 0)


async def agents_on_duty(tx: Tx) -> list[Agent]:
    """Agents who are signed in, whatever they do at the moment."""
    return [
        agent_of(row) for row in await tx.rows(sa.select(agent_table).where(a.state != "offline"))
    ]


async def queues_served(tx: Tx) -> set[str] | None:
    """The queues that somebody on duty takes calls of; None = somebody takes those of all."""
    on_duty = a.state != "offline"
    of_all = sa.select(a.id).where(on_duty, sa.func.cardinality(a.queues) == 0).limit(1)
    if await tx.value(of_all) is not None:
        return None
    query = sa.select(sa.func.unnest(a.queues).label("queue")).where(on_duty).distinct()
    return {row["queue"] for row in await tx.rows(query)}


async def agent_for_update(tx: Tx, agent_id: UUID) -> Agent:
    """One agent, locked until the commit."""
    row = await tx.row(sa.select(agent_table).where(a.id == agent_id).with_for_update())
    if row is None:
        raise CallwrightError("not_found", what="agent")
    return agent_of(row)


async def agent_by(tx: Tx, column: str, value: object) -> Agent | None:
    """One agent by login, endpoint or id."""
    row = await tx.row(sa.select(agent_table).where(agent_table.c[column] == value))
    return agent_of(row) if row else None


async def update_agent(tx: Tx, agent_id: UUID, *, before: str, **values: Any) -> bool:
    """Change columns of one agent in state `before`; False when the state is another one."""
    query = sa.update(agent_table).where(a.id == agent_id, a.state == before)
    return bool((await tx.execute(query.values(**values))).rowcount)


async def set_phone(tx: Tx, agent_id: UUID, **values: Any) -> bool:
    """Note which phone rings; False when it was noted before."""
    changed = sa.or_(*(agent_table.c[name].is_distinct_from(v) for name, v in values.items()))
    query = sa.update(agent_table).where(a.id == agent_id, changed).values(**values)
    return bool((await tx.execute(query)).rowcount)


async def insert_phone(tx: Tx, values: dict[str, Any]) -> None:
    """Write a new phone."""
    await tx.execute(sa.insert(phone_table).values(**values))


async def phones(tx: Tx, agent_id: UUID | None = None) -> list[Phone]:
    """Every phone, or those of one agent."""
    query = sa.select(phone_table).order_by(p.endpoint)
    rows = await tx.rows(query.where(p.agent_id == agent_id) if agent_id else query)
    return [Phone(**row) for row in rows]


async def owner_of(tx: Tx, endpoint: str) -> UUID | None:
    """Whose phone it is."""
    owner: UUID | None = await tx.value(sa.select(p.agent_id).where(p.endpoint == endpoint))
    return owner


async def set_online(tx: Tx, endpoint: str, online: bool, at: datetime) -> None:
    """A phone came or went."""
    query = sa.update(phone_table).where(p.endpoint == endpoint, p.online != online)
    await tx.execute(query.values(online=online, since=at))
