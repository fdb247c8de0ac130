"""Callbacks whose turn has come: an agent's phone rings, or the customer's when they are near."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from callwright.agents import service as agents
from callwright.agents.model import Agent, shown_to
from callwright.calls import callback_dial, callbacks
from callwright.calls.callback_model import Callback
from callwright.calls.legs import open_legs_of
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.house import House
from callwright.queues import service as queues
from callwright.routing import offers
from callwright.routing.offers import Offer

log = logging.getLogger(__name__)

AT_LEAST_EVERY_S = 2.0
OURS = ("no_trunk", "invalid")  # it cannot be dialled now, which is not the agent's fault


async def offer(
    house: House,
    row: dict[str, Any],
    agent: Agent,
    score: float,
    reasons: Sequence[str],
    *,
    fence: Callable[[Tx], Awaitable[None]],
) -> Offer | None:
    """Ring the agent; the customer is dialled when they answer. None when it is not to be now.

    `row` as `calls.waiting` has it; `fence` refuses what a router without the lease would write.
    Claim, call out, agent and offer are one transaction.
    """
    callback_id: UUID = row["visit_id"]
    try:
        async with house.db.begin() as tx:
            await fence(tx)
            made = await _written(tx, house, callback_id, agent)
            if made is not None:
                more = {"queue": row["queue"], "score": score, "reasons": reasons}
                await offers.write(tx, made, row["site"], **more)
    except IntegrityError:
        log.warning("callback %s refused by the database: it is being dialled", callback_id)
        return None
    except CallwrightError as error:
        log.info("callback %s not dialled: %s", callback_id, error)
        if error.code in OURS:
            await house.db.run(lambda tx: callbacks.postpone(tx, callback_id))
        return None
    if made is None:  # the agent is for somebody else
        house.db.signals.wake("routing")
        return None
    house.bus.spawn(offers.carry_out(house, made), f"callback {callback_id}")
    return made


async def _written(tx: Tx, house: House, callback_id: UUID, agent: Agent) -> Offer | None:
    """The call out, and the agent kept for it; None when it is not to be dialled now."""
    out = await callback_dial.write(tx, house, callback_id, agent)
    if out is None:
        return None
    queue = await queues.queue_of(tx, out.callback.queue)
    until = tx.clock.now() + timedelta(seconds=queue.ring_s)
    await agents.change(tx, agent.id, "reserve", contact_id=out.contact_id, until=until)
    return Offer(
        id=new_id(), contact_id=out.contact_id, agent_id=agent.id, login=agent.login,
        endpoint=agent.endpoint, leg=str(new_id()), caller_leg=out.leg,
        caller_number=shown_to(agent.phone, out.callback.number), ring_s=queue.ring_s,
        kind="callback",
    )  # fmt: skip


class Nearing:
    """Dials customers who are to be on the line before an agent is free, as soon as they are near.

    May run in several processes: a callback is claimed by one of them.
    """

    def __init__(self, house: House) -> None:
        self.house = house

    async def run(self) -> None:
        """Look whenever the line changed, until cancelled."""
        while True:
            await self.house.db.signals.wait(callbacks.SIGNAL, AT_LEAST_EVERY_S)
            try:
                await self.round()
            except Exception:
                log.exception("callbacks were not looked at; the next time follows")

    async def round(self) -> int:
        """Dial who is near; how many were dialled."""
        await offers.close_left_over(self.house)
        async with self.house.db.reading() as tx:
            due = await callbacks.customer_first(tx)
            places = await callbacks.positions(tx, due) if due else {}
            near = [one for one in due if await _is_near(tx, one, places[one.id])]
        for one in near:
            self.house.bus.spawn(
                callback_dial.dial_customer(self.house, one.id), f"callback {one.id}"
            )
        return len(near)


async def _is_near(tx: Tx, one: Callback, place: int) -> bool:
    """Nobody is dialled for a queue in which nobody works."""
    rule = await queues.callback_rule(tx, one.queue)
    return place - 1 <= rule.near and await agents.count_on_duty(tx, one.queue) > 0


async def end_legs(house: House, callback_id: UUID) -> None:
    """It was withdrawn while somebody was being dialled: those phones stop ringing."""
    async with house.db.reading() as tx:
        attempts = await callbacks.attempts_of(tx, callback_id)
        ids = [row["contact_id"] for row in attempts if row["ended_at"] is None]
        legs = [leg for contact_id in ids for leg in await open_legs_of(tx, contact_id)]
    for leg in legs:
        await house.telephony.hang_up(leg)
