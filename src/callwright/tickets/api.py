"""Tickets over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.kit.http import InTx
from callwright.tickets import service

router = APIRouter(tags=["tickets"])
MAX_NO = 2**62
Editor = Annotated[User, Depends(allowed("settings.edit"))]


@router.get("/tickets")
async def list_tickets(
    tx: InTx,
    _: Annotated[User, Depends(allowed("tickets.read"))],
    state: str | None = None,
    before: Annotated[int | None, Query(ge=1, le=MAX_NO)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """Newest first; `next` continues."""
    rows = await service.tickets(tx, state=state, before=before, limit=limit)
    following = rows[-1]["no"] if len(rows) == limit else None
    return {"items": [view(row) for row in rows], "next": following}


@router.get("/ticket-types")
async def get_types(tx: InTx, _: Editor) -> Any:
    """The keyword table in force; version 0 = the one that came with the software."""
    version, body = await service.types_in_force(tx)
    return {"version": version, "body": body}


@router.put("/ticket-types")
async def publish_types(body: list[dict[str, Any]], tx: InTx, user: Editor) -> Any:
    """Publish the next keyword table; the next ticket follows it."""
    version = await service.publish_types(tx, body, user.login)
    await accounts.audit(tx, user, "ticket_types.publish", f"version {version}")
    return {"version": version}


def view(row: dict[str, Any]) -> dict[str, Any]:
    """A ticket as the API shows it; its sentences are masked."""
    names = (
        "no", "contact_id", "state", "type", "priority", "department", "subject", "evidence",
        "reasons", "created_at", "transcribed",
    )  # fmt: skip
    return {name: row[name] for name in names}
