"""On the real PBX: what waiting callers are told, and what becomes of those who cannot wait."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from tests.e2e.calls.floor import Caller, Floor, bodies, floor_of, they_talk, trying
from tests.e2e.calls.watching import rows
from tests.platform_process import PlatformProcess

from callwright.cli._call.platform import Document
from callwright.integrations.sipphone.hearing import correlation
from callwright.integrations.sipphone.wav import read_wav

HEARD, NOT_HEARD = 0.5, 0.35
SALES, ORDERS = "/queues/sales", "/queues/orders"  # keys 4 and 1 of the menu
SALES_KEY, SELLER, DRIVER = "4", "ma.tao", "wu.hao"
TALK_S = 100  # what a call of sales takes, as the history of these tests has it


@asynccontextmanager
async def settings(floor: Floor, path: str, **changes: Any) -> AsyncIterator[None]:
    """Settings in force for a while; rolled back at the end."""
    before: Document = await floor.api.request("GET", path)
    body = {k: v for k, v in before.items() if k not in ("key", "version")}
    await floor.api.request("PUT", path, {**body, **changes})
    try:
        yield
    finally:
        if before["version"]:
            await floor.api.request("POST", f"{path}/rollback", {"version": before["version"]})
        else:
            await floor.api.request("PUT", path, body)


def handled_before(platform: PlatformProcess, times: int = 5) -> None:
    """Calls of sales that were handled just now: nobody can wait for as many real ones."""
    contact = (
        "insert into contact (id, site, state, caller_leg, from_number, number_kind, to_number, "
        "tier, started_at, ivr, language, matches, queue) values (%(id)s, 'main', 'ended', "
        "%(leg)s, 'test', 'invalid', 'test', '', now(), 'main', 'zh', '[]', 'sales')"
    )
    segment = (
        "insert into segment (id, contact_id, agent_id, leg, bridge, started_at, ended_at, "
        "wrapped_at) select %(other)s, %(id)s, id, '', '', now() - %(took)s * interval '1 s', "
        "now(), now() from agent where login = %(login)s"
    )
    with psycopg.connect(platform.database_url, autocommit=True) as database:
        for _ in range(times):
            one = {"id": uuid4(), "other": uuid4(), "leg": str(uuid4())}
            database.execute(contact, one)
            database.execute(segment, {**one, "took": TALK_S, "login": SELLER})


async def until_told(floor: Floor, caller: Caller, position: int) -> dict[str, Any]:
    """The first announcement of this place that was heard to its end."""
    async for _ in trying(f"{caller.number} being told place {position}"):
        for body in bodies(await floor.page(caller), "queue.announced"):
            if body["position"] == position and body["played"] == "completed":
                return body
    raise AssertionError


def likeness(platform: PlatformProcess, caller: Caller, prompt: str) -> float:
    """How much of a prompt is in all that a caller has heard."""
    pcm = read_wav(platform.home / "prompts" / f"{prompt}.zh.wav")
    return correlation(pcm, caller.call.heard()).correlation


async def left(floor: Floor, caller: Caller) -> tuple[str, list[str], list[str]]:
    """The end of a call: its reason, the exits of its stays, the causes of its overflows."""
    page = await floor.api.wait_finished(caller.contact_id)
    exits = [body["exit"] for body in bodies(page, "queue.left")]
    causes = [body["cause"] for body in bodies(page, "call.overflowed")]
    return page["end_reason"], exits, causes


@pytest.mark.row("1.5")
async def test_place_and_wait_are_heard_and_told_anew(platform: PlatformProcess) -> None:
    """The phone hears greeting, place and minutes; then it is next, with a shorter wait; then it
    hears the agent and nothing else."""
    handled_before(platform)
    told = {"position": True, "wait": True, "every_s": 10}
    async with floor_of(platform) as floor, settings(floor, SALES, announce=told, max_wait_s=600):
        seller = await floor.agent(SELLER)
        talks = await floor.caller("13500000001", keys=SALES_KEY)
        await floor.until_talking(talks)
        first = await floor.caller("13500000002", 0, keys=SALES_KEY)
        second = await floor.caller("13500000003", 900, keys=SALES_KEY)
        once = await until_told(floor, second, 2)
        assert once["ewt_s"] >= TALK_S, once
        for prompt in ("queue_greeting", *once["said"]):
            assert likeness(platform, second, prompt) > HEARD, prompt
        assert likeness(platform, second, "place_next") < NOT_HEARD
        await first.call.hang_up()
        again = await until_told(floor, second, 1)
        assert again["ewt_s"] < once["ewt_s"]
        for prompt in again["said"]:
            assert likeness(platform, second, prompt) > HEARD, prompt
        await talks.call.hang_up()
        await floor.until_talking(second)
        assert await they_talk(second, seller)
        await second.call.hang_up()


@pytest.mark.row("1.6", "1.9")
async def test_each_cause_has_its_words_and_its_stored_exit(platform: PlatformProcess) -> None:
    """Full: the phone hears so. Too long: another queue's agent talks, the caller as old there as
    before. Nobody on duty any more: the phone hears so."""
    onward = {"too_long": {"kind": "queue", "queue": "orders"}}
    changes = {"max_waiting": 1, "max_wait_s": 8, "overflow": onward}
    async with floor_of(platform) as floor, settings(floor, SALES, **changes):
        await floor.agent(SELLER)
        await floor.api.set_state(SELLER, "break")
        driver = await floor.agent(DRIVER, 550.0)
        waits = await floor.caller("13500000011", keys=SALES_KEY)
        full = await floor.caller("13500000012", 0, keys=SALES_KEY)
        assert await left(floor, full) == ("queue_full", ["queue_full"], ["full"])
        assert likeness(platform, full, "goodbye_full") > HEARD
        assert await floor.until_talking(waits) is driver
        assert await they_talk(waits, driver)
        kept = (
            "select new.aged_from = old.entered_at as kept from queue_visit old join queue_visit "
            "new using (contact_id) where contact_id = %s and old.exit = 'overflow' and "
            "new.queue = 'orders'"
        )
        assert rows(platform, kept, waits.contact_id) == [{"kept": True}]
        await waits.call.hang_up()
        assert (await left(floor, waits))[1:] == (["overflow", "answered"], ["too_long"])
    async with floor_of(platform) as floor, settings(floor, SALES, max_wait_s=600):
        await floor.agent(SELLER)
        await floor.api.set_state(SELLER, "break")
        alone = await floor.caller("13500000013", 0, keys=SALES_KEY)
        await floor.api.set_state(SELLER, "offline")
        assert await left(floor, alone) == ("no_agents", ["no_agent"], ["nobody_on_duty"])
        assert likeness(platform, alone, "goodbye_nobody") > HEARD
