"""Queues over HTTP: who waits, who is free."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends

from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.agents import service as agents
from callwright.calls import service as calls
from callwright.kit.db import Tx
from callwright.kit.http import InTx
from callwright.queues import service as queues
from callwright.routing import service

router = APIRouter(tags=["queues"])
Reader = Annotated[User, Depends(allowed("queues.read"))]


@router.get("/queues")
async def list_queues(tx: InTx, _: Reader) -> Any:
    """Every queue: callers waiting, longest wait in seconds, agents ready."""
    return await view(tx)


async def view(tx: Tx) -> list[dict[str, Any]]:
    """The queues as the API and the live socket show them."""
    waiting = await calls.queue_figures(tx)
    ready = await agents.agents_ready(tx)
    now = tx.clock.now()
    return [
        {
            "key": queue.key,
            "name": queue.name,
            "waiting": waiting[queue.key][0] if queue.key in waiting else 0,
            "longest_wait_s": (now - waiting[queue.key][1]).total_seconds()
            if queue.key in waiting
            else 0.0,
            "agents_ready": sum(queue.key in agent.queues for agent in ready),
        }
        for queue in await queues.queues(tx)
    ]


@router.get("/contacts/{contact_id}/offers")
async def list_offers(contact_id: UUID, tx: InTx, _: Reader) -> Any:
    """Who was offered this call, with which score and reasons, and what came of it."""
    names = ("agent_id", "score", "reasons", "made_at", "closed_at", "result")
    rows = await service.offers_of(tx, contact_id)
    return [{name: row[name] for name in names} for row in rows]
