"""Stays in queues: how they begin, go on elsewhere, and end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from callwright.agents import service as agents
from callwright.calls import callbacks, guard_store, store, visit_store
from callwright.calls.events import CallQueued, QueueLeft
from callwright.calls.model import Contact, Visit, after
from callwright.kit.db import Tx
from callwright.kit.ids import new_id
from callwright.kit.timers import cancel_timer, set_timer
from callwright.queues import service as queues

QUEUE_TIMER = "queue.timeout"
OVERFLOW = "overflow"


async def move(tx: Tx, contact_id: UUID, trigger: str, **columns: Any) -> Contact:
    """Apply a trigger of the state table, and change other columns with it."""
    contact = await store.contact_for_update(tx, contact_id)
    state = after(contact.state, trigger)
    await store.update_contact(tx, contact_id, state=state.value, **columns)
    return contact


async def enqueue(
    tx: Tx, contact_id: UUID, queue: str, *, language: str = "", aged_from: datetime | None = None
) -> Visit:
    """Let the caller wait in a queue; `aged_from` = an earlier wait that routing counts too."""
    contact = await move(tx, contact_id, "enqueue", end_reason=None)
    if contact.direction == "in":
        aged_from = await callbacks.take_over(tx, contact, queue) or aged_from
    await store.end_hold(tx, contact_id, tx.clock.now())
    if language:
        await store.update_contact(tx, contact_id, language=language)
    return await _enter(tx, contact, queue, aged_from)


async def overflow_to(tx: Tx, contact_id: UUID, queue: str) -> Visit:
    """A waiting caller goes on waiting in another queue; the wait so far counts there."""
    contact = await move(tx, contact_id, "overflow")
    visit = await store.open_visit(tx, contact_id)
    await leave_queue(tx, contact, OVERFLOW)
    since = (visit.aged_from or visit.entered_at) if visit else None
    return await _enter(tx, contact, queue, since)


async def overflowed_from(tx: Tx, contact_id: UUID) -> set[str]:
    """The queues that sent this caller on: back to none of them."""
    visits = await visit_store.visits_of(tx, contact_id)
    return {visit.queue for visit in visits if visit.exit == OVERFLOW}


async def _enter(tx: Tx, contact: Contact, key: str, aged_from: datetime | None) -> Visit:
    queue, now = await queues.queue_of(tx, key), tx.clock.now()
    late_s = 0 if aged_from else await guard_store.late_s(tx, contact.id)
    if late_s:  # low priority: as if the caller had come so much later
        aged_from = now + timedelta(seconds=late_s)
    await store.update_contact(tx, contact.id, queue=queue.key)
    visit = Visit(new_id(), contact.id, queue.key, now, None, None, aged_from)
    await store.insert_visit(tx, visit)
    await _set_timer(tx, visit, queue.max_wait_s)
    tx.publish(
        CallQueued(
            at=now, site=contact.site, contact_id=contact.id, visit_id=visit.id, queue=queue.key
        )
    )
    return visit


async def look_again(tx: Tx, contact_id: UUID, after_s: int = 5) -> None:
    """An agent's phone rings as the longest wait ends: decide a little later."""
    visit = await store.open_visit(tx, contact_id)
    if visit:
        await _set_timer(tx, visit, after_s)


async def _set_timer(tx: Tx, visit: Visit, seconds: int) -> None:
    due = tx.clock.now() + timedelta(seconds=seconds)
    body = {"contact_id": str(visit.contact_id), "visit_id": str(visit.id)}
    await set_timer(tx, _timer_key(visit.id), QUEUE_TIMER, due, body)


def _timer_key(visit_id: UUID) -> str:
    return f"queue:{visit_id}"


async def leave_queue(tx: Tx, contact: Contact, exit_: str) -> None:
    """Close the open visit with its reason; no matter if there is none."""
    visit = await store.open_visit(tx, contact.id)
    if visit is None:
        return
    now = tx.clock.now()
    await store.end_visit(tx, visit.id, now, exit_)
    await cancel_timer(tx, _timer_key(visit.id))
    tx.publish(
        QueueLeft(
            at=now, site=contact.site, contact_id=contact.id, visit_id=visit.id, queue=visit.queue,
            exit=exit_, waited_s=round((now - visit.entered_at).total_seconds(), 3),
        )
    )  # fmt: skip


async def leave(tx: Tx, contact_id: UUID, trigger: str, exit_: str, **columns: Any) -> Contact:
    """A trigger that ends the wait, if there is one, for a reason."""
    contact = await move(tx, contact_id, trigger, **columns)
    await leave_queue(tx, contact, exit_)
    return contact


async def old_place(tx: Tx, contact: Contact) -> tuple[str, datetime]:
    """Where a caller who must wait again comes from: the queue, and since when it counts.

    Somebody who never waited (we called them) goes to a queue of their agent's.
    """
    visit = await store.last_visit(tx, contact.id)
    if visit:
        return visit.queue, visit.aged_from or visit.entered_at
    agent = await agents.agent_of_id(tx, contact.agent_id) if contact.agent_id else None
    known = [queue.key for queue in await queues.queues(tx)]
    own = [key for key in agent.queues if key in known] if agent else []
    return (own or known)[0], contact.started_at
