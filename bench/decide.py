"""What one decision costs, from 15 to 20,000 agents, beside loops and beside mod_callcenter's SQL.

An event is a caller who comes or an agent who becomes free, half of each, with everybody else
busy and the queue kept full: the worst moment of the day. The loops decide by the same rules and
are checked to decide the same. The SQL is one pass as that module makes it: every waiting member,
and for each the agents of its queue; it makes ten a second and ignores skills, so that each
combination of skills is a queue of its own here.
"""

from __future__ import annotations

import gc
import sqlite3
import sys
import time
from dataclasses import dataclass

from bench.decide_world import Size, World
from bench.table import percentile, write_table
from callwright.routing.model import FreeAgent, WaitingCall, value_of
from callwright.routing.needs import Needs, able, asked, mean_level, own_trade
from callwright.routing.policy import DEFAULT_POLICY
from callwright.routing.pool import Pool

SIZES = (
    Size(15, 8, 20), Size(80, 20, 60), Size(500, 50, 200), Size(5_000, 200, 2_000),
    Size(20_000, 400, 8_000),
)  # fmt: skip
GOAL_SIZE, GOAL_US = SIZES[3], 10.0
EVENTS, QUICK_EVENTS = 20_000, 2_000
LOOP_S = 3.0  # the loops are stopped after so long
SQL_S = 10.0
BUSY = "talking"
CALLS_AN_HOUR = 10  # of an agent


@dataclass(frozen=True, slots=True)
class Event:
    """A caller or an agent, and when."""

    at: float
    call: WaitingCall | None
    agent: FreeAgent | None


def events_of(world: World, count: int) -> list[Event]:
    """An agent and a caller in turn, as often as a full floor has them."""
    every_s = 3600 / CALLS_AN_HOUR / len(world.agents) / 2
    return [
        Event(every_s * n, world.call() if n % 2 else None, None if n % 2 else world.agent())
        for n in range(1, count + 1)
    ]


class Loops:
    """The same rules by looking at everybody."""

    def __init__(self, world: World) -> None:
        self.policy = DEFAULT_POLICY
        self.waiting: dict[str, tuple[WaitingCall, Needs, float, float]] = {}
        self.free: dict[str, tuple[FreeAgent, float]] = {}
        self.count: dict[Needs, int] = {}
        self.primary: dict[Needs, int] = {}
        self.agents = world.agents

    def arrives(self, call: WaitingCall, now: float) -> None:
        """A caller waits."""
        needs = asked(call.skills, "", self.policy)
        lead_s = self.policy.lead_s(value_of(call, self.policy))
        self.waiting[call.id] = (call, needs, now, now - lead_s)
        self.count[needs] = self.count.get(needs, 0) + 1
        if needs not in self.primary:
            self.primary[needs] = sum(
                own_trade(needs, agent.skills, self.policy) for agent in self.agents
            )

    def decide(self, now: float) -> list[tuple[str, str]]:
        """Every pair of a free agent and a waiting caller is looked at."""
        made: list[tuple[str, str]] = []
        while True:
            best = min(self._pairs(now), default=None)
            if best is None:
                return made
            call_id, agent_id = best[2], best[-1]
            _, needs, _, _ = self.waiting.pop(call_id)
            self.count[needs] -= 1
            del self.free[agent_id]
            made.append((call_id, agent_id))

    def _pairs(self, now: float) -> list[tuple[float, float, str, bool, float, float, str]]:
        found = []
        policy, gate = self.policy, self.policy.gate
        for agent, since in self.free.values():
            for call, needs, came, key in self.waiting.values():
                if not able(needs, agent.skills):
                    continue
                own = own_trade(needs, agent.skills, policy)
                young = now - came < gate.after_s
                crowd = self.count[needs] >= gate.share * self.primary[needs]
                if not own and young and self.primary[needs] and not crowd:
                    continue
                if now - came >= policy.guarantee_s:
                    first = came - policy.guarantee_s
                else:
                    first = key - policy.own_first_s if own else key
                suits = mean_level(needs, agent.skills)
                found.append((first, came, call.id, not own, -suits, since, agent.id))
        return found


def fill(size: Size, seed: int) -> tuple[World, list[WaitingCall]]:
    """A world and the callers who wait in it at the beginning."""
    world = World(size, seed)
    return world, [world.call() for _ in range(size.waiting)]


def pool_of(world: World, waiting: list[WaitingCall]) -> Pool:
    """Everybody busy, everybody waiting."""
    pool = Pool()
    for agent in world.agents:
        pool.agent_busy(FreeAgent(agent.id, BUSY, skills=agent.skills))
    for call in waiting:
        pool.call_arrives(call, 0.0)
    pool.assign(0.0)
    return pool


def time_pool(size: Size, count: int) -> tuple[list[float], list[tuple[str, str]]]:
    """Microseconds of each event, and what was decided."""
    world, waiting = fill(size, 1)
    pool, events = pool_of(world, waiting), events_of(world, count)
    spent, made = [], []
    gc.collect()
    gc.disable()
    for event in events:
        began = time.perf_counter_ns()
        if event.call:
            pool.call_arrives(event.call, event.at)
        elif event.agent:
            pool.agent_ready(event.agent, event.at)
        decided = pool.assign(event.at)
        spent.append((time.perf_counter_ns() - began) / 1000)
        made += [(one.call, one.agent) for one in decided]
    gc.enable()
    return spent, made


def time_loops(size: Size, count: int) -> tuple[float, list[tuple[str, str]]]:
    """Microseconds of an event in the mean, and what was decided in the time there was."""
    world, waiting = fill(size, 1)
    loops, events = Loops(world), events_of(world, count)
    for call in waiting:
        loops.arrives(call, 0.0)
    made: list[tuple[str, str]] = []
    done, began = 0, time.perf_counter()
    for event in events:
        if event.call:
            loops.arrives(event.call, event.at)
        elif event.agent:
            loops.free[event.agent.id] = (event.agent, event.at)
        made += loops.decide(event.at)
        done += 1
        if time.perf_counter() - began > LOOP_S:
            break
    return 1e6 * (time.perf_counter() - began) / done, made


_TABLES = """
CREATE TABLE agents (name TEXT, status TEXT, state TEXT, last_offered_call INT);
CREATE TABLE tiers (queue TEXT, agent TEXT, state TEXT, level INT, position INT);
CREATE TABLE members (queue TEXT, uuid TEXT, joined_epoch INT, base_score INT, state TEXT);
CREATE INDEX tiers_queue ON tiers (queue, level, position);
CREATE INDEX agents_name ON agents (name);
"""
_MEMBERS = """SELECT queue, uuid, (99999 - joined_epoch) + base_score AS score FROM members
WHERE state = 'Waiting' ORDER BY score DESC"""
_AGENTS = """SELECT agents.name, agents.state, tiers.state FROM agents
LEFT JOIN tiers ON agents.name = tiers.agent WHERE tiers.queue = ? AND agents.status = 'Available'
ORDER BY level, last_offered_call, position"""


def time_sql(size: Size) -> float:
    """Milliseconds of one pass; extrapolated from those members who were reached in time."""
    world, waiting = fill(size, 1)
    queues = {tuple(sorted(call.skills)): "+".join(sorted(call.skills)) for call in waiting}
    with sqlite3.connect(":memory:") as base:
        base.executescript(_TABLES)
        base.executemany(
            "INSERT INTO agents VALUES (?, 'Available', 'In a queue call', ?)",
            [(agent.id, number) for number, agent in enumerate(world.agents)],
        )
        base.executemany(
            "INSERT INTO tiers VALUES (?, ?, 'Ready', 1, 1)",
            [
                (name, agent.id)
                for skills, name in queues.items()
                for agent in world.agents
                if all(agent.skills.get(skill, 0) >= 2 for skill in skills)
            ],
        )
        base.executemany(
            "INSERT INTO members VALUES (?, ?, ?, 0, 'Waiting')",
            [(queues[tuple(sorted(c.skills))], c.id, n) for n, c in enumerate(waiting)],
        )
        began, done = time.perf_counter(), 0
        for queue, _, _ in base.execute(_MEMBERS).fetchall():
            for _ in base.execute(_AGENTS, [queue]):
                pass
            done += 1
            if time.perf_counter() - began > SQL_S:
                break
        return 1000 * (time.perf_counter() - began) / done * len(waiting)


def measure(size: Size, count: int) -> dict[str, object]:
    """One row of the table."""
    best = min((time_pool(size, count) for _ in range(3)), key=lambda found: sum(found[0]))
    spent, made = best
    loop_us, loops_made = time_loops(size, count)
    if made[: len(loops_made)] != loops_made:
        raise AssertionError(f"{size}: the loops decided otherwise")
    sql_ms = time_sql(size)
    mean = sum(spent) / len(spent)
    return {
        "agents x skills x waiting": str(size),
        "decision us": f"{mean:.1f}",
        "p50": f"{percentile(spent, 50):.1f}",
        "p99": f"{percentile(spent, 99):.1f}",
        "loops us": f"{loop_us:.0f}",
        "loops / ours": f"{loop_us / mean:.0f}",
        "same decisions": f"{len(loops_made)} of {len(loops_made)}",
        "SQL pass ms": f"{sql_ms:.1f}",
        "SQL pass / ours": f"{1000 * sql_ms / mean:,.0f}",
        "goal us": f"{GOAL_US:.0f}" if size == GOAL_SIZE else "-",
    }


def main(arguments: list[str]) -> int:
    """Measure and write the table; 1 when the goal was missed."""
    count = QUICK_EVENTS if "--quick" in arguments else EVENTS
    rows = [measure(size, count) for size in SIZES]
    write_table("decide", "What one routing decision costs", rows)
    goal = next(row for row in rows if row["goal us"] != "-")
    return 0 if float(str(goal["decision us"])) <= GOAL_US else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
