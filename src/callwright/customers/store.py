"""Tables and SQL of customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from callwright.kit.db import Tx, metadata
from callwright.kit.find import number_pieces

customer_table = sa.Table(
    "customer",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("tier", sa.Text, nullable=False),
    sa.Column("city", sa.Text, nullable=False, server_default=""),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("key", sa.Text, unique=True),  # the request that made it, when a person did
    sa.Column("search", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Index("customer_search_idx", "search", postgresql_using="gin"),
)
phone_table = sa.Table(
    "customer_phone",
    metadata,
    sa.Column("customer_id", sa.Uuid, sa.ForeignKey("customer.id"), primary_key=True),
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("typed", sa.Text, nullable=False),
    sa.Column("e164", sa.Text, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("pieces", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Index("customer_phone_pieces_idx", "pieces", postgresql_using="gin"),
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
past_table = sa.Table(
    "customer_past",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("customer_id", sa.Uuid, sa.ForeignKey("customer.id"), nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Index("customer_past_customer_id_at_idx", "customer_id", "at"),
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


async def found_by_name(tx: Tx, word: str, limit: int) -> list[dict[str, Any]]:
    """Customers one of whose search words it is; whole names before parts of names."""
    c = customer_table.c
    query = sa.select(customer_table).where(c.search.contains([word]))
    return await tx.rows(query.order_by(sa.func.length(c.name), c.id).limit(limit))


async def found_by_digits(tx: Tx, digits: str, limit: int) -> list[dict[str, Any]]:
    """Customers one of whose numbers holds these digits; numbers that end in them first."""
    c, p = customer_table.c, phone_table.c
    query = (
        sa.select(
            customer_table, sa.func.max(p.number.endswith(digits).cast(sa.Integer)).label("end")
        )
        .join(phone_table, p.customer_id == c.id)
        .where(p.pieces.contains(number_pieces(digits)), p.number.contains(digits))
        .group_by(c.id)
    )
    return await tx.rows(query.order_by(sa.desc("end"), c.id).limit(limit))


async def first_numbers(tx: Tx, ids: list[UUID]) -> dict[UUID, str]:
    """One number of each of these customers."""
    p = phone_table.c
    query = sa.select(p.customer_id, sa.func.min(p.number).label("number"))
    rows = await tx.rows(query.where(p.customer_id.in_(ids)).group_by(p.customer_id))
    return {row["customer_id"]: row["number"] for row in rows}


async def phones_of(tx: Tx, customer_id: UUID) -> list[dict[str, Any]]:
    """A customer's numbers."""
    query = sa.select(phone_table).where(phone_table.c.customer_id == customer_id)
    return await tx.rows(query.order_by(phone_table.c.number))


async def customer_of_key(tx: Tx, key: str) -> UUID | None:
    """Whom a request with this key made."""
    c = customer_table.c
    found: UUID | None = await tx.value(sa.select(c.id).where(c.key == key))
    return found


async def customer_for_update(tx: Tx, customer_id: UUID) -> dict[str, Any] | None:
    """One customer's row, locked until the commit."""
    c = customer_table.c
    return await tx.row(sa.select(customer_table).where(c.id == customer_id).with_for_update())


async def update_customer(tx: Tx, customer_id: UUID, **values: Any) -> None:
    """Change columns of a customer."""
    query = sa.update(customer_table).where(customer_table.c.id == customer_id)
    await tx.execute(query.values(**values))


async def one_at_a_time(tx: Tx, what: str) -> None:
    """Wait until nobody else makes a customer of this number or key; until the commit."""
    await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(what))))


async def past_of(tx: Tx, customer_id: UUID, limit: int) -> list[dict[str, Any]]:
    """The newest contacts from before this platform."""
    p = past_table.c
    query = sa.select(p.at, p.channel, p.login, p.summary).where(p.customer_id == customer_id)
    return await tx.rows(query.order_by(p.at.desc()).limit(limit))


async def orders_of(tx: Tx, customer_id: UUID, limit: int) -> list[dict[str, Any]]:
    """The newest orders."""
    o = order_table
    query = sa.select(o).where(o.c.customer_id == customer_id)
    return await tx.rows(query.order_by(o.c.placed_at.desc()).limit(limit))


async def orders_numbered(tx: Tx, digits: str, limit: int) -> list[dict[str, Any]]:
    """Orders, whoever's, whose number has exactly these digits; the newest first."""
    o = order_table
    bare = sa.func.regexp_replace(o.c.no, "[^0-9]", "", "g")
    query = sa.select(o).where(sa.or_(o.c.no == digits, bare == digits))
    return await tx.rows(query.order_by(o.c.placed_at.desc()).limit(limit))


async def facts_of(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """All pushed facts of a customer."""
    f = fact_table.c
    rows = await tx.rows(sa.select(f.key, f.value).where(f.customer_id == customer_id))
    return {row["key"]: row["value"] for row in rows}


async def facts_of_many(
    tx: Tx, ids: Sequence[UUID], keys: Sequence[str]
) -> dict[UUID, dict[str, Any]]:
    """These facts of each of these customers."""
    f = fact_table.c
    query = sa.select(f.customer_id, f.key, f.value)
    found: dict[UUID, dict[str, Any]] = {}
    for row in await tx.rows(query.where(f.customer_id.in_(ids), f.key.in_(keys))):
        found.setdefault(row["customer_id"], {})[row["key"]] = row["value"]
    return found


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
