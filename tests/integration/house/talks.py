"""An agent at a browser who talks with the known customer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.fakes.sms import RememberingGateway
from tests.house import TestHouse
from tests.integration.house.people import Answer, Office, Person, office

from callwright.customers import service as customers
from callwright.kit.db import Tx
from callwright.scripts import service as scripts
from callwright.scripts.model import Body

KNOWN = "+8613816527394"


@dataclass
class Talk:
    """What a test needs to use replies in one call."""

    house: TestHouse
    desks: Office
    agent: Person
    gateway: RememberingGateway
    leg: str
    contact: str

    async def script(self, text: str, **body: Any) -> str:
        """A script in use; its id."""
        written = Body.model_validate({"title": "t", "group": "g", **body, "text": text})
        made = await self.house.run(lambda tx: scripts.create(tx, written, "boss", in_use=True))
        return str(made.head.id)

    async def send(self, script: str, key: str = "k", **values: str) -> Answer:
        """Send it."""
        path = f"/contacts/{self.contact}/scripts/{script}/send"
        return await self.agent.post(path, key=key, values=values)

    async def play(self, script: str, **values: str) -> Answer:
        """Play it."""
        path = f"/contacts/{self.contact}/scripts/{script}/play"
        return await self.agent.post(path, values=values)

    async def messages(self) -> list[dict[str, Any]]:
        """What the call's page shows."""
        return list((await self.agent.get(f"/contacts/{self.contact}/messages"))["items"])

    async def message_in(self, state: str) -> dict[str, Any]:
        """The first message once it is in a state."""

        async def look(_: Tx) -> dict[str, Any] | None:
            message = (await self.messages())[0]
            return message if message["state"] == state else None

        return await self.house.until(look)


@asynccontextmanager
async def talking(house: TestHouse, number: str = KNOWN) -> AsyncIterator[Talk]:
    """The agent anna, who has answered a caller."""
    gateway = RememberingGateway()
    house.house.sms = gateway
    await house.add_agent("anna")
    await house.run(_order)
    leg = await house.caller(number=number)
    page = await house.in_state(leg, "talking")
    async with office(house) as desks:
        agent = await desks.person("anna")
        yield Talk(house, desks, agent, gateway, leg, str(page["id"]))


async def _order(tx: Tx) -> None:
    [customer] = await customers.ids_by_name(tx, "王建国")
    row = {
        "no": "46801", "customer_id": customer, "item": "空气炸锅", "amount": Decimal("128.50"),
        "status": "shipped", "placed_at": tx.clock.now(),
    }  # fmt: skip
    await customers.add_orders(tx, [row])
