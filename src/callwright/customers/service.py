"""Who calls, and what we know of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from callwright.customers import store
from callwright.customers.events import CustomerCreated, CustomerEdited
from callwright.customers.model import CallerMatch, Customer
from callwright.customers.names import typed_word, words_of
from callwright.customers.phone import Candidate, identify, identify_all, match_rank
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.find import number_pieces, typed_digits
from callwright.kit.ids import new_id

orders_of = store.orders_of
orders_numbered = store.orders_numbered
past_of = store.past_of
facts_of = store.facts_of
facts_of_many = store.facts_of_many
heads_of = store.heads_of
push_fact = store.save_fact
first_numbers = store.first_numbers
phones_of = store.phones_of


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


async def find(tx: Tx, q: str, *, area_code: str, region: str, limit: int) -> list[Customer]:
    """Customers by name, its sounds and their first letters, or number in any form; best first."""
    rows: list[dict[str, Any]] = []
    identity = identify(q, area_code=area_code, region=region)
    if identity.e164:
        rows += await store.customers_by_number(tx, identity.e164)
    digits, word = typed_digits(q), typed_word(q)
    if digits and len(rows) < limit:
        rows += await store.found_by_digits(tx, digits, limit)
    if word and len(rows) < limit:
        rows += await store.found_by_name(tx, word, limit)
    unique = {row["id"]: row for row in rows}
    return [_customer({"facts": {}, **row}) for row in list(unique.values())[:limit]]


async def ids_by_name(tx: Tx, part: str, limit: int = 200) -> list[UUID]:
    """Customers whose name, or the sound of it, a word begins or stands in."""
    word = typed_word(part)
    rows = await store.found_by_name(tx, word, limit) if word else []
    return [row["id"] for row in rows]


async def add_customer(
    tx: Tx,
    *,
    name: str,
    tier: str,
    phones: str,
    area_code: str,
    region: str,
    key: str | None = None,
) -> UUID:
    """Make a customer; `phones` may hold several numbers in any format, or none."""
    customer_id = new_id()
    row = {
        "id": customer_id, "name": name, "tier": tier, "created_at": tx.clock.now(), "key": key,
        "search": words_of(name),
    }  # fmt: skip
    await store.insert_rows(tx, store.customer_table, [row])
    found = {
        identity.e164 or identity.national or phones: identity
        for identity in identify_all(phones, area_code=area_code, region=region)
        if phones
    }
    numbers = [
        {
            "customer_id": customer_id, "number": number, "typed": phones,
            "e164": identity.e164, "kind": identity.kind, "pieces": number_pieces(number),
        }
        for number, identity in found.items()
    ]  # fmt: skip
    await store.insert_rows(tx, store.phone_table, numbers)
    return customer_id


async def create(
    tx: Tx, *, name: str, tier: str, phone: str, key: str, area_code: str, region: str
) -> tuple[UUID, bool]:
    """A person writes down a customer: the id, and whether they are new.

    The same key makes one customer only. A number that somebody has already is `customer_exists`
    with whom. `phone` may be empty: a caller who hides the number.
    """
    await store.one_at_a_time(tx, f"customer:{key}")
    made = await store.customer_of_key(tx, key)
    if made:
        return made, False
    identity = identify(phone, area_code=area_code, region=region)
    if phone and identity.kind == "invalid":
        raise invalid("phone", identity.reasons[-1])
    if identity.e164:
        await store.one_at_a_time(tx, identity.e164)
        match = await who_calls(tx, phone, area_code=area_code, region=region)
        if match.best:
            raise CallwrightError("customer_exists", id=str(match.best.id), name=match.best.name)
    known = phone if identity.kind != "hidden" else ""
    customer_id = await add_customer(
        tx, name=name, tier=tier, phones=known, area_code=area_code, region=region, key=key
    )
    tx.publish(CustomerCreated(at=tx.clock.now(), customer_id=customer_id))
    return customer_id, True


async def edit(tx: Tx, customer_id: UUID, changes: Mapping[str, str]) -> list[str]:
    """Change name, tier, city, note; returns which of them really changed."""
    row = await store.customer_for_update(tx, customer_id)
    if row is None:
        raise CallwrightError("not_found", what="customer", id=str(customer_id))
    changed: dict[str, Any] = {name: new for name, new in changes.items() if new != row[name]}
    if not changed:
        return []
    words = {"search": words_of(changed["name"])} if "name" in changed else {}
    await store.update_customer(tx, customer_id, **changed, **words)
    fields = sorted(changed)
    tx.publish(CustomerEdited(at=tx.clock.now(), customer_id=customer_id, fields=fields))
    return fields


async def add_orders(tx: Tx, rows: list[dict[str, Any]]) -> None:
    """Write orders: no, customer_id, item, amount, status, placed_at."""
    await store.insert_rows(tx, store.order_table, rows)


async def add_past(tx: Tx, rows: list[dict[str, Any]]) -> None:
    """Contacts from before this platform: customer_id, at, channel, login, summary."""
    await store.insert_rows(tx, store.past_table, [{"id": new_id(), **row} for row in rows])
    latest: dict[UUID, datetime] = {}
    for row in rows:
        latest[row["customer_id"]] = max(row["at"], latest.get(row["customer_id"], row["at"]))
    for customer_id, at in latest.items():
        await store.save_fact(tx, customer_id, "last_contact_at", at.isoformat())


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
