"""The API: shapes, rights, problem answers; nothing that is sent brings it down."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import openapi
from schemathesis.core.result import Ok
from tests.house import TestHouse
from tests.integration.house.conftest import TOKEN

from callwright.accounts import service as accounts
from callwright.web.app import make_app


async def test_a_body_of_the_wrong_shape_names_the_field(client: aiohttp.ClientSession) -> None:
    answer = await client.post("/api/v1/agents/anna/state", json={"state": 7})
    assert answer.status == 422
    assert answer.content_type == "application/problem+json"
    assert (await answer.json())["params"]["field"] == "state"


async def test_an_impossible_state_is_answered_with_the_present_one(
    house: TestHouse, client: aiohttp.ClientSession
) -> None:
    await house.add_agent("anna")
    await house.caller()
    await house.until(lambda tx: _talks(house))
    answer = await client.post("/api/v1/agents/anna/state", json={"state": "offline"})
    assert answer.status == 409
    assert (await answer.json())["params"]["state"] == "talking"


async def _talks(house: TestHouse) -> bool:
    return await house.state("anna") == "talking"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/contacts/not-an-id", 422),
        ("/api/v1/contacts/01a203ea-07ff-7823-85dd-16b697dc48be", 404),
        ("/api/v1/contacts?limit=0", 422),
        ("/api/v1/contacts?since=yesterday", 422),
        ("/api/v1/contacts?agent=nobody", 404),
        ("/api/v1/contacts?q=%00", 422),
        ("/api/v1/tickets?limit=100000", 422),
        ("/api/v1/nothing", 404),
    ],
)
async def test_bad_requests_get_problems(
    client: aiohttp.ClientSession, path: str, status: int
) -> None:
    assert (await client.get(path)).status == status


async def test_without_a_session_nothing_is_told(client: aiohttp.ClientSession) -> None:
    for path in ("contacts", "agents", "queues", "tickets"):
        answer = await client.get(f"/api/v1/{path}", headers={"Authorization": ""})
        assert answer.status == 401, path


async def test_sign_in_csrf_and_rights(house: TestHouse, client: aiohttp.ClientSession) -> None:
    await house.run(
        lambda tx: accounts.add_user(
            tx, login="anna", name="Anna", role="agent", password="correct horse"
        )
    )
    await house.add_agent("anna")
    address = str(client._base_url)
    async with aiohttp.ClientSession(address) as browser:
        wrong = await browser.post("/api/v1/session", json={"login": "anna", "password": "no"})
        assert wrong.status == 401
        body = {"login": "anna", "password": "correct horse"}
        right = await browser.post("/api/v1/session", json=body)
        assert (await right.json())["user"]["role"] == "agent"
        assert "HttpOnly" in right.headers["set-cookie"]
        away = {"state": "break", "reason": "lunch"}
        without = await browser.post("/api/v1/agents/anna/state", json=away)
        assert without.status == 403, "a cookie alone changes nothing"
        headers = {"X-Callwright": "1"}
        done = await browser.post("/api/v1/agents/anna/state", json=away, headers=headers)
        assert done.status == 200
        other = await browser.post("/api/v1/agents/bob/state", json=away, headers=headers)
        assert other.status == 403


async def test_a_published_menu_leads_the_next_caller(
    house: TestHouse, client: aiohttp.ClientSession
) -> None:
    await house.add_agent("anna")
    published = await (await client.get("/api/v1/ivr/main")).json()
    body = published["body"]
    body["menus"]["main"]["keys"]["1"] = {"queue": "hasty"}
    answer = await client.put("/api/v1/ivr/main", json=body)
    assert (await answer.json())["version"] == published["version"] + 1
    leg = await house.caller(key="1")
    assert (await house.in_state(leg, "talking"))["queue"]["key"] == "hasty"
    body["menus"]["main"]["keys"]["1"] = {"queue": "nowhere"}
    wrong = await client.put("/api/v1/ivr/main", json=body)
    assert (wrong.status, (await wrong.json())["params"]["field"]) == (422, "menus.main.keys.1")
    body["menus"]["main"]["keys"]["1"] = {"menu": "nowhere"}
    wrong = await client.put("/api/v1/ivr/main", json=body)
    assert (await wrong.json())["params"]["field"] == "menus.main.keys.1"


async def test_a_published_keyword_table_decides_the_next_ticket(
    house: TestHouse, client: aiohttp.ClientSession
) -> None:
    house.speech.lanes[:] = [["我要买一头大象"], []]
    await house.add_agent("anna")
    table = [{"type": "大象", "department": "dept", "keywords": ["大象"], "priority": "urgent"}]
    answer = await client.put("/api/v1/ticket-types", json=table)
    assert (await answer.json())["version"] == 1
    leg = await house.caller()
    await house.in_state(leg, "talking")
    await house.clock.sleep(3)
    house.pbx.caller_hangs_up(leg)
    ticket = (await house.finished(leg))["ticket"]
    assert (ticket["type"], ticket["priority"]) == ("大象", "urgent")
    wrong = await client.put("/api/v1/ticket-types", json=[{"type": "x"}])
    assert wrong.status == 422


async def test_generated_requests_never_crash_it(
    house: TestHouse, client: aiohttp.ClientSession
) -> None:
    """Every operation of the OpenAPI document, with whatever its schema allows."""
    schema = openapi.from_dict(make_app(house.house, TOKEN).openapi())
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        # beside the loop, which has connections to close that nobody used for long
        for case in await asyncio.to_thread(_some, found.ok().as_strategy(), 8):
            query = {name: str(value) for name, value in (case.query or {}).items()}
            body = case.body if isinstance(case.body, dict | list | str | int) else None
            path = case.formatted_path
            async with client.request(case.method, path, params=query, json=body) as answer:
                assert answer.status < 500 or path == "/readyz", (path, await answer.text())


def _some(strategy: SearchStrategy[Any], count: int) -> list[Any]:
    """A few examples, the same in every run."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(case: Any) -> None:
        found.append(case)

    collect()
    return found
