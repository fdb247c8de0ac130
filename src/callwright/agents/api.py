"""Agents over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from callwright.accounts.guard import SignedIn, allowed, require
from callwright.accounts.model import User
from callwright.agents import service
from callwright.agents.model import view
from callwright.kit.http import InTx
from callwright.ports.house import House

SIP_DOMAIN = "callwright"
REGISTER_EXPIRES_S = 300  # timers of a hidden tab are slow; a dead socket is noticed otherwise
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
    phone = await service.phone_of(tx, login, "sip")
    return {
        "username": phone.endpoint,
        "password": phone.password,
        "host": settings.pbx.bind if settings.pbx.bind != "0.0.0.0" else "127.0.0.1",  # noqa: S104
        "port": settings.ports.sip,
        "websocket": "/sip",
    }


@router.post("/desk/phone")
async def browser_phone(
    request: Request, user: Annotated[User, Depends(allowed("agents.own_state"))]
) -> Any:
    """What the phone in the agent's own browser needs; the PBX knows it when this returns."""
    house: House = request.app.state.house
    async with house.db.begin() as tx:
        phone = await service.phone_of(tx, user.login, "browser")
    await house.telephony.provision_phone(phone.endpoint, phone.password, webrtc=True)
    return {
        "uri": f"sip:{phone.endpoint}@{SIP_DOMAIN}",
        "username": phone.endpoint,
        "password": phone.password,
        "websocket": "/sip",
        "register_expires": REGISTER_EXPIRES_S,
        "ice_servers": [server.model_dump() for server in house.settings.pbx.ice_servers],
        "server_time": house.clock.now(),
    }
