"""Digits that nobody hears, over HTTP: the agent asks for them in a talk, and sees stars."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.calls import service as calls
from callwright.calls.talks import in_hand
from callwright.ivr import capture, trees
from callwright.ivr.model import Ivr
from callwright.ivr.parse import parse_ivr
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.http import InTx
from callwright.ports.house import House

router = APIRouter(tags=["calls"])
Agent = Annotated[User, Depends(allowed("agents.own_state"))]
Sinks = Annotated[User, Depends(allowed("settings.edit"))]


class Asked(BaseModel):
    """Which secure node of the call's tree."""

    node: str = Field(min_length=1, max_length=100)


@router.get("/contacts/{contact_id}/secure-digits")
async def get_secure(
    contact_id: UUID, tx: InTx, _: Annotated[User, Depends(allowed("calls.read"))]
) -> Any:
    """What may be asked for in this call, what is being typed (stars), and what came of it."""
    ivr = (await _tree(tx, contact_id))[1]
    return {
        "offered": capture.offered(ivr),
        "now": capture.waiting(contact_id),
        "items": await capture.captures_of(tx, contact_id),
    }


@router.post("/contacts/{contact_id}/secure-digits")
async def ask_for_digits(contact_id: UUID, body: Asked, request: Request, user: Agent) -> Any:
    """The caller types, nobody hears it; both are together again when it is over. Answered as soon
    as the caller is asked; 409 when there is no talk of two, 422 for a node that is not offered."""
    house: House = request.app.state.house
    async with in_hand(house, contact_id, user) as hand:
        version, ivr = await _tree(hand.tx, contact_id)
        if body.node not in capture.offered(ivr):
            raise invalid("node", f"must be one of {', '.join(capture.offered(ivr)) or 'none'}")
        await accounts.audit(hand.tx, user, "digits.ask", f"contact:{contact_id} {body.node}")
    session = await capture.contact_session(house, contact_id, ivr, version)
    await capture.begin_in_talk(house, session, ivr.nodes[body.node], user)
    return {"now": capture.waiting(contact_id)}


@router.get("/secure-digits/{sink}")
async def read_sink(
    sink: str,
    tx: InTx,
    _: Sinks,
    since: datetime,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Any:
    """What came in under this name since a moment: outcome and the last four digits, no more."""
    return {"items": await capture.captures_in(tx, sink, since, limit), "as_of": tx.clock.now()}


async def _tree(tx: Tx, contact_id: UUID) -> tuple[int, Ivr]:
    """The tree of a call, in the version that it began with."""
    contact = await calls.contact(tx, contact_id)
    if contact is None:
        raise CallwrightError("not_found", what="contact", id=str(contact_id))
    version, body = await trees.published(tx, contact.ivr, contact.ivr_version)
    return version, parse_ivr(body)
