"""Offers, whose unique constraints make a double offer impossible, and the router's lease."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from callwright.kit.db import Tx, metadata

offer_table = sa.Table(
    "offer",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("contact_id", sa.Uuid, nullable=False, index=True),
    sa.Column("visit_id", sa.Uuid),
    sa.Column("agent_id", sa.Uuid, nullable=False),
    sa.Column("leg", sa.Text, nullable=False),
    sa.Column("ring_s", sa.Integer, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("reasons", JSONB, nullable=False),
    sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("closed_at", sa.DateTime(timezone=True)),
    sa.Column("result", sa.Text),
    sa.Column("kind", sa.Text, nullable=False, server_default="queue"),
    sa.Column("from_agent_id", sa.Uuid),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("explained", JSONB),
    sa.Index(
        "offer_one_per_contact_idx",
        "contact_id",
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    ),
    sa.Index(
        "offer_one_per_agent_idx",
        "agent_id",
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    ),
)
lease_table = sa.Table(
    "router_lease",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("holder", sa.Uuid),
    sa.Column("term", sa.BigInteger, nullable=False),
    sa.Column("beats", sa.BigInteger, nullable=False),
)
o, x = offer_table.c, lease_table.c

# Each offer is a beat of the lease: a router that lost it meanwhile, asleep, can write none.
BEAT = (
    sa.update(lease_table)
    .where(
        x.site == sa.bindparam("of_site"),
        x.holder == sa.bindparam("by_holder"),
        x.term == sa.bindparam("in_term"),
    )
    .values(beats=x.beats + 1)
)

# Refused by the unique indexes when the contact or the agent has an open offer.
INSERT_OFFER = sa.insert(offer_table).values(
    id=sa.bindparam("new_offer"),
    contact_id=sa.bindparam("for_contact"),
    visit_id=sa.bindparam("for_visit"),
    agent_id=sa.bindparam("for_agent"),
    leg=sa.bindparam("new_leg"),
    ring_s=sa.bindparam("for_seconds"),
    score=sa.bindparam("with_score"),
    reasons=sa.bindparam("with_reasons"),
    made_at=sa.bindparam("now"),
)


async def insert_offer(tx: Tx, values: dict[str, Any]) -> None:
    """Write an offer; the unique indexes refuse a second open one."""
    await tx.execute(sa.insert(offer_table).values(**values))


async def close_offer(tx: Tx, offer_id: UUID, result: str) -> dict[str, Any] | None:
    """Close an open offer; None when it was closed before."""
    return await tx.row(
        sa.update(offer_table)
        .where(o.id == offer_id, o.closed_at.is_(None))
        .values(closed_at=tx.clock.now(), result=result)
        .returning(offer_table)
    )


async def open_offer(tx: Tx, contact_id: UUID) -> dict[str, Any] | None:
    """The open offer of a contact."""
    return await tx.row(
        sa.select(offer_table).where(o.contact_id == contact_id, o.closed_at.is_(None))
    )


async def open_offers(tx: Tx, kind: str) -> list[dict[str, Any]]:
    """All open offers of a kind."""
    return await tx.rows(sa.select(offer_table).where(o.kind == kind, o.closed_at.is_(None)))


async def offers_of(tx: Tx, contact_id: UUID) -> list[dict[str, Any]]:
    """All offers of a contact, in order."""
    query = sa.select(offer_table).where(o.contact_id == contact_id).order_by(o.made_at)
    return await tx.rows(query)


async def being_offered(tx: Tx) -> list[UUID]:
    """The contacts that are being offered."""
    rows = await tx.rows(sa.select(o.contact_id).where(o.closed_at.is_(None)))
    return [row["contact_id"] for row in rows]


async def explain_offer(tx: Tx, offer_id: UUID, explained: dict[str, Any]) -> None:
    """Write down why this agent and not the others."""
    query = sa.update(offer_table).where(o.id == offer_id)
    await tx.execute(query.values(explained=explained))


async def lease_of(tx: Tx, site: str) -> dict[str, Any] | None:
    """Who routes at a site: holder, term, beats."""
    return await tx.row(sa.select(lease_table).where(x.site == site))


async def beat(tx: Tx, site: str, holder: UUID, term: int) -> bool:
    """The holder is alive; False when the lease is somebody else's now."""
    values = {"of_site": site, "by_holder": holder, "in_term": term}
    return bool((await tx.execute(BEAT, values)).rowcount)


async def first_lease(tx: Tx, site: str, holder: UUID) -> bool:
    """Take a lease that nobody ever had; False when somebody was quicker."""
    new = insert(lease_table).values(site=site, holder=holder, term=1, beats=0)
    return bool((await tx.execute(new.on_conflict_do_nothing())).rowcount)


async def take_lease(tx: Tx, site: str, holder: UUID, seen: dict[str, Any]) -> bool:
    """Take the lease as it was seen; False when it has moved since."""
    query = sa.update(lease_table).where(
        x.site == site, x.term == seen["term"], x.beats == seen["beats"],
        x.holder.is_not_distinct_from(seen["holder"]),
    )  # fmt: skip
    taken = query.values(holder=holder, term=seen["term"] + 1, beats=0)
    return bool((await tx.execute(taken)).rowcount)


async def leave_lease(tx: Tx, site: str, holder: UUID) -> None:
    """Whoever waits for it may take it at once."""
    query = sa.update(lease_table).where(x.site == site, x.holder == holder)
    await tx.execute(query.values(holder=None))
