"""Sixty real SIP calls on ten agents: no call offered twice, no agent stuck, all explained."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.e2e.calls.books import faults_in
from tests.e2e.calls.floor import Floor, floor_of, trying, until
from tests.e2e.calls.watching import rows
from tests.platform_process import PlatformProcess

pytestmark = pytest.mark.timeout(600)

TEAMS = {  # key of the main menu: who takes these calls
    "0": ("lin.xiao", "chen.yu", "liu.yang", "gao.lei", "zhao.min"),
    "1": ("zhou.ting", "wu.hao"),
    "4": ("he.fang", "ma.tao", "wang.ailing"),
}
KEYS = "000001100444" * 5  # of sixty callers
BURST, BETWEEN_S = 20, 6.0
TALK_S = 1.5
ENDLESS_S = 150.0
NEWS = """
    select c.from_number as number, e.name from event e join contact c on c.id = e.contact_id
    where c.from_number like '1350000%%' and e.name in
          ('menu.entered', 'call.queued', 'call.connected', 'call.ended')"""
REASONS = "select from_number, end_reason from contact where from_number like '1350000%%'"
News = dict[str, set[str]]


@asynccontextmanager
async def news_of(platform: PlatformProcess) -> AsyncIterator[News]:
    """What has happened to each number, asked for all of them at once."""
    news: News = defaultdict(set)

    async def ask() -> None:
        while True:
            for row in await asyncio.to_thread(rows, platform, NEWS):
                news[row["number"]].add(row["name"])
            await asyncio.sleep(0.2)

    asking = asyncio.create_task(ask())
    try:
        yield news
    finally:
        asking.cancel()


async def one_caller(floor: Floor, news: News, number: str, key: str, patience_s: float) -> None:
    """Dial, choose, wait for an agent (or not that long), talk shortly, hang up."""
    caller = await floor.dial(number, 0)
    happened = news[number]
    await until(f"the menu for {number}", lambda: "menu.entered" in happened)
    await caller.call.press(key)
    await until(f"the queue for {number}", lambda: "call.queued" in happened)
    try:
        async for _ in trying(f"an agent for {number}", patience_s):
            if "call.connected" in happened:
                await asyncio.sleep(TALK_S)
                break
    except AssertionError:
        assert patience_s < ENDLESS_S, f"nobody talked to {number}"
    await caller.call.hang_up()


@pytest.mark.row("1.19")
async def test_sixty_calls_on_ten_agents(platform: PlatformProcess) -> None:
    """Sixty callers, ten phones: none rings twice at once, none during wrap-up, nobody is lost."""
    chance = random.Random(60)
    impatient = set(chance.sample(range(len(KEYS)), 6))
    async with floor_of(platform) as floor, news_of(platform) as news:
        for login in (login for team in TEAMS.values() for login in team):
            await floor.agent(login, 0)
        calls = []
        for place, key in enumerate(KEYS):
            if place and place % BURST == 0:
                await asyncio.sleep(BETWEEN_S)
            patience_s = chance.uniform(0, 6) if place in impatient else ENDLESS_S
            caller = one_caller(floor, news, f"1350000{place:04}", key, patience_s)
            calls.append(asyncio.create_task(caller))
        await asyncio.gather(*calls)
        await until("all ends", lambda: sum("call.ended" in s for s in news.values()) == len(KEYS))
        for login in (login for team in TEAMS.values() for login in team):
            await floor.until_state(login, "ready")
    assert faults_in(platform) == {}
    ended = rows(platform, REASONS)
    reasons = {int(row["from_number"][-4:]): row["end_reason"] for row in ended}
    assert len(reasons) == len(KEYS)
    stayed = {reasons[place] for place in reasons if place not in impatient}
    assert stayed == {"completed"}
    left = {reasons[place] for place in impatient}
    assert left <= {"completed", "abandoned_queue", "abandoned_ringing"}
