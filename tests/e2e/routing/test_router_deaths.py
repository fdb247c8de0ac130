"""kill -9 of the platform while 30 callers wait and 10 phones ring."""

from __future__ import annotations

import asyncio
from collections import Counter

import psycopg
import pytest
from bench.pbx import let_silent_lines_live
from tests.e2e.calls.books import faults_in
from tests.e2e.calls.floor import Agent, Floor, floor_of, until
from tests.e2e.calls.watching import rows
from tests.platform_process import PlatformProcess

from callwright.integrations.sipphone import OutgoingCall, Phone

pytestmark = pytest.mark.timeout(600)

RINGING, WAITING = 10, 30
LINE, QUEUE = "4008001234", "after_sales"
LOGINS = (
    "lin.xiao", "chen.yu", "liu.yang", "gao.lei", "zhou.ting", "wu.hao", "xu.jing", "zhao.min",
    "sun.jie", "he.fang",
)  # fmt: skip
SHORT_MENU = {
    "version": 1, "language": "zh", "notice": "", "start": "short", "hold": [],
    "menus": {
        "short": {
            "prompt": ["queue_greeting"], "keys": {"1": {"queue": QUEUE}},
            "tries": 1, "timeout_s": 1, "otherwise": {"queue": QUEUE},
        }
    },
    "closed": {"prompt": ["closed"], "then": "hang_up"},
}  # fmt: skip
STATES = "select state, count(*) as many from contact group by state"
MADE = """
    select contact_id::text as contact, agent_id::text as agent, made_at, result from offer
    order by made_at, id"""
CAME = "select contact_id::text as contact from queue_visit order by entered_at, id"
TALKS = "select contact_id::text as contact from segment"


def prepare(platform: PlatformProcess) -> None:
    """One queue of everybody, alike; phones ring and callers wait for as long as it takes."""
    with psycopg.connect(platform.database_url, autocommit=True) as database:
        database.execute("update queue set ring_s = 120, max_wait_s = 900, wrap_up_s = 1")
        database.execute(
            """update agent set queues = array['after_sales'], skills = '{"售后": 3}'"""
        )


async def call_in(phone: Phone, many: int) -> list[OutgoingCall]:
    """Silent callers, one after the other."""
    calls = []
    for number in range(many):
        calls.append(await phone.start_call(LINE, from_number=f"1360000{number:04}"))
        await asyncio.sleep(0.1)
    await asyncio.gather(*(call.wait_answer(60) for call in calls))
    return calls


def states(platform: PlatformProcess) -> dict[str, int]:
    """How many contacts are in which state."""
    return {row["state"]: row["many"] for row in rows(platform, STATES)}


async def watch_talks(platform: PlatformProcess, talked: set[str]) -> None:
    """Keep the contacts that came to a talk, asked for all of them at once."""
    while True:
        talked |= {row["contact"] for row in await asyncio.to_thread(rows, platform, TALKS)}
        await asyncio.sleep(0.2)


async def serve(agent: Agent, phones: dict[str, OutgoingCall], talked: set[str]) -> None:
    """Take what rings, let the caller hang up once both talk; as long as anybody calls."""
    done = 0
    while True:
        while len(agent.rung) <= done:  # noqa: ASYNC110 - the list tells nobody
            await asyncio.sleep(0.1)
        await agent.take(agent.rung[done])
        contact = str(agent.rung[done].header("X-Call-Id"))
        await until(f"the talk of {agent.login}", lambda: contact in talked)  # noqa: B023
        await phones[contact].hang_up()
        done += 1


async def caller_of_each(floor: Floor, calls: list[OutgoingCall]) -> dict[str, OutgoingCall]:
    """Contact -> the phone call that it is, by the number that called."""
    query = "select id::text as id, from_number from contact order by from_number"
    found = {row["from_number"]: row["id"] for row in rows(floor.platform, query)}
    return {found[f"1360000{number:04}"]: call for number, call in enumerate(calls)}


@pytest.mark.row("1.19", "1.20", "5.7")
async def test_nobody_is_lost_nobody_offered_twice_order_kept(
    own_platform: PlatformProcess,
) -> None:
    """Ten phones ring on through the death and are answered; thirty wait on and are rung for in the
    order in which they came, each once."""
    prepare(own_platform)
    await let_silent_lines_live(own_platform)
    async with floor_of(own_platform) as floor:
        await floor.api.request("PUT", "/ivr/main", SHORT_MENU)
        agents = [await floor.agent(login, 0, answers=False) for login in LOGINS]
        async with Phone("caller", server=own_platform.place.sip, sound=False) as callers:
            calls = await call_in(callers, RINGING + WAITING)
            there = {"ringing": RINGING, "waiting": WAITING}
            await until("ten to ring", lambda: states(own_platform) == there)
            before = rows(own_platform, MADE)
            own_platform.kill()
            await asyncio.to_thread(own_platform.start)
            await let_silent_lines_live(own_platform)
            await floor.reconnect()
            assert states(own_platform) == there
            assert rows(own_platform, MADE) == before  # the same phones ring for the same callers
            assert all(len(agent.rung) == 1 for agent in agents)
            phones = await caller_of_each(floor, calls)
            talked: set[str] = set()
            serving = [asyncio.create_task(serve(agent, phones, talked)) for agent in agents]
            serving.append(asyncio.create_task(watch_talks(own_platform, talked)))
            await until(
                "all to be served", lambda: states(own_platform) == {"ended": len(calls)}, 240
            )
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)
        made = rows(own_platform, MADE)
        assert Counter(row["result"] for row in made) == {"accepted": len(calls)}
        assert {row["contact"] for row in rows(own_platform, TALKS)} == phones.keys()
        order = [row["contact"] for row in made]
        assert order == [row["contact"] for row in rows(own_platform, CAME)]
        await until("nobody to be stuck", lambda: faults_in(own_platform) == {})
