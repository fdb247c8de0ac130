"""Contacts over HTTP: the list, the page, the card, reveal, the recording."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, Response
from pydantic import BaseModel, Field

from callwright.accounts import service as accounts
from callwright.accounts.guard import SignedIn, allowed, require
from callwright.accounts.model import User
from callwright.agents import service as agents
from callwright.calls import reads
from callwright.customers import service as customers
from callwright.desk import reveal as reveals
from callwright.desk import service
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.find import typed_digits
from callwright.kit.http import InTx
from callwright.recordings import service as recordings
from callwright.transcripts import service as transcripts

router = APIRouter(tags=["contacts"])
Reader = Annotated[User, Depends(allowed("calls.read"))]
FOUND_AT_MOST = 500


class Search(BaseModel):
    """Query parameters of the list."""

    q: str = Field(default="", max_length=100, pattern=r"^[^\x00]*$")
    state: str | None = None
    direction: Literal["in", "out"] | None = None
    from_number: str | None = Field(default=None, max_length=120)
    agent: str | None = None
    queue: str | None = Field(default=None, max_length=100)
    since: datetime | None = None
    until: datetime | None = None
    before: UUID | None = None
    limit: int = Field(default=50, ge=1, le=200)


class Reveal(BaseModel):
    """What to see unmasked, and why; written to the audit trail."""

    what: str = Field(pattern="^(number|turn)$")
    turn: UUID | None = None
    reason: reveals.Reason


@router.get("/contacts")
async def list_contacts(search: Annotated[Search, Query()], tx: InTx, _: Reader) -> Any:
    """Newest first. `q` finds numbers, customers' names, agents, and words that were said."""
    wanted = await search_filter(tx, search)
    rows = await reads.contacts(tx, wanted, before=search.before, limit=search.limit)
    following = rows[-1]["id"] if len(rows) == search.limit else None
    items = await service.summaries(tx, rows)
    return {"items": items, "next": following, "as_of": tx.clock.now()}


async def search_filter(tx: Tx, search: Search) -> reads.ContactFilter:
    """Turn what a person typed into what the rooms can look for."""
    agent_id = (await agents.agent_of_login(tx, search.agent)).id if search.agent else None
    q = search.q.strip()
    named = [agent.id for agent in await agents.agents(tx) if q and q in (agent.login, agent.name)]
    return reads.ContactFilter(
        state=search.state,
        direction=search.direction,
        from_number=search.from_number,
        agent_id=agent_id,
        queue=search.queue,
        since=search.since,
        until=search.until,
        digits=typed_digits(q) or None,
        ids=await transcripts.contacts_that_say(tx, q, FOUND_AT_MOST) if q else None,
        customers=await customers.ids_by_name(tx, q) if q else None,
        agents=named or None,
    )


@router.get("/contacts/{contact_id}")
async def get_contact(contact_id: UUID, tx: InTx, _: Reader) -> Any:
    """One contact with timeline, recording, transcript and ticket."""
    return await service.page(tx, contact_id)


@router.get("/contacts/{contact_id}/card")
async def get_card(contact_id: UUID, tx: InTx, _: Reader) -> Any:
    """What pops on ring."""
    return await service.card(tx, contact_id)


@router.post("/contacts/{contact_id}/reveal")
async def reveal(contact_id: UUID, body: Reveal, tx: InTx, user: SignedIn) -> Any:
    """See one masked value; who, what and why are written down."""
    if body.what == "number":
        return {"value": await reveals.number(tx, user, contact_id, body.reason)}
    if body.turn is None:
        raise invalid("turn", "which turn")
    return {"value": await reveals.turn(tx, user, contact_id, body.turn, body.reason)}


@router.get("/contacts/{contact_id}/recording")
async def get_recording(
    contact_id: UUID, request: Request, tx: InTx, user: Reader, original: bool = False
) -> Response:
    """The masked stereo WAV (left customer, right agent); `original` needs its own permission."""
    house = request.app.state.house
    row = await recordings.recording_of(tx, contact_id)
    if row is None or row["state"] != "saved":
        raise CallwrightError("not_found", what="recording", contact=str(contact_id))
    if original:
        require(user, "recordings.original")
        await accounts.audit(tx, user, "recording.original", f"contact:{contact_id}")
        sound = await recordings.original_sound(house, row["path"])
        return Response(sound, media_type="audio/wav")
    file = recordings.masked_file(house.settings.home, row["path"])
    if not row["masked"] or not file.exists():
        raise CallwrightError("not_found", what="masked recording", contact=str(contact_id))
    return FileResponse(file, media_type="audio/wav", headers={"Cache-Control": "private"})
