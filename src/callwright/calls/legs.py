"""Legs from their row before the INVITE to their end."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from callwright.calls import store
from callwright.calls.events import LegGone, LegPickedUp, LegRang
from callwright.kit.db import Tx


async def add_leg(tx: Tx, leg: str, contact_id: UUID, agent_id: UUID | None) -> None:
    """Write down a leg before it is rung."""
    await store.insert_leg(tx, leg, contact_id, agent_id)


async def note_ringing(tx: Tx, leg: str, at: datetime) -> None:
    """The far end of a leg rings."""
    row = await store.leg_of(tx, leg)
    if row:
        tx.publish(LegRang(at=at, contact_id=row["contact_id"], leg=leg))


async def note_answered(tx: Tx, leg: str, at: datetime) -> dict[str, Any] | None:
    """The far end of a leg answered; its row, None when it is not ours."""
    row = await store.leg_of(tx, leg)
    if row:
        await store.answer_leg(tx, leg, at)
        tx.publish(LegPickedUp(at=at, contact_id=row["contact_id"], leg=leg))
    return row


async def open_legs_of(tx: Tx, contact_id: UUID) -> list[str]:
    """The legs of a contact that are still up or ringing."""
    rows = await store.legs_of(tx, contact_id)
    return [row["id"] for row in rows if row["ended_at"] is None]


async def note_ended(tx: Tx, leg: str, at: datetime, cause: str) -> dict[str, Any] | None:
    """A leg ended; its row the first time, None when noted before or not ours."""
    if not await store.end_leg(tx, leg, at, cause):
        return None
    row = await store.leg_of(tx, leg)
    if row:
        tx.publish(LegGone(at=at, contact_id=row["contact_id"], leg=leg, cause=cause))
    return row
