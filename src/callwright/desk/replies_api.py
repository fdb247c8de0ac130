"""Ready replies in a call over HTTP: fill, send, what was sent, opt-out."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.calls import service as calls
from callwright.desk import playing, replies
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.http import InTx
from callwright.messages import service as messages
from callwright.scripts.variables import VARIABLES

router = APIRouter(tags=["replies"])
Talker = Annotated[User, Depends(allowed("agents.own_state"))]
Typed = dict[str, Annotated[str, Field(max_length=60)]]


class Sending(BaseModel):
    """`key` = the sender's own, one for each press; `values` = what is on no card."""

    key: str = Field(min_length=1, max_length=100)
    values: Typed = Field(default={}, max_length=20)


class Playing(BaseModel):
    """`values` = what is on no card."""

    values: Typed = Field(default={}, max_length=20)


def chosen(contact_id: UUID, script_id: UUID, request: Request, user: Talker) -> replies.Choice:
    """What the path names."""
    company = request.app.state.house.settings.company
    return replies.Choice(user, contact_id, script_id, company)


Chosen = Annotated[replies.Choice, Depends(chosen)]


@router.get("/contacts/{contact_id}/scripts/{script_id}")
async def get_filled(choice: Chosen, request: Request, tx: InTx) -> Any:
    """Filled from the card; query parameters named like variables add what is on no card."""
    typed = {name: value[:60] for name, value in request.query_params.items() if name in VARIABLES}
    filled = (await replies.ready(tx, choice, typed)).filled
    return {"text": filled.text, "spoken": filled.spoken, "missing": filled.missing}


@router.post("/contacts/{contact_id}/scripts/{script_id}/send")
async def send_script(choice: Chosen, body: Sending, tx: InTx) -> Any:
    """Send it as a text message to the caller's number; pressed twice it is sent once."""
    message = await replies.send(tx, choice, body.key, body.values)
    return {"message_id": message.id, "state": message.state.value}


@router.post("/contacts/{contact_id}/scripts/stop")
async def stop_script(contact_id: UUID, request: Request, user: Talker) -> Any:
    """Stop what plays; nothing happens where nothing does."""
    return {"stopped": await playing.stop(request.app.state.house, user, contact_id)}


@router.post("/contacts/{contact_id}/scripts/{script_id}/play")
async def play_script(choice: Chosen, request: Request, body: Playing | None = None) -> Any:
    """Play it to both sides of the talk; answered as soon as it begins."""
    values = body.values if body else {}
    return {"seconds": await playing.play(request.app.state.house, choice, values)}


@router.get("/contacts/{contact_id}/messages")
async def get_messages(
    contact_id: UUID, tx: InTx, _: Annotated[User, Depends(allowed("calls.read"))]
) -> Any:
    """What was sent, masked, and whether the number has opted out."""
    return await replies.sent_to(tx, contact_id)


@router.put("/contacts/{contact_id}/opt-out")
async def opt_out(contact_id: UUID, tx: InTx, user: Talker) -> Any:
    """The caller wants no more messages."""
    number = await _number(tx, contact_id)
    await messages.opt_out(tx, number, user.login)
    await accounts.audit(tx, user, "message.opt_out", f"contact:{contact_id}")
    return {"opted_out": True}


@router.delete("/contacts/{contact_id}/opt-out")
async def opt_in(contact_id: UUID, tx: InTx, user: Talker) -> Any:
    """The caller wants messages again."""
    number = await _number(tx, contact_id)
    await messages.opt_in(tx, number)
    await accounts.audit(tx, user, "message.opt_in", f"contact:{contact_id}")
    return {"opted_out": False}


async def _number(tx: Tx, contact_id: UUID) -> str:
    contact = await calls.contact(tx, contact_id)
    if contact is None:
        raise CallwrightError("not_found", what="contact", id=str(contact_id))
    if not contact.e164:
        raise CallwrightError("no_number", contact=str(contact_id), kind=contact.number_kind)
    return contact.e164
