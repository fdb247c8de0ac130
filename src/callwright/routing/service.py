"""The router: one loop that turns waiting calls and free agents into offers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from callwright.agents import service as agents
from callwright.agents.events import AgentStateChanged
from callwright.agents.model import Agent, shown_to
from callwright.calls import service as calls
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.event import Event
from callwright.kit.ids import new_id
from callwright.ports.house import House
from callwright.queues import service as queues
from callwright.routing import callbacks, offers, rules, store
from callwright.routing.events import RoutingPublished
from callwright.routing.explain import explain
from callwright.routing.floor import Floor, free_agent, waiting_calls
from callwright.routing.lease import Lease
from callwright.routing.model import ON_DUTY, Assignment, WaitingCall
from callwright.routing.offers import Offer
from callwright.routing.offers import resume as resume_offer

log = logging.getLogger(__name__)

SIGNAL = "routing"
AT_LEAST_EVERY_S = 1.0  # a lost wake-up costs no caller more than this
OFFER = (calls.OFFER, agents.RESERVE, calls.ADD_LEG, store.INSERT_OFFER, store.BEAT)

offers_of = store.offers_of
__all__ = ["SIGNAL", "Router", "offers_of", "resume_offer", "routing_of"]


class Router:
    """Routes while it holds the site's lease; woken by news, and once a second for safety."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.lease = Lease(house)
        self.floor = Floor(house.clock)
        house.bus.listen(self._hear)

    async def run(self) -> None:
        """Route until cancelled."""
        keeping = asyncio.create_task(self.lease.keep())
        try:
            await self._route()
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await self.lease.leave()

    async def _route(self) -> None:
        while True:
            if self.lease.term is None:
                await self.lease.taken.wait()
            if self.lease.taken.is_set():
                self.lease.taken.clear()
                await self._take_over()
            try:
                await self.round()
            except Exception:
                log.exception("routing round failed; the next one follows")
                self.floor = Floor(self.house.clock)
            pause_s = min(self.floor.next_change_s() or AT_LEAST_EVERY_S, AT_LEAST_EVERY_S)
            await self.house.db.signals.wait(SIGNAL, pause_s)

    async def round(self) -> int:
        """Decide once, make the offers; return how many were made."""
        async with self.house.db.reading() as tx:
            if not await self.floor.look(tx):
                return 0
        made = 0
        for assignment in self.floor.decide():
            row, came = self.floor.taken(assignment.call)
            call = replace(came, waiting_s=assignment.why.waited_s)
            if offer := OFFERS.get(row.get("kind", "call")):
                made += await offer(self, row, call, assignment)
            else:
                log.error("nobody can offer a %s", row["kind"])
        return made

    def _hear(self, event: Event) -> None:
        """News that the floor's settings are not what they were."""
        if isinstance(event, RoutingPublished):
            self.floor.forget_settings()
            self.house.db.signals.wake(SIGNAL)
        elif isinstance(event, AgentStateChanged) and (
            (event.before in ON_DUTY) != (event.state in ON_DUTY)
        ):
            self.floor.forget_duty()

    async def _take_over(self) -> None:
        """Another router may have left phones ringing: go on with its offers."""
        try:
            async with self.house.db.reading() as tx:
                ringing = await store.being_offered(tx)
        except Exception:
            log.exception("the offers that are open could not be read")
            return
        for contact_id in ringing:
            self.house.bus.spawn(self._resume(contact_id), f"resume {contact_id}")

    async def _resume(self, contact_id: UUID) -> None:
        try:
            await resume_offer(self.house, contact_id)
        except CallwrightError as error:  # not connected yet: the connection brings it up again
            log.info("offer of %s not resumed: %s", contact_id, error)

    async def offer_call(
        self, row: dict[str, Any], call: WaitingCall, assignment: Assignment
    ) -> bool:
        """Write the offer down while the PBX makes its leg. False when somebody was quicker."""
        agent = self.floor.people[assignment.agent]
        queue = self.floor.queues[row["queue"]]
        offer = Offer(
            id=new_id(), contact_id=row["contact_id"], agent_id=agent.id, login=agent.login,
            endpoint=agent.endpoint, leg=str(new_id()), caller_leg=row["caller_leg"],
            caller_number=shown_to(agent.phone, row["e164"] or row["from_number"]),
            ring_s=queue.ring_s,
        )  # fmt: skip
        written = asyncio.ensure_future(self._written(offer, row, agent, assignment))
        self.house.bus.spawn(offers.carry_out(self.house, offer, written), f"offer {offer.id}")
        alike = self.floor.pool.alike(call) + 1
        stands = await written
        if stands:
            self._tell_why(offer, call, assignment, alike)
        return stands

    async def offer_callback(
        self, row: dict[str, Any], call: WaitingCall, assignment: Assignment
    ) -> bool:
        """Ring the agent for a caller who hung up: who keeps the place, or did not ask."""
        agent = self.floor.people[assignment.agent]
        alike = self.floor.pool.alike(call) + 1
        why = (assignment.score, assignment.reasons)
        offer = await callbacks.offer(self.house, row, agent, *why, fence=self.lease.hold)
        if offer is not None:
            self._tell_why(offer, call, assignment, alike)
        return offer is not None

    def _tell_why(
        self, offer: Offer, call: WaitingCall, assignment: Assignment, alike: int
    ) -> None:
        told = self._explained(offer.id, call, assignment, alike)
        self.house.bus.spawn(told, f"explanation of {offer.id}")

    async def _explained(
        self, offer_id: UUID, call: WaitingCall, assignment: Assignment, alike: int
    ) -> None:
        """Why this agent and not the others, once the phone rings."""
        floor = self.floor
        names = {id_: agent.login for id_, agent in floor.people.items()}
        told = explain(
            call, floor.staff(), floor.policy, alike=alike, chosen=assignment.agent, names=names,
            callers=floor.callers() if call.blended else (),
        )  # fmt: skip
        async with self.house.db.begin() as tx:
            await store.explain_offer(tx, offer_id, {**told, "policy": floor.version})

    async def _written(
        self, offer: Offer, row: dict[str, Any], agent: Agent, assignment: Assignment
    ) -> bool:
        """One transaction: reserve the agent, write the offer."""
        try:
            async with self.house.db.begin() as tx:
                await _write(tx, offer, row, assignment, self.lease.fence)
                agents.say_reserved(tx, agent, offer.contact_id)
        except IntegrityError:
            log.warning("offer refused by the database: already offered")
            return False
        except CallwrightError as error:
            log.info("offer not made: %s", error)
            return False
        return True


async def _write(
    tx: Tx,
    offer: Offer,
    row: dict[str, Any],
    assignment: Assignment,
    fence: Mapping[str, Any],
) -> None:
    """Caller, agent, leg and offer in one round trip: between two people stands this statement."""
    now = tx.clock.now()
    values = {
        "now": now, "ring_until": now + timedelta(seconds=offer.ring_s),
        "for_contact": offer.contact_id, "for_agent": offer.agent_id,
        "for_visit": row["visit_id"], "new_leg": offer.leg, "new_offer": offer.id,
        "for_seconds": offer.ring_s, "with_score": assignment.score,
        "with_reasons": list(assignment.reasons), **fence,
    }  # fmt: skip
    if not await tx.together(OFFER, values):
        raise CallwrightError("wrong_state", what="offer", contact=str(offer.contact_id))
    offers.say_made(
        tx, offer, row["site"], visit_id=row["visit_id"], queue=row["queue"],
        score=assignment.score,
    )  # fmt: skip


# How each kind of waiting row is offered: row, call, assignment -> whether the offer stands.
OFFERS = {"call": Router.offer_call, "callback": Router.offer_callback}


async def routing_of(tx: Tx, contact_id: UUID) -> dict[str, Any]:
    """Why a contact went where it went: each offer with its explanation; while the contact waits,
    or its callback is due, `now` says who could have it and what keeps the others."""
    names = ("agent_id", "score", "reasons", "made_at", "closed_at", "result", "kind", "explained")
    made = await store.offers_of(tx, contact_id)
    rows = await calls.waiting(tx)
    row = next((row for row in rows if row["contact_id"] == contact_id), None)
    return {
        "offers": [{name: offer[name] for name in names} for offer in made],
        "now": await _now(tx, row, rows) if row else None,
    }


async def _now(tx: Tx, row: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    version, policy = await rules.in_force(tx)
    found = {queue.key: queue for queue in await queues.queues(tx)}
    now = tx.clock.now()
    before = [one for one in rows if not one["blended"]] if row["blended"] else []
    call, *callers = await waiting_calls(tx, [row, *before], found, policy, now)
    like = [r for r in rows if (r["queue"], r["blended"]) == (row["queue"], row["blended"])]
    people = await agents.agents(tx)
    told = explain(
        call, [free_agent(agent, now) for agent in people], policy, alike=max(len(like), 1),
        names={str(agent.id): agent.login for agent in people}, callers=callers,
    )  # fmt: skip
    return {**told, "policy": version}
