"""Who calls, and what we know of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from callwright.customers import store
from callwright.customers.model import CallerMatch, Customer
from callwright.customers.phone import Candidate, identify, identify_all, match_rank
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id

orders_of = store.orders_of
facts_of = store.facts_of
ids_by_name = store.ids_by_name
heads_of = store.heads_of
push_fact = store.save_fact


async def who_calls(tx: Tx, raw: str, *, area_code: str, region: str) -> CallerMatch:
    """Everyone the number may belong to, ranked; hidden and short numbers match nobody."""
    identity = identify(raw, area_code=area_code, region=region)
    if identity.e164 is None:
        return CallerMatch(None, identity.kind, (), ())
    rows = {str(row["id"]): row for row in await store.customers_by_number(tx, identity.e164)}
    ranked = match_rank([_candidate(key, row) for key, row in rows.items()])
    return CallerMatch(
        identity.e164,
        identity.kind,
        tuple(_customer(rows[match.id]) for match in ranked),
        tuple(tuple(match.reasons) for match in ranked),
    )


async def add_customer(
    tx: Tx, *, name: str, tier: str, phones: str, area_code: str, region: str
) -> UUID:
    """Make a customer; `phones` may hold several numbers in any format."""
    customer_id = new_id()
    row = {"id": customer_id, "name": name, "tier": tier, "created_at": tx.clock.now()}
    await store.insert_rows(tx, store.customer_table, [row])
    found = {
        identity.e164 or identity.national or phones: identity
        for identity in identify_all(phones, area_code=area_code, region=region)
    }
    numbers = [
        {
            "customer_id": customer_id, "number": number, "typed": phones,
            "e164": identity.e164, "kind": identity.kind,
        }
        for number, identity in found.items()
    ]  # fmt: skip
    await store.insert_rows(tx, store.phone_table, numbers)
    return customer_id


async def add_orders(tx: Tx, rows: list[dict[str, Any]]) -> None:
    """Write orders: no, customer_id, item, amount, status, placed_at."""
    await store.insert_rows(tx, store.order_table, rows)


async def customer_of(tx: Tx, customer_id: UUID) -> Customer:
    """One customer with the facts; `not_found` otherwise."""
    row = await store.customer_of(tx, customer_id)
    if row is None:
        raise CallwrightError("not_found", what="customer", id=str(customer_id))
    return _customer({**row, "facts": await store.facts_of(tx, customer_id)})


def _customer(row: dict[str, Any]) -> Customer:
    names = ("id", "name", "tier", "city", "note", "facts")
    return Customer(**{name: row[name] for name in names})


def _candidate(key: str, row: dict[str, Any]) -> Candidate:
    facts = row["facts"]
    return Candidate(
        id=key,
        tier=row["tier"],
        last_contact_at=facts.get("last_contact_at"),
        open_tickets=int(facts.get("open_tickets", 0)),
    )
