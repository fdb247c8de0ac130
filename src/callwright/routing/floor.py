"""The router's view of the floor: rows of the database kept as a pool between decisions."""

from __future__ import annotations

import logging
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from callwright.agents import service as agents
from callwright.agents.model import Agent
from callwright.calls import service as calls
from callwright.customers import service as customers
from callwright.kit.clock import Clock
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.queues import service as queues
from callwright.queues.model import Queue
from callwright.routing import rules
from callwright.routing.model import ON_DUTY, Assignment, FreeAgent, WaitingCall
from callwright.routing.policy import DEFAULT_POLICY, Policy
from callwright.routing.pool import Pool

log = logging.getLogger(__name__)

WARM_S = 1.0  # while nobody is free all is read so often: whoever becomes it waits for no reading
SETTINGS_HOLD_S = 2.0  # rules, queues and who is on duty are never older than this; or read on news
STEP_S = 0.5  # a wall clock that runs away from the steady one by so much was set
FACTS = ("last_contact_at", "last_agent", "open_tickets", "ticket_agent", "ticket_team")
BUSY = frozenset({"ringing", "talking", "hold"})


class Floor:
    """Who waits and who works. `look` brings it up to date; the rows stay the truth."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.version, self.policy = -1, DEFAULT_POLICY
        self.queues: dict[str, Queue] = {}
        self.rows: dict[str, dict[str, Any]] = {}  # callers in the pool
        self.calls: dict[str, WaitingCall] = {}
        self.people: dict[str, Agent] = {}  # on duty
        self.pool = Pool()
        self._free: dict[str, tuple[Any, ...]] = {}
        self._places: dict[UUID, tuple[str, str]] = {}  # visit -> version of its rows, call
        self._looked_at = self._read_at = -math.inf
        self._knows_duty = False
        self._wall_ahead_s = self._ahead()

    def forget_settings(self) -> None:
        """Something of them changed: read them again before the next decision."""
        self._read_at = -math.inf

    def forget_duty(self) -> None:
        """Somebody came to work or left."""
        self._knows_duty = False

    async def look(self, tx: Tx) -> bool:
        """Read what is new; whether anybody waits and anybody is free."""
        ready = await agents.agents_ready(tx)
        now = self.clock.monotonic()
        if not ready and now - self._looked_at < WARM_S:
            return False
        self._looked_at = now
        places = await calls.places(tx)
        if not places:
            return False
        if abs(self._ahead() - self._wall_ahead_s) > STEP_S:
            log.warning("the clock was set: waits are counted anew from their beginnings")
            self._begin_anew()
        if not ready or now - self._read_at >= SETTINGS_HOLD_S:
            await self._read_settings(tx)
        elif not self._knows_duty:
            await self._read_duty(tx)
        rows = await self._changed(tx, places)
        if any(row["queue"] not in self.queues for row in rows):
            await self._read_settings(tx)  # after which everybody may be new
            rows = await self._changed(tx, places)
        self._seat(ready, now)
        await self._queue(tx, places, rows, now)
        return bool(ready)

    def decide(self) -> list[Assignment]:
        """The assignments of this moment; what is assigned is not in the pool any more."""
        made = self.pool.assign(self.clock.monotonic())
        for one in made:
            self._free.pop(one.agent, None)
        return made

    def taken(self, call_id: str) -> tuple[dict[str, Any], WaitingCall]:
        """The row of a call that was assigned, and the call as it was decided upon."""
        row = self.rows.pop(call_id)
        self._places.pop(row["visit_id"], None)
        return row, self.calls.pop(call_id)

    def next_change_s(self) -> float | None:
        """In how many seconds time alone may make a pair possible; None when it will not."""
        if not self.rows or not self._free:
            return None
        now = self.clock.monotonic()
        due = self.pool.next_change(now)
        return None if due is None else max(due - now, 0.0)

    def staff(self) -> list[FreeAgent]:
        """Everybody on duty, as the decision sees them."""
        now = self.clock.now()
        return [free_agent(agent, now) for agent in self.people.values()]

    def callers(self) -> list[WaitingCall]:
        """Everybody who waits for an agent and was given none, as of now; no work of ours."""
        now = self.clock.now()
        return [
            replace(call, waiting_s=(now - self.rows[id_]["entered_at"]).total_seconds())
            for id_, call in self.calls.items()
            if not call.blended
        ]

    async def _read_settings(self, tx: Tx) -> None:
        """Rules that cannot be read leave the last ones in force: nobody waits for a typing
        error."""
        found = {queue.key: queue for queue in await queues.queues(tx)}
        try:
            version, policy = await rules.in_force(tx)
        except CallwrightError:
            log.exception("the published rules of routing cannot be used; the last ones hold")
            version, policy = self.version, self.policy
        if version != self.version or found != self.queues:
            self.version, self.policy, self.queues = version, policy, found
            self._begin_anew()
        self._read_at = self.clock.monotonic()
        await self._read_duty(tx)

    async def _read_duty(self, tx: Tx) -> None:
        self._knows_duty = True  # unless news of another comes while this is read
        on_duty = await agents.agents_on_duty(tx)
        there = {str(one.id): one for one in on_duty if one.state in ON_DUTY}
        for gone in self.people.keys() - there.keys():
            self.pool.agent_away(gone)
            self._free.pop(gone, None)
        serving = await self._serving(tx, there.values())
        now = self.clock.now()
        for id_, agent in there.items():
            self.people[id_] = agent
            if agent.state != "ready" or not agent.reachable:
                busy = replace(free_agent(agent, now), serving=serving.get(id_, ()))
                self.pool.agent_busy(busy)
                self._free.pop(id_, None)
        self.people = there

    async def _serving(self, tx: Tx, people: Iterable[Agent]) -> dict[str, tuple[str, ...]]:
        """Agent -> queue of the call in hand; only asked for when queues have a capacity."""
        if not self.policy.queue_capacity:
            return {}
        in_hand = {str(a.id): a.contact_id for a in people if a.contact_id and a.state in BUSY}
        of_contact = await calls.queues_of(tx, list(in_hand.values()))
        found = {id_: of_contact.get(contact) for id_, contact in in_hand.items()}
        return {id_: (queue,) for id_, queue in found.items() if queue}

    def _begin_anew(self) -> None:
        self.pool = Pool(self.policy)
        self.rows, self.calls, self._free, self.people, self._places = {}, {}, {}, {}, {}
        self._wall_ahead_s = self._ahead()
        self.forget_settings()

    def _seat(self, ready: Sequence[Agent], now: float) -> None:
        """Who is free, who is not any more."""
        wall, free = self.clock.now(), {}
        for agent in ready:
            id_ = str(agent.id)
            free[id_] = (agent.state_since, agent.skills, agent.queues, agent.department)
            if self._free.get(id_) != free[id_]:
                self.people[id_] = agent
                self.pool.agent_ready(free_agent(agent, wall), now)
        for id_ in self._free.keys() - free.keys():
            self.pool.agent_busy(free_agent(self.people[id_], wall))
        self._free = free

    async def _changed(self, tx: Tx, places: Mapping[UUID, str]) -> list[dict[str, Any]]:
        """The rows of those who are new, or not as they were when they were read."""
        seen = {place: version for place, (version, _) in self._places.items()}
        changed = [place for place, version in places.items() if seen.get(place) != version]
        return await calls.waiting_in_places(tx, changed) if changed else []

    async def _queue(
        self, tx: Tx, places: Mapping[UUID, str], rows: Iterable[dict[str, Any]], now: float
    ) -> None:
        """Who waits, who does not any more. `rows` = those changed who are still there."""
        changed = {row["visit_id"]: row for row in rows}
        for place, (version, id_) in list(self._places.items()):
            if place not in changed and places.get(place) != version:
                self.pool.call_leaves(id_)
                del self._places[place], self.rows[id_], self.calls[id_]
        new = {}
        for place, row in changed.items():
            id_ = str(row["contact_id"])
            if self._is_new(id_, row):
                new[id_] = row
            self._places[place] = (places[place], id_)
        wall = _not_before(self.clock.now(), new.values())
        for call in await waiting_calls(tx, new.values(), self.queues, self.policy, wall):
            self.rows[call.id], self.calls[call.id] = new[call.id], call
            self.pool.call_arrives(call, now)

    def _is_new(self, id_: str, row: Mapping[str, Any]) -> bool:
        before = self.rows.get(id_)
        return before is None or any(
            before[name] != row[name] for name in ("visit_id", "entered_at", "tier", "customer_id")
        )

    def _ahead(self) -> float:
        return self.clock.now().timestamp() - self.clock.monotonic()


async def waiting_calls(
    tx: Tx,
    rows: Collection[Mapping[str, Any]],
    queues: Mapping[str, Queue],
    policy: Policy,
    now: datetime,
) -> list[WaitingCall]:
    """Callers, in the order of their rows, with what higher rooms pushed down about them."""
    ids = [row["customer_id"] for row in rows if row["customer_id"]]
    facts: dict[UUID, dict[str, Any]] = {}
    if ids:
        facts = await customers.facts_of_many(tx, ids, FACTS)
    return [
        _waiting_call(row, queues[row["queue"]], facts.get(row["customer_id"], {}), policy, now)
        for row in rows
    ]


def _waiting_call(
    row: Mapping[str, Any],
    queue: Queue,
    facts: Mapping[str, Any],
    policy: Policy,
    now: datetime,
) -> WaitingCall:
    """A caller as the decision sees one. An open ticket's owner goes before the last agent."""
    last = facts.get("last_contact_at")
    repeat = last is not None and now - datetime.fromisoformat(last) <= timedelta(
        hours=policy.repeat_hours
    )
    open_ticket = int(facts.get("open_tickets") or 0) > 0
    owner = facts.get("ticket_agent") if open_ticket else None
    return WaitingCall(
        id=str(row["contact_id"]),
        queue=row["queue"],
        tier=row["tier"],
        skills=queue.skills,
        waiting_s=(now - row["entered_at"]).total_seconds(),
        sticky=owner or (facts.get("last_agent") if repeat else None),
        wants=(facts.get("ticket_team") or "") if open_ticket else "",
        language=row["language"],
        repeat=repeat,
        open_ticket=open_ticket,
        blended=bool(row.get("blended")),
    )


def free_agent(agent: Agent, now: datetime) -> FreeAgent:
    """An agent as the decision sees one; whose phone is gone cannot be rung."""
    away = agent.state == "ready" and not agent.reachable
    return FreeAgent(
        id=str(agent.id),
        state="unreachable" if away else agent.state.value,
        idle_s=max((now - agent.state_since).total_seconds(), 0.0),
        skills=agent.skills,
        queues=agent.queues,
        team=agent.department,
    )


def _not_before(now: datetime, rows: Iterable[Mapping[str, Any]]) -> datetime:
    """After a clock was set back: as if it were no earlier than the latest arrival, so that
    everybody keeps their place."""
    entered: list[datetime] = [row["entered_at"] for row in rows]
    return max(now, *entered) if entered else now
