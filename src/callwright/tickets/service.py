"""Draft a ticket from a finished conversation; once, however often the event is replayed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from callwright.calls import service as calls
from callwright.calls.model import Contact
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.tickets import due, store, work
from callwright.tickets.classify import classify
from callwright.tickets.events import TicketCreated, TicketWaived
from callwright.tickets.model import Classification, Said, parse_table
from callwright.tickets.types import types_in_force
from callwright.transcripts import service as transcripts
from callwright.transcripts.model import Turn
from callwright.voicemails import service as voicemails

ticket_of = store.ticket_of
tickets_of_contacts = store.tickets_of_contacts
verdicts_of = store.verdicts_of
verdict_of = store.verdict_of
open_tickets = store.open_tickets
edit = work.edit
create = work.create
check = work.check
follow_contact = work.follow_contact


async def draft(tx: Tx, contact_id: UUID) -> None:
    """The transcript is ready: a ticket, or a stored reason why there is none."""
    turns = await transcripts.turns_of(tx, contact_id)
    contact = await _contact(tx, contact_id)
    if not any(turn.speaker == "customer" and turn.text.strip() for turn in turns):
        if await voicemails.left_by(tx, [contact_id]):
            await draft_without_text(tx, contact_id, "no word of the message was understood")
            return
        await waive(tx, contact_id, "the customer said nothing that was understood")
        return
    found, evidence = await understand(tx, turns, contact.tier)
    await _create(tx, contact, found, evidence, transcribed=True)


async def understand(
    tx: Tx, turns: Sequence[Turn], tier: str
) -> tuple[Classification, list[dict[str, Any]]]:
    """What a ticket from these turns says now, and its sentences."""
    _, table = await types_in_force(tx)
    # a long talk takes tens of milliseconds: too long for the loop that rings phones
    found = await asyncio.to_thread(classify, _said(turns), parse_table(table), tier=tier or None)
    return found, _evidence(found, turns)


async def draft_without_text(tx: Tx, contact_id: UUID, reason: str) -> None:
    """A talk or a message, but no text: a ticket that says so, for a person to complete."""
    contact = await _contact(tx, contact_id)
    _, table = await types_in_force(tx)
    found = classify([], parse_table(table), tier=contact.tier or None)
    await _create(tx, contact, found, [], transcribed=False, more=f"no transcript: {reason}")


async def add_ticket(
    tx: Tx,
    *,
    customer_id: UUID,
    site: str,
    type_: str,
    priority: str,
    department: str,
    subject: str,
    created_at: datetime,
) -> None:
    """A ticket that came from no call: imported, or written by a person."""
    await store.insert_ticket(
        tx,
        {
            **work.search_of(subject, type_, []),
            "id": new_id(), "contact_id": None, "customer_id": customer_id, "site": site,
            "state": "open", "type": type_, "priority": priority, "department": department,
            "subject": subject, "created_at": created_at, "transcribed": True, "evidence": [],
            "reasons": [], "due_at": await due.due_at(tx, created_at, priority),
        },
    )  # fmt: skip
    await work.count_open(tx, customer_id)


async def waive(tx: Tx, contact_id: UUID, reason: str) -> None:
    """No ticket for this contact."""
    if await store.first_verdict(tx, contact_id, "none", reason):
        tx.publish(TicketWaived(at=tx.clock.now(), contact_id=contact_id, reason=reason))


async def _contact(tx: Tx, contact_id: UUID) -> Contact:
    contact = await calls.contact(tx, contact_id)
    if contact is None:
        raise CallwrightError("not_found", what="contact", id=str(contact_id))
    return contact


def _said(turns: Sequence[Turn]) -> list[Said]:
    return [Said(turn.speaker, turn.text) for turn in turns]


def _evidence(found: Classification, turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """Each sentence masked, with the second at which it was said."""
    return [
        {
            "text": turns[proof.turn].masked,
            "start": turns[proof.turn].start,
            "turn": str(turns[proof.turn].id),
            "rule": proof.rule,
        }
        for proof in found.evidence
    ]


async def _create(
    tx: Tx,
    contact: Contact,
    found: Classification,
    evidence: list[dict[str, Any]],
    *,
    transcribed: bool,
    more: str = "",
) -> None:
    if not await store.first_verdict(tx, contact.id, "ticket", more):
        return
    ticket_id, now = new_id(), tx.clock.now()
    message = bool(await voicemails.left_by(tx, [contact.id]))
    no = await store.insert_ticket(
        tx,
        {
            **work.search_of("", found.type, evidence),
            "id": ticket_id, "contact_id": contact.id, "customer_id": contact.customer_id,
            "site": contact.site, "state": "open", "type": found.type, "evidence": evidence,
            "priority": found.priority, "department": found.department, "created_at": now,
            "subject": "", "source": "voicemail" if message else "call", "transcribed": transcribed,
            "due_at": await due.due_at(tx, now, found.priority),
            "reasons": [*found.reasons, *([more] if more else [])],
        },
    )  # fmt: skip
    if no is None:
        return
    tx.publish(
        TicketCreated(
            at=now, site=contact.site, contact_id=contact.id, ticket_id=ticket_id, no=no,
            type=found.type or "", priority=found.priority, department=found.department or "",
            transcribed=transcribed,
        )
    )  # fmt: skip
    await work.count_open(tx, contact.customer_id)
