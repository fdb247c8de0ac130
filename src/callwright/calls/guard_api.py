"""The guard over HTTP: its policy, and the list of numbers that it blocks or lets in."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.calls import guarding
from callwright.calls.guard import GuardPolicy, Kind
from callwright.kit.http import InTx

router = APIRouter(tags=["caller guard"])
Editor = Annotated[User, Depends(allowed("settings.edit"))]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class NewEntry(BaseModel):
    """A number in any form, or with `prefix` how numbers begin; `expires_at` = never by default."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    number: Annotated[str, Field(min_length=2, max_length=40)]
    prefix: bool = False
    reason: Words
    expires_at: AwareDatetime | None = None


@router.get("/caller-list")
async def list_entries(
    tx: InTx,
    _: Editor,
    q: Annotated[str, Query(max_length=40)] = "",
    before: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Any:
    """Newest first, expired ones too; `next` continues."""
    rows = await guarding.entries(tx, q, before, limit)
    return {"items": rows, "next": rows[-1]["id"] if len(rows) == limit else None}


@router.post("/caller-list", status_code=201)
async def add_entry(body: NewEntry, request: Request, tx: InTx, user: Editor) -> Any:
    """Block or allow a number; what the list said of it before is replaced."""
    company = request.app.state.house.settings.company
    row = await guarding.add_entry(tx, company, author=user.login, **body.model_dump())
    await accounts.audit(tx, user, f"caller_list.{body.kind}", str(row["id"]), body.reason)
    return row


@router.delete("/caller-list/{entry_id}", status_code=204)
async def remove_entry(entry_id: UUID, tx: InTx, user: Editor) -> None:
    """Take it off the list; the next call follows."""
    await guarding.remove_entry(tx, entry_id, user.login)
    await accounts.audit(tx, user, "caller_list.remove", str(entry_id))


@router.get("/caller-guard")
async def get_policy(tx: InTx, _: Editor) -> Any:
    """The policy in force; version 0 = ours."""
    version, policy = await guarding.policy_in_force(tx)
    return {"version": version, "body": policy}


@router.put("/caller-guard")
async def publish_policy(body: GuardPolicy, tx: InTx, user: Editor) -> Any:
    """Publish the next version; what is not named is ours. The next call follows it."""
    version = await guarding.publish_policy(tx, body.model_dump(), user.login)
    await accounts.audit(tx, user, "caller_guard.publish", f"version {version}")
    return {"version": version}
