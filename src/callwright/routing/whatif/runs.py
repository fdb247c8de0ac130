"""Simulations of the platform: asked for, run in a child process, cancelled, kept."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from callwright.accounts.model import User
from callwright.calls import reads as calls
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.ids import new_id
from callwright.ports.house import House
from callwright.routing import rules
from callwright.routing.events import SimulationFinished, SimulationRequested
from callwright.routing.whatif import store
from callwright.routing.whatif.wish import Wish, affordable, draft_of
from callwright.routing.whatif.work import WEEKS_BACK, stretches_of

MODULE = "callwright.routing.whatif.child"
LOOK_EVERY_S = 0.5  # so soon a cancelled one ends
LONGEST_LINE = 64 * 1024 * 1024


async def request(tx: Tx, zone: ZoneInfo, wish: Wish, user: User) -> UUID:
    """Write the wish down; a durable job takes it up.

    `invalid` names the field (`draft.guarantee_s`, `source`, `seeds`); `wrong_state` while another
    one runs.
    """
    draft_of(wish)
    await _callers(tx, zone, wish)
    await store.lock(tx)
    other = await store.open_one(tx)
    if other:
        raise CallwrightError("wrong_state", what="simulation", state="running", id=str(other))
    version, running = await rules.read(tx)
    simulation_id = new_id()
    await store.insert(
        tx,
        {
            "id": simulation_id, "state": "requested", "author": user.login,
            "requested_at": tx.clock.now(), "wish": wish.model_dump(mode="json"),
            "running_version": version, "running": running,
        },
    )  # fmt: skip
    tx.publish(SimulationRequested(at=tx.clock.now(), simulation_id=simulation_id))
    return simulation_id


async def _callers(tx: Tx, zone: ZoneInfo, wish: Wish) -> None:
    """Refuse at once what has no callers, or too many."""
    if wish.source.kind == "generated":
        return
    stretches = stretches_of(wish.source, zone, tx.clock.now())
    counts = [await calls.count_visits(tx, since, until) for since, until in stretches]
    if not sum(counts):
        raise invalid("source", "nobody called")
    affordable(max(counts) if len(counts) == WEEKS_BACK else sum(counts), wish)


async def cancel(tx: Tx, simulation_id: UUID) -> None:
    """End it; `wrong_state` when it is over, `not_found` when there is none."""
    row = await found(tx, simulation_id)
    if not await store.finish(tx, simulation_id, "cancelled"):
        raise CallwrightError("wrong_state", what="simulation", state=row["state"])
    _say_finished(tx, simulation_id, "cancelled")


async def found(tx: Tx, simulation_id: UUID) -> dict[str, Any]:
    """A simulation with its result; `not_found` otherwise."""
    row = await store.one(tx, simulation_id)
    if row is None:
        raise CallwrightError("not_found", what="simulation")
    return row


async def carry_out(house: House, simulation_id: UUID) -> None:
    """Run it in a process of its own and write down what comes out. May be called again."""
    row = await house.db.run(lambda tx: store.begin(tx, simulation_id))
    if row is None:
        return
    errand = {
        "url": house.db.url, "zone": house.settings.company.zone, "wish": row["wish"],
        "running": row["running"], "now": row["requested_at"],
    }  # fmt: skip
    async with _child(errand) as lines:
        state, outcome = await _follow(house, simulation_id, lines)
    if state:
        await house.db.run(lambda tx: _end(tx, simulation_id, state, outcome))


async def _end(tx: Tx, simulation_id: UUID, state: str, outcome: dict[str, Any]) -> None:
    if await store.finish(tx, simulation_id, state, **outcome):
        _say_finished(tx, simulation_id, state)


def _say_finished(tx: Tx, simulation_id: UUID, state: str) -> None:
    tx.publish(SimulationFinished(at=tx.clock.now(), simulation_id=simulation_id, state=state))


@dataclass
class _News:
    """How far the child is, as it said last."""

    stage: str = "reading"
    progress: float = 0.0


async def _follow(
    house: House, simulation_id: UUID, lines: asyncio.StreamReader
) -> tuple[str, dict[str, Any]]:
    """Write its progress down until it ends; an empty state when it was cancelled meanwhile."""
    news = _News()
    listening = asyncio.ensure_future(_listen(lines, news))
    try:
        while not listening.done():
            await asyncio.wait({listening}, timeout=LOOK_EVERY_S)
            if not await house.db.run(
                lambda tx: store.advance(tx, simulation_id, news.stage, news.progress)
            ):
                return "", {}
        return listening.result()
    finally:
        listening.cancel()


async def _listen(lines: asyncio.StreamReader, news: _News) -> tuple[str, dict[str, Any]]:
    """Its last word: the result, or why there is none."""
    while line := await lines.readline():
        said = orjson.loads(line)
        for key, state in (("result", "done"), ("error", "failed")):
            if key in said:
                return state, {key: said[key]}
        news.stage, news.progress = said["stage"], said["progress"]
    return "failed", {"error": {"code": "simulation_died", "params": {}}}


@asynccontextmanager
async def _child(errand: dict[str, Any]) -> AsyncIterator[asyncio.StreamReader]:
    """A child at work; killed at the end of the block. What it complains of goes to our stderr."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        MODULE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
        limit=LONGEST_LINE,
    )
    try:
        if process.stdin is None or process.stdout is None:
            raise ValueError("a process without pipes")
        process.stdin.write(orjson.dumps(errand))
        with contextlib.suppress(ConnectionError):
            await process.stdin.drain()
        process.stdin.close()
        yield process.stdout
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()
