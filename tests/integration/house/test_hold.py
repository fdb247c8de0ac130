"""Hold, resume, hang up: what everybody hears, and what is answered when it is impossible."""

from __future__ import annotations

import asyncio

import pytest
from tests.house import TestHouse
from tests.integration.house.talking import all_free, talking, user

from callwright.accounts.guard import LOCAL
from callwright.calls import service, talks
from callwright.kit.errors import CallwrightError


async def test_held_the_caller_hears_music_and_the_agent_nothing(house: TestHouse) -> None:
    caller, agent, contact = await talking(house)
    anna = user("anna")
    await asyncio.gather(*(talks.hold(house.house, contact, anna) for _ in range(3)))
    assert house.pbx.hears_now(caller) == ("default",)
    assert house.pbx.hears_now(agent) == ()
    assert await house.state("anna") == "hold"
    await asyncio.gather(*(talks.resume(house.house, contact, anna) for _ in range(3)))
    assert house.pbx.hears_now(caller) == (agent,)
    assert house.pbx.hears_now(agent) == (caller,)
    assert await house.state("anna") == "talking"
    page = await house.heard_of(caller, "call.resumed")
    names = [event["name"] for event in page["events"]]
    assert (names.count("call.held"), names.count("call.resumed")) == (1, 1)
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    [hold] = await house.run(lambda tx: service.holds_of(tx, contact))
    assert hold["ended_at"] > hold["started_at"]


async def test_a_held_caller_who_leaves_frees_everybody(house: TestHouse) -> None:
    caller, _, contact = await talking(house)
    await talks.hold(house.house, contact, LOCAL)
    house.pbx.caller_hangs_up(caller)
    page = await house.finished(caller)
    assert page["end_reason"] == "completed"
    await all_free(house, "anna")


@pytest.mark.parametrize("held", [True, False])
async def test_hanging_up_ends_the_call_for_both(house: TestHouse, held: bool) -> None:
    caller, _, contact = await talking(house)
    if held:
        await talks.hold(house.house, contact, LOCAL)
    await talks.hang_up(house.house, contact, user("anna"))
    page = await house.finished(caller)
    assert page["end_reason"] == "completed"
    await talks.hang_up(house.house, contact, user("anna"))
    await all_free(house, "anna")


async def test_what_is_impossible_says_the_state(house: TestHouse) -> None:
    caller, _, contact = await talking(house)
    await house.add_agent("bob")
    with pytest.raises(CallwrightError, match="not_allowed"):
        await talks.hold(house.house, contact, user("bob"))
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    for verb in (talks.hold, talks.resume):
        with pytest.raises(CallwrightError) as error:
            await verb(house.house, contact, user("anna"))
        assert error.value.code == "wrong_state"
        assert error.value.params["state"] == "ended"


async def test_a_pbx_that_is_away_leaves_the_call_as_it_was(house: TestHouse) -> None:
    caller, agent, contact = await talking(house)
    house.pbx.go_away()
    with pytest.raises(CallwrightError, match="pbx_unreachable"):
        await talks.hold(house.house, contact, LOCAL)
    house.pbx.come_back()
    assert (await house.contact(caller))["state"] == "talking"
    assert house.pbx.hears_now(caller) == (agent,)
    assert await house.state("anna") == "talking"
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    await all_free(house, "anna")
