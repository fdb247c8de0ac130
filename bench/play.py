"""A key at the desk → the caller hears the reply: real PBX, real phones, the demo's own voice."""

from __future__ import annotations

import asyncio
import sys
import time

import aiohttp
import numpy as np
from tests.e2e.calls.floor import Floor, floor_of
from tests.e2e.calls.test_replies import browser

from bench import house
from bench.table import write_table
from callwright.integrations.sipphone import Call

TIMES, QUICK_TIMES = 40, 5
GOAL_MS = 300
REPLY = "S-005"
AUDIBLE = 300  # amplitude
LOOK_S = 0.005
PATIENCE_S = 5.0


async def _first_sound(call: Call, since: int) -> float:
    """When the phone hears something after so many samples."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            heard = call.heard()[since:]
            if len(heard) and np.abs(heard).max() > AUDIBLE:
                return time.perf_counter()
            await asyncio.sleep(LOOK_S)


async def _once(
    desk: aiohttp.ClientSession, path: str, script: str, calls: list[Call]
) -> list[float]:
    """Play, measure at each phone, stop; seconds from the key to the sound."""
    lengths = [len(call.heard()) for call in calls]
    waiting = [
        asyncio.create_task(_first_sound(call, since))
        for call, since in zip(calls, lengths, strict=True)
    ]
    began = time.perf_counter()
    answer = await desk.post(f"{path}/{script}/play", json={})
    assert answer.status == 200, await answer.text()
    taken = [await task - began for task in waiting]
    await desk.post(f"{path}/stop")
    return taken


async def _silence(desk: aiohttp.ClientSession, path: str) -> None:
    """Until nothing plays and the last packets are through."""
    while (await (await desk.post(f"{path}/stop")).json())["stopped"]:  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)


async def _measure(floor: Floor, desk: aiohttp.ClientSession, times: int) -> list[list[float]]:
    agent = await floor.agent(house.AGENT, 0)
    caller = await floor.caller("13916060002", 0, keys="0")
    await floor.until_talking(caller)
    found = await desk.get("/api/v1/scripts", params={"q": REPLY})
    script = (await found.json())["items"][0]["id"]
    path = f"/api/v1/contacts/{caller.contact_id}/scripts"
    taken = []
    for _ in range(times):
        await _silence(desk, path)
        taken.append(await _once(desk, path, script, [caller.call, agent.call]))
    await caller.call.hang_up()
    return taken


async def measure(times: int) -> list[dict[str, object]]:
    """The rows of the table."""
    with house.platform() as process:
        async with floor_of(process) as floor, browser(process, house.AGENT) as desk:
            taken = await _measure(floor, desk, times)
    return [
        {
            "who hears it": who, "plays": len(taken),
            **house.milliseconds([one[place] for one in taken]),
            "goal p95 ms": GOAL_MS, "machine load": house.machine_load(),
        }
        for place, who in enumerate(("caller", "agent"))
    ]  # fmt: skip


def main(arguments: list[str]) -> int:
    """Measure and write the table; 1 when the goal was missed."""
    rows = asyncio.run(measure(QUICK_TIMES if "--quick" in arguments else TIMES))
    write_table("play", "A key at the desk → the reply is heard", rows)
    return 0 if max(float(str(row["p95 ms"])) for row in rows) <= GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
