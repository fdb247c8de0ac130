"""500 connected desks on one process: an agent's change of state at that agent's desk alone.

Beside it, on the same machine in the same run, a bare Starlette echo of frames of the same size
with as many sockets open.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from tests.pbx_server import free_base
from tests.platform_process import PlatformProcess

from bench import house
from bench.table import percentile, write_table
from callwright.agents import service as agents
from callwright.kit.bus import Bus
from callwright.kit.clock import SystemClock
from callwright.kit.db import Database

DESKS, QUICK_DESKS = 500, 50
CHANGES, QUICK_CHANGES = 1000, 50
PAUSE_S = 0.03  # between two changes: the desks of 500 agents see some 30 a second
GOAL_MS = 50
STARTING_S = 10.0
STATES = ("break", "offline")  # what an agent without a call may take at any time


@dataclass(slots=True)
class Desks:
    """The open desks, and what arrived there: (login, state) → wall-clock time."""

    sockets: dict[str, aiohttp.ClientWebSocketResponse] = field(default_factory=dict)
    arrived: dict[tuple[str, str], float] = field(default_factory=dict)
    frames: int = 0
    size: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, login: str) -> None:
        """Note every frame of one desk."""
        async for message in self.sockets[login]:
            at = time.time()
            self.frames += 1
            self.size = max(self.size, len(message.data))
            agent = json.loads(message.data)["event"]["agent"]
            self.arrived[agent["login"], agent["since"]] = at
            self.news.set()

    async def arrival(self, login: str, since: str) -> float:
        """When the change of that moment was there."""
        while (login, since) not in self.arrived:
            self.news.clear()
            await self.news.wait()
        return self.arrived[login, since]


async def measure(desks: int, changes: int) -> list[dict[str, object]]:
    """The rows of the table: ours, then the bare echo."""
    with house.platform() as process:
        logins = await _hire(process, desks)
        async with _opened(process, logins) as open_desks:
            ours, from_request = await _change_states(process, open_desks, changes)
    size, frames = open_desks.size, open_desks.frames
    if frames != changes:
        raise RuntimeError(f"{changes} changes made {frames} frames: something was broadcast")
    echoes = await _echo(desks, changes, size)
    return [
        _row("state changed → its desk", desks, size, ours),
        _row("HTTP request → its desk", desks, size, from_request),
        _row("bare Starlette echo, there and back", desks, size, echoes),
    ]


async def _hire(process: PlatformProcess, many: int) -> list[str]:
    """So many agents more, as the house itself makes them."""
    logins = [f"desk{number:03}" for number in range(many)]
    db = Database(process.database_url, SystemClock(), Bus(), pool_size=1)
    try:
        async with db.begin() as tx:
            for login in logins:
                await agents.add_agent(
                    tx, login=login, name=login, department="bench", site="main",
                    skills={}, queues=["sales"],
                )  # fmt: skip
    finally:
        await db.close()
    return logins


@asynccontextmanager
async def _opened(process: PlatformProcess, logins: list[str]) -> AsyncIterator[Desks]:
    """Every agent's desk on a socket of its own; the snapshots have been read."""
    desks = Desks()
    headers = {"Authorization": f"Bearer {process.place.token}"}
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(_session(process.place.url, headers))
        for login in logins:
            socket = await stack.enter_async_context(session.ws_connect("/live"))
            await socket.send_json({"subscribe": [f"desk:{login}"]})
            await socket.receive_json(timeout=STARTING_S)
            desks.sockets[login] = socket
        listening = [asyncio.create_task(desks.listen(login)) for login in logins]
        yield desks
        for task in listening:
            task.cancel()


def _session(url: str, headers: dict[str, str]) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(url, headers=headers, connector=aiohttp.TCPConnector(limit=0))


async def _change_states(
    process: PlatformProcess, desks: Desks, changes: int
) -> tuple[list[float], list[float]]:
    """One agent after another takes a break or goes; seconds from the change and the request."""
    logins = list(desks.sockets)
    turn = dict.fromkeys(logins, 0)
    from_change, from_request = [], []
    headers = {"Authorization": f"Bearer {process.place.token}"}
    async with _session(process.place.url, headers) as session:
        for _ in range(changes):
            login = random.choice(logins)
            state = STATES[turn[login] % 2]
            turn[login] += 1
            asked = time.time()
            agent = await _request_state(session, login, state)
            at = await desks.arrival(login, agent["since"])
            from_change.append(at - house.epoch(agent["since"]))
            from_request.append(at - asked)
            await asyncio.sleep(random.uniform(0.5, 1.5) * PAUSE_S)
    return from_change, from_request


async def _request_state(session: aiohttp.ClientSession, login: str, state: str) -> dict[str, Any]:
    body = {"state": state, "reason": "bench" if state == "break" else ""}
    async with session.post(f"/api/v1/agents/{login}/state", json=body) as answer:
        answer.raise_for_status()
        found: dict[str, Any] = await answer.json()
        return found | {"since": found["since"].replace("Z", "+00:00")}


async def _echo(sockets: int, frames: int, size: int) -> list[float]:
    """Seconds there and back on one socket of many, at the same pace."""
    port = free_base()
    server = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.echo", str(port))
    try:
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(_session(f"http://127.0.0.1:{port}", {}))
            await _listening(session)
            opened = [
                await stack.enter_async_context(session.ws_connect("/echo")) for _ in range(sockets)
            ]
            found = []
            for _ in range(frames):
                socket = random.choice(opened)
                sent = time.time()
                await socket.send_str("x" * size)
                await socket.receive_str()
                found.append(time.time() - sent)
                await asyncio.sleep(random.uniform(0.5, 1.5) * PAUSE_S)
            return found
    finally:
        server.terminate()
        await server.wait()


async def _listening(session: aiohttp.ClientSession) -> None:
    """Until the server takes connections."""
    async with asyncio.timeout(STARTING_S):
        while True:
            try:
                async with session.ws_connect("/echo"):
                    return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.05)


def _row(what: str, desks: int, size: int, seconds: list[float]) -> dict[str, object]:
    return {
        "what": what,
        "sockets": desks,
        "events": len(seconds),
        "frame, characters": size,
        **house.milliseconds(seconds),
        "worst ms": f"{1000 * percentile(seconds, 100):.1f}",
        "goal p99 ms": GOAL_MS,
        "machine load": house.machine_load(),
    }


def main(arguments: list[str]) -> int:
    """Measure and write the table; 1 when the goal was missed."""
    quick = "--quick" in arguments
    rows = asyncio.run(
        measure(QUICK_DESKS if quick else DESKS, QUICK_CHANGES if quick else CHANGES)
    )
    write_table("desks", "Many desks on one process, each hears only of itself", rows)
    return 0 if float(str(rows[0]["p99 ms"])) <= GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
