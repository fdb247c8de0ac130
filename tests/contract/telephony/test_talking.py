from __future__ import annotations

from tests.contract.telephony.test_ringing import ring
from tests.contract.telephony.world import (
    AGENT_HZ,
    CALLER_HZ,
    LOUD,
    OTHER_HZ,
    QUIET,
    FarEnd,
    Rung,
    World,
    of_kind,
)

from callwright.kit.ids import new_id
from callwright.ports.telephony import LegAnswered, LegEnded


async def pick_up(world: World, name: str, hz: float = AGENT_HZ) -> Rung:
    """An agent's phone, rung and answered."""
    await world.phone(name, hz)
    leg = await ring(world, name)
    phone = await world.rung(name, leg)
    await phone.answer()
    await world.until(LegAnswered, leg)
    return phone


async def talk(world: World) -> tuple[FarEnd, Rung, str]:
    """A caller and alice, connected; the bridge comes last."""
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    alice = await pick_up(world, "alice")
    bridge = str(new_id())
    await world.telephony.connect(bridge, [caller.leg, alice.leg])
    return caller, alice, bridge


async def test_both_hear_each_other_and_not_themselves(world: World) -> None:
    caller, alice, _ = await talk(world)
    assert await caller.hears(AGENT_HZ) > LOUD
    assert await alice.hears(CALLER_HZ) > LOUD
    assert await caller.hears(CALLER_HZ) < QUIET
    assert await alice.hears(AGENT_HZ) < QUIET


async def test_one_hangs_up_and_the_other_leg_stays(world: World) -> None:
    caller, alice, bridge = await talk(world)
    await caller.hang_up()
    await world.until(LegEnded, caller.leg)
    assert of_kind(world, LegEnded, alice.leg) == []
    assert (await world.telephony.snapshot()).bridges == {bridge: (alice.leg,)}


async def test_a_leg_on_hold_hears_music_until_it_is_connected(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    await world.telephony.hold(caller.leg)
    assert await caller.loudness() > QUIET
    alice = await pick_up(world, "alice")
    await world.telephony.connect(str(new_id()), [caller.leg, alice.leg])
    assert await caller.hears(AGENT_HZ) > LOUD


async def test_unhold_ends_the_music(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    await world.telephony.hold(caller.leg)
    await world.pause(0.3)
    await world.telephony.unhold(caller.leg)
    await world.telephony.unhold(caller.leg)
    assert await caller.loudness() < QUIET


async def test_a_ringing_tone_lasts_until_it_is_connected(world: World) -> None:
    caller, alice, bridge = await talk(world)
    await world.telephony.hold(caller.leg)
    await world.telephony.ringback(alice.leg)
    assert await alice.loudness() > QUIET
    assert await alice.hears(CALLER_HZ) < QUIET
    await world.telephony.connect(bridge, [caller.leg, alice.leg])
    assert await alice.hears(CALLER_HZ) > LOUD
    assert await caller.hears(AGENT_HZ) > LOUD
    await world.telephony.ringback(alice.leg)
    await world.telephony.unhold(alice.leg)
    assert await alice.loudness() < QUIET


async def test_holding_takes_out_of_the_talk(world: World) -> None:
    caller, alice, bridge = await talk(world)
    await world.telephony.hold(caller.leg)
    assert await caller.hears(AGENT_HZ) < QUIET
    assert await caller.loudness() > QUIET
    assert await alice.hears(CALLER_HZ) < QUIET
    await world.telephony.connect(bridge, [caller.leg])
    assert await caller.hears(AGENT_HZ) > LOUD
    assert await alice.hears(CALLER_HZ) > LOUD


async def test_taken_out_both_are_silent_and_up(world: World) -> None:
    caller, alice, bridge = await talk(world)
    await world.telephony.take_out(bridge, caller.leg)
    await world.telephony.take_out(bridge, caller.leg)
    assert await caller.loudness() < QUIET
    assert await alice.loudness() < QUIET
    states = {leg.leg: leg.state for leg in (await world.telephony.snapshot()).legs}
    assert states == {caller.leg: "up", alice.leg: "up"}


async def test_dropping_the_bridge_leaves_the_legs(world: World) -> None:
    caller, alice, bridge = await talk(world)
    await world.telephony.drop_bridge(bridge)
    await world.telephony.drop_bridge(bridge)
    assert await caller.loudness() < QUIET
    snapshot = await world.telephony.snapshot()
    assert snapshot.bridges == {}
    assert {leg.leg for leg in snapshot.legs} == {caller.leg, alice.leg}


async def test_three_talk_and_one_moves_on(world: World) -> None:
    caller, alice, bridge = await talk(world)
    bob = await pick_up(world, "bob", OTHER_HZ)
    await world.telephony.connect(bridge, [bob.leg])
    assert await caller.hears(OTHER_HZ) > LOUD
    assert await caller.hears(AGENT_HZ) > LOUD
    assert await bob.hears(CALLER_HZ) > LOUD
    other = str(new_id())
    await world.telephony.connect(other, [caller.leg, bob.leg])  # from one bridge to the next
    assert await caller.hears(OTHER_HZ) > LOUD
    assert await caller.hears(AGENT_HZ) < QUIET
    bridges = (await world.telephony.snapshot()).bridges
    assert bridges[bridge] == (alice.leg,)
    assert set(bridges[other]) == {caller.leg, bob.leg}
