"""The platform or its connection dies in the middle of a talk: everybody is where the rows say."""

from __future__ import annotations

from uuid import UUID

from tests.house import TestHouse
from tests.integration.house.talking import all_free, talking, trunk, until_hears, user

from callwright.calls import consults, outbound, reconcile, service
from callwright.calls.handlers import PbxEvents
from callwright.calls.outbound import Wanted
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx
from callwright.ports.telephony import PbxBack
from callwright.routing import transfers
from callwright.routing.transfers import Destination

NUMBER = "13812345678"


async def adopted(house: TestHouse) -> None:
    """What a platform does that has just started: it compares and adopts."""
    snapshot = await house.house.telephony.snapshot()
    events = PbxEvents(house.house)
    back = PbxBack(house.clock.now(), snapshot)
    await reconcile.after_connect(house.house, events.write_down, back, adopt=True)


async def consulting(house: TestHouse) -> tuple[str, str, UUID, str]:
    """Anna talks with bob while the caller hears music."""
    caller, agent, contact = await talking(house)
    await house.add_agent("bob", in_queues=("hasty",))
    begun = await transfers.consult(
        house.house, contact, user("anna"), Destination("agent", "bob"), note=""
    )
    await until_hears(house, agent, begun.leg)
    return caller, agent, contact, begun.leg


async def test_legs_that_are_elsewhere_are_put_right(house: TestHouse) -> None:
    caller, agent, contact, third = await consulting(house)
    await house.house.telephony.connect("astray", [caller, third])
    await adopted(house)
    assert house.pbx.hears_now(caller) == ("default",)
    assert (house.pbx.hears_now(agent), house.pbx.hears_now(third)) == ((third,), (agent,))
    await house.house.telephony.drop_bridge("astray")
    await consults.complete(house.house, contact, user("anna"))
    assert house.pbx.hears_now(caller) == (third,)
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    await all_free(house, "anna", "bob")


async def test_a_target_who_leaves_unseen_brings_the_agent_back(house: TestHouse) -> None:
    caller, agent, _, third = await consulting(house)
    house.pbx.go_away()
    house.pbx.caller_hangs_up(third)
    house.pbx.come_back()
    await until_hears(house, caller, agent)
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    await all_free(house, "anna", "bob")


async def test_an_agent_who_dies_unseen_leaves_the_caller_with_the_colleague(
    house: TestHouse,
) -> None:
    caller, agent, _, third = await consulting(house)
    house.pbx.go_away()
    house.pbx.caller_hangs_up(agent)
    house.pbx.come_back()
    await until_hears(house, caller, third)
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    await all_free(house, "anna", "bob")


async def test_a_number_that_answers_unseen_is_in_its_place(house: TestHouse) -> None:
    caller, agent, contact = await talking(house)
    await trunk(house)
    house.pbx.outside(NUMBER, PhoneBehaviour(answers_after_s=None))
    begun = await transfers.consult(
        house.house, contact, user("anna"), Destination("number", NUMBER), note=""
    )

    async def rings(_: Tx) -> bool:
        leg = house.pbx.pbx.legs.get(begun.leg)
        return leg is not None and leg.state == "ringing"

    await house.until(rings)
    house.pbx.go_away()
    house.pbx.answers(begun.leg)
    house.pbx.come_back()
    await until_hears(house, agent, begun.leg)
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    await all_free(house, "anna")


async def test_a_call_out_goes_on_where_it_was(house: TestHouse) -> None:
    await trunk(house)
    await house.add_agent("anna", phone=PhoneBehaviour(answers_after_s=None))
    house.pbx.outside(NUMBER, PhoneBehaviour(answers_after_s=1.0))
    contact = await outbound.dial(house.house, "anna", Wanted(number=NUMBER))
    [own] = await house.run(lambda tx: service.legs_of(tx, contact))

    async def rings(_: Tx) -> bool:
        leg = house.pbx.pbx.legs.get(own["id"])
        return leg is not None and leg.state == "ringing"

    await house.until(rings)
    house.pbx.go_away()
    house.pbx.answers(own["id"])
    house.pbx.come_back()
    row = await house.run(lambda tx: service.contact(tx, contact))
    assert row is not None
    await house.in_state(row.caller_leg, "talking")
    await until_hears(house, row.caller_leg, own["id"])
    house.pbx.caller_hangs_up(row.caller_leg)
    await house.finished(row.caller_leg)
    await all_free(house, "anna")
