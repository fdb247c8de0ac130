"""Absurd caller ids, malformed SIP, and phones that die without a goodbye."""

from __future__ import annotations

import asyncio

import pytest
from tests.e2e.calls.books import faults_in
from tests.e2e.calls.floor import LINE, Agent, Caller, Floor, floor_of, they_talk, trying
from tests.e2e.calls.nasty import ABSURD_IDS, datagrams
from tests.e2e.calls.watching import rows
from tests.platform_process import PlatformProcess

from callwright.calls.service import MAX_RAW
from callwright.cli._call.platform import Platform
from callwright.integrations.sipphone import Phone
from callwright.kit.ids import new_id

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("kind", ABSURD_IDS)
async def test_absurd_caller_id_is_a_call_like_any_other(
    platform: PlatformProcess, kind: str
) -> None:
    before = new_id()
    number = ABSURD_IDS[kind]
    async with Phone("caller", server=platform.place.sip) as phone:
        call = await phone.start_call(LINE, from_number=number, from_name=number[:40])
        await call.wait_answer(30)
        await call.hang_up()
    query = "select id::text as id, from_number, end_reason from contact where id > %s"
    async for _ in trying("the end of the call"):
        found = rows(platform, query, before)
        if found and found[0]["end_reason"]:
            break
    assert len(found) == 1
    assert len(found[0]["from_number"]) <= MAX_RAW
    async with Platform(platform.place) as api:
        page = await api.wait_finished(found[0]["id"])
        listed = await api.request("GET", "/contacts", query={"q": number[:100]})
    assert page["end_reason"] == "abandoned_ivr"
    assert page["number_kind"] in ("invalid", "hidden", "foreign", "extension")
    assert listed["items"] is not None


async def test_malformed_sip_and_dead_phones_disturb_nobody(platform: PlatformProcess) -> None:
    async with floor_of(platform) as floor:
        caller, agent = await pair(floor, "13300000001", "lin.xiao")
        dead, forsaken = await pair(floor, "13300000002", "chen.yu")
        ghost = await floor.caller("13300000003", keys="0")
        for gone in (dead, ghost):
            await gone.phone.abandon()
        running = platform.pbx.adopted()
        await throw_dirt(platform)
        assert platform.pbx.adopted() == running
        assert await they_talk(caller, agent)
        await others_end(floor, caller)
        assert await they_talk(caller, agent)
        await caller.call.hang_up()
        assert forsaken.call.state == "ended"
        reasons = [await end_reason(floor, one) for one in (caller, dead, ghost)]
        assert reasons == ["completed", "completed", "abandoned_queue"]
        for login in ("lin.xiao", "chen.yu"):
            await floor.until_state(login, "ready")
    assert faults_in(platform) == {}
    assert " [error" not in platform.log, "the platform stumbled"


async def pair(floor: Floor, number: str, login: str) -> tuple[Caller, Agent]:
    """A caller who talks with this agent."""
    await floor.agent(login)
    caller = await floor.caller(number, keys="0")
    return caller, await floor.until_talking(caller)


async def throw_dirt(platform: PlatformProcess) -> None:
    """All nasty datagrams, a little apart, so that each is looked at."""
    async with Phone("nasty", server=platform.place.sip) as phone:
        for data in datagrams(phone.address[1]):
            phone.send_raw(data)
            await asyncio.sleep(0.02)


async def others_end(floor: Floor, caller: Caller) -> None:
    """Dead callers, and half calls that the dirt began, end by themselves."""
    query = "select id from contact where state <> 'ended' and id::text <> %s"
    async for _ in trying("the end of the dead", limit_s=150):
        if not rows(floor.platform, query, caller.contact_id):
            return


async def end_reason(floor: Floor, caller: Caller) -> str:
    """How the call ended, once all work on it is done."""
    return str((await floor.api.wait_finished(caller.contact_id))["end_reason"])
