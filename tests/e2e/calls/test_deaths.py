"""The platform, its PBX or its database is killed: people talk on, every call is accounted."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence

import numpy as np
import pytest
from tests.e2e.calls.books import faults_in
from tests.e2e.calls.floor import (
    Agent,
    Caller,
    Floor,
    floor_of,
    they_talk,
    trying,
    until,
)
from tests.e2e.calls.watching import rows
from tests.platform_process import PlatformProcess

pytestmark = pytest.mark.timeout(600)

Pair = tuple[Caller, Agent]
ORDERS = ("zhou.ting", "wu.hao", "xu.jing")


async def pairs_talking(floor: Floor, logins: Sequence[str]) -> list[Pair]:
    """One caller for each agent, all at once."""
    for number, login in enumerate(logins):
        await floor.agent(login, 400 + 70 * number)
    callers = await asyncio.gather(
        *(floor.caller(f"1390000000{n}", 900 + 70 * n) for n in range(len(logins)))
    )
    return [(caller, await floor.until_talking(caller)) for caller in callers]


async def callers_waiting(floor: Floor, count: int) -> list[Caller]:
    """Callers in the queue, the longest waiting first."""
    callers = await asyncio.gather(
        *(floor.caller(f"1380000000{n}", 1300 + 70 * n) for n in range(count))
    )
    query = "select contact_id::text as id from queue_visit order by entered_at"
    order = [row["id"] for row in rows(floor.platform, query)]
    return sorted(callers, key=lambda caller: order.index(caller.contact_id))


async def all_talk(pairs: Sequence[Pair]) -> bool:
    return all(await asyncio.gather(*(they_talk(caller, agent) for caller, agent in pairs)))


@pytest.mark.row("1.20")
async def test_platform_is_killed_while_people_talk_and_wait(
    own_platform: PlatformProcess,
) -> None:
    """Talks go on heard by both, who waited is served in the old order."""
    async with floor_of(own_platform) as floor:
        pairs = await pairs_talking(floor, ORDERS)
        waiting = await callers_waiting(floor, 4)
        (left, forsaken), staying = pairs[0], pairs[1:]
        own_platform.kill()
        assert await all_talk(pairs)
        await left.call.hang_up()
        late = await floor.dial("13700000001")
        assert await hears_anything(late)
        starting = asyncio.create_task(asyncio.to_thread(own_platform.start))
        assert await all_talk(staying)
        await starting
        await floor.reconnect()
        assert await all_talk(staying)
        await until("the forsaken agent's end", lambda: forsaken.taken[0].state == "ended")
        assert all(agent.call.state == "talking" for _, agent in staying)
        await floor.find(late)
        await floor.until_event(late, "menu.entered")
        await late.call.press("1")
        for caller, _ in staying:
            await caller.call.hang_up()
        for caller in (*waiting, late):
            agent = await floor.until_talking(caller)
            assert await they_talk(caller, agent)
            await caller.call.hang_up()
        everybody = [left, *(caller for caller, _ in staying), *waiting, late]
        await check_books(floor, everybody)
        assert await served(floor, [*waiting, late]) == [c.number for c in (*waiting, late)]
        reasons = {c.number: (await floor.page(c))["end_reason"] for c in everybody}
        assert set(reasons.values()) == {"completed"}, reasons


@pytest.mark.row("1.20")
async def test_platform_is_killed_while_a_phone_rings_and_a_menu_speaks(
    own_platform: PlatformProcess,
) -> None:
    """The ringing phone may answer, the menu begins again."""
    async with floor_of(own_platform) as floor:
        quick = await floor.agent("wu.hao", 500, answers=False)
        slow = await floor.agent("xu.jing", 600, answers=False)
        offered = await asyncio.gather(
            floor.caller("13800000001", 1300), floor.caller("13800000002", 1370)
        )
        await until("both phones to ring", lambda: bool(quick.rung and slow.rung))
        chooses = await floor.dial("13800000003", 1440)
        await floor.find(chooses)
        own_platform.kill()
        await quick.take(quick.rung[0])
        await asyncio.to_thread(own_platform.start)
        await floor.reconnect()
        served_first = next(
            caller for caller in offered if caller.contact_id == quick.rung[0].header("X-Call-Id")
        )
        assert await floor.until_talking(served_first) is quick
        assert await they_talk(served_first, quick)
        quick.answers = slow.answers = True
        await floor.until_menu_again(chooses)
        await chooses.call.press("1")
        await served_first.call.hang_up()
        [missed] = [caller for caller in offered if caller is not served_first]
        for caller in (missed, chooses):
            agent = await floor.until_talking(caller)
            assert await they_talk(caller, agent)
            await caller.call.hang_up()
        await check_books(floor, [*offered, chooses])


@pytest.mark.row("1.20")
async def test_pbx_is_killed(own_platform: PlatformProcess) -> None:
    """Every call is accounted for as lost with the PBX, and the next one works."""
    async with floor_of(own_platform) as floor:
        [(talking, agent)] = await pairs_talking(floor, ["zhou.ting"])
        [waits] = await callers_waiting(floor, 1)
        chooses = await floor.dial("13700000001")
        await floor.find(chooses)
        running = own_platform.pbx.adopted()
        assert running is not None
        os.kill(running.pid, signal.SIGKILL)
        for caller in (talking, waits, chooses):
            await floor.until_event(caller, "call.ended")
            assert (await floor.page(caller))["end_reason"] == "pbx_lost"
        restarted = own_platform.pbx.ensure()
        assert restarted.pid != running.pid
        agent.call.behind(None)
        await check_books(floor, [talking, waits, chooses])
        await next_call_works(floor, agent)


async def test_database_is_killed(own_platform: PlatformProcess) -> None:
    async with floor_of(own_platform) as floor:
        pairs = await pairs_talking(floor, ORDERS[:2])
        waiting = await callers_waiting(floor, 2)
        before = own_platform.database.pid()
        assert before is not None
        os.kill(before, signal.SIGKILL)
        dialling = asyncio.create_task(floor.dial("13700000001", 1500))
        assert await all_talk(pairs)
        await pairs[0][0].call.hang_up()
        await until("the database", lambda: own_platform.database.pid() not in (None, before))
        assert await all_talk(pairs[1:])
        late = await dialling
        await floor.find(late)
        await floor.until_event(late, "menu.entered")
        await late.call.press("1")
        waiting.append(late)
        for caller in waiting:
            agent = await floor.until_talking(caller)
            assert await they_talk(caller, agent)
            await caller.call.hang_up()
        await pairs[1][0].call.hang_up()
        everybody = [*(caller for caller, _ in pairs), *waiting]
        await check_books(floor, everybody)
        assert {(await floor.page(caller))["end_reason"] for caller in everybody} == {"completed"}
        await next_call_works(floor, pairs[0][1])


async def check_books(floor: Floor, callers: Sequence[Caller]) -> None:
    """All work on these calls is done, and everything adds up."""
    for caller in callers:
        page = await floor.api.wait_finished(caller.contact_id)
        assert page["recording"] is None or page["recording"]["state"] in ("saved", "failed")
    async for _ in trying("agents to be free"):
        faults = faults_in(floor.platform)
        if not faults:
            return
        if "agents stuck" not in faults and "legs that have not ended" not in faults:
            break
    assert faults_in(floor.platform) == {}


async def served(floor: Floor, callers: Sequence[Caller]) -> list[str]:
    """The callers' numbers in the order in which they were given to agents, who took them."""
    query = "select contact_id::text as id from offer where result = 'accepted' order by made_at"
    order = [row["id"] for row in rows(floor.platform, query)]
    found = sorted(callers, key=lambda caller: order.index(caller.contact_id))
    return [caller.number for caller in found]


async def next_call_works(floor: Floor, agent: Agent) -> None:
    """A new caller is served as if nothing had happened."""
    if (await floor.until_state(agent.login, "ready", "wrap", "break"))["state"] == "break":
        await floor.api.set_state(agent.login, "ready")
    caller = await floor.caller("13600000001", 1800)
    taker = await floor.until_talking(caller)
    assert await they_talk(caller, taker)
    await caller.call.hang_up()
    page = await floor.api.wait_finished(caller.contact_id)
    assert page["end_reason"] == "completed"
    assert page["recording"]["state"] == "saved"


async def hears_anything(caller: Caller) -> bool:
    """Whether the caller hears a voice or music, not silence."""
    async for _ in trying("a sound for the caller"):
        if np.abs(caller.call.heard().astype(np.int32)).max(initial=0) > 500:
            return True
    return False
