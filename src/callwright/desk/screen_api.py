"""The desk over HTTP: one's own screen, notes, the draft, the wrap-up."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.desk import dispositions, screen, todo, wrap_up
from callwright.kit.http import InTx

router = APIRouter(tags=["desk"])
Own = Annotated[User, Depends(allowed("agents.own_state"))]
Editor = Annotated[User, Depends(allowed("settings.edit"))]


class Note(BaseModel):
    """The whole note as it is now."""

    text: str = Field(max_length=10_000)


class DraftFields(BaseModel):
    """Fields that the agent changes; the others stay as they are."""

    model_config = ConfigDict(extra="forbid")

    subject: str = Field(default="", max_length=200)
    type: str | None = Field(default=None, max_length=100)
    priority: Literal["low", "normal", "high", "urgent"] = "normal"
    department: str | None = Field(default=None, max_length=100)


class WrapUp(BaseModel):
    """Disposition and summary as chosen and written so far."""

    disposition: str | None = Field(default=None, max_length=40)
    summary: str | None = Field(default=None, max_length=10_000)


class Finish(BaseModel):
    """The submitted wrap-up. `ticket` null = no ticket is wanted; `key` = one for each press."""

    disposition: str = Field(max_length=40)
    summary: str = Field(max_length=10_000)
    ticket: DraftFields | None
    ready: bool
    key: str = Field(min_length=8, max_length=80)


@router.get("/desk")
async def get_desk(request: Request, tx: InTx, user: Own) -> Any:
    """One's own state, the call in hand with everything about it, the day's figures."""
    return await screen.desk(tx, user.login, request.app.state.house.settings.company)


@router.get("/desk/today")
async def get_today(request: Request, tx: InTx, user: Own) -> Any:
    """One's own figures since midnight of the site, in seconds and counts."""
    return await screen.today_of(tx, user.login, request.app.state.house.settings.company)


@router.get("/desk/todo")
async def get_todo(tx: InTx, user: Own) -> Any:
    """What waits for oneself, oldest first: missed callers of one's queues, open tickets."""
    return {"items": await todo.items(tx, user.login)}


@router.get("/desk/dispositions")
async def get_dispositions(tx: InTx, _: Own) -> Any:
    """What an agent may choose when wrapping up, with its words."""
    return (await dispositions.in_force(tx))[1]


@router.put("/desk/dispositions")
async def publish_dispositions(body: list[dict[str, Any]], tx: InTx, user: Editor) -> Any:
    """Publish the next list; what was submitted before keeps its key."""
    version = await dispositions.publish(tx, body, user.login)
    await accounts.audit(tx, user, "dispositions.publish", f"version {version}")
    return {"version": version}


@router.put("/contacts/{contact_id}/note")
async def put_note(contact_id: UUID, body: Note, tx: InTx, user: Own) -> Any:
    """Keep the note as typed so far; the next agent of the call sees it."""
    await wrap_up.write_note(tx, user.login, contact_id, body.text)
    return {"text": body.text}


@router.put("/contacts/{contact_id}/draft")
async def put_draft(contact_id: UUID, body: DraftFields, tx: InTx, user: Own) -> Any:
    """Change fields of the ticket draft; they are never overwritten by what is heard."""
    return await wrap_up.edit_draft(tx, user.login, contact_id, _given(body))


@router.put("/contacts/{contact_id}/wrap-up")
async def put_wrap_up(contact_id: UUID, body: WrapUp, tx: InTx, user: Own) -> Any:
    """Keep what was chosen and written so far: the countdown submits it."""
    await wrap_up.write_wrap_up(tx, user.login, contact_id, _given(body))
    return {}


@router.post("/contacts/{contact_id}/wrap-up/extend")
async def extend_wrap_up(
    contact_id: UUID, tx: InTx, user: Own, seen: Annotated[int | None, Query(ge=0)] = None
) -> Any:
    """Half a minute more; 409 after the second time. `seen` = the times that the screen shows."""
    return {"until": await wrap_up.extend(tx, user.login, contact_id, seen)}


@router.post("/contacts/{contact_id}/finish")
async def finish(contact_id: UUID, body: Finish, tx: InTx, user: Own) -> Any:
    """Submit the wrap-up, and be ready when `ready`; the same key twice does nothing twice."""
    form = wrap_up.Finish(
        body.disposition,
        body.summary,
        None if body.ticket is None else _given(body.ticket),
        body.ready,
        body.key,
    )
    return {"ticket_no": await wrap_up.finish(tx, user.login, contact_id, form)}


def _given(body: BaseModel) -> dict[str, Any]:
    """Only what was sent."""
    return body.model_dump(exclude_unset=True)
