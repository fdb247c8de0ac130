"""A reloaded browser joins its talk again: a new leg takes the old one's place."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from callwright.agents import service as agents
from callwright.agents.model import shown_to
from callwright.calls import service
from callwright.calls.legs import add_leg, note_ended
from callwright.calls.model import ConsultState
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.house import House
from callwright.ports.telephony import LegAnswered, LegEnded, PbxEvent

ASKED = (ConsultState.TALKING, ConsultState.PARKED)
RING_S = 10  # the browser answers by itself, at once
GRACE_S = 5


@dataclass(frozen=True, slots=True)
class _Joining:
    """What is on the way: `leg` rings `endpoint` and is to replace the one `before`."""

    leg: str
    endpoint: str
    number: str
    contact_id: UUID
    before: str
    caller_leg: str


async def attach(house: House, contact_id: UUID, login: str) -> None:
    """Ring the agent's browser and put it where their old leg is, which then ends alone.

    Raises `wrong_state` when the agent does not talk in this contact or is joining already,
    `phone_unreachable` when the browser is not there or does not answer.
    """
    joining = await house.db.run(lambda tx: _begin(tx, contact_id, login))
    with house.legs.subscribe(joining.leg) as events:
        try:
            await _ring(house, contact_id, joining)
            await _answer(joining, events)
            await _take_the_place(house, joining)
        except (CallwrightError, TimeoutError) as error:
            await house.telephony.hang_up(joining.leg)
            await house.db.run(lambda tx: _give_up(tx, joining.leg))
            if isinstance(error, CallwrightError):
                raise
            raise CallwrightError("phone_unreachable", endpoint=joining.endpoint) from error
    await house.telephony.hang_up(joining.before)


async def _begin(tx: Tx, contact_id: UUID, login: str) -> _Joining:
    agent = await agents.agent_of_login(tx, login)
    contact = await service.locked(tx, contact_id)
    before = await _leg_of(tx, contact_id, agent.id)
    if before is None:
        raise CallwrightError("wrong_state", what="contact", state=contact.state.value)
    if await service.rings_agent(tx, contact_id, agent.id):
        raise CallwrightError("wrong_state", what="contact", state="attaching")
    phone = await agents.phone_of(tx, login, "browser")
    leg = str(new_id())
    await add_leg(tx, leg, contact_id, agent.id)
    number = shown_to("browser", contact.e164 or contact.from_number)
    return _Joining(leg, phone.endpoint, number, contact_id, before, contact.caller_leg)


async def _leg_of(tx: Tx, contact_id: UUID, agent_id: UUID) -> str | None:
    """The leg on which an agent talks, with the caller or asked by a colleague."""
    for talk in await service.segments_of(tx, contact_id):
        if talk.agent_id == agent_id and talk.ended_at is None:
            return talk.leg
    consult = await service.open_consult(tx, contact_id)
    asked = consult and consult.target_agent_id == agent_id and consult.state in ASKED
    return consult.leg if consult and asked else None


async def _ring(house: House, contact_id: UUID, joining: _Joining) -> None:
    await house.telephony.ring(
        joining.leg,
        joining.endpoint,
        caller_number=joining.number,
        caller_name="",
        headers={"X-Call-Id": str(contact_id), "X-Callwright": "attach"},
        timeout_s=RING_S,
        beside=joining.caller_leg,
    )


async def _answer(joining: _Joining, events: asyncio.Queue[PbxEvent]) -> None:
    async with asyncio.timeout(RING_S + GRACE_S):
        while not isinstance(event := await events.get(), LegAnswered | LegEnded):
            pass
    if isinstance(event, LegEnded):
        raise CallwrightError("phone_unreachable", endpoint=joining.endpoint)


async def _take_the_place(house: House, joining: _Joining) -> None:
    """Into the bridge that holds the old leg; into none while that one is kept apart."""
    old = joining.before
    bridges = (await house.telephony.snapshot()).bridges
    bridge = next((name for name, legs in bridges.items() if old in legs), None)
    if bridge is not None:
        await house.telephony.connect(bridge, [joining.leg])
    await house.db.run(lambda tx: service.replace_leg(tx, joining.contact_id, old, joining.leg))


async def _give_up(tx: Tx, leg: str) -> None:
    await note_ended(tx, leg, tx.clock.now(), "unreachable")
