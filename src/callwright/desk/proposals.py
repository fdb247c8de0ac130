"""What the desk proposes and agents may change: the ticket draft and the summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callwright.calls import reads as call_reads
from callwright.calls import service as calls
from callwright.calls.model import Contact
from callwright.customers import service as customers
from callwright.desk import drafts, store, words
from callwright.desk.summary import Talk, summary
from callwright.kit.db import Tx
from callwright.tickets import service as tickets
from callwright.tickets.model import Said
from callwright.transcripts import service as transcripts
from callwright.transcripts.model import Turn

ORDERS_TO_NAME = 50


async def draft_of(
    tx: Tx, contact: Contact, turns: Sequence[Turn] | None = None
) -> dict[str, Any] | None:
    """The ticket draft: from the words so far, the ticket once it is there, and the agent's own."""
    if turns is None:
        turns = await transcripts.turns_of(tx, contact.id)
    ticket = await tickets.ticket_of(tx, contact.id) if turns or contact.ended_at else None
    edited = await store.edits_of(tx, contact.id)
    return drafts.draft(await _found(tx, contact, turns), edited, ticket)


async def _found(tx: Tx, contact: Contact, turns: Sequence[Turn]) -> dict[str, Any] | None:
    """What the words alone say."""
    if not any(turn.speaker == "customer" and turn.text.strip() for turn in turns):
        return None
    found, evidence = await tickets.understand(tx, turns, contact.tier)
    said = [turn.text for turn in turns if turn.speaker == "customer"]
    orders = (
        await customers.orders_of(tx, contact.customer_id, ORDERS_TO_NAME)
        if contact.customer_id
        else []
    )
    return {
        "subject": drafts.subject(found.type, said, orders),
        "type": found.type,
        "priority": found.priority,
        "department": found.department,
        "evidence": evidence,
    }


async def summary_of(
    tx: Tx, contact: Contact, draft: Mapping[str, Any] | None, language: str
) -> str:
    """The automatic summary as of now, in the company's language; sentences masked."""
    turns = await transcripts.turns_of(tx, contact.id)
    who = await customers.customer_of(tx, contact.customer_id) if contact.customer_id else None
    now = tx.clock.now()
    talked = [
        ((segment.ended_at or now) - segment.started_at).total_seconds()
        for segment in await calls.segments_of(tx, contact.id)
    ]
    talk = Talk(
        name=who.name if who else "",
        tier=who.tier if who else "",
        waited_s=await call_reads.waited_s(tx, contact.id),
        talked_s=sum(talked),
        why=[proof["text"] for proof in draft["evidence"]] if draft else [],
        turns=[Said(turn.speaker, turn.masked) for turn in turns],
        ticket=await tickets.ticket_of(tx, contact.id),
    )
    return summary(talk, words.summaries(language))
