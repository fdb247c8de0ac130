"""Menus over HTTP: versions, what differs, a dry check, publish, roll back, try a way through."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.ivr import checks, containment, reads, rehearse, trees
from callwright.ivr.compare import compare
from callwright.ivr.parse import parse_ivr
from callwright.kit.errors import CallwrightError
from callwright.kit.http import BackTo, InTx
from callwright.ports.house import House

router = APIRouter(tags=["settings"])
Editor = Annotated[User, Depends(allowed("settings.edit"))]
Reader = Annotated[User, Depends(allowed("queues.read"))]
Version = Annotated[int, Query(ge=1, le=2**31 - 1)]


class Rehearsal(BaseModel):
    """A tree that need not be published, and what a caller does in it: for each menu a key (empty
    = none), for each node its outcome, in order."""

    body: dict[str, Any]
    does: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=100)


def prompts(request: Request) -> frozenset[str]:
    """What this house can say."""
    house: House = request.app.state.house
    return trees.spoken_prompts(house.settings.home)


Prompts = Annotated[frozenset[str], Depends(prompts)]


@router.get("/ivr")
async def list_ivr(tx: InTx, _: Editor) -> Any:
    """The names of all trees."""
    return {"items": await trees.keys(tx)}


@router.get("/ivr-containment")
async def get_containment(request: Request, tx: InTx, _: Reader, day: date | None = None) -> Any:
    """Calls that the menu settled alone on a day of the company's zone (today by default), as a
    whole and for each node; counted anew at each request, so late calls correct it."""
    house: House = request.app.state.house
    zone = house.settings.company.zone
    return await reads.containment_of(tx, day or containment.today(house.clock.now(), zone), zone)


@router.put("/ivr-containment")
async def publish_containment(body: dict[str, Any], tx: InTx, user: Editor) -> Any:
    """How soon somebody who calls again was not helped: {wrong_within_s}."""
    version = await reads.publish_window(tx, body, user.login)
    await accounts.audit(tx, user, "ivr.containment", f"version {version}")
    return {"version": version}


@router.get("/ivr/{key}")
async def get_ivr(key: str, tx: InTx, _: Editor, version: int | None = None) -> Any:
    """A menu tree; the published one by default."""
    found, body = await trees.published(tx, key, version)
    return {"version": found, "body": body}


@router.put("/ivr/{key}")
async def publish_ivr(
    key: str, body: dict[str, Any], tx: InTx, user: Editor, spoken: Prompts
) -> Any:
    """Publish the next version; running calls finish on the one they began with."""
    version = await trees.publish(tx, key, body, user.login, spoken)
    await accounts.audit(tx, user, "ivr.publish", f"{key} version {version}")
    return {"version": version}


@router.get("/ivr/{key}/versions")
async def list_versions(key: str, tx: InTx, _: Editor) -> Any:
    """All versions, the newest first, with author and time."""
    return {"items": await trees.versions(tx, key)}


@router.get("/ivr/{key}/compare")
async def compare_versions(key: str, tx: InTx, _user: Editor, a: Version, b: Version) -> Any:
    """What differs from version `a` to version `b`: places, and a sentence for each."""
    found = await trees.differences(tx, key, a, b)
    return {
        "items": [
            {
                "place": one.place, "change": one.change, "before": one.before,
                "after": one.after, "sentence": one.sentence(),
            }
            for one in found
        ]
    }  # fmt: skip


@router.post("/ivr/{key}/rollback")
async def roll_back(key: str, body: BackTo, tx: InTx, user: Editor, spoken: Prompts) -> Any:
    """Publish an earlier version again, as the newest one."""
    version = await trees.roll_back(tx, key, body.version, user.login, spoken)
    await accounts.audit(tx, user, "ivr.roll_back", f"{key} to {body.version} as {version}")
    return {"version": version}


@router.post("/ivr/{key}/check")
async def check_ivr(key: str, body: dict[str, Any], tx: InTx, _: Editor, spoken: Prompts) -> Any:
    """What publishing this would say: the fault, or none, and what differs from what is published
    now. Nothing is kept."""
    try:
        ivr = await trees.check(tx, body, spoken)
    except CallwrightError as error:
        return {"problem": error.params, "differences": [], "prompts": {}}
    try:
        before = (await trees.published(tx, key))[1]
    except CallwrightError:  # the first version
        before = {}
    found = compare(before, body)
    return {
        "problem": None,
        "differences": [one.sentence() for one in found],
        "prompts": checks.spoken_in(ivr),
    }


@router.post("/ivr/{key}/rehearse")
async def rehearse_ivr(key: str, body: Rehearsal, _: Editor) -> Any:
    """What a caller of this tree would hear and come to. No call is made, nothing is kept."""
    return {"steps": rehearse.rehearse(parse_ivr(body.body), body.does)}
