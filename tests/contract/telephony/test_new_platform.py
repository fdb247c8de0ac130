"""The platform dies and starts anew; calls and the PBX go on."""

from __future__ import annotations

from tests.contract.telephony.test_talking import talk
from tests.contract.telephony.world import AGENT_HZ, LOUD, World, of_kind

from callwright.integrations.sipphone.hearing import tone_level
from callwright.integrations.sipphone.wav import RATE, read_wav
from callwright.kit.ids import new_id
from callwright.ports.telephony import DigitPressed, LegEnded, PbxBack


async def test_a_new_platform_adopts_the_calls(world: World) -> None:
    caller, alice, bridge = await talk(world)
    old = world.telephony
    await world.restart_platform()
    assert world.telephony is not old
    snapshot = of_kind(world, PbxBack)[-1].snapshot
    assert snapshot.bridges == {bridge: snapshot.bridges[bridge]}
    assert set(snapshot.bridges[bridge]) == {caller.leg, alice.leg}
    states = {leg.leg: leg for leg in snapshot.legs}
    assert states[caller.leg].incoming
    assert not states[alice.leg].incoming
    assert states[caller.leg].from_number == "13800138000"
    assert states[alice.leg].endpoint == "alice"
    await caller.press("4")
    assert (await world.until(DigitPressed, caller.leg)).digit == "4"
    await world.telephony.hang_up(alice.leg)
    await world.until(LegEnded, alice.leg)
    await caller.hang_up()
    await world.until(LegEnded, caller.leg)


async def test_adopted_legs_can_be_held_and_connected(world: World) -> None:
    caller, alice, bridge = await talk(world)
    await world.telephony.hold(caller.leg)
    await world.restart_platform()
    await world.telephony.connect(bridge, [caller.leg, alice.leg])
    assert await caller.hears(AGENT_HZ) > LOUD


async def test_an_adopted_recording_goes_on_and_is_final_at_the_end(world: World) -> None:
    caller, _, _ = await talk(world)
    files = await world.telephony.record_start(caller.leg, str(new_id()))
    await world.pause(0.5)
    await world.restart_platform()
    await world.pause(0.3)
    await world.telephony.record_mute(caller.leg, True)
    await world.pause(1.0)  # a busy machine records late: the last third must be surely muted
    await caller.hang_up()
    await world.until(LegEnded, caller.leg)
    heard = read_wav(files.heard)
    assert tone_level(heard[: round(0.4 * RATE)], AGENT_HZ) > LOUD
    assert abs(heard[-round(0.3 * RATE) :]).max() == 0


async def test_what_a_dead_platforms_streams_left_is_removed(world: World) -> None:
    caller, alice, bridge = await talk(world)
    await world.run(world.telephony.stream(caller.leg))
    await world.restart_platform()
    snapshot = await world.telephony.snapshot()
    assert {leg.leg for leg in snapshot.legs} == {caller.leg, alice.leg}
    assert set(snapshot.bridges) == {bridge}
    assert await caller.hears(AGENT_HZ) > LOUD
    assert await world.helpers() == 0
