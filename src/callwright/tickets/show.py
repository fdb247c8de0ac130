"""Tickets as people see them: with names instead of ids, and the number masked."""

from __future__ import annotations

from typing import Any

from callwright.accounts import service as accounts
from callwright.agents import service as agents
from callwright.calls import service as calls
from callwright.customers import service as customers
from callwright.customers.model import masked_number
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.tickets import store
from callwright.tickets.reads import ticket_by_no

FIELDS = (
    "no", "contact_id", "state", "type", "priority", "department", "subject", "evidence",
    "reasons", "created_at", "updated_at", "solved_at", "due_at", "transcribed", "version",
    "source",
)  # fmt: skip


async def views(tx: Tx, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of tickets as the API shows them; their sentences are masked."""
    owners = [row["customer_id"] for row in rows if row["customer_id"]]
    callers = [row["contact_id"] for row in rows if row["contact_id"]]
    heads = await customers.heads_of(tx, owners)
    people = {agent.id: agent for agent in await agents.agents(tx)}
    called = await calls.numbers_of(tx, callers)
    known = await customers.first_numbers(tx, owners)
    found: list[dict[str, Any]] = []
    for row in rows:
        agent = people.get(row["agent_id"])
        number = called.get(row["contact_id"]) or known.get(row["customer_id"])
        found.append(
            {
                **{name: row[name] for name in FIELDS},
                "customer": heads.get(row["customer_id"]),
                "assignee": {"login": agent.login, "name": agent.name} if agent else None,
                "number_masked": masked_number(number) if number else None,
            }
        )
    return found


async def row(tx: Tx, no: int) -> dict[str, Any]:
    """A ticket as it is stored; `not_found` otherwise."""
    found = await ticket_by_no(tx, no)
    if found is None:
        raise CallwrightError("not_found", what="ticket", no=no)
    return found


async def page(tx: Tx, no: int) -> dict[str, Any]:
    """One ticket with its comments and everything that was changed."""
    ticket = await row(tx, no)
    [view] = await views(tx, [ticket])
    comments = await store.notes_of(tx, store.comment_table, ticket["id"])
    changes = await store.notes_of(tx, store.change_table, ticket["id"])
    names = await accounts.names_of(tx, [note["login"] for note in (*comments, *changes)])
    contact = await calls.contact(tx, ticket["contact_id"]) if ticket["contact_id"] else None
    return {
        **view,
        "comments": [
            {"id": note["id"], "at": note["at"], "text": note["text"], "by": _by(note, names)}
            for note in comments
        ],
        "history": [
            {
                "at": note["at"], "by": _by(note, names), "what": note["what"],
                "from": note["before"], "to": note["after"],
            }
            for note in changes
        ],
        "contact": {
            "id": contact.id, "started_at": contact.started_at, "ended_at": contact.ended_at,
            "state": contact.state.value, "end_reason": contact.end_reason,
            "queue": contact.queue,
        } if contact else None,
    }  # fmt: skip


def _by(note: dict[str, Any], names: dict[str, str]) -> dict[str, str]:
    return {"login": note["login"], "name": names.get(note["login"], note["login"])}
