"""Customers over HTTP: search, page, quick create, edit, choose among matches."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from callwright.accounts import service as accounts
from callwright.accounts.guard import SignedIn, allowed
from callwright.accounts.model import User
from callwright.calls import service as calls
from callwright.calls.callbacks import DO_NOT_CALL
from callwright.customers import service as customers
from callwright.desk import people
from callwright.desk import reveal as reveals
from callwright.desk import service as desk
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.http import InTx
from callwright.queues import service as queues

router = APIRouter(tags=["customers"])
Reader = Annotated[User, Depends(allowed("calls.read"))]
Editor = Annotated[User, Depends(allowed("customers.edit"))]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Tier = Literal["normal", "silver", "gold", "diamond"]


class NewCustomer(BaseModel):
    """Who it is; the number is the contact's, or typed. `key` = one per form that was opened."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    contact_id: UUID | None = None
    phone: str = Field(default="", max_length=120)
    tier: Tier = "normal"
    key: str = Field(min_length=8, max_length=100)


class Edit(BaseModel):
    """What to change; what is not sent stays."""

    model_config = ConfigDict(extra="forbid")

    name: Name = ""
    tier: Tier = "normal"
    city: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class Reveal(BaseModel):
    """Which number, by its id on the page, and why; written to the audit trail."""

    phone: int = Field(ge=0, le=100)
    reason: reveals.Reason


class Chosen(BaseModel):
    """Who the caller is."""

    customer_id: UUID


class Wish(BaseModel):
    """Whether something is so."""

    on: bool


@router.get("/customers")
async def find_customers(
    request: Request,
    tx: InTx,
    _: Reader,
    q: Annotated[str, Query(min_length=1, max_length=100)],
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> Any:
    """By name, pinyin, first letters of pinyin, or number in any form; best first."""
    company = request.app.state.house.settings.company
    found = await customers.find(
        tx, q.strip(), area_code=company.area_code, region=company.region, limit=limit
    )
    return {"items": await people.found(tx, found)}


@router.get("/customers/{customer_id}")
async def get_customer(customer_id: UUID, tx: InTx, _: Reader) -> Any:
    """A customer with orders, contacts and tickets; numbers are masked."""
    return await people.page(tx, customer_id)


@router.post("/customers", status_code=201)
async def create_customer(
    body: NewCustomer, request: Request, response: Response, tx: InTx, user: Editor
) -> Any:
    """Write down a customer; from a contact, the contact is theirs. The same key makes one only."""
    if body.contact_id is None and not body.phone.strip():
        raise invalid("phone", "a number, or the contact whose number it is")
    company = request.app.state.house.settings.company
    phone, area_code = await _number(tx, body, company.area_code)
    customer_id, new = await customers.create(
        tx, name=body.name, tier=body.tier, phone=phone, key=body.key, area_code=area_code,
        region=company.region,
    )  # fmt: skip
    if body.contact_id:
        await people.identify(tx, body.contact_id, customer_id, user.login)
    if new:
        await accounts.audit(tx, user, "customer.create", f"customer:{customer_id}")
    else:
        response.status_code = 200
    return await people.page(tx, customer_id)


async def _number(tx: Tx, body: NewCustomer, area_code: str) -> tuple[str, str]:
    """The number, and the area code that it lacks if it is a short one."""
    if body.contact_id is None:
        return body.phone.strip(), area_code
    contact = await calls.contact(tx, body.contact_id)
    if contact is None:
        raise CallwrightError("not_found", what="contact", id=str(body.contact_id))
    line = await queues.line_for(tx, contact.to_number)
    return body.phone.strip() or contact.e164 or contact.from_number, line.area_code


@router.patch("/customers/{customer_id}")
async def edit_customer(customer_id: UUID, body: Edit, tx: InTx, user: Editor) -> Any:
    """Change what is sent."""
    changes = body.model_dump(exclude_unset=True)
    fields = await customers.edit(tx, customer_id, changes)
    if fields:
        subject = f"customer:{customer_id}"
        await accounts.audit(tx, user, "customer.edit", subject, ", ".join(fields))
    return await people.page(tx, customer_id)


@router.put("/customers/{customer_id}/do-not-call")
async def do_not_call(customer_id: UUID, body: Wish, tx: InTx, user: Editor) -> Any:
    """Whether the customer wants no calls from us; callbacks ask for it before each dial."""
    await customers.customer_of(tx, customer_id)
    await customers.push_fact(tx, customer_id, DO_NOT_CALL, body.on)
    await accounts.audit(tx, user, "customer.do_not_call", f"customer:{customer_id}", str(body.on))
    return {"on": body.on}


@router.post("/customers/{customer_id}/reveal")
async def reveal(customer_id: UUID, body: Reveal, tx: InTx, user: SignedIn) -> Any:
    """See one number whole: with the permission, or while this customer is one's own caller."""
    return {"value": await reveals.phone(tx, user, customer_id, body.phone, body.reason)}


@router.post("/contacts/{contact_id}/customer")
async def choose_customer(contact_id: UUID, body: Chosen, tx: InTx, user: Editor) -> Any:
    """Say who calls; the card as it is now."""
    await people.identify(tx, contact_id, body.customer_id, user.login)
    return await desk.card(tx, contact_id)
