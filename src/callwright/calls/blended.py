"""Callers who hung up while they waited: whether they are called back without having asked."""

from __future__ import annotations

import logging

from callwright.calls import callbacks, guard_store
from callwright.calls.blended_model import GAVE_UP, Left, why_not
from callwright.calls.model import Contact
from callwright.kit.db import Tx
from callwright.queues import service as queues

log = logging.getLogger(__name__)


async def note_left(tx: Tx, contact: Contact, reason: str, waited_s: float) -> None:
    """They gave up: call them back when nobody is delayed by it, if the queue does that."""
    if reason not in GAVE_UP or contact.queue is None:
        return
    rule = await queues.callback_rule(tx, contact.queue)
    if not rule.abandoned:
        return
    left = Left(
        reason=reason,
        waited_s=waited_s,
        number=contact.e164 or "",
        number_kind=contact.number_kind,
        guarded=await _guarded(tx, contact),
        unwilling=await callbacks.wants_no_calls(tx, contact.customer_id),
        way_out=bool(await queues.lines_out(tx)),
    )
    because = why_not(left, rule)
    if because:
        log.info("caller %s is not called back unasked: %s", contact.id, because)
        return
    await callbacks.plan(tx, contact, left.number, contact.queue, rule)


async def _guarded(tx: Tx, contact: Contact) -> bool:
    """A rule of the guard caught this call, or the number is on the list by now."""
    caught = await guard_store.action_on(tx, contact.id)
    if caught is not None and caught != "let_in":
        return True
    return bool(contact.e164) and await callbacks.is_blocked(tx, contact.e164 or "")
