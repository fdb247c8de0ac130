"""Consult: who hears whom at each step, and every leg may end in every state."""

from __future__ import annotations

from uuid import UUID

import pytest
from tests.house import TestHouse
from tests.integration.house.talking import all_free, talking, trunk, until_hears, user

from callwright.agents import service as agents
from callwright.calls import attach, consults, service, talks
from callwright.calls.model import ConsultState, Talk
from callwright.desk import screen
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.routing import transfers
from callwright.routing.transfers import Destination

NUMBER = "13812345678"
TARGETS = [("agent", "bob"), ("number", NUMBER)]


async def asked(house: TestHouse, kind: str, *, answers: bool = True) -> tuple[str, str, UUID, str]:
    """Anna consults somebody: the legs of caller and anna, the contact, the third leg."""
    caller, agent, contact = await talking(house)
    phone = PhoneBehaviour(answers_after_s=1.0 if answers else None)
    await trunk(house)
    house.pbx.outside(NUMBER, phone)
    await house.add_agent("bob", in_queues=("hasty",), phone=phone)
    value = dict(TARGETS)[kind]
    begun = await transfers.consult(
        house.house, contact, user("anna"), Destination(kind, value), note="why"
    )
    assert house.pbx.hears_now(caller) == ("default",)
    assert house.pbx.hears_now(agent) == ("ringback",)
    if answers:
        await until_hears(house, agent, begun.leg)
    return caller, agent, contact, begun.leg


async def hearing(house: TestHouse, *legs: str) -> list[set[str]]:
    """What each of these legs hears."""
    return [set(house.pbx.hears_now(leg)) for leg in legs]


@pytest.mark.parametrize("kind", ["agent", "number"])
async def test_talk_swap_conference_complete(house: TestHouse, kind: str) -> None:
    caller, agent, contact, third = await asked(house, kind)
    anna = user("anna")
    music = {"default"}
    assert await hearing(house, caller, agent, third) == [music, {third}, {agent}]
    await consults.swap(house.house, contact, anna)
    await consults.swap(house.house, contact, anna, "customer")
    assert await hearing(house, caller, agent, third) == [{agent}, {caller}, music]
    await consults.swap(house.house, contact, anna, "target")
    assert await hearing(house, caller, agent, third) == [music, {third}, {agent}]
    for _ in range(2):
        await consults.conference(house.house, contact, anna)
    everybody = {caller, agent, third}
    assert await hearing(house, caller, agent, third) == [
        everybody - {leg} for leg in (caller, agent, third)
    ]
    await consults.complete(house.house, contact, anna)
    assert await hearing(house, caller, third) == [{third}, {caller}]
    assert agent not in house.pbx.pbx.legs
    assert await house.state("anna") == "wrap"
    page = await house.contact(caller)
    assert page["state"] == ("talking" if kind == "agent" else "outside")
    house.pbx.caller_hangs_up(caller)
    page = await house.finished(caller)
    assert page["end_reason"] == "completed"
    assert [s["agent"] for s in page["segments"]] == ["anna", "bob"][: 2 if kind == "agent" else 1]
    await all_free(house, "anna", "bob")


async def test_complete_without_conference_begins_the_colleagues_talk(house: TestHouse) -> None:
    caller, _, contact, third = await asked(house, "agent")
    await consults.complete(house.house, contact, user("anna"))
    assert await hearing(house, caller, third) == [{third}, {caller}]
    await house.heard_of(caller, "call.connected", 2)
    page = await house.contact(caller)
    assert page["agent"]["login"] == "bob"
    assert await house.state("bob") == "talking"
    await talks.hold(house.house, contact, user("bob"))
    assert await hearing(house, caller, third) == [{"default"}, set()]
    await talks.hang_up(house.house, contact, user("bob"))
    await house.finished(caller)
    await all_free(house, "anna", "bob")


@pytest.mark.parametrize("answers", [True, False])
async def test_the_colleagues_desk_shows_the_call_as_asked(house: TestHouse, answers: bool) -> None:
    *_, third = await asked(house, "agent", answers=answers)
    company = house.house.settings.company
    call = (await house.run(lambda tx: screen.desk(tx, "bob", company)))["call"]
    assert (call["role"], call["by"]["kind"], call["by"]["note"]) == ("consulted", "consult", "why")
    assert (call["answered_at"] is not None) == answers
    assert third in house.pbx.pbx.legs


@pytest.mark.parametrize("conferring", [False, True])
async def test_a_consulted_colleagues_reloaded_browser_joins_again(
    house: TestHouse, conferring: bool
) -> None:
    caller, agent, contact, third = await asked(house, "agent")
    if conferring:
        await consults.conference(house.house, contact, user("anna"))
    house.pbx.agent("bob-web", PhoneBehaviour(answers_after_s=0.2))

    async def at_browser(tx: Tx) -> bool:
        return (await agents.agent_of_login(tx, "bob")).phone == "browser"

    await house.until(at_browser)
    await attach.attach(house.house, contact, "bob")
    [new] = set(house.pbx.hears_now(agent)) - {caller}
    assert new != third
    assert third not in house.pbx.pbx.legs
    await consults.complete(house.house, contact, user("anna"))
    assert await hearing(house, caller, new) == [{new}, {caller}]
    await talks.hang_up(house.house, contact, user("bob"))
    page = await house.finished(caller)
    assert [s["agent"] for s in page["segments"]] == ["anna", "bob"]
    await all_free(house, "anna", "bob")


@pytest.mark.parametrize("kind", ["agent", "number"])
@pytest.mark.parametrize("answers", [True, False])
async def test_cancelled_both_are_back_and_the_third_is_free(
    house: TestHouse, kind: str, answers: bool
) -> None:
    caller, agent, contact, third = await asked(house, kind, answers=answers)
    await consults.cancel(house.house, contact, user("anna"))
    assert await hearing(house, caller, agent) == [{agent}, {caller}]
    assert third not in house.pbx.pbx.legs
    assert await house.state("anna") == "talking"
    with pytest.raises(CallwrightError, match="wrong_state"):
        await consults.cancel(house.house, contact, user("anna"))

    async def free(_: Tx) -> bool:
        return await house.state("bob") == "ready"

    await house.until(free)
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    await all_free(house, "anna", "bob")


@pytest.mark.parametrize("who", ["owner", "target"])
async def test_a_conference_goes_on_without_who_leaves(house: TestHouse, who: str) -> None:
    caller, agent, contact, third = await asked(house, "agent")
    await consults.conference(house.house, contact, user("anna"))
    leaves, stays = (agent, third) if who == "owner" else (third, agent)
    await consults.leave(house.house, contact, user("anna" if who == "owner" else "bob"))
    assert await hearing(house, caller, stays) == [{stays}, {caller}]
    assert leaves not in house.pbx.pbx.legs
    assert await house.state("anna" if who == "owner" else "bob") == "wrap"
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    await all_free(house, "anna", "bob")


async def bring_to(house: TestHouse, contact: UUID, state: ConsultState) -> None:
    """From the answered consult to another of its states."""
    if state == ConsultState.PARKED:
        await consults.swap(house.house, contact, user("anna"))
    elif state == ConsultState.CONFERENCE:
        await consults.conference(house.house, contact, user("anna"))


async def until_talking(house: TestHouse, login: str) -> None:
    """People hear each other first; it is written down after."""

    async def talks(_: Tx) -> bool:
        return await house.state(login) == "talking"

    await house.until(talks)


@pytest.mark.parametrize("state", ["ringing", "talking", "parked", "conference"])
@pytest.mark.parametrize("kind", ["agent", "number"])
@pytest.mark.parametrize("who", ["customer", "owner", "target"])
async def test_any_leg_may_end_in_any_state(
    house: TestHouse, state: str, kind: str, who: str
) -> None:
    wanted = ConsultState(state)
    rings = wanted == ConsultState.RINGING
    caller, agent, contact, third = await asked(house, kind, answers=not rings)
    await bring_to(house, contact, wanted)
    house.pbx.caller_hangs_up({"customer": caller, "owner": agent, "target": third}[who])
    if who == "target":
        await until_hears(house, caller, agent)
        await until_talking(house, "anna")
    elif who == "owner" and not rings:
        await until_hears(house, caller, third)
    elif who == "owner":
        page = await house.heard_of(caller, "call.returned")
        assert page["state"] in ("waiting", "ringing", "talking")
    if who != "customer":
        house.pbx.caller_hangs_up(caller)
    page = await house.finished(caller)
    assert page["end_reason"] in ("completed", "abandoned_queue", "abandoned_ringing")
    await all_free(house, "anna", "bob")


async def test_nobody_answers_and_the_colleague_is_set_away(house: TestHouse) -> None:
    caller, agent, contact = await talking(house)
    await house.add_agent("bob", in_queues=(), phone=PhoneBehaviour(refuses="rejected"))
    await transfers.consult(
        house.house, contact, user("anna"), Destination("agent", "bob"), note=""
    )
    page = await house.heard_of(caller, "consult.changed", 2)
    last = [e["body"] for e in page["events"] if e["name"] == "consult.changed"][-1]
    assert (last["state"], last["result"]) == ("closed", "rejected")
    await until_hears(house, caller, agent)

    async def away(_: Tx) -> bool:
        return await house.state("bob") == "break"

    await house.until(away)
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    await all_free(house, "anna", "bob")


async def test_one_third_party_at_a_time(house: TestHouse) -> None:
    caller, agent, contact, third = await asked(house, "number")
    for verb in (talks.hold, talks.resume):
        with pytest.raises(CallwrightError, match="wrong_state"):
            await verb(house.house, contact, user("anna"))
    with pytest.raises(CallwrightError) as error:
        await transfers.consult(
            house.house, contact, user("anna"), Destination("agent", "bob"), note=""
        )
    assert error.value.params["what"] == "consult"
    assert await house.state("bob") == "ready"
    with pytest.raises(CallwrightError, match="wrong_state"):
        await consults.leave(house.house, contact, user("anna"))
    talk: Talk = await house.run(lambda tx: service.talk(tx, contact))
    assert talk.consult is not None
    assert talk.consult.leg == third
    house.pbx.caller_hangs_up(caller)
    await house.finished(caller)
    await all_free(house, "anna", "bob")
    assert agent not in house.pbx.pbx.legs
