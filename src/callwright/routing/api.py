"""Queues over HTTP: who waits, who is free."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.agents import service as agents
from callwright.agents.model import AgentState
from callwright.calls import service as calls
from callwright.calls.talks import state_of
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.http import InTx
from callwright.queues import service as queues
from callwright.routing import service, transfers
from callwright.routing.estimates import Estimates

router = APIRouter(tags=["queues"])
Reader = Annotated[User, Depends(allowed("queues.read"))]
Agent = Annotated[User, Depends(allowed("agents.own_state"))]


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


class To(BaseModel):
    """Where to: an agent's login, a queue's key, or a number."""

    kind: str
    value: str = Field(min_length=1, max_length=100)


class Transfer(BaseModel):
    """`keep_age` = in another queue, the wait so far counts too."""

    to: To
    note: str = Field(default="", max_length=2000)
    keep_age: bool = True


class Ask(BaseModel):
    """Whom to consult: an agent or a number."""

    to: To
    note: str = Field(default="", max_length=2000)


@router.post("/contacts/{contact_id}/transfer")
async def transfer(contact_id: UUID, body: Transfer, request: Request, user: Agent) -> Any:
    """Pass the call on without waiting; 409 when the agent is not ready or there is no line."""
    house = request.app.state.house
    to = transfers.Destination(body.to.kind, body.to.value)
    await transfers.transfer(house, contact_id, user, to, note=body.note, keep_age=body.keep_age)
    return await state_of(house, contact_id)


@router.post("/contacts/{contact_id}/consult")
async def consult(contact_id: UUID, body: Ask, request: Request, user: Agent) -> Any:
    """Ask somebody while the caller hears music; 409 when they are not ready."""
    to = transfers.Destination(body.to.kind, body.to.value)
    begun = await transfers.consult(request.app.state.house, contact_id, user, to, note=body.note)
    return {"consult_id": begun.id}


@router.get("/transfer-targets")
async def transfer_targets(
    tx: InTx,
    user: Agent,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Any:
    """Whom a call can go to: agents who are signed in, the ready ones first, and queues.

    `q` is looked for in logins, names and departments.
    """
    word = q.strip().casefold()
    found = [
        agent
        for agent in await agents.agents(tx)
        if agent.state != AgentState.OFFLINE
        and agent.login != user.login
        and _has(word, agent.login, agent.name, agent.department)
    ]
    found.sort(key=lambda agent: (agent.state != AgentState.READY, agent.state_since))
    return {
        "agents": [
            {
                "login": agent.login,
                "name": agent.name,
                "department": agent.department,
                "state": agent.state.value,
                "since": agent.state_since,
            }
            for agent in found
        ],
        "queues": [
            {
                **{name: row[name] for name in ("key", "name", "waiting", "longest_wait_s")},
                "ready": row["agents_ready"],
            }
            for row in await view(tx)
            if _has(word, row["key"], row["name"])
        ],
    }


def _has(word: str, *texts: str) -> bool:
    return any(word in text.casefold() for text in texts)


@router.get("/contacts/{contact_id}/expected-wait")
async def expected_wait(contact_id: UUID, tx: InTx, _: Reader) -> Any:
    """Place and expected wait of a waiting caller, estimated anew at each question.

    `seconds` null = nobody can know; `reasons` = what it rests on. 409 when the caller does not
    wait.
    """
    known = {queue.key: queue for queue in await queues.queues(tx)}
    found = (await Estimates().now(tx, known)).get(str(contact_id))
    if found is None:
        contact = await calls.contact(tx, contact_id)
        if contact is None:
            raise CallwrightError("not_found", what="contact", id=str(contact_id))
        raise CallwrightError("wrong_state", what="contact", state=contact.state.value)
    return {"position": found.position, "seconds": found.seconds, "reasons": found.reasons}


@router.get("/contacts/{contact_id}/routing")
async def explain_routing(contact_id: UUID, tx: InTx, _: Reader) -> Any:
    """Why this agent and not the others: of each offer, and while the contact waits, of now."""
    if await calls.contact(tx, contact_id) is None:
        raise CallwrightError("not_found", what="contact", id=str(contact_id))
    return await service.routing_of(tx, contact_id)


@router.get("/contacts/{contact_id}/offers")
async def list_offers(contact_id: UUID, tx: InTx, _: Reader) -> Any:
    """Who was offered this call, with which score and reasons, and what came of it."""
    names = ("agent_id", "score", "reasons", "made_at", "closed_at", "result")
    rows = await service.offers_of(tx, contact_id)
    return [{name: row[name] for name in names} for row in rows]
