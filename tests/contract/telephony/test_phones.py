from __future__ import annotations

import pytest
from tests.contract.telephony.test_ringing import ring
from tests.contract.telephony.world import PASSWORD, World, of_kind

from callwright.kit.errors import CallwrightError
from callwright.ports.telephony import LegAnswered, LegArrived, LegEnded, PhoneChanged, Trunk


async def test_a_provisioned_phone_registers_and_is_called(world: World) -> None:
    await world.phone("carol")
    assert [e.online for e in of_kind(world, PhoneChanged) if e.endpoint == "carol"] == [True]
    assert "carol" in (await world.telephony.snapshot()).phones_online
    leg = await ring(world, "carol")
    phone = await world.rung("carol", leg)
    await phone.answer()
    await world.until(LegAnswered, leg)


async def test_a_phone_that_unregisters_is_offline(world: World) -> None:
    await world.phone("carol")
    await world.unregister("carol")
    assert [e.online for e in of_kind(world, PhoneChanged) if e.endpoint == "carol"] == [
        True,
        False,
    ]
    assert "carol" not in (await world.telephony.snapshot()).phones_online
    with pytest.raises(CallwrightError, match="phone_unreachable"):
        await ring(world, "carol")


async def test_an_agents_phone_that_dials_is_told_from_a_caller(world: World) -> None:
    await world.phone("carol")
    await world.dial_from("carol", "600123")
    arrived = await world.until(LegArrived)
    assert (arrived.endpoint, arrived.trunk, arrived.to_number) == ("carol", "", "600123")
    await world.telephony.hang_up(arrived.leg, "rejected")
    assert (await world.until(LegEnded, arrived.leg)).cause == "rejected"


async def test_provisioning_again_changes_nothing_for_a_phone_that_is_there(world: World) -> None:
    await world.phone("carol")
    await world.telephony.provision_phone("carol", PASSWORD, webrtc=False)
    await world.rung("carol", await ring(world, "carol"))


async def test_a_removed_phone_is_gone(world: World) -> None:
    await world.phone("carol")
    await world.telephony.remove_phone("carol")
    await world.telephony.remove_phone("carol")
    with pytest.raises(CallwrightError, match="phone_unreachable"):
        await ring(world, "carol")


async def test_a_browser_phone_is_provisioned(world: World) -> None:
    await world.telephony.provision_phone("dave", PASSWORD, webrtc=True)
    assert "dave" not in (await world.telephony.snapshot()).phones_online
    await world.telephony.remove_phone("dave")


async def test_bad_names_and_passwords_are_refused(world: World) -> None:
    for name, password in (("a b", PASSWORD), ("trunk-x", PASSWORD), ("local", PASSWORD)):
        with pytest.raises(CallwrightError, match="endpoint"):
            await world.telephony.provision_phone(name, password, webrtc=False)
    with pytest.raises(CallwrightError, match="password"):
        await world.telephony.provision_phone("erin", "short", webrtc=False)


async def test_trunks_come_and_go(world: World) -> None:
    trunk = Trunk("carrier", "127.0.0.1", 5999, "user", PASSWORD, match=("192.0.2.0/24",))
    await world.telephony.provision_trunk(trunk)
    await world.telephony.provision_trunk(trunk)
    assert "trunk-carrier" not in (await world.telephony.snapshot()).phones_online
    await world.telephony.remove_trunk("carrier")
    await world.telephony.remove_trunk("carrier")


async def test_trunks_that_cannot_be_are_refused(world: World) -> None:
    for trunk, field in (
        (Trunk("a/b", "127.0.0.1"), "name"),
        (Trunk("a", "bad host;x"), "host"),
        (Trunk("a", "127.0.0.1", register=True), "username"),
        (Trunk("a", "127.0.0.1", match=("all",)), "match"),
        (Trunk("a", "127.0.0.1", codecs=()), "codecs"),
    ):
        with pytest.raises(CallwrightError, match=field):
            await world.telephony.provision_trunk(trunk)
