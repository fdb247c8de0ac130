"""Callbacks over HTTP: who waits for one, and withdrawing it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.calls import callbacks
from callwright.calls.callback_model import Callback
from callwright.customers import service as customers
from callwright.customers.model import masked_number
from callwright.kit.db import Tx
from callwright.kit.http import InTx
from callwright.queues import service as queues

router = APIRouter(tags=["callbacks"])
Reader = Annotated[User, Depends(allowed("calls.read"))]
Canceller = Annotated[User, Depends(allowed("agents.any_state"))]
SHOWN = (
    "id", "contact_id", "queue", "first", "state", "requested_at", "aged_from", "not_before",
    "tries", "most_tries", "done_at", "reason", "by", "blended", "expires_at",
)  # fmt: skip


@router.get("/callbacks")
async def list_callbacks(
    tx: InTx,
    _: Reader,
    done: bool = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> Any:
    """Open ones in the order of their age, or those that are over, the latest first.

    `position` = the place in its queue, 1 = next; null for `blended` ones, which nobody asked for
    and which delay no caller. `waited_s` = its age. `as_of` = now.
    """
    found = await callbacks.callbacks(tx, open_=not done, limit=limit)
    return {"items": await views(tx, found), "as_of": tx.clock.now()}


@router.post("/callbacks/{callback_id}/cancel")
async def cancel(callback_id: UUID, tx: InTx, user: Canceller) -> Any:
    """Withdraw it; phones that ring for it stop. 409 when it is over, or the customer is there."""
    await callbacks.cancel(tx, callback_id, user.login)
    await accounts.audit(tx, user, "callback.cancel", str(callback_id))
    found = await callbacks.callback(tx, callback_id)
    [view] = await views(tx, [found] if found else [])
    return view


async def views(tx: Tx, found: list[Callback]) -> list[dict[str, Any]]:
    """Callbacks as people see them: with names, the number masked."""
    now = tx.clock.now()
    waiting = [one for one in found if one.done_at is None]
    places = await callbacks.positions(tx, waiting) if waiting else {}
    heads = await customers.heads_of(tx, [one.customer_id for one in found if one.customer_id])
    names = {queue.key: queue.name for queue in await queues.queues(tx)}
    return [
        {
            **{name: getattr(one, name) for name in SHOWN},
            "queue": {"key": one.queue, "name": names.get(one.queue, one.queue)},
            "customer": heads.get(one.customer_id) if one.customer_id else None,
            "number_masked": masked_number(one.number),
            "position": places.get(one.id),
            "waited_s": ((one.done_at or now) - one.aged_from).total_seconds(),
        }
        for one in found
    ]
