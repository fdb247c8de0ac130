"""Calendars over HTTP: published, asked, rolled back, holidays suggested; tickets count by them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from tests.house import TestHouse
from tests.integration.house.conftest import SignIn

from callwright.calendars import service as calendars
from callwright.customers import service as customers
from callwright.kit.db import Tx

API = "/api/v1/calendars"
OFFICE: dict[str, Any] = {
    "zone": "Asia/Shanghai",
    "week": {
        day: ["09:00-12:00", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")
    },
    "holidays": "cn",
}  # fmt: skip


@pytest.fixture
async def boss(house: TestHouse, sign_in: SignIn) -> aiohttp.ClientSession:
    """Somebody who may publish settings."""
    return await sign_in("boss", role="manager")


async def ask(browser: aiohttp.ClientSession, path: str, **query: str) -> Any:
    answer = await browser.get(API + path, params=query)
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def test_published_asked_and_rolled_back(
    boss: aiohttp.ClientSession, sign_in: SignIn
) -> None:
    assert (await boss.put(f"{API}/office", json=OFFICE)).status == 200
    closed = {**OFFICE, "days": {"2026-10-10": []}}
    assert (await (await boss.put(f"{API}/office", json=closed)).json())["version"] == 2
    saturday = "2026-10-10T10:00:00+08:00"
    answer = await ask(boss, "/office/open", at=saturday)
    assert (answer["open"], answer["day"]["source"], answer["day"]["name"]) == (
        False,
        "by hand",
        "国庆节",
    )
    assert answer["next_change"] == "2026-10-12T09:00:00+08:00"
    back = await boss.post(f"{API}/office/roll-back", json={"version": 1})
    assert (await back.json())["version"] == 3
    answer = await ask(boss, "/office/open", at=saturday)
    assert (answer["open"], answer["day"]["source"]) == (True, "make-up")
    assert answer["next_change"] == "2026-10-10T12:00:00+08:00"
    assert "make-up" in answer["why"]

    page = await ask(boss, "/office")
    assert [(one["version"], one["author"]) for one in page["versions"]] == [
        (3, "boss"), (2, "boss"), (1, "boss"),
    ]  # fmt: skip
    assert (await ask(boss, "/office", version="2"))["body"] == closed
    keys = [one["key"] for one in (await ask(boss, ""))["items"]]
    assert keys == ["always", "never", "office"]
    assert (await ask(boss, "/always/open"))["next_change"] is None
    assert (await ask(boss, "/never/open"))["next_change"] is None

    anna = await sign_in("anna")
    assert (await ask(anna, "/office/open", at=saturday))["open"] is True
    assert (await anna.put(f"{API}/office", json=OFFICE)).status == 403
    assert (await boss.get(f"{API}/nowhere/open")).status == 404
    assert (await boss.post(f"{API}/office/roll-back", json={"version": 9})).status == 404


async def test_a_year_and_its_holidays_as_a_suggestion(boss: aiohttp.ClientSession) -> None:
    assert (await boss.put(f"{API}/office", json={**OFFICE, "holidays": "none"})).status == 200
    assert (await boss.get(f"{API}/office/holidays/2026")).status == 422
    told = await ask(boss, "/office/holidays/2026", region="cn")
    assert told["status"] == "official"
    assert told["make_up"]["2026-02-14"] == "春节"
    before = {row["day"]: row for row in (await ask(boss, "/office/year/2026"))["days"]}
    assert len(before) == 365
    assert before["2026-02-16"]["windows"] != []
    assert (await boss.put(f"{API}/office", json=told["body"])).status == 200
    after = {row["day"]: row for row in (await ask(boss, "/office/year/2026"))["days"]}
    assert (after["2026-02-16"]["windows"], after["2026-02-16"]["source"]) == ([], "by hand")
    assert after["2026-02-14"]["windows"] == ["09:00-12:00", "13:30-18:00"]

    missing = await boss.get(f"{API}/office/holidays/2090", params={"region": "cn"})
    assert (missing.status, (await missing.json())["code"]) == (409, "no_holidays")
    await boss.put(f"{API}/office", json=OFFICE)
    assert "2090" in (await ask(boss, "/office/year/2090"))["warning"]


async def test_this_years_gap_is_on_the_page_and_in_the_log(
    house: TestHouse, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    later = datetime(2090, 10, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    house.clock.skip((later - house.clock.now()).total_seconds())
    boss = await sign_in("boss", role="manager")
    await boss.put(f"{API}/office", json=OFFICE)
    page = await ask(boss, "/office")
    assert [(one["year"], one["status"]) for one in page["warnings"]] == [
        (2090, "missing"), (2091, "missing"),
    ]  # fmt: skip
    await house.run(calendars.warn)
    assert sum("calendar office: 209" in one for one in caplog.messages) == 2


@pytest.mark.parametrize(
    ("key", "text", "field"),
    [
        ("office", '{"week": {"mon": ["18:00"]}}', "week.mon[0]"),
        ("office", '{"week": {}, "days": {"2026-10-10": [], "2026-10-10": []}}', "2026-10-10"),
        ("office", '{"week": {}, "zone": "Mars"}', "zone"),
        ("Büro", '{"week": {}}', "key"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_published(
    boss: aiohttp.ClientSession, key: str, text: str, field: str
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await boss.put(f"{API}/{key}", data=text, headers=headers)
    assert (answer.status, (await answer.json())["params"]["field"]) == (422, field)
    assert [one["key"] for one in (await ask(boss, ""))["items"]] == ["always", "never"]


async def test_a_calendar_that_is_gone_lets_the_caller_in(
    house: TestHouse, caplog: pytest.LogCaptureFixture
) -> None:
    now = house.clock.now()
    assert await house.run(lambda tx: calendars.open_at(tx, "nowhere", now)) is True
    assert any("nowhere counts as open" in one for one in caplog.messages)


async def test_tickets_are_due_in_open_hours(house: TestHouse, sign_in: SignIn) -> None:
    now = house.clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    friday = (now + timedelta(days=11 - now.weekday())).replace(hour=16, minute=30)
    saturday, monday = friday + timedelta(days=1), friday + timedelta(days=3)
    house.clock.skip((friday - now).total_seconds())
    boss = await sign_in("boss", role="manager")
    worked = {str(saturday.date()): ["09:00-12:00"], str(monday.date()): ["09:00-18:00"]}
    await boss.put(f"{API}/office", json={**OFFICE, "days": worked})
    hours = {"urgent": 1, "high": 2, "normal": 4, "low": 8}
    for key, field in (("nowhere", None), ("never", "calendar"), (3, "calendar")):
        refused = await boss.put("/api/v1/ticket-due-hours", json={**hours, "calendar": key})
        assert refused.status in (404, 422)
        assert (await refused.json())["params"].get("field") == field
    rule = {**hours, "calendar": "office"}
    assert (await boss.put("/api/v1/ticket-due-hours", json=rule)).ok
    assert (await (await boss.get("/api/v1/ticket-due-hours")).json())["body"] == rule

    body = {"customer_id": str(await house.run(_customer)), "subject": "x", "priority": "normal"}
    ticket = await (await boss.post("/api/v1/tickets", json=body)).json()
    assert near(ticket, saturday.replace(hour=11))
    path = f"/api/v1/tickets/{ticket['no']}"
    for priority, wanted in (
        ("low", monday.replace(hour=12)),
        ("urgent", friday.replace(hour=17)),
        ("normal", saturday.replace(hour=11)),
    ):
        version = (await (await boss.get(path)).json())["version"]
        changed = await boss.patch(path, json={"version": version, "priority": priority})
        assert near(await changed.json(), wanted), priority


def near(ticket: dict[str, Any], wanted: datetime) -> bool:
    """Whether it is due then, give or take what the test itself takes."""
    return abs((datetime.fromisoformat(ticket["due_at"]) - wanted).total_seconds()) < 600


async def _customer(tx: Tx) -> UUID:
    found = await customers.find(tx, "王建国", area_code="021", region="CN", limit=1)
    return found[0].id
