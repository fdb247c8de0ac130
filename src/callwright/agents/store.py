"""The agent table and its SQL."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from callwright.agents.model import Agent, agent_of
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
    sa.Column("phone_password", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("reachable", sa.Boolean, nullable=False),
    sa.Column("contact_id", sa.Uuid),
    sa.Column("skills", JSONB, nullable=False),
    sa.Column("queues", sa.ARRAY(sa.Text), nullable=False),
)
a = agent_table.c


async def insert_agent(tx: Tx, values: dict[str, Any]) -> None:
    """Write a new agent."""
    await tx.execute(sa.insert(agent_table).values(**values))


async def agents(tx: Tx) -> list[Agent]:
    """All agents by login."""
    return [agent_of(row) for row in await tx.rows(sa.select(agent_table).order_by(a.login))]


async def agents_ready(tx: Tx) -> list[Agent]:
    """Agents who can be offered a call now."""
    query = sa.select(agent_table).where(a.state == "ready", a.reachable)
    return [agent_of(row) for row in await tx.rows(query)]


async def count_on_duty(tx: Tx, queue: str) -> int:
    """Agents of a queue who are signed in, whatever they do at the moment."""
    query = sa.select(sa.func.count()).where(
        a.state != "offline", sa.literal(queue) == sa.any_(a.queues)
    )
    return int(await tx.value(query) or 0)


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


async def phone_passwords(tx: Tx) -> list[tuple[str, str]]:
    """(endpoint, password) of every phone, for provisioning."""
    rows = await tx.rows(sa.select(a.endpoint, a.phone_password))
    return [(row["endpoint"], row["phone_password"]) for row in rows]


async def update_agent(tx: Tx, agent_id: UUID, *, before: str, **values: Any) -> bool:
    """Change columns of one agent in state `before`; False when the state is another one."""
    query = sa.update(agent_table).where(a.id == agent_id, a.state == before)
    return bool((await tx.execute(query.values(**values))).rowcount)


async def set_reachable(tx: Tx, endpoint: str, reachable: bool) -> Agent | None:
    """Note the phone's state; the agent when it was another one before."""
    query = (
        sa.update(agent_table)
        .where(a.endpoint == endpoint, a.reachable != reachable)
        .values(reachable=reachable)
        .returning(agent_table)
    )
    row = await tx.row(query)
    return agent_of(row) if row else None
