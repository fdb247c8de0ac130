"""Tables and SQL of customers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from callwright.kit.db import Tx, metadata

customer_table = sa.Table(
    "customer",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("tier", sa.Text, nullable=False),
    sa.Column("city", sa.Text, nullable=False, server_default=""),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)
phone_table = sa.Table(
    "customer_phone",
    metadata,
    sa.Column("customer_id", sa.Uuid, sa.ForeignKey("customer.id"), primary_key=True),
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("typed", sa.Text, nullable=False),
    sa.Column("e164", sa.Text, index=True),
    sa.Column("kind", sa.Text, nullable=False),
)
order_table = sa.Table(
    "customer_order",
    metadata,
    sa.Column("no", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Uuid, sa.ForeignKey("customer.id"), nullable=False, index=True),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("amount", sa.Numeric(12, 2), nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
)
fact_table = sa.Table(
    "customer_fact",
    metadata,
    sa.Column("customer_id", sa.Uuid, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", JSONB, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)


async def insert_rows(tx: Tx, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Write many rows of one of this room's tables."""
    if rows:
        await tx.execute(sa.insert(table), rows)


async def customers_by_number(tx: Tx, e164: str) -> list[dict[str, Any]]:
    """Every customer who has the number, with their facts."""
    c, p = customer_table, phone_table.c
    rows = await tx.rows(
        sa.select(c)
        .join(phone_table, p.customer_id == c.c.id)
        .where(p.e164 == e164)
        .distinct()
        .order_by(c.c.id)
    )
    for row in rows:
        row["facts"] = await facts_of(tx, row["id"])
    return rows


async def customer_of(tx: Tx, customer_id: UUID) -> dict[str, Any] | None:
    """One customer's row."""
    return await tx.row(sa.select(customer_table).where(customer_table.c.id == customer_id))


async def heads_of(tx: Tx, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Id, name and tier of many customers, by id."""
    c = customer_table.c
    rows = await tx.rows(sa.select(c.id, c.name, c.tier).where(c.id.in_(ids)))
    return {row["id"]: row for row in rows}


async def ids_by_name(tx: Tx, part: str, limit: int = 200) -> list[UUID]:
    """Customers whose name contains a text."""
    query = sa.select(customer_table.c.id).where(
        customer_table.c.name.ilike(f"%{_escaped(part)}%", escape="\\")
    )
    return [row["id"] for row in await tx.rows(query.limit(limit))]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def orders_of(tx: Tx, customer_id: UUID, limit: int) -> list[dict[str, Any]]:
    """The newest orders."""
    o = order_table
    query = sa.select(o).where(o.c.customer_id == customer_id)
    return await tx.rows(query.order_by(o.c.placed_at.desc()).limit(limit))


async def facts_of(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """All pushed facts of a customer."""
    f = fact_table.c
    rows = await tx.rows(sa.select(f.key, f.value).where(f.customer_id == customer_id))
    return {row["key"]: row["value"] for row in rows}


async def save_fact(tx: Tx, customer_id: UUID, key: str, value: Any) -> None:
    """Write or replace a fact."""
    values = {"value": value, "at": tx.clock.now()}
    await tx.execute(
        insert(fact_table)
        .values(customer_id=customer_id, key=key, **values)
        .on_conflict_do_update(
            index_elements=[fact_table.c.customer_id, fact_table.c.key], set_=values
        )
    )
