"""What part an agent has in a call: whose it is, how it came to them, who else is in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from callwright.agents import service as agents
from callwright.agents.model import Agent
from callwright.calls import service as calls
from callwright.calls.model import Consult, ConsultState, Contact, ContactState, Segment
from callwright.kit.db import Tx

# The desk knows three: the third party rings, is talked with (now or in turn), or all hear all.
SHOWN = {
    ConsultState.RINGING: "ringing",
    ConsultState.BLIND: "ringing",
    ConsultState.CONFERENCE: "conference",
}


async def part_of(
    tx: Tx, contact: Contact, agent: Agent, offer: dict[str, Any] | None, talks: list[Segment]
) -> dict[str, Any]:
    """`direction`, `role`, `answered_at`, `by`, hold and consult of DeskCall.

    `talks` = the agent's own with the caller; who is only asked has none yet.
    """
    consult = await calls.open_consult(tx, contact.id)
    since = await _held_since(tx, contact)
    asked = consult is not None and consult.target_agent_id == agent.id
    offered = offer is not None and offer["kind"] == "consult" and contact.agent_id != agent.id
    answered = consult.answered_at if consult and asked else None
    return {
        "answered_at": answered or (talks[-1].started_at if talks and not asked else None),
        "direction": contact.direction,
        "role": "consulted" if asked or offered else "owner",
        "on_hold": since is not None,
        "held_since": since,
        "by": await _by(tx, contact, offer),
        "consult": await _consult(tx, contact, consult) if consult else None,
    }


async def _held_since(tx: Tx, contact: Contact) -> Any:
    if contact.state != ContactState.HELD:
        return None
    return next(
        (row["started_at"] for row in await calls.holds_of(tx, contact.id) if not row["ended_at"]),
        None,
    )


async def _by(tx: Tx, contact: Contact, offer: dict[str, Any] | None) -> dict[str, Any]:
    if offer is None:
        kind = "outbound" if contact.direction == "out" else "queue"
        return {"kind": kind, "from": None, "note": ""}
    who = await _name(tx, offer["from_agent_id"]) if offer["from_agent_id"] else None
    return {"kind": offer["kind"], "from": who, "note": offer["note"]}


async def _name(tx: Tx, agent_id: UUID) -> dict[str, str]:
    agent = await agents.agent_of_id(tx, agent_id)
    return {"login": agent.login, "name": agent.name}


async def _consult(tx: Tx, contact: Contact, consult: Consult) -> dict[str, Any]:
    target = consult.target_agent_id
    name = (await _name(tx, target))["name"] if target else ""
    return {
        "id": consult.id,
        "to": {"kind": consult.kind, "value": consult.value, "name": name},
        "state": SHOWN.get(consult.state, "talking"),
        "since": consult.answered_at or consult.started_at,
        "with_customer": contact.state == ContactState.TALKING,
    }
