from __future__ import annotations

import pytest
from tests.contract.telephony.world import CALLER_HZ, LOUD, PASSWORD, World, of_kind

from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.telephony import LegAnswered, LegEnded, LegRinging, Trunk


async def _call_out(world: World, number: str = "13800138000", *, timeout_s: int = 20) -> str:
    leg = str(new_id())
    await world.telephony.originate(
        leg, number, "carrier", caller_number="02150001234", timeout_s=timeout_s
    )
    return leg


async def test_an_outside_number_is_called_through_a_trunk(world: World) -> None:
    await world.outside("13800138000")
    leg = await _call_out(world)
    customer = await world.rung("13800138000", leg)
    assert customer.from_number == "02150001234"
    await world.until(LegRinging, leg)
    await customer.answer()
    await world.until(LegAnswered, leg)
    state = (await world.telephony.snapshot()).legs[0]
    assert (state.leg, state.incoming, state.endpoint) == (leg, False, None)
    assert (state.from_number, state.to_number) == ("02150001234", "13800138000")
    caller = await world.call_in("13911112222")
    await world.telephony.answer(caller.leg)
    await world.telephony.connect(str(new_id()), [caller.leg, leg])
    assert await customer.hears(CALLER_HZ) > LOUD
    await customer.hang_up()
    assert (await world.until(LegEnded, leg)).cause == "normal"


async def test_nobody_answers_outside(world: World) -> None:
    await world.outside("13800138000")
    leg = await _call_out(world, timeout_s=1)
    customer = await world.rung("13800138000", leg)
    assert (await world.until(LegEnded, leg)).cause == "no_answer"
    await customer.stops()


async def test_the_other_side_is_busy(world: World) -> None:
    await world.outside("13800138000")
    leg = await _call_out(world)
    await (await world.rung("13800138000", leg)).refuse(486)
    ended = await world.until(LegEnded, leg)
    assert (ended.cause, ended.sip_code) == ("busy", 486)


async def test_without_the_trunk_there_is_no_call(world: World) -> None:
    with pytest.raises(CallwrightError) as refusal:
        await _call_out(world)
    assert refusal.value.code == "phone_unreachable"
    assert refusal.value.params == {"endpoint": "carrier"}
    assert of_kind(world, LegEnded) == []


async def test_a_number_that_is_none_is_refused(world: World) -> None:
    await world.telephony.provision_trunk(Trunk("carrier", "127.0.0.1", password=PASSWORD))
    for number in ("", "1380@evil", "12 34", "1" * 33):
        with pytest.raises(CallwrightError, match="number"):
            await _call_out(world, number)
    await world.telephony.remove_trunk("carrier")
