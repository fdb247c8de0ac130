"""Tickets are due by their priority; what is overdue comes first and is said at the next call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import aiohttp
import pytest
from tests.house import TestHouse
from tests.integration.house.conftest import SignIn

from callwright.customers import service as customers

HOUR = 3600.0


@pytest.fixture
async def anna(house: TestHouse, sign_in: SignIn) -> aiohttp.ClientSession:
    """An agent at her browser."""
    await house.add_agent("anna")
    return await sign_in("anna")


async def test_overdue_tickets_are_found_and_lead_the_brief(
    house: TestHouse, anna: aiohttp.ClientSession, sign_in: SignIn
) -> None:
    match = await house.run(
        lambda tx: customers.who_calls(tx, "13816527394", area_code="021", region="CN")
    )
    assert match.best is not None
    low = await _made(anna, match.best.id, "low")
    normal = await _made(anna, match.best.id, "normal")
    urgent = await _made(anna, match.best.id, "urgent")
    assert [_hours(one) for one in (low, normal, urgent)] == [72, 24, 4]
    assert await _numbers(anna, "sort=due") == [urgent["no"], normal["no"], low["no"]]
    assert await _numbers(anna, f"sort=due&before={urgent['no']}") == [normal["no"], low["no"]]
    assert await _numbers(anna, "overdue=true") == []
    for one in (low, normal, urgent):
        await _patch(anna, one, assignee="anna")

    house.clock.skip(5 * HOUR)
    assert await _numbers(anna, "overdue=true") == [urgent["no"]]
    assert (await _get(anna, "/api/v1/ticket-counts"))["overdue"] == 1
    todo = (await _get(anna, "/api/v1/desk/todo"))["items"]
    assert [item["no"] for item in todo] == [urgent["no"], normal["no"], low["no"]]
    leg = await house.caller(number="13816527394")
    await house.in_state(leg, "talking")
    call = (await _get(anna, "/api/v1/desk"))["call"]
    assert call["brief"]["first"][0] == {
        "kind": "overdue_ticket",
        "code": "overdue_ticket",
        "params": {"no": urgent["no"], "type": "", "subject": "x", "days": 0, "hours": 1},
        "ref": str(urgent["no"]),
    }
    assert f"工单 {urgent['no']}" in call["brief"]["opening"]
    house.pbx.caller_hangs_up(leg)

    raised = await _patch(anna, normal, priority="urgent")
    assert _hours(raised) == 4, "another priority counts from the same start"
    assert await _numbers(anna, "overdue=true&sort=due") == [normal["no"], urgent["no"]]
    path = f"/api/v1/tickets/{urgent['no']}"
    assert (await anna.post(f"{path}/solve")).ok
    assert await _numbers(anna, "overdue=true") == [normal["no"]]
    assert (await anna.post(f"{path}/reopen")).ok
    assert await _numbers(anna, "overdue=true") == [normal["no"]], "reopened: a new due time"

    boss = await sign_in("boss", role="admin")
    hours = {"urgent": 1, "high": 2, "normal": 3, "low": 4}
    for wrong, field in (({**hours, "low": 0}, "hours.low"), ({"low": 1}, "hours")):
        refused = await boss.put("/api/v1/ticket-due-hours", json=wrong)
        assert (refused.status, (await refused.json())["params"]["field"]) == (422, field)
    assert (await boss.put("/api/v1/ticket-due-hours", json=hours)).ok
    assert (await _get(boss, "/api/v1/ticket-due-hours")) == {"version": 1, "body": hours}
    assert (await anna.put("/api/v1/ticket-due-hours", json=hours)).status == 403
    assert _hours(await _made(anna, match.best.id, "normal")) == 3


def _hours(ticket: dict[str, Any]) -> float:
    """From creation to due."""
    created, due = (datetime.fromisoformat(ticket[name]) for name in ("created_at", "due_at"))
    return (due - created).total_seconds() / HOUR


async def _made(browser: aiohttp.ClientSession, customer: Any, priority: str) -> dict[str, Any]:
    body = {"customer_id": str(customer), "subject": "x", "priority": priority}
    answer = await browser.post("/api/v1/tickets", json=body)
    assert answer.status == 201, await answer.text()
    return dict(await answer.json())


async def _patch(
    browser: aiohttp.ClientSession, ticket: dict[str, Any], **changes: Any
) -> dict[str, Any]:
    path = f"/api/v1/tickets/{ticket['no']}"
    version = (await _get(browser, path))["version"]
    answer = await browser.patch(path, json={"version": version, **changes})
    assert answer.ok, await answer.text()
    return dict(await answer.json())


async def _numbers(browser: aiohttp.ClientSession, query: str) -> list[int]:
    return [one["no"] for one in (await _get(browser, f"/api/v1/tickets?{query}"))["items"]]


async def _get(browser: aiohttp.ClientSession, path: str) -> dict[str, Any]:
    answer = await browser.get(path)
    assert answer.ok, await answer.text()
    return dict(await answer.json())
