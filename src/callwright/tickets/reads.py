"""Lists of tickets for people: filtered, searched, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from callwright.kit.db import Tx
from callwright.kit.find import pieces, plain
from callwright.tickets.model import UNSOLVED, TicketState
from callwright.tickets.store import change_table, t, ticket_table


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """What to look for; None or empty = any.

    `overdue_at` = unsolved and due before this moment. `customers` and `contacts` were found by
    the typed word.
    """

    states: Sequence[str] = ()
    type: str | None = None
    priority: str | None = None
    department: str | None = None
    agent_id: UUID | None = None
    unassigned: bool = False
    customer_id: UUID | None = None
    overdue_at: datetime | None = None
    q: str = ""
    customers: Sequence[UUID] = ()
    contacts: Sequence[UUID] = ()


async def tickets(
    tx: Tx, wanted: TicketFilter, *, before: int | None, limit: int, by_due: bool = False
) -> list[dict[str, Any]]:
    """Newest tickets first, or those due first; `before` = the number of the last one seen.

    Each way in which the typed word may have hit is a list of its own, read by its own index.
    """
    must = _conditions(wanted)
    order = (t.due_at, t.no) if by_due else (t.no.desc(),)
    if before:
        must.append(_after(before) if by_due else t.no < before)
    query = sa.select(ticket_table).order_by(*order).limit(limit)
    hits = _hits(wanted)
    if not wanted.q.strip():
        return await tx.rows(query.where(*must))
    if not hits:
        return []
    found = sa.union(*(sa.select(t.no).where(hit, *must) for hit in hits)).subquery()
    return await tx.rows(query.where(t.no.in_(sa.select(found.c.no))))


def _after(no: int) -> sa.ColumnElement[bool]:
    """Due later than a ticket, or with it and made later."""
    last = ticket_table.alias()
    due_at = sa.select(last.c.due_at).where(last.c.no == no).scalar_subquery()
    return sa.tuple_(t.due_at, t.no) > sa.tuple_(due_at, sa.literal(no))


def _conditions(wanted: TicketFilter) -> list[sa.ColumnElement[bool]]:
    same = ("type", "priority", "department", "agent_id", "customer_id")
    found = [t[name] == getattr(wanted, name) for name in same if getattr(wanted, name) is not None]
    if wanted.overdue_at:
        found += [t.due_at < wanted.overdue_at, t.state.in_(UNSOLVED)]
    if wanted.states:
        found.append(t.state.in_(wanted.states))
    return [*found, t.agent_id.is_(None)] if wanted.unassigned else found


def _hits(wanted: TicketFilter) -> list[sa.ColumnElement[bool]]:
    word = plain(wanted.q)
    hits: list[sa.ColumnElement[bool]] = []
    if word:
        hits.append(
            t.search.contains(pieces([word], (min(2, len(word)),))) & t.words.contains(word)
        )
    if word.isdecimal() and len(word) <= 18:
        hits.append(t.no == int(word))
    if wanted.customers:
        hits.append(t.customer_id.in_(wanted.customers))
    if wanted.contacts:
        hits.append(t.contact_id.in_(wanted.contacts))
    return hits


async def ticket_by_no(tx: Tx, no: int) -> dict[str, Any] | None:
    """One ticket by its number."""
    return await tx.row(sa.select(ticket_table).where(t.no == no))


async def tickets_of_customer(tx: Tx, customer_id: UUID, limit: int) -> list[dict[str, Any]]:
    """A customer's newest tickets."""
    return await tickets(tx, TicketFilter(customer_id=customer_id), before=None, limit=limit)


async def unsolved(tx: Tx, agent_id: UUID | None) -> dict[str, Any]:
    """How many wait: for this agent, for nobody yet, too long, altogether, by department."""
    many = sa.func.count()
    query = sa.select(
        t.department,
        many.label("open"),
        many.filter(t.agent_id == agent_id).label("mine"),
        many.filter(t.agent_id.is_(None)).label("unassigned"),
        many.filter(t.due_at < tx.clock.now()).label("overdue"),
    ).where(t.state.in_(UNSOLVED))
    rows = await tx.rows(query.group_by(t.department))
    sums = {
        name: sum(row[name] for row in rows) for name in ("mine", "unassigned", "overdue", "open")
    }
    return {
        **sums,
        "departments": {row["department"]: row["open"] for row in rows if row["department"]},
    }


async def done_by(tx: Tx, login: str, since: datetime) -> dict[str, int]:
    """How many tickets a person has `made` without a call, and `solved`, each counted once."""
    h = change_table.c
    solved = (h.what == "state") & (h.after == TicketState.SOLVED.value)
    made = (h.what == "created") & t.contact_id.is_(None)
    query = (
        sa.select(
            sa.func.count(t.id.distinct()).filter(solved).label("solved"),
            sa.func.count(t.id.distinct()).filter(made).label("made"),
        )
        .join(ticket_table, t.id == h.ticket_id)
        .where(h.login == login, h.at >= since)
    )
    row = await tx.row(query)
    return {"solved": row["solved"], "made": row["made"]} if row else {}
