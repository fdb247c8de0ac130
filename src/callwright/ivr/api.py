"""Menus over HTTP: read a version, publish the next."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.ivr import service
from callwright.kit.http import InTx

router = APIRouter(tags=["settings"])
Editor = Annotated[User, Depends(allowed("settings.edit"))]


@router.get("/ivr/{key}")
async def get_ivr(key: str, tx: InTx, _: Editor, version: int | None = None) -> Any:
    """A menu tree; the published one by default."""
    found, body = await service.published(tx, key, version)
    return {"version": found, "body": body}


@router.put("/ivr/{key}")
async def publish_ivr(key: str, body: dict[str, Any], tx: InTx, user: Editor) -> Any:
    """Publish the next version; running calls finish on the one they began with."""
    version = await service.publish(tx, key, body, user.login)
    await accounts.audit(tx, user, "ivr.publish", f"{key} version {version}")
    return {"version": version}
