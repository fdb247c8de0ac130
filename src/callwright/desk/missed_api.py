"""Missed callers over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi import Query as InQuery
from pydantic import BaseModel, Field, StringConstraints

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.calls import missed
from callwright.customers import service as customers
from callwright.customers.model import masked_number
from callwright.kit.db import Tx
from callwright.kit.http import InTx
from callwright.queues import service as queues
from callwright.tickets import service as tickets
from callwright.voicemails import service as voicemails

router = APIRouter(tags=["missed calls"])
Reader = Annotated[User, Depends(allowed("calls.read"))]
Handler = Annotated[User, Depends(allowed("tickets.edit"))]
FIELDS = (
    "contact_id", "last_contact_id", "at", "times", "reason", "waited_s", "tries", "last_try_at",
    "done_at", "done_how", "done_text", "number_kind",
)  # fmt: skip


class Search(BaseModel):
    """Query parameters of the list; `before` = the `next` of the page before."""

    done: bool | None = None
    queue: str | None = Field(default=None, max_length=100)
    before: datetime | None = None
    limit: int = Field(default=50, ge=1, le=200)


class Note(BaseModel):
    """What was done; may be empty."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""


@router.get("/missed")
async def list_missed(search: Annotated[Search, InQuery()], tx: InTx, _: Reader) -> Any:
    """The latest first; `open` = how many wait to be called back, by somebody or by themselves
    (those have a `callback`)."""
    rows = await missed.missed(tx, **search.model_dump())
    following = rows[-1]["at"] if len(rows) == search.limit else None
    items = await _views(tx, rows)
    many = await missed.count_open(tx)
    return {"items": items, "open": many, "next": following, "as_of": tx.clock.now()}


@router.post("/missed/{contact_id}/done")
async def done(contact_id: UUID, tx: InTx, user: Handler, body: Note | None = None) -> Any:
    """It is dealt with; a second press changes nothing."""
    await missed.done(tx, contact_id, user.login, body.text if body else "")
    [view] = await _views(tx, await missed.missed(tx, contact_id=contact_id))
    return view


def _callback(row: dict[str, Any]) -> dict[str, Any] | None:
    """The callback to this number that is under way: it is done without anybody's doing."""
    if row["callback_id"] is None:
        return None
    return {
        "id": row["callback_id"], "state": row["callback_state"],
        "not_before": row["not_before"], "blended": row["blended"],
    }  # fmt: skip


async def _views(tx: Tx, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    callers = await customers.heads_of(tx, [row["customer_id"] for row in rows])
    names = {queue.key: queue.name for queue in await queues.queues(tx)}
    people = await accounts.names_of(tx, [row["done_by"] for row in rows if row["done_by"]])
    last = [row["last_contact_id"] for row in rows]
    made = await tickets.tickets_of_contacts(tx, last)
    messages = await voicemails.left_by(tx, last)
    return [
        {
            **{name: row[name] for name in FIELDS},
            "ticket_no": made[row["last_contact_id"]]["no"]
            if row["last_contact_id"] in made
            else None,
            "message": row["last_contact_id"] in messages,
            "callback": _callback(row),
            "number_masked": masked_number(row["e164"] or row["from_number"]),
            "customer": callers.get(row["customer_id"]),
            "queue": {"key": row["queue"], "name": names.get(row["queue"], row["queue"])}
            if row["queue"]
            else None,
            "done_by": {"login": row["done_by"], "name": people.get(row["done_by"], row["done_by"])}
            if row["done_by"]
            else None,
        }
        for row in rows
    ]
