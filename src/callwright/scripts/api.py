"""Ready replies over HTTP: look for them, write them, approve them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed, require
from callwright.accounts.model import User
from callwright.agents import service as agents
from callwright.kit.db import Tx
from callwright.kit.http import InTx
from callwright.scripts import service, voices
from callwright.scripts.model import (
    Body,
    Language,
    Script,
    ScriptState,
    Usage,
    Version,
    is_expired,
    is_seen_by,
)
from callwright.scripts.search import listed, search
from callwright.scripts.variables import VARIABLES, fill, names_in, typed_value

router = APIRouter(tags=["scripts"])
Reader = Annotated[User, Depends(allowed("scripts.read"))]
Editor = Annotated[User, Depends(allowed("scripts.edit"))]
Approver = Annotated[User, Depends(allowed("scripts.approve"))]


class Wanted(BaseModel):
    """Query parameters of the list.

    Without `state`: what may be used now by the asker's department. With one: what was written
    last, for those who edit; `any` = in every state. `prefer` = the language that comes first.
    """

    q: str = Field(default="", max_length=100)
    group: str = Field(default="", max_length=60)
    state: ScriptState | None = None
    any: bool = False
    department: str = Field(default="", max_length=60)
    expired: bool | None = None
    prefer: Language | None = None
    limit: int = Field(default=50, ge=1, le=1000)


class Seen(BaseModel):
    """The version that the person saw: an older one than the newest is refused."""

    version: int = Field(ge=1, le=2**31 - 1)


class Edit(Body):
    """A new body, and the version that the person saw."""

    version: int = Field(ge=1, le=2**31 - 1)


class Trial(BaseModel):
    """A text, finished or not, and example values for its variables."""

    text: str = Field(max_length=1000)
    language: Language = "zh-Hans"
    values: dict[str, Annotated[str, Field(max_length=60)]] = Field(default={}, max_length=20)


@router.get("/scripts")
async def list_scripts(wanted: Annotated[Wanted, Query()], tx: InTx, user: Reader) -> Any:
    """Ranked when `q` is given (each with `why` it was found), else by number."""
    found = [script for script in await _offered(tx, wanted, user) if _fits(tx, script, wanted)]
    prefer = wanted.prefer or ""
    if not wanted.q.strip():
        found.sort(key=lambda script: listed(script, prefer))
        return {"items": await views(tx, found[: wanted.limit]), "total": len(found)}
    hits = search(found, wanted.q, prefer)
    page = hits[: wanted.limit]
    items = await views(tx, [hit.script for hit in page])
    named = [{**item, "why": hit.why} for item, hit in zip(items, page, strict=True)]
    return {"items": named, "total": len(hits)}


@router.get("/script-groups")
async def list_groups(tx: InTx, user: Reader) -> Any:
    """Groups in their order, with how many scripts the asker may use in each."""
    usable = await service.usable(tx, await department_of(tx, user))
    counts: dict[str, int] = {}
    for script in usable:
        counts[script.body.group] = counts.get(script.body.group, 0) + 1
    items = [{"name": name, "usable": counts.get(name, 0)} for name in await service.groups(tx)]
    return {"items": items}


@router.get("/script-variables")
async def list_variables(_: Reader) -> Any:
    """Everything that `{…}` in a script may name."""
    return {
        "items": [
            {"name": known.name, "also": list(known.also), "kind": known.kind, "from": known.source}
            for known in VARIABLES.values()
        ]
    }


@router.post("/scripts/preview")
async def preview(body: Trial, tx: InTx, request: Request, _: Editor) -> Any:
    """A text that is being written, as it would be sent and spoken with these values."""
    zone = ZoneInfo(request.app.state.house.settings.company.zone)
    values = {name: typed_value(name, text) for name, text in body.values.items() if text.strip()}
    filled = fill(body.text, values, body.language, tx.clock.now().astimezone(zone).date())
    return {"text": filled.text, "spoken": filled.spoken, "missing": filled.missing}


@router.get("/scripts/{script_id}")
async def get_script(script_id: UUID, tx: InTx, user: Reader) -> Any:
    """As it was last written, for those who edit; else the version in use."""
    if "scripts.edit" in user.permissions:
        return await shown(tx, await service.script(tx, script_id))
    department = await department_of(tx, user)
    return await shown(tx, await service.usable_script(tx, script_id, department))


@router.get("/scripts/{script_id}/versions")
async def get_versions(script_id: UUID, tx: InTx, _: Editor) -> Any:
    """All versions, newest first."""
    await service.script(tx, script_id)
    return {"items": [_version_view(v) for v in await service.versions_of(tx, script_id)]}


@router.post("/scripts", status_code=201)
async def create_script(body: Body, tx: InTx, user: Editor) -> Any:
    """A new draft with the next number."""
    made = await service.create(tx, body, user.login)
    await accounts.audit(tx, user, "script.create", made.head.no)
    return await shown(tx, made)


@router.put("/scripts/{script_id}")
async def edit_script(script_id: UUID, body: Edit, tx: InTx, user: Editor) -> Any:
    """The next version; 409 when somebody else has written one since."""
    words = Body.model_validate(body.model_dump(exclude={"version"}))
    made = await service.edit(tx, script_id, words, user.login, version=body.version)
    await accounts.audit(tx, user, "script.edit", f"{made.head.no} version {made.head.version}")
    return await shown(tx, made)


@router.post("/scripts/{script_id}/submit")
async def submit_script(script_id: UUID, seen: Seen, tx: InTx, user: Editor) -> Any:
    """Ask for approval."""
    return await _moved(tx, user, "submit", await service.submit(tx, script_id, seen.version))


@router.post("/scripts/{script_id}/approve")
async def approve_script(script_id: UUID, seen: Seen, tx: InTx, user: Approver) -> Any:
    """Put it in use; not by the author, unless manager or admin."""
    made = await service.approve(tx, script_id, user, seen.version)
    return await _moved(tx, user, "approve", made)


@router.post("/scripts/{script_id}/reject")
async def reject_script(script_id: UUID, seen: Seen, tx: InTx, user: Approver) -> Any:
    """Back to the author."""
    return await _moved(tx, user, "reject", await service.reject(tx, script_id, seen.version))


@router.post("/scripts/{script_id}/retire")
async def retire_script(script_id: UUID, seen: Seen, tx: InTx, user: Approver) -> Any:
    """Nobody may use it any more; an edit brings it back as a draft."""
    return await _moved(tx, user, "retire", await service.retire(tx, script_id, seen.version))


async def department_of(tx: Tx, user: User) -> str | None:
    """The department whose scripts a user sees; None = all: not an agent."""
    agent = await agents.find_agent(tx, user.login)
    return agent.department if agent else None


async def _offered(tx: Tx, wanted: Wanted, user: User) -> list[Script]:
    if wanted.state is None and not wanted.any and not wanted.expired:
        return await service.usable(tx, await department_of(tx, user))
    require(user, "scripts.edit")
    return await service.newest(tx)


def _fits(tx: Tx, script: Script, wanted: Wanted) -> bool:
    body = script.body
    return (
        (not wanted.group or body.group == wanted.group)
        and (wanted.state is None or script.state == wanted.state)
        and (not wanted.department or is_seen_by(body, wanted.department))
        and (wanted.expired is None or is_expired(body, tx.clock.now()) == wanted.expired)
    )


async def _moved(tx: Tx, user: User, what: str, made: Script) -> Any:
    await accounts.audit(
        tx, user, f"script.{what}", f"{made.head.no} version {made.version.version}"
    )
    return await shown(tx, made)


async def shown(tx: Tx, script: Script) -> dict[str, Any]:
    """One script as the API shows it."""
    return (await views(tx, [script]))[0]


async def views(tx: Tx, scripts: Sequence[Script]) -> list[dict[str, Any]]:
    """Scripts as the API shows them, with their voices and how often they were used."""
    known = await voices.voices(tx, scripts)
    usage = await service.usage(tx, [script.head.id for script in scripts])
    now, never = tx.clock.now(), Usage()
    return [
        {
            **_view(script),
            "expired": is_expired(script.body, now),
            "voice": known.get(voices.key_of(script)),
            **asdict(usage.get(script.head.id, never)),
        }
        for script in scripts
    ]


def _view(script: Script) -> dict[str, Any]:
    head, version = script.head, script.version
    return {
        "id": head.id, "no": head.no, "version": version.version, **script.body.model_dump(),
        "state": script.state.value, "published_version": head.published,
        "variables": names_in(script.body.text), "author": version.author,
        "approved_by": version.approved_by, "updated_at": head.updated_at,
    }  # fmt: skip


def _version_view(version: Version) -> dict[str, Any]:
    return {
        "version": version.version, **version.body.model_dump(), "author": version.author,
        "approved_by": version.approved_by, "at": version.at,
    }  # fmt: skip
