"""People work on tickets: every change counted, written down, told and pushed to the customer."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
from tests.house import TestHouse
from tests.integration.house.conftest import SignIn

from callwright.customers import service as customers
from callwright.kit.db import Tx
from callwright.kit.journal import event_table


@pytest.fixture
async def anna(house: TestHouse, sign_in: SignIn) -> aiohttp.ClientSession:
    """An agent at her browser."""
    await house.add_agent("anna")
    return await sign_in("anna")


async def test_a_ticket_through_all_hands(house: TestHouse, anna: aiohttp.ClientSession) -> None:
    await house.add_agent("bob", ready=False)
    owner = await _wang(house)
    ticket = await _made(anna, customer_id=owner, subject="洗碗机漏水", type="维修")
    path = f"/api/v1/tickets/{ticket['no']}"
    assert (ticket["state"], ticket["version"]) == ("open", 1)
    assert ticket["customer"] == {"id": owner, "name": "王建国", "tier": "diamond"}
    assert ticket["number_masked"] == "138****7394"
    assert await _facts(house, owner) == 1

    edited = await _patch(anna, path, 1, priority="high", assignee="bob", department="dept")
    assert edited["assignee"] == {"login": "bob", "name": "bob"}
    assert edited["version"] == 2
    old = await anna.patch(path, json={"version": 1, "priority": "low"})
    assert old.status == 409
    assert (await old.json())["params"] == {"what": "ticket", "state": "open", "version": 2}
    same = await _patch(anna, path, 2, priority="high")
    assert same["version"] == 2, "nothing changed"

    assert (await _patch(anna, path, 2, state="pending"))["state"] == "pending"
    assert await _facts(house, owner) == 1
    solved = await _post(anna, f"{path}/solve", text="换了密封圈")
    again = await _post(anna, f"{path}/solve", text="换了密封圈")
    assert solved["state"] == "solved"
    assert solved["solved_at"] is not None
    assert again["version"] == solved["version"]
    assert len(again["comments"]) == 1, "a double press says it once"
    assert await _facts(house, owner) == 0
    closed = await _patch(anna, path, solved["version"], state="closed")
    refused = await anna.patch(path, json={"version": closed["version"], "subject": "x"})
    assert refused.status == 409
    reopened = await _post(anna, f"{path}/reopen")
    assert (reopened["state"], reopened["solved_at"]) == ("open", None)
    assert await _facts(house, owner) == 1

    history = (await _get(anna, path))["history"]
    assert [(step["what"], step["from"], step["to"]) for step in history] == [
        ("created", None, None),
        ("priority", "normal", "high"), ("department", None, "dept"), ("assignee", None, "bob"),
        ("state", "open", "pending"), ("state", "pending", "solved"), ("state", "solved", "closed"),
        ("state", "closed", "open"),
    ]  # fmt: skip
    assert {step["by"]["name"] for step in history} == {"Anna"}
    assert await _told(house) == {
        "ticket.created": 1, "ticket.edited": 3, "ticket.assigned": 1, "ticket.solved": 1,
        "ticket.commented": 1, "ticket.reopened": 1,
    }  # fmt: skip


async def test_what_the_house_does_not_have_is_refused_with_its_field(
    house: TestHouse, anna: aiohttp.ClientSession, sign_in: SignIn
) -> None:
    ticket = await _made(anna, customer_id=await _wang(house), subject="x")
    path = f"/api/v1/tickets/{ticket['no']}"
    for body, field in (
        ({"type": "大象"}, "type"), ({"department": "nowhere"}, "department"),
        ({"assignee": "nobody"}, "assignee"), ({"priority": "huge"}, "priority"),
        ({"state": "gone"}, "state"), ({"subject": "长" * 201}, "subject"), ({"no": 7}, "no"),
    ):  # fmt: skip
        answer = await anna.patch(path, json={"version": 1, **body})
        assert (answer.status, (await answer.json())["params"]["field"]) == (422, field), body
    empty = await anna.post(f"{path}/comments", json={"text": "  "})
    assert (await empty.json())["params"]["field"] == "text"
    neither = await anna.post("/api/v1/tickets", json={"subject": "x"})
    assert (await neither.json())["params"]["field"] == "customer_id"
    assert (await _get(anna, path))["version"] == 1
    watcher = await sign_in("quinn", role="qa")
    assert (await watcher.patch(path, json={"version": 1, "subject": "y"})).status == 403
    fields = await _get(anna, "/api/v1/ticket-fields")
    assert fields["priorities"] == ["low", "normal", "high", "urgent"]
    assert {"维修", "投诉"} <= set(fields["types"])
    assert {"login": "anna", "name": "anna", "department": "dept"} in fields["assignees"]


async def test_double_presses_and_one_ticket_per_contact(
    house: TestHouse, anna: aiohttp.ClientSession
) -> None:
    owner = await _wang(house)
    body = {"customer_id": owner, "subject": "催单", "key": "form-0001"}
    twice = await asyncio.gather(*(anna.post("/api/v1/tickets", json=body) for _ in range(2)))
    numbers = [(await answer.json()).get("no") for answer in twice if answer.status == 201]
    assert len(set(numbers)) == 1
    house.speech.lanes[:] = [["我要退款"], []]
    leg = await house.caller(number="13816527394")
    contact = str((await house.in_state(leg, "talking"))["id"])
    made = await _made(anna, contact_id=contact, subject="退款")
    assert made["customer"]["id"] == owner
    assert made["contact"]["id"] == contact
    second = await anna.post("/api/v1/tickets", json={"contact_id": contact, "subject": "又"})
    assert (second.status, (await second.json())["params"]["no"]) == (409, made["no"])
    house.pbx.caller_hangs_up(leg)
    assert (await house.finished(leg))["ticket"]["no"] == made["no"], "no draft beside it"


async def test_filters_and_search(house: TestHouse, anna: aiohttp.ClientSession) -> None:
    house.speech.lanes[:] = [["空调漏水了，快派師傅來"], []]
    leg = await house.caller(number="13816527394")
    await house.in_state(leg, "talking")
    await house.clock.sleep(4)
    house.pbx.caller_hangs_up(leg)
    drafted = (await house.finished(leg))["ticket"]["no"]
    owner = await _wang(house)
    other = await house.run(
        lambda tx: customers.add_customer(
            tx, name="陳美玲", tier="normal", phones="13900001111", area_code="", region="CN"
        )
    )
    mine = await _made(anna, customer_id=str(other), subject="發票抬頭", type="退款")
    path = f"/api/v1/tickets/{mine['no']}"
    await _patch(anna, path, 1, assignee="anna", priority="urgent")
    only_mine, only_drafted, both = {mine["no"]}, {drafted}, {mine["no"], drafted}
    for query, expected in {
        "": both, "q=漏水": only_drafted, "q=师傅": only_drafted, "q=發票": only_mine,
        "q=发票": only_mine, "q=票抬": only_mine, "q=水票": set(), "q=王建": only_drafted,
        "q=wjg": only_drafted, "q=陈美": only_mine, "q=7394": only_drafted,
        "q=138-1652-7394": only_drafted, "q=1111": only_mine, f"q={mine['no']}": only_mine,
        "q=退款": only_mine, "q=%25": set(), "assignee=me": only_mine, "assignee=anna": only_mine,
        "assignee=none": only_drafted, "priority=urgent": only_mine, "type=退款": only_mine,
        f"customer={owner}": only_drafted, "state=open": both, "state=solved": set(),
        "state=unsolved": both,
        "state=open&q=漏水&assignee=me": set(), f"before={mine['no']}": only_drafted,
    }.items():  # fmt: skip
        found = await _get(anna, f"/api/v1/tickets?{query}")
        assert {item["no"] for item in found["items"]} == expected, query
    counts = await _get(anna, "/api/v1/ticket-counts")
    assert (counts["mine"], counts["unassigned"], counts["open"]) == (1, 1, 2)
    assert sum(counts["departments"].values()) <= 2
    assert (await anna.get("/api/v1/tickets?assignee=nobody")).status == 404
    assert (await anna.get("/api/v1/tickets?state=gone")).status == 422


async def _wang(house: TestHouse) -> str:
    match = await house.run(
        lambda tx: customers.who_calls(tx, "13816527394", area_code="021", region="CN")
    )
    assert match.best is not None
    return str(match.best.id)


async def _facts(house: TestHouse, customer: str) -> int:
    async def look(tx: Tx) -> int:
        match = await customers.who_calls(tx, "13816527394", area_code="021", region="CN")
        assert match.best is not None
        assert str(match.best.id) == customer
        return int(match.best.facts["open_tickets"])

    return await house.run(look)


async def _told(house: TestHouse) -> Counter[str]:
    e = event_table.c
    query = sa.select(e.name).where(e.name.startswith("ticket."))
    return Counter(row["name"] for row in await house.run(lambda tx: tx.rows(query)))


async def _made(browser: aiohttp.ClientSession, **body: Any) -> dict[str, Any]:
    answer = await browser.post("/api/v1/tickets", json=body)
    assert answer.status == 201, await answer.text()
    return dict(await answer.json())


async def _patch(
    browser: aiohttp.ClientSession, path: str, version: int, **changes: Any
) -> dict[str, Any]:
    answer = await browser.patch(path, json={"version": version, **changes})
    assert answer.ok, await answer.text()
    return dict(await answer.json())


async def _post(browser: aiohttp.ClientSession, path: str, **body: Any) -> dict[str, Any]:
    answer = await browser.post(path, json=body)
    assert answer.ok, await answer.text()
    return dict(await answer.json())


async def _get(browser: aiohttp.ClientSession, path: str) -> dict[str, Any]:
    answer = await browser.get(path)
    assert answer.ok, await answer.text()
    return dict(await answer.json())
