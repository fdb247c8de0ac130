"""The rules of routing over HTTP: read, check, publish, roll back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.kit.http import InTx
from callwright.routing import rules

router = APIRouter(tags=["settings"])
Planner = Annotated[User, Depends(allowed("routing.simulate"))]
Editor = Annotated[User, Depends(allowed("settings.edit"))]
Reason = Annotated[str, Query(max_length=500)]  # kept in the audit trail
Seen = Annotated[int | None, Query(ge=0)]  # the version in force when somebody decided
Body = dict[str, Any]  # checked by `parse_policy`, which names the field that is wrong


class Earlier(BaseModel):
    """The version that shall hold again; 0 = the rules that come with the software."""

    version: int = Field(ge=0)


@router.get("/routing/policy")
async def get_rules(
    tx: InTx, _: Planner, version: Annotated[int | None, Query(ge=0)] = None
) -> Any:
    """A version of the rules; the one in force by default."""
    found, body = await rules.read(tx, version)
    return {"version": found, "body": body}


@router.get("/routing/policy/versions")
async def list_versions(tx: InTx, _: Planner) -> Any:
    """The newest versions: number, author, when."""
    return await rules.versions(tx)


@router.post("/routing/policy/check")
async def check_rules(body: Body, tx: InTx, _: Editor) -> Any:
    """The rules with what was left out filled in, and doubts; 422 with the field that is wrong."""
    filled, doubts = await rules.check(tx, body)
    return {"body": filled, "doubts": doubts}


@router.put("/routing/policy")
async def publish_rules(
    body: Body, tx: InTx, user: Editor, reason: Reason = "", seen: Seen = None
) -> Any:
    """Publish the next version; the next decision follows it. 409 when another one than `seen`
    is in force by now."""
    version = await rules.publish(tx, body, user.login, seen=seen)
    await accounts.audit(tx, user, "routing.publish", f"version {version}", reason)
    return {"version": version}


@router.post("/routing/policy/rollback")
async def roll_back(
    body: Earlier, tx: InTx, user: Editor, reason: Reason = "", seen: Seen = None
) -> Any:
    """Publish an earlier version again, as a new one; `seen` as above."""
    version = await rules.roll_back(tx, body.version, user.login, seen=seen)
    subject = f"version {body.version} as {version}"
    await accounts.audit(tx, user, "routing.rollback", subject, reason)
    return {"version": version}
