"""What people do with tickets: make, edit, assign, comment, solve, reopen. All is written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args
from uuid import UUID

from callwright.agents import service as agents
from callwright.calls import service as calls
from callwright.customers import service as customers
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.find import pieces, plain
from callwright.kit.ids import new_id
from callwright.queues import service as queues
from callwright.tickets import due, store
from callwright.tickets.events import (
    TicketAssigned,
    TicketCommented,
    TicketCreated,
    TicketEdited,
    TicketReopened,
    TicketSolved,
)
from callwright.tickets.model import (
    UNSOLVED,
    Change,
    Priority,
    TicketState,
    after,
    differences,
    trigger_to,
)
from callwright.tickets.types import types_in_force

LONGEST_SUBJECT = 200
_SAID: dict[str, type[TicketSolved | TicketReopened]] = {
    "solve": TicketSolved,
    "reopen": TicketReopened,
}


async def edit(
    tx: Tx, no: int, changes: Mapping[str, Any], by: str, version: int | None = None
) -> dict[str, Any]:
    """Change fields of a ticket and return its row.

    `changes` may hold subject, type, priority, department, assignee (a login or None), state.
    `by` is a login. With `version`, an edit of an older one is `wrong_state` with the present one.
    """
    row = await _locked(tx, no)
    if version is not None and version != row["version"]:
        raise CallwrightError(
            "wrong_state", what="ticket", state=row["state"], version=row["version"]
        )
    found = differences({**row, "assignee": await _login(tx, row["agent_id"])}, changes)
    if not found:
        return row
    values = await _checked(tx, row, found)
    await store.update_ticket(tx, row["id"], **values)
    await store.insert_changes(tx, row["id"], by, found)
    changed = {**row, **values}
    _tell(tx, row, changed, found)
    if values.keys() & {"state", "agent_id", "department"}:
        await count_open(tx, row["customer_id"])
    return changed


async def comment(tx: Tx, no: int, text: str, by: str) -> dict[str, Any]:
    """Write a comment; the version stays, so that nobody's edit is refused for it."""
    row = await _locked(tx, no)
    comment_id = new_id()
    await store.insert_comment(tx, comment_id, row["id"], by, text)
    await store.update_ticket(tx, row["id"], updated_at=tx.clock.now())
    tx.publish(TicketCommented(**_about(tx, row), version=row["version"], comment_id=comment_id))
    return row


async def solve(tx: Tx, no: int, by: str, text: str = "") -> dict[str, Any]:
    """The matter is settled; a second press does nothing."""
    return await _turn(tx, no, TicketState.SOLVED, by, text)


async def reopen(tx: Tx, no: int, by: str, text: str = "") -> dict[str, Any]:
    """It came up again; no-op when it is open."""
    return await _turn(tx, no, TicketState.OPEN, by, text)


async def create(
    tx: Tx,
    by: str,
    *,
    subject: str,
    customer_id: UUID | None = None,
    contact_id: UUID | None = None,
    type_: str | None = None,
    priority: Priority = "normal",
    department: str | None = None,
    key: str | None = None,
) -> dict[str, Any]:
    """A ticket made by a person, for a customer or from a contact; one per contact and per key."""
    made = await store.ticket_of_key(tx, key) if key else None
    if made:
        return made
    contact = await calls.contact(tx, contact_id) if contact_id else None
    if contact_id and contact is None:
        raise CallwrightError("not_found", what="contact", id=str(contact_id))
    owner = contact.customer_id if contact else customer_id
    if owner:
        await customers.customer_of(tx, owner)
    await _known(tx, {"type": type_, "department": department})
    site, now = contact.site if contact else "main", tx.clock.now()
    row = {
        "id": new_id(), "contact_id": contact_id, "customer_id": owner, "site": site, "key": key,
        "state": TicketState.OPEN.value, "type": type_, "priority": priority, "evidence": [],
        "department": department, "subject": _subject(subject), "created_at": now,
        "due_at": await due.due_at(tx, now, priority),
        "transcribed": True, "reasons": [], **search_of(subject, type_, []),
    }  # fmt: skip
    no = await store.insert_ticket(tx, row)
    if no is None:
        return await _made_meanwhile(tx, contact_id, key)
    if contact_id:
        await store.overrule_verdict(tx, contact_id, "made by hand")
    await store.insert_changes(tx, row["id"], by, [Change("created", None, None)])
    tx.publish(
        TicketCreated(
            at=tx.clock.now(), site=site, contact_id=contact_id, ticket_id=row["id"], no=no,
            type=type_ or "", priority=priority, department=department or "", transcribed=True,
        )
    )  # fmt: skip
    await count_open(tx, owner)
    return await _locked(tx, no)


async def follow_contact(tx: Tx, contact_id: UUID, customer_id: UUID, by: str) -> None:
    """The caller turned out to be somebody (else): the contact's ticket is theirs too."""
    row = await store.ticket_of(tx, contact_id)
    if row is None or row["customer_id"] == customer_id:
        return
    before = row["customer_id"]
    values = {"customer_id": customer_id, "version": row["version"] + 1}
    await store.update_ticket(tx, row["id"], **values, updated_at=tx.clock.now())
    change = Change("customer", str(before) if before else None, str(customer_id))
    await store.insert_changes(tx, row["id"], by, [change])
    tx.publish(TicketEdited(**_about(tx, row), version=values["version"], fields=["customer"]))
    await count_open(tx, before)
    await count_open(tx, customer_id)


async def count_open(tx: Tx, customer_id: UUID | None) -> None:
    """Routing and the caller's card ask customers, not us: push the figure down."""
    if customer_id:
        many = await store.count_open(tx, customer_id)
        await customers.push_fact(tx, customer_id, "open_tickets", many)
        owner = await store.open_owner(tx, customer_id)
        await customers.push_fact(tx, customer_id, "ticket_team", owner["department"])
        await customers.push_fact(tx, customer_id, "ticket_agent", owner["agent_id"])


def search_of(subject: str, type_: str | None, evidence: list[dict[str, Any]]) -> dict[str, Any]:
    """The columns by which a ticket is found; nothing of the customer, who may be erased."""
    words = [plain(text) for text in (subject, type_ or "", *(e["text"] for e in evidence))]
    return {"words": "\n".join(words), "search": pieces(words)}


async def check(tx: Tx, changes: Mapping[str, Any], present: Mapping[str, Any]) -> None:
    """What a person types must be known; what an older table or an import left may stay."""
    typed = [field for field in ("type", "department") if field in changes]
    await _known(tx, {field: changes[field] for field in typed if changes[field] != present[field]})


async def fields(tx: Tx) -> dict[str, list[Any]]:
    """What a ticket's fields may hold."""
    _, table = await types_in_force(tx)
    people = await agents.agents(tx)
    rooms = [row["department"] for row in table]
    rooms += [queue.department for queue in await queues.queues(tx)]
    rooms += [agent.department for agent in people]
    return {
        "types": list(dict.fromkeys(row["type"] for row in table)),
        "departments": list(dict.fromkeys(rooms)),
        "priorities": list(get_args(Priority)),
        "assignees": [
            {"login": agent.login, "name": agent.name, "department": agent.department}
            for agent in people
        ],
    }


async def _turn(tx: Tx, no: int, wanted: TicketState, by: str, text: str) -> dict[str, Any]:
    row = await _locked(tx, no)
    if row["state"] == wanted:
        return row
    if wanted is TicketState.OPEN:
        after(TicketState(row["state"]), "reopen")
    changed = await edit(tx, no, {"state": wanted.value}, by)
    if text:
        await comment(tx, no, text, by)
    return changed


async def _locked(tx: Tx, no: int) -> dict[str, Any]:
    row = await store.ticket_for_update(tx, no)
    if row is None:
        raise CallwrightError("not_found", what="ticket", no=no)
    return row


async def _login(tx: Tx, agent_id: UUID | None) -> str | None:
    return (await agents.agent_of_id(tx, agent_id)).login if agent_id else None


async def _checked(tx: Tx, row: dict[str, Any], found: list[Change]) -> dict[str, Any]:
    """The columns to write, each value looked at; a closed ticket must be reopened first."""
    state, now = TicketState(row["state"]), tx.clock.now()
    values: dict[str, Any] = {"version": row["version"] + 1, "updated_at": now}
    if state is TicketState.CLOSED and [change.what for change in found] != ["state"]:
        raise CallwrightError("wrong_state", what="ticket", state=state.value, trigger="edit")
    for change in found:
        match change.what:
            case "assignee":
                values["agent_id"] = await _agent_id(tx, change.after)
            case "state":
                following = _state(change.after)
                trigger_to(state, following)
                values["state"] = following.value
            case "subject":
                values["subject"] = _subject(change.after or "")
            case _:
                values[change.what] = change.after
    if values.get("state") in (TicketState.SOLVED, TicketState.OPEN):
        values["solved_at"] = now if values["state"] == TicketState.SOLVED else None
    values |= await _due(tx, state, {**row, **values}, row["priority"])
    if {"subject", "type"} & values.keys():
        merged = {**row, **values}
        values |= search_of(merged["subject"], merged["type"], row["evidence"])
    return values


async def _due(
    tx: Tx, before: TicketState, wanted: dict[str, Any], priority: str
) -> dict[str, Any]:
    """Another priority moves the due time; what is reopened gets a new one."""
    if before not in UNSOLVED and wanted["state"] in UNSOLVED:
        return {"due_at": await due.due_at(tx, tx.clock.now(), wanted["priority"])}
    if wanted["priority"] != priority:
        return {"due_at": await due.moved(tx, wanted["due_at"], priority, wanted["priority"])}
    return {}


def _state(value: str | None) -> TicketState:
    try:
        return TicketState(value or "")
    except ValueError:
        raise invalid("state", f"one of {', '.join(TicketState)}") from None


def _subject(text: str) -> str:
    if len(text) > LONGEST_SUBJECT:
        raise invalid("subject", f"at most {LONGEST_SUBJECT} characters")
    return text.strip()


async def _agent_id(tx: Tx, login: str | None) -> UUID | None:
    if login is None:
        return None
    try:
        return (await agents.agent_of_login(tx, login)).id
    except CallwrightError:
        raise invalid("assignee", f"no agent has the login {login!r}") from None


async def _known(tx: Tx, typed: Mapping[str, str | None]) -> None:
    """Only types and departments that the house has."""
    given = {field: value for field, value in typed.items() if value is not None}
    known = await fields(tx) if given else {}
    for field, value in given.items():
        if value not in known[f"{field}s"]:
            raise invalid(field, "not one of those in /ticket-fields")


async def _made_meanwhile(tx: Tx, contact_id: UUID | None, key: str | None) -> dict[str, Any]:
    """The second press finds what the first one made; another request's ticket is told instead."""
    made = await store.ticket_of_key(tx, key) if key else None
    if made:
        return made
    other = await store.ticket_of(tx, contact_id) if contact_id else None
    raise CallwrightError("already_exists", what="ticket", no=other["no"] if other else None)


def _about(tx: Tx, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": tx.clock.now(), "site": row["site"], "contact_id": row["contact_id"],
        "ticket_id": row["id"], "no": row["no"],
    }  # fmt: skip


def _tell(tx: Tx, row: dict[str, Any], changed: dict[str, Any], found: list[Change]) -> None:
    """One event for each kind of change; names and texts stay out of it."""
    about = {**_about(tx, row), "version": changed["version"]}
    edited = [change.what for change in found if change.what not in ("assignee", "state")]
    if changed["state"] != row["state"]:
        trigger = trigger_to(TicketState(row["state"]), TicketState(changed["state"]))
        said = _SAID.get(trigger)
        if said:
            tx.publish(said(**about))
        else:
            edited.append("state")
    if edited:
        tx.publish(TicketEdited(**about, fields=edited))
    if changed["agent_id"] != row["agent_id"]:
        tx.publish(TicketAssigned(**about, agent_id=changed["agent_id"]))
