"""Callers who wanted a person and got none: one entry each, until somebody talked to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from callwright.agents import service as agents
from callwright.calls import blended, callbacks, reads
from callwright.calls import missed_store as store
from callwright.calls.events import CallMissed, MissedHandled
from callwright.calls.model import MISSED, Contact, Handled, caller_of
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError

missed = store.missed
count_open = store.count_open


async def note_missed(tx: Tx, contact: Contact, reason: str, at: datetime) -> None:
    """They left without the talk they wanted: a new entry, or once more in their open one."""
    if reason not in MISSED:
        return
    waited = await reads.waited_s(tx, contact.id)
    latest = {
        "last_contact_id": contact.id, "at": at, "reason": reason, "queue": contact.queue,
        "waited_s": waited,
    }  # fmt: skip
    await store.insert_or_repeat(tx, contact.id, caller_of(contact), latest)
    tx.publish(CallMissed(at=at, site=contact.site, contact_id=contact.id, reason=reason))
    await blended.note_left(tx, contact, reason, waited)


async def note_try(tx: Tx, number: str) -> None:
    """Somebody dials the caller."""
    await store.count_try(tx, number)


async def note_talk(tx: Tx, contact: Contact, agent_id: UUID) -> None:
    """They talk: whatever was missed is made good, whoever called whom."""
    row = await store.open_of(tx, caller_of(contact))
    if row:
        agent = await agents.agent_of_id(tx, agent_id)
        how: Handled = "answered_later" if contact.direction == "in" else "called_back"
        await _close(tx, row, agent.login, how, "")


async def done(tx: Tx, contact_id: UUID, login: str, text: str) -> dict[str, Any]:
    """Somebody says that it is dealt with; who said so first stays. Nobody else calls them."""
    row = await store.missed_for_update(tx, contact_id)
    if row is None:
        raise CallwrightError("not_found", what="missed call", id=str(contact_id))
    if row["done_at"] is None:
        await callbacks.no_need(tx, row["caller"], login)
        return await _close(tx, row, login, "by_hand", text)
    return row


async def _close(
    tx: Tx, row: dict[str, Any], login: str, how: Handled, text: str
) -> dict[str, Any]:
    now = tx.clock.now()
    values = {"done_at": now, "done_by": login, "done_how": how, "done_text": text}
    await store.update_missed(tx, row["contact_id"], **values)
    tx.publish(MissedHandled(at=now, contact_id=row["contact_id"], how=how))
    return {**row, **values}
