"""A customer's page, and saying who a caller is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from callwright.calls import reads
from callwright.calls import service as calls
from callwright.customers import service as customers
from callwright.customers.model import Customer, masked_number
from callwright.desk import service as desk
from callwright.kit.db import Tx
from callwright.tickets import reads as ticket_reads
from callwright.tickets import service as tickets
from callwright.tickets import show

SHOWN = 20


async def page(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Everything of one customer; numbers are masked."""
    who = await customers.customer_of(tx, customer_id)
    wanted = reads.ContactFilter(customers=[customer_id])
    contacts = await reads.contacts(tx, wanted, before=None, limit=SHOWN)
    theirs = await ticket_reads.tickets_of_customer(tx, customer_id, SHOWN)
    return {
        **head(who),
        "phones": await _phones(tx, customer_id),
        "facts": who.facts,
        "orders": await customers.orders_of(tx, customer_id, SHOWN),
        "contacts": await desk.summaries(tx, contacts),
        "past": await desk.past(tx, customer_id, SHOWN),
        "tickets": await show.views(tx, theirs),
        "as_of": tx.clock.now(),
    }


async def _phones(tx: Tx, customer_id: UUID) -> list[dict[str, Any]]:
    return [
        {"id": index, "number": masked_number(row["number"]), "kind": row["kind"]}
        for index, row in enumerate(await customers.phones_of(tx, customer_id))
    ]


def head(who: Customer) -> dict[str, Any]:
    """A customer in a list."""
    return {"id": who.id, "name": who.name, "tier": who.tier, "city": who.city, "note": who.note}


async def found(tx: Tx, people: list[Customer]) -> list[dict[str, Any]]:
    """Search hits: who, and one number, masked."""
    numbers = await customers.first_numbers(tx, [who.id for who in people])
    return [
        {
            **head(who),
            "number_masked": masked_number(numbers[who.id]) if who.id in numbers else None,
        }
        for who in people
    ]


async def identify(tx: Tx, contact_id: UUID, customer_id: UUID, by: str) -> None:
    """Contact, card and ticket are this customer's from now on."""
    who = await customers.customer_of(tx, customer_id)
    if await calls.identify(tx, contact_id, who):
        await tickets.follow_contact(tx, contact_id, customer_id, by)
