from __future__ import annotations

from tests.contract.telephony.test_talking import talk
from tests.contract.telephony.world import CALLER_HZ, LOUD, World, of_kind

from callwright.integrations.sipphone.hearing import tone_level
from callwright.integrations.sipphone.wav import RATE, read_wav
from callwright.kit.ids import new_id
from callwright.ports.telephony import LegEnded, PbxBack, PbxLost


async def test_all_legs_of_a_dead_pbx_end_once_and_it_is_used_again(mortal_world: World) -> None:
    world = mortal_world
    caller, alice, _ = await talk(world)
    cut_off = await world.telephony.record_start(caller.leg, str(new_id()))
    await world.pause(3.0)
    await world.kill_pbx()
    assert of_kind(world, LegEnded) == []  # for all that is known they may go on talking
    await world.restart_pbx()
    await world.until(LegEnded, caller.leg)
    await world.until(LegEnded, alice.leg)
    assert tone_level(read_wav(cut_off.customer)[-RATE:], CALLER_HZ) > LOUD
    await world.pause(0.5)
    ended = of_kind(world, LegEnded)
    assert {(event.leg, event.cause) for event in ended} == {
        (caller.leg, "failed"),
        (alice.leg, "failed"),
    }
    assert len(ended) == 2
    assert len(of_kind(world, PbxLost)) == 1
    first, second = of_kind(world, PbxBack)
    assert second.snapshot.legs == ()
    assert second.snapshot.boot_id != first.snapshot.boot_id
    again = await world.call_in("13911112222")
    await world.telephony.answer(again.leg)
    files = await world.telephony.record_start(again.leg, str(new_id()))
    await world.pause(0.5)
    await again.hang_up()
    await world.until(LegEnded, again.leg)
    assert files.customer.stat().st_size > 1000
