"""Callers who were promised a callback, for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tests.house import TestHouse, furnish_prompts
from tests.integration.house.talking import trunk

from callwright.agents import service as agents
from callwright.calls import callback_store, callbacks
from callwright.calls import service as calls
from callwright.calls.callback_model import Callback
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.ivr import callback
from callwright.kit.db import Tx
from callwright.queues import service as queues

CUSTOMER, OTHER = "13816527394", "13911112222"
PROMPTS = (
    "callback_offer", "callback_intro", "callback_type", "callback_number",
    "callback_number_ends", "callback_confirm", "callback_wrong_number", "callback_promised",
    "callback_here", *(f"number_{digit}" for digit in range(10)),
)  # fmt: skip


async def rule(house: TestHouse, queue: str = "orders", **body: Any) -> None:
    """How a queue calls back."""
    await house.run(lambda tx: queues.publish_rule(tx, "callback", queue, body, "test"))


async def nobody_free(house: TestHouse, *logins: str) -> None:
    """A line leads out, and agents are on duty but on a break."""
    furnish_prompts(house.house.settings.home, PROMPTS)
    await trunk(house)
    for login in logins:
        await house.add_agent(login, ready=False)
        await house.run(lambda tx, one=login: agents.request_state(tx, one, "break"))  # type: ignore[misc]


async def free(house: TestHouse, *logins: str) -> None:
    """All of them at the same moment."""

    async def ready(tx: Tx) -> None:
        for login in logins:
            await agents.request_state(tx, login, "ready")

    await house.run(ready)


async def promised(house: TestHouse, number: str = CUSTOMER, key: str = "1") -> tuple[str, UUID]:
    """A caller waits, asks for a callback to the number they call from, and hangs up."""
    leg = await house.caller(key, number=number)
    page = await house.in_state(leg, "waiting")
    house.house.bus.spawn(callback.offer(house.house, page["id"]), "offer")  # type: ignore[arg-type]
    await confirm(house, leg)
    page = await house.finished(leg)
    assert page["end_reason"] == "callback_requested"
    return leg, page["id"]


async def confirm(house: TestHouse, leg: str) -> None:
    """The caller says yes until it is heard: a key before the question is lost."""
    await house.in_state(leg, "choosing")

    async def heard(_: Tx) -> bool:
        if (await house.contact(leg))["state"] != "choosing":
            return True
        if leg in house.pbx.pbx.legs:
            house.pbx.press(leg, "1")
        return False

    await house.until(heard)


async def promise_of(house: TestHouse, contact_id: UUID) -> Callback:
    """The callback of a call."""
    found = await house.run(lambda tx: callbacks.of_contact(tx, contact_id))
    assert found is not None
    return found


async def in_state(house: TestHouse, contact_id: UUID, state: str) -> Callback:
    """The callback once it is in a state."""

    async def there(tx: Tx) -> Callback | None:
        found = await callbacks.of_contact(tx, contact_id)
        return found if found and found.state == state else None

    return await house.until(there)


async def attempts(house: TestHouse, contact_id: UUID) -> list[dict[str, Any]]:
    """The calls out for the callback of a call, in order."""
    found = await promise_of(house, contact_id)
    return await house.run(lambda tx: callback_store.attempts_of(tx, found.id))


async def leg_out(house: TestHouse, contact_id: UUID, number: int = 0) -> str:
    """The customer's leg of the how many-th call out, once there is one."""

    async def there(tx: Tx) -> str | None:
        found = await callbacks.of_contact(tx, contact_id)
        rows = await callback_store.attempts_of(tx, found.id) if found else []
        if len(rows) <= number:
            return None
        contact = await calls.contact(tx, rows[number]["contact_id"])
        return contact.caller_leg if contact else None

    return await house.until(there)


def dials(house: TestHouse, number: str = CUSTOMER) -> int:
    """How often a number outside was really dialled."""
    pbx = house.pbx.pbx
    everybody = [*pbx.legs.values(), *pbx._ended]
    return sum(leg.to_number == number and not leg.incoming for leg in everybody)


def answers(house: TestHouse, *, after_s: float | None = 1.0, leaves_s: float | None = 6.0) -> None:
    """How the customer's phone behaves."""
    phone = PhoneBehaviour(answers_after_s=after_s, hangs_up_after_s=leaves_s)
    house.pbx.outside(CUSTOMER, phone)


def when(house: TestHouse, hour: int) -> datetime:
    """The clock at this hour in Shanghai, today or tomorrow: moved there."""
    now = house.clock.now()
    ahead = (hour - 8 - now.hour) % 24
    house.clock.skip(ahead * 3600 - now.minute * 60)
    return house.clock.now()
