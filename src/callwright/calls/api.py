"""Calls in progress over HTTP."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.calls import attach

router = APIRouter(tags=["calls"])
Agent = Annotated[User, Depends(allowed("agents.own_state"))]


@router.post("/contacts/{contact_id}/attach")
async def join_again(contact_id: UUID, request: Request, user: Agent) -> Any:
    """A reloaded browser joins its talk again; it is rung, and has joined when this returns."""
    await attach.attach(request.app.state.house, contact_id, user.login)
    return {"contact_id": contact_id}
