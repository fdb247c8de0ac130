"""One agent's desk, from ring to wrap-up, through HTTP and the live topic alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from tests.house import TestHouse
from tests.integration.house.desks import Desk, at_desk, say
from tests.integration.house.people import office

from callwright.customers import service as customers
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx
from callwright.kit.journal import timeline
from callwright.queues import service as queues
from callwright.queues.model import Queue
from callwright.scripts import service as scripts
from callwright.scripts.model import Body

KNOWN = "+8613816527394"


# The house's clock runs fast: its own five seconds are over before a busy machine has asked twice.
UNHURRIED = Queue("orders", "orders", "dept", {}, 60, 600, wrap_up_s=20)


@pytest.fixture
async def desk(house: TestHouse) -> AsyncIterator[Desk]:
    """Anna, whose phone waits to be answered by the test."""
    await house.run(lambda tx: queues.save_queue(tx, UNHURRIED))
    await house.add_agent("anna", phone=PhoneBehaviour(answers_after_s=None))
    async with office(house) as opened, at_desk(opened, "anna") as seat:
        yield seat


async def ring(house: TestHouse, desk: Desk, number: str = KNOWN) -> tuple[str, dict[str, Any]]:
    """A caller's leg, and the ring at the desk."""
    leg = await house.caller(number=number)
    return leg, await desk.read("ring")


async def answer(house: TestHouse, desk: Desk) -> dict[str, Any]:
    """Anna picks up; the call as her desk shows it then."""
    legs = [leg for leg in (await house.pbx.snapshot()).legs if leg.endpoint == "anna"]
    house.pbx.answers(legs[-1].leg)
    return dict(await desk.read("call"))


async def wrap_up(house: TestHouse, desk: Desk) -> tuple[str, str]:
    """A short talk that is over; the contact and the caller's leg."""
    leg, call = await ring(house, desk)
    await answer(house, desk)
    await house.clock.sleep(3)
    house.pbx.caller_hangs_up(leg)
    await desk.until(lambda event: (event.get("call") or {}).get("wrap") is not None)
    return call["contact_id"], leg


async def wrap_extended(desk: Desk, times: int) -> dict[str, Any]:
    """The wrap-up once the desk shows it so: earlier news of the call may still be on its way."""

    def so(event: dict[str, Any]) -> bool:
        call = event.get("call") or {}
        return (call.get("wrap") or {}).get("extended") == times

    return dict((await desk.until(so))["call"]["wrap"])


def form(key: str = "press-0001", **changes: Any) -> dict[str, Any]:
    """A submitted wrap-up."""
    ticket = {
        "subject": "退款 · 空气炸锅",
        "type": "退款",
        "priority": "high",
        "department": "售后",
    }
    whole = {"disposition": "resolved", "summary": "已退款", "ticket": ticket, "ready": True}
    return {**whole, "key": key, **changes}


async def test_the_ring_brings_the_whole_call_and_the_desk_follows(
    house: TestHouse, desk: Desk
) -> None:
    assert desk.snapshot["agent"]["state"] == "ready"
    assert desk.snapshot["call"] is None
    leg, call = await ring(house, desk)
    assert call["card"]["customer"]["name"] == "王建国"
    assert call["state"] == "ringing"
    assert call["ring_s"] == 60
    assert call["by"] == {"kind": "queue", "from": None, "note": ""}
    assert call["brief"]["path"] == [{"digits": "1", "label": "orders"}]
    assert "王建国" in call["brief"]["opening"]
    ringing = await desk.read("agent")
    assert ringing["state"] == "ringing"
    assert ringing["until"] > call["offered_at"]
    talking = await answer(house, desk)
    assert (talking["state"], talking["role"]) == ("talking", "owner")
    assert talking["answered_at"] is not None
    shown = await desk.get("/desk")
    assert shown["call"]["contact_id"] == call["contact_id"]
    house.pbx.caller_hangs_up(leg)
    wrapping = await desk.read("call")
    assert wrapping["wrap"]["until"] is not None
    assert wrapping["wrap"]["max_extends"] == 2


async def test_a_wrap_up_is_submitted_once_before_the_ticket_is_there(
    house: TestHouse, desk: Desk
) -> None:
    house.speech.lanes[:] = [["你好", "我要维修"], ["我马上帮您安排退款"]]
    contact, leg = await wrap_up(house, desk)
    status, answered = await desk.send("POST", f"/contacts/{contact}/finish", form())
    assert status == 200, answered
    again = await desk.send("POST", f"/contacts/{contact}/finish", form())
    assert again[0] == 200
    other, problem = await desk.send("POST", f"/contacts/{contact}/finish", form("another-1"))
    assert (other, problem["params"]["state"]) == (409, "finished")
    ready = await desk.until(lambda event: event.get("agent", {}).get("state") == "ready")
    assert ready["agent"]["until"] is None
    page = await house.finished(leg)
    ticket = await house.until(lambda tx: _ticket(house, leg, "退款"))
    assert ticket["priority"] == "high"
    assert page["ticket"]["evidence"][0]["text"] == "我要维修", "what was said stays the evidence"
    await desk.until(lambda event: event.get("today", {}).get("tickets_made") == 1)
    await _the_day_counts_it(desk, ticket["no"])
    events = await house.run(lambda tx: timeline(tx, UUID(contact)))
    [disposed] = [event["body"] for event in events if event["name"] == "call.disposed"]
    assert disposed["disposition"] == "resolved"
    assert "空气炸锅" not in str(events)


async def _the_day_counts_it(desk: Desk, no: int) -> None:
    """Assigned, it waits for the agent; solved, it counts."""
    mine = {"version": (await desk.get(f"/tickets/{no}"))["version"], "assignee": "anna"}
    assert (await desk.send("PATCH", f"/tickets/{no}", mine))[0] == 200
    [item] = (await desk.get("/desk/todo"))["items"]
    assert (item["kind"], item["no"], item["state"]) == ("ticket", no, "open")
    assert (await desk.send("POST", f"/tickets/{no}/solve", {}))[0] == 200
    assert (await desk.get("/desk/todo"))["items"] == []
    day = await desk.get("/desk/today")
    counted = [day[name] for name in ("answered", "missed", "tickets_made", "tickets_solved")]
    assert counted == [1, 0, 1, 1]
    assert day["handle_s"] == pytest.approx(day["talk_s"] + day["wrap_s"], abs=0.2)
    assert day["online_s"] >= day["talk_s"] >= 3


async def _ticket(house: TestHouse, leg: str, type_: str) -> dict[str, Any] | None:
    ticket = (await house.contact(leg))["ticket"]
    return ticket if ticket and ticket["type"] == type_ else None


async def test_no_ticket_is_made_when_none_is_wanted(house: TestHouse, desk: Desk) -> None:
    house.speech.lanes[:] = [["我要退款"], []]
    contact, leg = await wrap_up(house, desk)
    body = form(ticket=None, disposition="invalid")
    assert await desk.send("POST", f"/contacts/{contact}/finish", body) == (
        200,
        {"ticket_no": None},
    )
    page = await house.finished(leg)
    await house.heard_of(leg, "transcript.completed")
    assert page["ticket"] is None


async def test_a_ticket_can_be_wanted_though_nothing_was_understood(
    house: TestHouse, desk: Desk
) -> None:
    contact, leg = await wrap_up(house, desk)
    for wrong in ({"type": "大象"}, {"department": "动物园"}, {"priority": "huge"}):
        status, problem = await desk.send("POST", f"/contacts/{contact}/finish", form(ticket=wrong))
        assert (status, problem["code"]) == (422, "invalid")
        assert next(iter(wrong)) in problem["params"]["field"]
    body = form(ticket={"type": "维修", "subject": "问保修"}, ready=False)
    assert (await desk.send("POST", f"/contacts/{contact}/finish", body))[0] == 200
    assert await house.state("anna") == "wrap"
    ticket = await house.until(lambda tx: _ticket(house, leg, "维修"))
    assert (await desk.get(f"/tickets/{ticket['no']}"))["subject"] == "问保修"
    await desk.until(lambda event: event.get("agent", {}).get("state") == "ready")


async def test_the_countdown_can_be_extended_twice_and_submits_what_is_there(
    house: TestHouse, desk: Desk
) -> None:
    house.speech.lanes[:] = [["我要退款"], ["好的，我马上给您安排退款"]]
    contact, leg = await wrap_up(house, desk)
    first = (await desk.get("/desk"))["call"]["wrap"]
    for times in (1, 2):
        status, more = await desk.send("POST", f"/contacts/{contact}/wrap-up/extend")
        assert (status, more["until"] > first["until"]) == (200, True)
        wrap = await wrap_extended(desk, times)
        assert wrap["until"][:26] == more["until"][:26]
    status, _ = await desk.send("POST", f"/contacts/{contact}/wrap-up/extend")
    assert status == 409
    await desk.send("PUT", f"/contacts/{contact}/draft", {"priority": "urgent"})
    await desk.until(lambda event: event.get("agent", {}).get("state") == "ready")
    page = await house.heard_of(leg, "call.disposed")
    [disposed] = [e["body"] for e in page["events"] if e["name"] == "call.disposed"]
    assert (disposed["disposition"], disposed["by_timer"]) == ("none", True)
    ticket = await house.until(lambda tx: _ticket(house, leg, "退款"))
    assert ticket["priority"] == "urgent", "what the agent edited is submitted too"
    late = await desk.send("POST", f"/contacts/{contact}/finish", form(ready=False))
    assert late == (200, {"ticket_no": ticket["no"]}), "who submits too late loses nothing"


async def test_notes_stay_with_the_call_and_requests_out_of_turn_are_refused(
    house: TestHouse, desk: Desk
) -> None:
    _, call = await ring(house, desk)
    contact = call["contact_id"]
    status, problem = await desk.send("POST", f"/contacts/{contact}/finish", form())
    assert (status, problem["params"]["state"]) == (409, "ringing")
    status, problem = await desk.send("POST", f"/contacts/{contact}/wrap-up/extend")
    assert (status, problem["params"]["state"]) == (409, "ringing")
    await answer(house, desk)
    for text in ("客户说", "客户说空气炸锅不热"):
        assert (await desk.send("PUT", f"/contacts/{contact}/note", {"text": text}))[0] == 200
    assert (await desk.get("/desk"))["call"]["note"] == "客户说空气炸锅不热"
    wrong = form(disposition="thrilled")
    _, draft = await desk.send("PUT", f"/contacts/{contact}/draft", {"type": "维修"})
    assert (draft["type"], draft["edited"]) == ("维修", ["type"])
    assert (await desk.read("draft"))["edited"] == ["type"]
    status, _ = await desk.send("POST", f"/contacts/{contact}/finish", wrong)
    assert status == 409
    stranger = await house.caller(number="13900000002")
    other = (await house.contact(stranger))["id"]
    status, _ = await desk.send("PUT", f"/contacts/{other}/note", {"text": "x"})
    assert status == 409


async def test_the_next_agent_sees_what_was_noted_and_who_passed_the_call_on(
    house: TestHouse, desk: Desk
) -> None:
    _, call = await ring(house, desk)
    contact = call["contact_id"]
    await answer(house, desk)
    await desk.send("PUT", f"/contacts/{contact}/note", {"text": "要退空气炸锅"})
    await house.add_agent("bob", phone=PhoneBehaviour(answers_after_s=None))
    async with at_desk(desk.office, "bob") as bob:
        to = {"to": {"kind": "agent", "value": "bob"}, "note": "请接着退款"}
        assert (await desk.send("POST", f"/contacts/{contact}/transfer", to))[0] == 200
        passed_on = await bob.read("ring")
        assert passed_on["by"]["from"]["login"] == "anna"
        assert (passed_on["by"]["kind"], passed_on["by"]["note"]) == ("transfer", "请接着退款")
        assert passed_on["note"] == ""
        [note] = passed_on["notes"]
        assert (note["by"]["login"], note["text"]) == ("anna", "要退空气炸锅")
        body = form(ticket=None, disposition="second_line")
        await desk.until(lambda event: (event.get("call") or {}).get("wrap") is not None)
        assert (await desk.send("POST", f"/contacts/{contact}/finish", body))[0] == 200
        shown = await bob.get("/desk")
        assert shown["call"]["contact_id"] == contact, "anna's wrap-up ends nothing of bob's"


async def test_a_caller_who_gave_up_waits_to_be_called_back(house: TestHouse, desk: Desk) -> None:
    leg, call = await ring(house, desk)
    house.pbx.caller_hangs_up(leg)
    assert await desk.read("offer_closed") == "caller_gone"
    assert await desk.read("call") is None
    await house.heard_of(leg, "call.missed")
    [item] = (await desk.get("/desk/todo"))["items"]
    assert (item["kind"], item["contact_id"]) == ("missed", call["contact_id"])
    assert (item["customer"]["name"], item["number_masked"]) == ("王建国", "138****7394")
    assert (await desk.get("/desk/today"))["missed"] == 0, "the caller's doing, not the agent's"
    _, again = await ring(house, desk)
    assert again["brief"]["first"][0]["kind"] == "abandoned_before"
    assert again["brief"]["first"][0]["ref"] == call["contact_id"]


async def test_an_agent_reads_nobody_elses_desk(house: TestHouse, desk: Desk) -> None:
    await desk.socket.send_json({"subscribe": ["desk:bob"]})
    frame = await desk.socket.receive_json()
    assert "not_allowed" in frame["error"]


async def write_replies(tx: Tx) -> None:
    """A few ready replies in use."""
    for title in ("发票", "安装", "维修", "退款"):
        body = Body(title=title, group="g", text=f"{title}请看短信。", keywords=[title])
        await scripts.create(tx, body, "boss", in_use=True)


async def test_the_draft_follows_the_words_until_the_agent_knows_better(
    house: TestHouse, desk: Desk
) -> None:
    _, call = await ring(house, desk)
    contact, customer = call["contact_id"], UUID(call["card"]["customer"]["id"])
    await house.run(
        lambda tx: customers.add_orders(
            tx,
            [
                {
                    "no": "46801", "customer_id": customer, "item": "空气炸锅", "amount": 499,
                    "status": "delivered", "placed_at": tx.clock.now(),
                }
            ],
        )
    )  # fmt: skip
    await answer(house, desk)
    await say(house, contact, "customer", "我的手机号是13816527394")
    turn = await desk.read("turn")
    assert "13816527394" not in str(turn)
    assert (await desk.read("draft"))["type"] is None
    await say(house, contact, "customer", "空气炸锅我要退款")
    draft = await desk.read("draft")
    assert (draft["subject"], draft["type"]) == ("退款 · 空气炸锅", "退款")
    assert draft["evidence"][0]["text"] == "空气炸锅我要退款"
    await desk.send("PUT", f"/contacts/{contact}/draft", {"type": "维修", "subject": "炸锅"})
    assert (await desk.read("draft"))["type"] == "维修"
    before = len(desk.events)
    await say(house, contact, "agent", "请稍等")
    await desk.read("turn")
    await say(house, contact, "customer", "我现在就要去12315投诉你们，马上给我处理")
    draft = await desk.read("draft")
    assert (draft["type"], draft["subject"]) == ("维修", "炸锅"), "the agent's own words stay"
    assert draft["department"] == "投诉处理", "the others follow what is said"
    names = [next(iter(event)) for event in desk.events[before:]]
    assert names == ["turn", "turn", "draft"], "a draft that says the same is not sent again"
    await house.run(write_replies)
    await say(house, contact, "customer", "退款什么时候到")
    [reply] = await desk.read("suggestions")
    assert (reply["title"], reply["why"]) == ("退款", ["退款"])
    assert (await desk.get("/desk"))["call"]["suggestions"] == [reply]


async def test_a_company_has_its_own_dispositions(house: TestHouse) -> None:
    await house.add_agent("anna")
    async with office(house) as opened:
        anna, boss = await opened.person("anna"), await opened.person("boss", "manager")
        keys = [row["key"] for row in await anna.get("/desk/dispositions")]
        assert {"resolved", "follow_up", "second_line", "invalid"} <= set(keys)
        label = {"zh-Hans": "已换新", "zh-Hant": "已換新", "en": "Replaced"}
        body = [{"key": "replaced", "label": label}]
        assert (await anna.ask("PUT", "/desk/dispositions", json=body)).status == 403
        for wrong in ([], [{"key": "none", "label": label}], body * 2, [{"key": "x", "label": {}}]):
            assert (await boss.ask("PUT", "/desk/dispositions", json=wrong)).status == 422
        assert (await boss.ask("PUT", "/desk/dispositions", json=body)).body == {"version": 1}
        assert await anna.get("/desk/dispositions") == body
        assert (await boss.ask("GET", "/desk")).status == 404, "a manager has no desk"
