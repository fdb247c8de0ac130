"""Queues over HTTP: read settings, publish the next version, go back to an old one."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi import Path as InPath
from pydantic import BaseModel, ConfigDict, Field

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.kit.errors import invalid
from callwright.kit.http import BackTo, InTx
from callwright.ports.house import House
from callwright.queues import service
from callwright.queues.model import (
    PLACE_PROMPTS,
    WAIT_PROMPTS,
    WHOLE_PLACES,
    WHOLE_WAITS,
    Announce,
    Cause,
    Queue,
    Target,
)

router = APIRouter(tags=["settings"])
Editor = Annotated[User, Depends(allowed("settings.edit"))]
Key = Annotated[str, InPath(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Version = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]
Prompt = Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9_-]*$")]
SETTINGS = ConfigDict(extra="forbid")


class TargetBody(BaseModel):
    """Where a caller goes who cannot wait; which fields it has depends on its kind."""

    model_config = SETTINGS
    kind: str = Field(max_length=40)
    prompt: Prompt = ""
    queue: str = Field(default="", max_length=40)


class AnnounceBody(BaseModel):
    """What waiting callers are told every so many seconds."""

    model_config = SETTINGS
    position: bool = False
    wait: bool = False
    every_s: int = Field(default=30, ge=10, le=600)


class QueueBody(BaseModel):
    """The settings of a queue; what is left out has its default."""

    model_config = SETTINGS
    name: Name
    department: Name
    skills: dict[Annotated[str, Field(max_length=60)], Annotated[int, Field(ge=1, le=5)]] = {}
    ring_s: int = Field(default=15, ge=3, le=120)
    max_wait_s: int = Field(default=600, ge=5, le=14_400)
    wrap_up_s: int = Field(default=30, ge=0, le=3600)
    calendar: str = Field(default="", max_length=60)
    greeting: Prompt = "queue_greeting"
    music: Prompt = ""
    max_waiting: int | None = Field(default=None, ge=1, le=10_000)
    announce: AnnounceBody = AnnounceBody()
    overflow: dict[Cause, TargetBody] = {}

    def queue(self, key: str) -> Queue:
        """As the house has it."""
        values = self.model_dump(exclude={"announce", "overflow"})
        return Queue(
            key=key,
            announce=Announce(**self.announce.model_dump()),
            overflow={cause: Target(**way.model_dump()) for cause, way in self.overflow.items()},
            **values,
        )


@router.get("/queues/{key}")
async def get_queue(key: Key, tx: InTx, _: Editor, version: Version = None) -> Any:
    """The settings in force, or those of a version."""
    queue = await (
        service.queue_of(tx, key) if version is None else service.queue_at(tx, key, version)
    )
    versions = await service.versions_of(tx, key)
    latest = versions[0]["version"] if versions else 0
    return {"version": latest if version is None else version, **dataclasses.asdict(queue)}


@router.put("/queues/{key}")
async def publish_queue(key: Key, body: QueueBody, request: Request, tx: InTx, user: Editor) -> Any:
    """Put settings in force as the next version; makes the queue when there is none of the key.

    What is wrong is answered 422 with its field, and nothing is changed.
    """
    queue = body.queue(key)
    _check_prompts(request.app.state.house, queue)
    version = await service.publish_queue(tx, queue, user.login)
    await accounts.audit(tx, user, "queue.publish", f"{key} version {version}")
    return {"version": version}


@router.get("/queues/{key}/versions")
async def list_versions(key: Key, tx: InTx, _: Editor) -> Any:
    """Who published which version when, newest first."""
    await service.queue_of(tx, key)
    return await service.versions_of(tx, key)


@router.post("/queues/{key}/rollback")
async def roll_back(key: Key, body: BackTo, tx: InTx, user: Editor) -> Any:
    """Put an old version in force again; it becomes the next version."""
    version = await service.roll_back(tx, key, body.version, user.login)
    await accounts.audit(tx, user, "queue.rollback", f"{key} version {body.version} as {version}")
    return {"version": version}


def _check_prompts(house: House, queue: Queue) -> None:
    """Whatever is to be spoken must be there."""
    named = [("greeting", queue.greeting)]
    named += [(f"overflow.{cause}.prompt", way.prompt) for cause, way in queue.overflow.items()]
    whole = house.settings.company.language.partition("-")[0] != "en"
    if queue.announce.position:
        places = PLACE_PROMPTS + (WHOLE_PLACES if whole else ())
        named += [("announce.position", name) for name in places]
    if queue.announce.wait:
        waits = WAIT_PROMPTS + (WHOLE_WAITS if whole else ())
        named += [("announce.wait", name) for name in waits]
    for field, prompt in named:
        if prompt and not Path(house.prompt(prompt)).exists():
            raise invalid(field, f"there is no prompt {prompt!r}")
