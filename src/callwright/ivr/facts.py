"""What is known of a caller when a branch asks."""

from __future__ import annotations

from datetime import timedelta

from callwright.calendars import service as calendars
from callwright.calls import reads as calls
from callwright.calls.model import Contact
from callwright.customers import service as customers
from callwright.ivr.branch import Facts
from callwright.kit.db import Tx

FARTHEST = timedelta(days=30)  # the longest time within which a branch may ask for a repeat


async def of(tx: Tx, contact: Contact, language: str, calendar: str) -> Facts:
    """The facts now; `calendar` empty = opening hours are not asked."""
    now = tx.clock.now()
    known = contact.customer_id
    pushed = await customers.facts_of(tx, known) if known else {}
    earlier = await calls.earlier_contacts(tx, contact, now - FARTHEST, limit=1)
    return Facts(
        now=now,
        language=language,
        known=known is not None,
        tier=contact.tier,
        open_tickets=int(pushed.get("open_tickets", 0)),
        last_contact_at=earlier[0]["started_at"] if earlier else None,
        open={calendar: await calendars.open_at(tx, calendar, now)} if calendar else {},
    )
