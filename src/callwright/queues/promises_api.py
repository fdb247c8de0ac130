"""What a queue offers instead of waiting, over HTTP: each change is the next version."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.kit.http import InTx
from callwright.queues import service
from callwright.queues.promises import CallbackRule, VoicemailRule

router = APIRouter(tags=["settings"])
Editor = Annotated[User, Depends(allowed("settings.edit"))]


@router.get("/queues/{key}/callback")
async def get_callback(key: str, tx: InTx, _: Editor) -> Any:
    """How the queue calls back: {version, body}; version 0 = as it comes with the software."""
    return await _read(tx, "callback", key)


@router.put("/queues/{key}/callback")
async def publish_callback(key: str, body: CallbackRule, tx: InTx, user: Editor) -> Any:
    """Publish the next version; promises that were made keep the rule they were made under."""
    return await _publish(tx, user, "callback", key, body)


@router.get("/queues/{key}/voicemail")
async def get_voicemail(key: str, tx: InTx, _: Editor) -> Any:
    """How long messages to the queue may be: {version, body}."""
    return await _read(tx, "voicemail", key)


@router.put("/queues/{key}/voicemail")
async def publish_voicemail(key: str, body: VoicemailRule, tx: InTx, user: Editor) -> Any:
    """Publish the next version."""
    return await _publish(tx, user, "voicemail", key, body)


async def _read(tx: InTx, what: Literal["callback", "voicemail"], key: str) -> Any:
    version, body = await service.rule_of(tx, what, key)
    return {"version": version, "body": body}


async def _publish(
    tx: InTx, user: User, what: str, key: str, body: CallbackRule | VoicemailRule
) -> Any:
    version = await service.publish_rule(tx, what, key, body.model_dump(), user.login)
    await accounts.audit(tx, user, f"queue.{what}", f"{key} version {version}")
    return {"version": version}
