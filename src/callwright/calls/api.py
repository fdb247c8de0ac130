"""Calls in progress over HTTP: hold, resume, hang up, and a third party."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.calls import attach, consults, talks

router = APIRouter(tags=["calls"])
Agent = Annotated[User, Depends(allowed("agents.own_state"))]


@router.post("/contacts/{contact_id}/attach")
async def join_again(contact_id: UUID, request: Request, user: Agent) -> Any:
    """A reloaded browser joins its talk again; it is rung, and has joined when this returns."""
    await attach.attach(request.app.state.house, contact_id, user.login)
    return {"contact_id": contact_id}


@router.post("/contacts/{contact_id}/hold")
async def hold(contact_id: UUID, request: Request, user: Agent) -> Any:
    """The caller hears music; 409 with the present state when there is no talk."""
    await talks.hold(request.app.state.house, contact_id, user)
    return await talks.state_of(request.app.state.house, contact_id)


@router.post("/contacts/{contact_id}/resume")
async def resume(contact_id: UUID, request: Request, user: Agent) -> Any:
    """The music ends; agent and caller talk again."""
    await talks.resume(request.app.state.house, contact_id, user)
    return await talks.state_of(request.app.state.house, contact_id)


@router.post("/contacts/{contact_id}/hang-up")
async def hang_up(contact_id: UUID, request: Request, user: Agent) -> Any:
    """End one's own leg, and with it the call, unless others go on."""
    await talks.hang_up(request.app.state.house, contact_id, user)
    return await talks.state_of(request.app.state.house, contact_id)


@router.post("/contacts/{contact_id}/consult/swap")
async def swap(
    contact_id: UUID, request: Request, user: Agent, to: Literal["customer", "target"] | None = None
) -> Any:
    """Talk with the other one. With `to` a second press changes nothing."""
    await consults.swap(request.app.state.house, contact_id, user, to)
    return await talks.state_of(request.app.state.house, contact_id)


@router.post("/contacts/{contact_id}/consult/conference")
async def conference(contact_id: UUID, request: Request, user: Agent) -> Any:
    """All three hear each other."""
    await consults.conference(request.app.state.house, contact_id, user)
    return await talks.state_of(request.app.state.house, contact_id)


@router.post("/contacts/{contact_id}/consult/complete")
async def complete(contact_id: UUID, request: Request, user: Agent) -> Any:
    """Caller and third party go on; the agent wraps up."""
    await consults.complete(request.app.state.house, contact_id, user)
    return await talks.state_of(request.app.state.house, contact_id)


@router.post("/contacts/{contact_id}/consult/cancel")
async def cancel(contact_id: UUID, request: Request, user: Agent) -> Any:
    """Back to the caller."""
    await consults.cancel(request.app.state.house, contact_id, user)
    return await talks.state_of(request.app.state.house, contact_id)


@router.post("/contacts/{contact_id}/leave")
async def leave(contact_id: UUID, request: Request, user: Agent) -> Any:
    """The conference goes on without whoever asks."""
    await consults.leave(request.app.state.house, contact_id, user)
    return await talks.state_of(request.app.state.house, contact_id)
