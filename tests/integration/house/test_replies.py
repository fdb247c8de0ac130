"""A reply in a live call: filled from the card, sent once, tried again, not to who opted out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from tests.fakes.sms import RememberingGateway
from tests.house import TestHouse
from tests.integration.house.people import Answer, Office, Person, office

from callwright.customers import service as customers
from callwright.kit.db import Tx
from callwright.scripts import service as scripts
from callwright.scripts.model import Body

KNOWN = "+8613816527394"
REFUND = "{客户姓名}您好，订单{order_no}的退款{amount}元已提交，尾号{phone_tail}。"


@dataclass
class Talk:
    """An agent who talks with the known customer, at a browser."""

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

    async def messages(self) -> list[dict[str, Any]]:
        """What the call's page shows."""
        return list((await self.agent.get(f"/contacts/{self.contact}/messages"))["items"])

    async def message_in(self, state: str, tries: int = 0) -> dict[str, Any]:
        """The first message once it is in a state."""

        async def look(_: Tx) -> dict[str, Any] | None:
            message = (await self.messages())[0]
            return message if message["state"] == state and message["tries"] >= tries else None

        return await self.house.until(look)


@pytest.fixture
async def talk(house: TestHouse) -> AsyncIterator[Talk]:
    gateway = RememberingGateway()
    house.house.sms = gateway
    await house.add_agent("anna")
    await house.run(_order)
    leg = await house.caller(number=KNOWN)
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


async def test_filled_sent_once_and_told_without_a_name(talk: Talk) -> None:
    script = await talk.script(REFUND)
    filled = await talk.agent.get(f"/contacts/{talk.contact}/scripts/{script}")
    assert filled == {
        "text": "王建国您好，订单46801的退款128.50元已提交，尾号7394。",
        "spoken": "王建国您好，订单四六八零幺的退款一百二十八元五角已提交，尾号七三九四。",
        "missing": [],
    }
    first, second = await talk.send(script), await talk.send(script)
    assert first.status == second.status == 200
    assert first.body["message_id"] == second.body["message_id"]
    shown = await talk.message_in("sent")
    assert len(await talk.messages()) == 1
    [taken] = talk.gateway.taken
    assert (taken.to, taken.text) == (KNOWN, filled["text"])
    assert (shown["to"], shown["script"]["no"], shown["parts"]) == ("138****7394", "S-001", 1)
    page = await talk.house.contact(talk.leg)
    told = [e for e in page["events"] if e["name"].startswith(("message.", "script."))]
    assert [e["name"] for e in told] == ["message.queued", "script.sent", "message.sent"]
    assert not any(word in json.dumps(told, default=str) for word in ("王建国", "7394", "46801"))
    [item] = (await talk.agent.get("/scripts"))["items"]
    assert (item["sent"], item["played"]) == (1, 0)
    audit = await talk.house.run(lambda tx: tx.rows(sa.text("select * from audit")))
    assert [(row["action"], "138" in str(row)) for row in audit] == [("script.send", False)]


async def test_what_is_missing_is_named_and_nothing_is_sent(talk: Talk) -> None:
    script = await talk.script("工单{ticket_no}，{date}送到。")
    path = f"/contacts/{talk.contact}/scripts/{script}"
    assert (await talk.agent.get(path))["missing"] == ["ticket_no", "date"]
    refused = await talk.send(script)
    assert (refused.status, refused.params["missing"]) == (409, "ticket_no, date")
    assert await talk.messages() == []
    done = await talk.send(script, date="2026-11-27", ticket_no="10001")
    assert done.status == 200
    assert (await talk.messages())[0]["text"] == "工单10001，11月27日送到。"
    wrong = await talk.send(script, "k2", nonsense="x")
    assert (wrong.status, wrong.params["field"]) == (422, "values.nonsense")


async def test_a_gateway_that_is_away_is_tried_again_and_one_that_refuses_is_not(
    talk: Talk,
) -> None:
    script = await talk.script("您好")
    talk.gateway.faults = ["sms_unreachable", "sms_unreachable"]
    await talk.send(script)
    assert (await talk.message_in("sent"))["tries"] == 3
    talk.gateway.faults = ["sms_refused"]
    await talk.send(script, "k2")
    page = await talk.house.heard_of(talk.leg, "message.failed")
    [failed] = [e["body"] for e in page["events"] if e["name"] == "message.failed"]
    assert failed == {"reason": "sms_refused", "tries": 1}
    assert [m["state"] for m in await talk.messages()] == ["sent", "failed"]


async def test_who_opted_out_gets_nothing(talk: Talk) -> None:
    script = await talk.script("您好")
    talk.gateway.faults = ["sms_unreachable"]
    await talk.send(script)
    path = f"/contacts/{talk.contact}/opt-out"
    assert (await talk.agent.ask("PUT", path)).status == 200
    refused = await talk.send(script, "k2")
    assert (refused.status, refused.body["code"]) == (409, "opted_out")
    assert (await talk.message_in("failed"))["reason"] == "opted_out", "also what waited"
    assert talk.gateway.taken == []
    await talk.agent.ask("DELETE", path)
    assert (await talk.send(script, "k3")).status == 200


async def test_only_the_agent_of_the_call_sends(talk: Talk) -> None:
    script = await talk.script("您好")
    await talk.house.add_agent("bob")
    bob, boss = await talk.desks.person("bob"), await talk.desks.person("boss", "manager")
    path = f"/contacts/{talk.contact}/scripts/{script}"
    for person, state in ((bob, "ready"), (boss, "no_agent")):
        answer = await person.post(f"{path}/send", key="k")
        assert (answer.status, answer.params["state"]) == (409, state)
    draft = await talk.house.run(
        lambda tx: scripts.edit(
            tx, UUID(script), Body(title="t", text="新", group="g"), "boss", version=1
        )
    )
    assert draft.state == "draft"
    assert (await talk.agent.get(path))["text"] == "您好", "the approved version is used"


async def test_a_hidden_number_gets_no_message(house: TestHouse) -> None:
    await house.add_agent("anna")
    leg = await house.caller(number="anonymous")
    page = await house.in_state(leg, "talking")
    async with office(house) as desks:
        agent = await desks.person("anna")
        opened = Talk(house, desks, agent, RememberingGateway(), leg, str(page["id"]))
        refused = await opened.send(await opened.script("您好"))
        assert (refused.status, refused.params["kind"]) == (409, "hidden")
