"""Calling somebody from the desk: a number, an earlier call, a customer, a ticket."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from callwright.accounts.guard import allowed, require
from callwright.accounts.model import User
from callwright.calls import outbound
from callwright.calls.outbound import Wanted
from callwright.kit.db import Tx
from callwright.ports.house import House
from callwright.tickets import show

router = APIRouter(tags=["calls"])
Agent = Annotated[User, Depends(allowed("agents.own_state"))]


class Dial(BaseModel):
    """Whom to call: a number, an earlier contact, a customer (`phone` = which, from 0), or the
    customer of a ticket. `agent` = who calls, when it is not oneself.
    """

    number: str = Field(default="", max_length=60)
    contact_id: UUID | None = None
    customer_id: UUID | None = None
    phone: int = Field(default=0, ge=0, le=100)
    ticket_no: int | None = Field(default=None, ge=1, le=2**31 - 1)
    agent: str = Field(default="", max_length=100)


@router.post("/calls")
async def dial(body: Dial, request: Request, user: Agent) -> Any:
    """Call somebody; one's own phone rings first. 409 `no_trunk` where no line goes out."""
    house: House = request.app.state.house
    login = body.agent or user.login
    if login != user.login:
        require(user, "agents.any_state")
    wanted = await house.db.run(lambda tx: _wanted(tx, body))
    return {"contact_id": await outbound.dial(house, login, wanted)}


async def _wanted(tx: Tx, body: Dial) -> Wanted:
    """A ticket stands for the call that it came from, else for its customer."""
    named = body.number or body.contact_id or body.customer_id
    if named or body.ticket_no is None:
        return Wanted(body.number, body.contact_id, body.customer_id, body.phone)
    ticket = await show.row(tx, body.ticket_no)
    return Wanted("", ticket["contact_id"], ticket["customer_id"], body.phone)
