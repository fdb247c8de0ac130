"""Trying a change of routing before it is published: simulations over HTTP."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.agents import service as agents
from callwright.kit.db import Tx
from callwright.kit.http import InTx
from callwright.routing.whatif import moment, runs, store
from callwright.routing.whatif.wish import Wish, parse_draft

router = APIRouter(tags=["routing"])
Planner = Annotated[User, Depends(allowed("routing.simulate"))]
HEAD = (
    "id", "state", "author", "requested_at", "finished_at", "wish", "running_version", "stage",
    "progress", "error",
)  # fmt: skip


class Again(BaseModel):
    """One call, and the policy under which it should be decided again."""

    contact_id: UUID
    draft: dict[str, Any]


@router.post("/routing/simulations", status_code=202)
async def start(body: Wish, tx: InTx, request: Request, user: Planner) -> Any:
    """Ask for a simulation; it runs beside the platform. 409 while another one runs."""
    simulation_id = await runs.request(tx, _zone(request), body, user)
    return _view(await runs.found(tx, simulation_id))


@router.get("/routing/simulations")
async def list_simulations(
    tx: InTx, _: Planner, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> Any:
    """The newest ones, without their results."""
    return {"items": [_view(row) for row in await store.heads(tx, limit)]}


@router.get("/routing/simulations/{simulation_id}")
async def show(simulation_id: UUID, tx: InTx, _: Planner) -> Any:
    """One with its policies, its progress and its result."""
    row = await runs.found(tx, simulation_id)
    result = row["result"]
    people = await _people(tx) if result and result.get("advice") else {}
    return {**_view(row), "running": row["running"], "result": result, "people": people}


@router.post("/routing/simulations/{simulation_id}/cancel")
async def cancel(simulation_id: UUID, tx: InTx, _: Planner) -> Any:
    """End it; 409 when it is over."""
    await runs.cancel(tx, simulation_id)
    return _view(await runs.found(tx, simulation_id))


@router.post("/routing/replays")
async def replay(body: Again, tx: InTx, _: Planner) -> Any:
    """Where a past call would have gone, and why: as it was, by the running policy, by a draft."""
    return await moment.replay(tx, body.contact_id, parse_draft(body.draft))


def _zone(request: Request) -> ZoneInfo:
    return ZoneInfo(request.app.state.house.settings.company.zone)


def _view(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in HEAD}


async def _people(tx: Tx) -> dict[str, Any]:
    """Login and name by id: results hold ids only."""
    return {str(a.id): {"login": a.login, "name": a.name} for a in await agents.agents(tx)}
