"""The card an agent sees on ring, and the whole page of a contact."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from callwright.accounts import service as accounts
from callwright.agents import service as agents
from callwright.calls import callbacks, reads
from callwright.calls import service as calls
from callwright.calls.model import Contact
from callwright.customers import service as customers
from callwright.customers.model import Customer, masked_number
from callwright.ivr import service as ivr
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.journal import timeline
from callwright.queues import service as queues
from callwright.recordings import gaps
from callwright.recordings import service as recordings
from callwright.tickets import service as tickets
from callwright.transcripts import service as transcripts
from callwright.transcripts.model import Turn, masked_words
from callwright.voicemails import service as voicemails

ORDERS_ON_CARD = 8
TICKET_FIELDS = ("no", "type", "priority", "department", "state", "evidence", "reasons", "source")


async def card(tx: Tx, contact_id: UUID) -> dict[str, Any]:
    """Who calls: name, tier, last contacts, open tickets, orders; every other match with reason."""
    contact = await calls.contact(tx, contact_id)
    if contact is None:
        raise CallwrightError("not_found", what="contact", id=str(contact_id))
    return await card_of(tx, contact)


async def card_of(tx: Tx, contact: Contact) -> dict[str, Any]:
    """The card of a contact that has been read."""
    head = {
        "contact_id": contact.id,
        "number": masked_number(contact.e164 or contact.from_number),
        "number_kind": contact.number_kind,
        "queue": contact.queue,
        "as_of": tx.clock.now(),
    }
    if contact.customer_id is None:
        return {**head, "customer": None, "matches": []}
    who = await customers.customer_of(tx, contact.customer_id)
    return {
        **head,
        "customer": {"id": who.id, "name": who.name, "tier": who.tier, "city": who.city},
        "facts": who.facts,
        "orders": await customers.orders_of(tx, who.id, ORDERS_ON_CARD),
        "last_contacts": await reads.last_contacts(tx, who.id),
        "past": await past(tx, who.id),
        "open_tickets": [_short(row) for row in await tickets.open_tickets(tx, who.id)],
        "matches": await _matches(tx, contact.matches, who),
    }


async def past(tx: Tx, customer_id: UUID, limit: int = 5) -> list[dict[str, Any]]:
    """Contacts that an older system knew, with what was noted then."""
    rows = await customers.past_of(tx, customer_id, limit)
    names = await accounts.names_of(tx, [row["login"] for row in rows])
    return [
        {
            "at": row["at"], "channel": row["channel"], "summary": row["summary"],
            "agent": {"login": row["login"], "name": names.get(row["login"], row["login"])},
        }
        for row in rows
    ]  # fmt: skip


async def _matches(tx: Tx, matches: list[dict[str, Any]], who: Customer) -> list[dict[str, Any]]:
    ids = {UUID(match["customer_id"]): match["reasons"] for match in matches}
    heads = {who.id: {"id": who.id, "name": who.name, "tier": who.tier}}
    if ids.keys() - heads.keys():
        heads |= await customers.heads_of(tx, list(ids))
    return [{**heads[key], "reasons": why} for key, why in ids.items() if key in heads]


def _short(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: row[name]
        for name in ("no", "type", "priority", "department", "subject", "created_at", "due_at")
    }


async def summaries(tx: Tx, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `calls.reads.contacts` as the list shows them."""
    ids = [row["id"] for row in rows]
    made = await tickets.tickets_of_contacts(tx, ids)
    decided = await tickets.verdicts_of(tx, ids)
    people = {agent.id: agent for agent in await agents.agents(tx)}
    callers = await customers.heads_of(tx, [row["customer_id"] for row in rows])
    names = {queue.key: queue.name for queue in await queues.queues(tx)}
    found: list[dict[str, Any]] = []
    for row in rows:
        agent = people.get(row["agent_id"])
        ticket = made.get(row["id"])
        found.append(
            {
                **{k: row[k] for k in ("id", "started_at", "ended_at", "state", "end_reason")},
                "direction": row["direction"],
                "from_number_masked": masked_number(row["e164"] or row["from_number"]),
                "number_kind": row["number_kind"],
                "to_number": row["to_number"],
                "customer": callers.get(row["customer_id"]),
                "queue": {"key": row["queue"], "name": names.get(row["queue"], row["queue"])}
                if row["queue"]
                else None,
                "agent": {"login": agent.login, "name": agent.name} if agent else None,
                "wait_s": float(row["wait_s"] or 0),
                "talk_s": float(row["talk_s"] or 0),
                "ticket": {k: ticket[k] for k in ("no", "type", "priority")} if ticket else None,
                "finished": row["state"] == "ended" and row["id"] in decided,
            }
        )
    return found


async def page(tx: Tx, contact_id: UUID) -> dict[str, Any]:
    """Everything about one contact, masked."""
    decided = await tickets.verdicts_of(tx, [contact_id])  # finished: all events are there
    events = await timeline(tx, contact_id)  # first: the state may be newer than they, never older
    row = await reads.contact_row(tx, contact_id)
    if row is None:
        raise CallwrightError("not_found", what="contact", id=str(contact_id))
    [summary] = await summaries(tx, [row])
    recording = await recordings.recording_of(tx, contact_id)
    zero = recording["started_at"] if recording else row["started_at"]
    people = {agent.id: agent.login for agent in await agents.agents(tx)}
    return {
        **summary,
        "finished": summary["finished"] and contact_id in decided,
        "card": await card(tx, contact_id),
        "events": events,
        "segments": [
            {
                "agent": people.get(segment.agent_id),
                "start_s": (segment.started_at - zero).total_seconds(),
                "end_s": (segment.ended_at - zero).total_seconds() if segment.ended_at else None,
            }
            for segment in await calls.segments_of(tx, contact_id)
        ],
        "recording": _recording(recording),
        "gaps": await gaps.view(tx, contact_id, zero),
        "captures": await ivr.captures_of(tx, contact_id),
        "transcript": await _transcript(tx, contact_id),
        "ticket": await _ticket(tx, contact_id),
        "voicemail": await _voicemail(tx, contact_id, zero),
        "callback": await _callback(tx, contact_id),
    }


async def _voicemail(tx: Tx, contact_id: UUID, zero: datetime) -> dict[str, Any] | None:
    """A message and where it lies in the recording, in seconds; None when there was none."""
    row = await voicemails.voicemail_of(tx, contact_id)
    if row is None:
        return None
    start, end = (
        (row[name] - zero).total_seconds() if row[name] else None
        for name in ("started_at", "ended_at")
    )
    return {"state": row["state"], "how": row["how"], "start_s": start, "end_s": end}


async def _callback(tx: Tx, contact_id: UUID) -> dict[str, Any] | None:
    """The promise that was made in this call, asked for or not (`blended`), or that it is a call
    out for."""
    found = await callbacks.of_contact(tx, contact_id)
    if found is None:
        return None
    names = (
        "id", "state", "first", "requested_at", "not_before", "tries", "reason", "done_at",
        "blended", "expires_at",
    )  # fmt: skip
    attempts = await callbacks.attempts_of(tx, found.id)
    return {
        **{name: getattr(found, name) for name in names},
        "asked_in": found.contact_id,
        "attempts": [
            {name: row[name] for name in ("contact_id", "made_at", "ended_at", "result")}
            for row in attempts
        ],
    }


def _recording(row: dict[str, Any] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    ready = row["state"] == "saved" and row["masked"]
    return {
        "state": row["state"],
        "reason": row["reason"],
        "started_at": row["started_at"],
        "seconds": row["seconds"],
        "channels": 2,
        "masked": row["masked"],
        "peaks": {**row["peaks"], "per_second": 20} if row["peaks"] else None,
        "url": f"/api/v1/contacts/{row['contact_id']}/recording" if ready else None,
        "path": row["path"],
        "sha256": row["sha256"],
    }


async def _transcript(tx: Tx, contact_id: UUID) -> dict[str, Any]:
    row = await transcripts.transcript_of(tx, contact_id)
    turns = await transcripts.turns_of(tx, contact_id)
    return {
        "state": row["state"] if row else "none",
        "reason": row["reason"] if row else "",
        "source": row["source"] if row else "",
        "turns": [turn_view(turn) for turn in turns],
    }


def turn_view(turn: Turn) -> dict[str, Any]:
    """A turn as everybody may see it."""
    return {
        "id": turn.id,
        "speaker": turn.speaker,
        "start": turn.start,
        "end": turn.end,
        "text": turn.masked,
        "words": masked_words(turn),
        "masked": bool(turn.spans),
        "spans": list(turn.spans),
    }


async def _ticket(tx: Tx, contact_id: UUID) -> dict[str, Any] | None:
    row = await tickets.ticket_of(tx, contact_id)
    return {name: row[name] for name in (*TICKET_FIELDS, "transcribed")} if row else None
