"""What one desk shows: the agent, the call in hand with all that is known of it, the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from callwright.agents import service as agents
from callwright.agents.model import Agent, AgentState
from callwright.agents.model import view as view_of_agent
from callwright.calls import reads as call_reads
from callwright.calls import service as calls
from callwright.calls.model import Contact
from callwright.desk import model, playing, proposals, replies, service, store, words
from callwright.desk import reads as desk_reads
from callwright.desk.day import Today
from callwright.desk.part import part_of
from callwright.desk.wrap_up import MAX_EXTENDS
from callwright.ivr import service as ivr
from callwright.kit.db import Tx
from callwright.kit.settings import CompanySettings
from callwright.routing import service as routing
from callwright.transcripts import service as transcripts


async def desk(tx: Tx, login: str, company: CompanySettings) -> dict[str, Any]:
    """`GET /desk` and the snapshot of the live topic."""
    agent = await agents.agent_of_login(tx, login)
    return {
        "agent": view_of_agent(agent),
        "call": await call_of(tx, agent, company),
        "today": await desk_reads.today(tx, agent, company.zone),
    }


async def today_of(tx: Tx, login: str, company: CompanySettings) -> Today:
    """The agent's figures since midnight."""
    agent = await agents.agent_of_login(tx, login)
    return await desk_reads.today(tx, agent, company.zone)


async def call_of(tx: Tx, agent: Agent, company: CompanySettings) -> dict[str, Any] | None:
    """The one call at this desk, from its ring to the end of its wrap-up."""
    contact = await calls.contact(tx, agent.contact_id) if agent.contact_id else None
    if contact is None:
        return None
    ringing = agent.state == AgentState.RINGING
    offer = await _offer(tx, contact.id, agent.id)
    segments = [] if ringing else await calls.segments_of(tx, contact.id)
    own = [segment for segment in segments if segment.agent_id == agent.id]
    card = await service.card_of(tx, contact)
    turns = await transcripts.turns_of(tx, contact.id) if segments else []
    draft = None if ringing else await proposals.draft_of(tx, contact, turns)
    return {
        "contact_id": contact.id,
        "state": contact.state.value,
        "language": contact.language,
        "offered_at": offer["made_at"] if offer else None,
        "ring_s": offer["ring_s"] if offer else 0,
        **await part_of(tx, contact, agent, offer, own),
        "card": card,
        "brief": await _brief(tx, agent, contact, company, card),
        "turns": [service.turn_view(turn) for turn in turns],
        **await _notes(tx, contact.id, agent.id),
        "draft": draft,
        "suggestions": await replies.suggestions(tx, turns, agent.department),
        "playing": playing.playing(contact.id),
        "secure": ivr.waiting_for_digits(contact.id),
        "wrap": await _wrap(tx, agent, contact, company, draft),
    }


async def _offer(tx: Tx, contact_id: UUID, agent_id: UUID) -> dict[str, Any] | None:
    """The last time this call was offered to this agent."""
    offers = await routing.offers_of(tx, contact_id)
    return next((row for row in reversed(offers) if row["agent_id"] == agent_id), None)


async def _brief(
    tx: Tx,
    agent: Agent,
    contact: Contact,
    company: CompanySettings,
    card: Mapping[str, Any],
) -> dict[str, Any]:
    now = tx.clock.now()
    since = now - timedelta(days=model.REPEAT_DAYS)
    earlier = await call_reads.earlier_contacts(tx, contact, since)
    path = await ivr.path_of(tx, contact.id, contact.ivr, contact.ivr_version)
    known = card["customer"] is not None and len(card["matches"]) <= 1
    facts = model.Facts(
        now=now,
        zone=company.zone,
        waited_s=await call_reads.waited_s(tx, contact.id),
        path=[model.Press(press.digits, press.label) for press in path],
        name=card["customer"]["name"] if known else "",
        agent=agent.name,
        orders=card.get("orders", ()),
        tickets=card.get("open_tickets", ()),
        earlier=[
            model.EarlierCall(str(row["id"]), row["started_at"], row["end_reason"] or "")
            for row in earlier
        ],
    )
    return model.brief(facts, words.openings(contact.language, company.language))


async def _notes(tx: Tx, contact_id: UUID, agent_id: UUID) -> dict[str, Any]:
    """One's own note, and those of colleagues who had the call before."""
    rows = await store.notes_of(tx, contact_id)
    others = [row for row in rows if row["agent_id"] != agent_id and row["text"]]
    people = {one.id: one for one in await agents.agents(tx)} if others else {}
    return {
        "note": next((row["text"] for row in rows if row["agent_id"] == agent_id), ""),
        "notes": [
            {
                "by": {"login": who.login, "name": who.name},
                "text": row["text"],
                "at": row["at"],
            }
            for row in others
            if (who := people.get(row["agent_id"]))
        ],
    }


async def _wrap(
    tx: Tx,
    agent: Agent,
    contact: Contact,
    company: CompanySettings,
    draft: Mapping[str, Any] | None,
) -> dict[str, Any] | None:
    if agent.state != AgentState.WRAP:
        return None
    row = await store.wrap_of(tx, contact.id, agent.id) or {}
    written = row.get("summary")
    return {
        "until": agent.until,
        "extended": row.get("extended", 0),
        "max_extends": MAX_EXTENDS,
        "disposition": row.get("disposition"),
        "summary": written
        if written is not None
        else await proposals.summary_of(tx, contact, draft, company.language),
        "finished": row.get("finished_at") is not None,
    }
