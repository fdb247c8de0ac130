"""A reply in a live call: filled from the card, sent once, tried again, not to who opted out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import sqlalchemy as sa
from tests.house import TestHouse
from tests.integration.house.talks import KNOWN, Talk, talking

from callwright.scripts import service as scripts
from callwright.scripts.model import Body

REFUND = "{客户姓名}您好，订单{order_no}的退款{amount}元已提交，尾号{phone_tail}。"


@pytest.fixture
async def talk(house: TestHouse) -> AsyncIterator[Talk]:
    async with talking(house) as opened:
        yield opened


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
    assert [(row["action"], KNOWN[-8:] in str(row)) for row in audit] == [("script.send", False)]


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
    async with talking(house, "anonymous") as opened:
        refused = await opened.send(await opened.script("您好"))
        assert (refused.status, refused.params["kind"]) == (409, "hidden")
