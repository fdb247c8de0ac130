"""One past call decided again: who waited, who was free at that moment, and who would get it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from callwright.agents import service as agents
from callwright.agents.events import AgentPhoneChanged, AgentStateChanged
from callwright.calls import reads as calls
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.journal import edge_events
from callwright.queues import service as queues
from callwright.routing import reads, rules, store
from callwright.routing.model import Decision, FreeAgent, WaitingCall, choose
from callwright.routing.policy import Policy
from callwright.routing.whatif.read import LOOK_AROUND

MOST_MOMENTS = 20


async def replay(tx: Tx, contact_id: UUID, draft: Policy) -> dict[str, Any]:
    """Every moment at which a queue offered the call: {at, as_it_was, running, draft}.

    Waits, states and phones are those of the moment; skills, queues' needs and tiers those of
    today, because past ones are not kept; whom a caller knew then is not known any more, so that
    neither the last agent nor a ticket's team counts. `not_found` for a call that no queue ever
    offered.
    """
    offers = [row for row in await store.offers_of(tx, contact_id) if row["kind"] == "queue"]
    if not offers:
        raise CallwrightError("not_found", what="offer", contact=str(contact_id))
    version, running = await rules.in_force(tx)
    moments = [
        await _moment(tx, contact_id, offer, running, draft) for offer in offers[:MOST_MOMENTS]
    ]
    return {"contact_id": contact_id, "running_version": version, "moments": moments}


async def _moment(
    tx: Tx, contact_id: UUID, offer: dict[str, Any], running: Policy, draft: Policy
) -> dict[str, Any]:
    at = offer["made_at"]
    waiting = await waiting_calls(tx, at)
    ready = await agents_at(tx, at)
    by = {name: choose(waiting, ready, policy)
          for name, policy in (("running", running), ("draft", draft))}  # fmt: skip
    return {
        "at": at,
        "waiting": len(waiting),
        "free": sum(agent.state == "ready" for agent in ready),
        "as_it_was": {
            "agent": str(offer["agent_id"]), "score": offer["score"],
            "reasons": offer["reasons"], "result": offer["result"],
        },
        **{name: outcome(decision, str(contact_id)) for name, decision in by.items()},
        "same": _agent(by["running"], contact_id) == _agent(by["draft"], contact_id),
    }  # fmt: skip


def outcome(decision: Decision, call: str) -> dict[str, Any]:
    """What a decision means for one call: its agent or None, why, everybody looked at for it, and
    who came before it."""
    mine = next((one for one in decision.assign if one.call == call), None)
    before = []
    for one in decision.assign:
        if one.call == call:
            break
        before.append({"call": one.call, "agent": one.agent, "score": one.score})
    return {
        "agent": mine.agent if mine else None,
        "score": mine.score if mine else None,
        "reasons": list(mine.reasons) if mine else [],
        "candidates": [asdict(one) for one in decision.candidates if one.call == call],
        "before": before,
    }


def _agent(decision: Decision, contact_id: UUID) -> str | None:
    found: str | None = outcome(decision, str(contact_id))["agent"]
    return found


async def waiting_calls(tx: Tx, at: datetime) -> list[WaitingCall]:
    """Who waited at a moment without a ringing offer."""
    ringing = {row["contact_id"] for row in await reads.ringing_at(tx, at)}
    needs = {queue.key: queue.skills for queue in await queues.queues(tx)}
    return [
        WaitingCall(
            id=str(row["contact_id"]), queue=row["queue"], tier=row["tier"],
            skills=needs.get(row["queue"], {}), language=row["language"],
            waiting_s=max(0.0, (at - row["entered_at"]).total_seconds()),
        )
        for row in await calls.waiting_at(tx, at)
        if row["contact_id"] not in ringing
    ]  # fmt: skip


async def agents_at(tx: Tx, at: datetime) -> list[FreeAgent]:
    """Everybody who was on duty at a moment, as the journal tells."""
    states, phones = [
        await edge_events(tx, kind.NAME, "agent_id", at - LOOK_AROUND, at, first=False)
        for kind in (AgentStateChanged, AgentPhoneChanged)
    ]
    found = []
    for agent in await agents.agents(tx):
        key = str(agent.id)
        last, phone = states.get(key), phones.get(key)
        if last is None:
            continue
        state = last["body"]["state"]
        if state == "ready" and phone is not None and not phone["body"]["reachable"]:
            state = "unreachable"
        found.append(
            FreeAgent(
                id=key, state=state, idle_s=(at - last["at"]).total_seconds(),
                skills=agent.skills, queues=agent.queues, team=agent.department,
            )
        )  # fmt: skip
    return found
