from __future__ import annotations

import asyncio

import pytest
from tests.contract.telephony.test_talking import talk
from tests.contract.telephony.world import (
    AGENT_HZ,
    CALLER_HZ,
    LOUD,
    World,
    of_kind,
    tone_file,
)

from callwright.kit.errors import CallwrightError
from callwright.ports.telephony import DigitPressed, LegEnded, PbxBack, PbxLost


async def test_a_lost_connection_is_told_and_people_go_on_talking(world: World) -> None:
    caller, alice, bridge = await talk(world)
    await world.cut()
    assert await caller.hears(AGENT_HZ) > LOUD
    assert await alice.hears(CALLER_HZ) > LOUD
    with pytest.raises(CallwrightError) as refusal:
        await world.telephony.answer(caller.leg)
    assert refusal.value.code == "pbx_unreachable"
    assert not (await world.telephony.health()).connected
    await world.mend()
    lost, (first, second) = of_kind(world, PbxLost), of_kind(world, PbxBack)
    assert len(lost) == 1
    assert second.snapshot.boot_id == first.snapshot.boot_id
    assert second.snapshot.bridges.keys() == {bridge}
    assert {leg.leg: (leg.state, leg.incoming, leg.endpoint) for leg in second.snapshot.legs} == {
        caller.leg: ("up", True, None),
        alice.leg: ("up", False, "alice"),
    }
    assert "alice" in second.snapshot.phones_online
    assert of_kind(world, LegEnded) == []


async def test_legs_that_ended_meanwhile_are_told_once(world: World) -> None:
    caller, alice, _ = await talk(world)
    await world.cut()
    await caller.hang_up()
    await world.pause(0.5)
    assert of_kind(world, LegEnded) == []
    await world.mend()
    await world.until(LegEnded, caller.leg)
    back = of_kind(world, PbxBack)[-1]
    assert [leg.leg for leg in back.snapshot.legs] == [alice.leg]
    assert world.events.index(back) < world.events.index(of_kind(world, LegEnded)[0])
    await alice.hang_up()
    await world.until(LegEnded, alice.leg)
    await world.pause(1.5)
    assert [e.leg for e in of_kind(world, LegEnded)] == [caller.leg, alice.leg]


async def test_after_coming_back_everything_works(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    await world.cut()
    await world.mend()
    await caller.press("3")
    assert (await world.until(DigitPressed, caller.leg)).digit == "3"
    result = await world.run(
        world.telephony.play(caller.leg, [tone_file(world.folder, "again", 0.2)])
    )
    assert result.state == "completed"


async def test_a_prompt_under_way_fails_when_the_connection_breaks(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    prompt = tone_file(world.folder, "long", 8.0)
    playing = asyncio.ensure_future(world.telephony.play(caller.leg, [prompt]))
    await world.pause(0.3)
    await world.cut()
    with pytest.raises(CallwrightError) as refusal:
        await world.run(playing)
    assert refusal.value.code == "pbx_unreachable"
    await world.mend()


async def test_it_connects_again_and_again(world: World) -> None:
    for _ in range(3):
        await world.cut()
        await world.mend()
    assert len(of_kind(world, PbxBack)) == 4
    assert len(of_kind(world, PbxLost)) == 3
