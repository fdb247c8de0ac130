"""Tickets over HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.agents import service as agents
from callwright.calls import service as calls
from callwright.customers import service as customers
from callwright.kit.db import Tx
from callwright.kit.errors import invalid
from callwright.kit.find import typed_digits
from callwright.kit.http import InTx
from callwright.tickets import due, reads, show, types, work
from callwright.tickets.model import UNSOLVED, Priority

router = APIRouter(tags=["tickets"])
MAX_NO = 2**62
FOUND_AT_MOST = 500
Admin = Annotated[User, Depends(allowed("settings.edit"))]
Editor = Annotated[User, Depends(allowed("tickets.edit"))]
Reader = Annotated[User, Depends(allowed("tickets.read"))]
No = Annotated[int, Path(ge=1, le=MAX_NO)]
State = Literal["open", "pending", "solved", "closed"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Subject = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class Search(BaseModel):
    """Query parameters of the list.

    `assignee` = a login, `none` or `me`; `state` may be `unsolved` = open or pending; `overdue` =
    unsolved and past its due time. `before` = the number of the last ticket seen in this `sort`.
    """

    q: str = Field(default="", max_length=100)
    state: State | Literal["unsolved"] | None = None
    type: str | None = Field(default=None, max_length=100)
    priority: Priority | None = None
    department: str | None = Field(default=None, max_length=100)
    assignee: str | None = Field(default=None, max_length=100)
    customer: UUID | None = None
    overdue: bool = False
    sort: Literal["newest", "due"] = "newest"
    before: Annotated[int | None, Field(ge=1, le=MAX_NO)] = None
    limit: int = Field(default=50, ge=1, le=200)


class NewTicket(BaseModel):
    """For a customer, or from a contact. With `key`, the same request makes one ticket only."""

    model_config = ConfigDict(extra="forbid")

    customer_id: UUID | None = None
    contact_id: UUID | None = None
    subject: Annotated[Subject, Field(min_length=1)]
    type: str | None = Field(default=None, max_length=100)
    priority: Priority = "normal"
    department: str | None = Field(default=None, max_length=100)
    key: str | None = Field(default=None, min_length=8, max_length=100)


class Edit(BaseModel):
    """What to change, and the version that was looked at."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1, le=2**31 - 1)
    subject: Subject = ""
    type: str | None = Field(default=None, max_length=100)
    priority: Priority = "normal"
    department: str | None = Field(default=None, max_length=100)
    assignee: str | None = Field(default=None, max_length=100)
    state: State = "open"


class Comment(BaseModel):
    """What a person adds."""

    text: Annotated[Text, Field(min_length=1)]


class Note(BaseModel):
    """What a person says about solving or reopening; may be empty."""

    text: Text = ""


@router.get("/tickets")
async def list_tickets(
    search: Annotated[Search, Query()], request: Request, tx: InTx, user: Reader
) -> Any:
    """Newest or due first; `next` continues. `q` finds words, customers, numbers in any form."""
    wanted = await _filter(tx, search, user, request)
    rows = await reads.tickets(
        tx, wanted, before=search.before, limit=search.limit, by_due=search.sort == "due"
    )
    following = rows[-1]["no"] if len(rows) == search.limit else None
    return {"items": await show.views(tx, rows), "next": following, "as_of": tx.clock.now()}


async def _filter(tx: Tx, search: Search, user: User, request: Request) -> reads.TicketFilter:
    company = request.app.state.house.settings.company
    q = search.q.strip()
    owners = [
        match.id
        for match in await customers.find(
            tx, q, area_code=company.area_code, region=company.region, limit=FOUND_AT_MOST
        )
    ]
    digits = typed_digits(q)
    states: tuple[str, ...] = UNSOLVED if search.state == "unsolved" else ()
    return reads.TicketFilter(
        states=(search.state,) if search.state and not states else states,
        type=search.type,
        priority=search.priority,
        department=search.department,
        agent_id=await _assignee(tx, search.assignee, user),
        unassigned=search.assignee == "none",
        customer_id=search.customer,
        overdue_at=tx.clock.now() if search.overdue else None,
        q=q,
        customers=owners,
        contacts=await calls.contacts_by_number(tx, digits, FOUND_AT_MOST) if digits else (),
    )


async def _assignee(tx: Tx, wanted: str | None, user: User) -> UUID | None:
    """Whose tickets. Somebody who is no agent has none of their own."""
    if wanted in (None, "none"):
        return None
    if wanted == "me":
        own = await agents.find_agent(tx, user.login)
        return own.id if own else user.id
    return (await agents.agent_of_login(tx, str(wanted))).id


@router.get("/ticket-counts")
async def get_counts(tx: InTx, user: Reader) -> Any:
    """How much unsolved work there is: one's own, nobody's, all of it, by department."""
    return await reads.unsolved(tx, await _assignee(tx, "me", user))


@router.get("/ticket-fields")
async def get_fields(tx: InTx, _: Reader) -> Any:
    """What type, department, priority and assignee may be."""
    return await work.fields(tx)


@router.get("/tickets/{no}")
async def get_ticket(no: No, tx: InTx, _: Reader) -> Any:
    """One ticket with comments and history."""
    return await show.page(tx, no)


@router.post("/tickets", status_code=201)
async def create_ticket(body: NewTicket, tx: InTx, user: Editor) -> Any:
    """Made by a person: for a customer, or from a contact that has none yet."""
    if (body.customer_id is None) == (body.contact_id is None):
        raise invalid("customer_id", "either customer_id or contact_id")
    values = body.model_dump(exclude={"type"})
    row = await work.create(tx, user.login, type_=body.type, **values)
    return await show.page(tx, row["no"])


@router.patch("/tickets/{no}")
async def edit_ticket(no: No, body: Edit, tx: InTx, user: Editor) -> Any:
    """Change what is sent; 409 with the present version when somebody else was first."""
    changes = body.model_dump(exclude={"version"}, exclude_unset=True)
    await work.check(tx, changes, await show.row(tx, no))
    await work.edit(tx, no, changes, user.login, body.version)
    return await show.page(tx, no)


@router.post("/tickets/{no}/comments", status_code=201)
async def comment_ticket(no: No, body: Comment, tx: InTx, user: Editor) -> Any:
    """Add a comment."""
    await work.comment(tx, no, body.text, user.login)
    return await show.page(tx, no)


@router.post("/tickets/{no}/solve")
async def solve_ticket(no: No, tx: InTx, user: Editor, body: Note | None = None) -> Any:
    """The matter is settled."""
    await work.solve(tx, no, user.login, body.text if body else "")
    return await show.page(tx, no)


@router.post("/tickets/{no}/reopen")
async def reopen_ticket(no: No, tx: InTx, user: Editor, body: Note | None = None) -> Any:
    """It came up again."""
    await work.reopen(tx, no, user.login, body.text if body else "")
    return await show.page(tx, no)


@router.get("/ticket-types")
async def get_types(tx: InTx, _: Admin) -> Any:
    """The keyword table in force; version 0 = the one that came with the software."""
    version, body = await types.types_in_force(tx)
    return {"version": version, "body": body}


@router.put("/ticket-types")
async def publish_types(body: list[dict[str, Any]], tx: InTx, user: Admin) -> Any:
    """Publish the next keyword table; the next ticket follows it."""
    version = await types.publish_types(tx, body, user.login)
    await accounts.audit(tx, user, "ticket_types.publish", f"version {version}")
    return {"version": version}


@router.get("/ticket-due-hours")
async def get_due_hours(tx: InTx, _: Admin) -> Any:
    """Hours until a ticket of each priority is overdue; version 0 = ours.

    With `calendar` they are hours of its open time.
    """
    version, rule = await due.rule_in_force(tx)
    return {"version": version, "body": rule.body()}


@router.put("/ticket-due-hours")
async def publish_due_hours(body: dict[str, Any], tx: InTx, user: Admin) -> Any:
    """Publish other hours; tickets to come follow them."""
    version = await due.publish_hours(tx, body, user.login)
    await accounts.audit(tx, user, "ticket_due_hours.publish", f"version {version}")
    return {"version": version}
