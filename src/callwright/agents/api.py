"""Agents over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from callwright.accounts.guard import SignedIn, allowed, require
from callwright.accounts.model import User
from callwright.agents import service
from callwright.agents.model import Agent
from callwright.kit.http import InTx

router = APIRouter(tags=["agents"])


class StateRequest(BaseModel):
    """ready, break (with a reason) or offline."""

    state: str
    reason: str = Field(default="", max_length=100)


@router.get("/agents")
async def list_agents(tx: InTx, _: Annotated[User, Depends(allowed("agents.read"))]) -> Any:
    """Every agent and what they are doing."""
    return [view(agent) for agent in await service.agents(tx)]


@router.post("/agents/{login}/state")
async def request_state(login: str, body: StateRequest, tx: InTx, user: SignedIn) -> Any:
    """Ask for a state; 409 with the present one when it is impossible now."""
    require(user, "agents.own_state" if user.login == login else "agents.any_state")
    return view(await service.request_state(tx, login, body.state, body.reason))


@router.post("/agents/{login}/phone")
async def phone_credentials(login: str, request: Request, tx: InTx, user: SignedIn) -> Any:
    """What a SIP phone needs to register as this agent; only for the agent and for admins."""
    require(user, "agents.own_state" if user.login == login else "users.edit")
    settings = request.app.state.house.settings
    agent = await service.agent_of_login(tx, login)
    return {
        "username": agent.endpoint,
        "password": await service.phone_password(tx, login),
        "host": settings.pbx.bind if settings.pbx.bind != "0.0.0.0" else "127.0.0.1",  # noqa: S104
        "port": settings.ports.sip,
        "websocket": "/sip",
    }


def view(agent: Agent) -> dict[str, Any]:
    """An agent as the API shows it."""
    return {
        "login": agent.login,
        "name": agent.name,
        "department": agent.department,
        "state": agent.state.value,
        "since": agent.state_since,
        "reason": agent.reason,
        "reachable": agent.reachable,
        "contact_id": agent.contact_id,
        "skills": agent.skills,
        "queues": list(agent.queues),
    }
