"""The router: one loop that turns waiting calls and free agents into offers."""

from __future__ import annotations

import asyncio
import logging
import math
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from callwright.agents import service as agents
from callwright.agents.model import Agent, shown_to
from callwright.calls import service as calls
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.house import House
from callwright.queues import service as queues
from callwright.queues.model import Queue
from callwright.routing import callbacks, offers, store
from callwright.routing.model import Assignment, FreeAgent, WaitingCall, choose
from callwright.routing.offers import Offer
from callwright.routing.offers import resume as resume_offer

log = logging.getLogger(__name__)

SIGNAL = "routing"
AT_LEAST_EVERY_S = 1.0  # a lost wake-up costs no caller more than this
OFFER = (calls.OFFER, agents.RESERVE, calls.ADD_LEG, store.INSERT_OFFER)

offers_of = store.offers_of
__all__ = ["SIGNAL", "Router", "offers_of", "resume_offer"]


class Router:
    """Runs in one process per site; woken by news, and once a second for safety."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._queues: dict[str, Queue] = {}
        self._queues_at = -math.inf

    async def run(self) -> None:
        """Route until cancelled."""
        while True:
            await self.house.db.signals.wait(SIGNAL, AT_LEAST_EVERY_S)
            try:
                await self.round()
            except Exception:
                log.exception("routing round failed; the next one follows")

    async def round(self) -> int:
        """Decide once, make the offers; return how many were made."""
        async with self.house.db.reading() as tx:
            ready = await agents.agents_ready(tx)
            waiting = await calls.waiting(tx) if ready else []
            if not waiting:
                return 0
            found = await self._queues_for(tx, waiting)
        now = self.house.clock.now()
        decision = choose(
            [_call(row, found, now) for row in waiting], [_agent(agent, now) for agent in ready]
        )
        rows = {str(row["contact_id"]): row for row in waiting}
        people = {str(agent.id): agent for agent in ready}
        made = 0
        for assignment in decision.assign:
            row = rows[assignment.call]
            agent, queue = people[assignment.agent], found[row["queue"]]
            made += await self._offer(row, agent, queue, assignment)
        return made

    async def _queues_for(self, tx: Tx, waiting: list[dict[str, Any]]) -> dict[str, Queue]:
        """The queues' settings, read again once a second and when one is new."""
        now = self.house.clock.monotonic()
        fresh = now - self._queues_at < AT_LEAST_EVERY_S
        if not fresh or any(row["queue"] not in self._queues for row in waiting):
            self._queues = {queue.key: queue for queue in await queues.queues(tx)}
            self._queues_at = now
        return self._queues

    async def _offer(
        self, row: dict[str, Any], agent: Agent, queue: Queue, assignment: Assignment
    ) -> bool:
        """Write the offer down while the PBX makes its leg. False when somebody was quicker."""
        if row["kind"] == "callback":
            reasons = assignment.reasons
            return await callbacks.offer(self.house, row, agent, assignment.score, reasons)
        offer = Offer(
            id=new_id(), contact_id=row["contact_id"], agent_id=agent.id, login=agent.login,
            endpoint=agent.endpoint, leg=str(new_id()), caller_leg=row["caller_leg"],
            caller_number=shown_to(agent.phone, row["e164"] or row["from_number"]),
            ring_s=queue.ring_s,
        )  # fmt: skip
        written = asyncio.ensure_future(self._written(offer, row, agent, assignment))
        self.house.bus.spawn(offers.carry_out(self.house, offer, written), f"offer {offer.id}")
        return await written

    async def _written(
        self, offer: Offer, row: dict[str, Any], agent: Agent, assignment: Assignment
    ) -> bool:
        """One transaction: reserve the agent, write the offer."""
        try:
            async with self.house.db.begin() as tx:
                await _write(tx, offer, row, assignment)
                agents.say_reserved(tx, agent, offer.contact_id)
        except IntegrityError:
            log.warning("offer refused by the database: already offered")
            return False
        except CallwrightError as error:
            log.info("offer not made: %s", error)
            return False
        return True


async def _write(tx: Tx, offer: Offer, row: dict[str, Any], assignment: Assignment) -> None:
    """Caller, agent, leg and offer in one round trip: between two people stands this statement."""
    now = tx.clock.now()
    values = {
        "now": now, "ring_until": now + timedelta(seconds=offer.ring_s),
        "for_contact": offer.contact_id, "for_agent": offer.agent_id,
        "for_visit": row["visit_id"], "new_leg": offer.leg, "new_offer": offer.id,
        "for_seconds": offer.ring_s, "with_score": assignment.score,
        "with_reasons": list(assignment.reasons),
    }  # fmt: skip
    if not await tx.together(OFFER, values):
        raise CallwrightError("wrong_state", what="offer", contact=str(offer.contact_id))
    offers.say_made(
        tx, offer, row["site"], visit_id=row["visit_id"], queue=row["queue"],
        score=assignment.score,
    )  # fmt: skip


def _call(row: dict[str, Any], found: dict[str, Queue], now: Any) -> WaitingCall:
    return WaitingCall(
        id=str(row["contact_id"]),
        queue=row["queue"],
        tier=row["tier"],
        skills=found[row["queue"]].skills,
        waiting_s=(now - row["entered_at"]).total_seconds(),
    )


def _agent(agent: Agent, now: Any) -> FreeAgent:
    return FreeAgent(
        id=str(agent.id),
        state=agent.state.value,
        idle_s=(now - agent.state_since).total_seconds(),
        skills=agent.skills,
        queues=agent.queues,
    )
