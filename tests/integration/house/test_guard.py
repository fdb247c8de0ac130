"""The guard before the menu: who is caught, what they get, and that it never loses a caller."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import aiohttp
import pytest
import sqlalchemy as sa
from tests.house import NUMBER, TestHouse
from tests.integration.house.conftest import SignIn

from callwright.calls import guard_store, guarding
from callwright.calls import service as calls
from callwright.kit.db import Tx

POLICY, LIST = "/api/v1/caller-guard", "/api/v1/caller-list"
STRANGER, DIAMOND = "13912340000", "13816527394"


@pytest.fixture
async def boss(house: TestHouse, sign_in: SignIn) -> aiohttp.ClientSession:
    """Somebody who may publish settings."""
    return await sign_in("boss", role="manager")


async def publish(boss: aiohttp.ClientSession, **policy: Any) -> None:
    assert (await boss.put(POLICY, json=policy)).status == 200


async def put_on(boss: aiohttp.ClientSession, kind: str, number: str, **more: Any) -> str:
    body = {"kind": kind, "number": number, "reason": "test", **more}
    answer = await boss.post(LIST, json=body)
    assert answer.status == 201, await answer.text()
    return str((await answer.json())["id"])


async def comes_in(house: TestHouse, number: str) -> dict[str, Any]:
    """The caller is in the menu, and then leaves."""
    leg = house.pbx.call_in(number, NUMBER)
    page = await house.heard_of(leg, "menu.entered")
    house.pbx.caller_hangs_up(leg)
    return page


async def sent_away(house: TestHouse, number: str) -> dict[str, Any]:
    """The caller is refused; the page when it is over."""
    leg = house.pbx.call_in(number, NUMBER)
    page = await house.in_state(leg, "ended")
    assert page["end_reason"] == "blocked"
    assert "menu.entered" not in [event["name"] for event in page["events"]]
    assert "call.missed" not in [event["name"] for event in page["events"]]
    return page


def judgement(page: dict[str, Any]) -> dict[str, Any]:
    [found] = [event["body"] for event in page["events"] if event["name"] == "caller.guarded"]
    return dict(found)


def heard(page: dict[str, Any]) -> bool:
    """Whether we answered at all."""
    return "call.answered" in [event["name"] for event in page["events"]]


async def test_the_sixth_call_within_the_time(
    house: TestHouse, boss: aiohttp.ClientSession
) -> None:
    await publish(boss, nuisance={"within_s": 3600})  # the clock of these tests runs fast
    for _ in range(5):
        assert "caller.guarded" not in [
            e["name"] for e in (await comes_in(house, STRANGER))["events"]
        ]
    page = await sent_away(house, STRANGER)
    assert heard(page)
    assert judgement(page) == {
        "rule": "nuisance", "action": "say",
        "reasons": ["call 6 within 3600 s, 5 are allowed"],
    }  # fmt: skip
    await comes_in(house, "13912340001")
    house.clock.skip(3601)
    await comes_in(house, STRANGER)

    await publish(boss, nuisance={"limit": 0, "action": "reject"})
    assert not heard(await sent_away(house, STRANGER)), "busy"
    page = await comes_in(house, DIAMOND)
    assert (judgement(page)["rule"], judgement(page)["action"]) == ("tier", "let_in")
    await put_on(boss, "allow", "139", prefix=True)
    assert judgement(await comes_in(house, STRANGER))["rule"] == "allow_list"


async def test_numbers_and_prefixes_are_blocked_until_they_are_not(
    house: TestHouse, boss: aiohttp.ClientSession, sign_in: SignIn
) -> None:
    number = await put_on(boss, "block", "139-1234-0000")
    page = await sent_away(house, STRANGER)
    assert judgement(page) == {
        "rule": "blocked_number", "action": "reject", "reasons": [f"entry {number}"],
    }  # fmt: skip
    assert (await boss.delete(f"{LIST}/{number}")).status == 204
    assert (await boss.delete(f"{LIST}/{number}")).status == 404
    await comes_in(house, STRANGER)

    till = house.clock.now() + timedelta(hours=1)
    await put_on(boss, "block", "1391", prefix=True, expires_at=till.isoformat())
    assert judgement(await sent_away(house, STRANGER))["rule"] == "blocked_prefix"
    await comes_in(house, "13812340000")
    rows = (await (await boss.get(LIST, params={"q": "1391"})).json())["items"]
    assert [(row["number"], row["reason"], row["author"]) for row in rows] == [
        ("+861391", "test", "boss")
    ]
    house.clock.skip(3601)
    await comes_in(house, STRANGER)

    over = {"kind": "block", "number": "110", "reason": "x", "expires_at": till.isoformat()}
    refused = await boss.post(LIST, json=over)
    assert (refused.status, (await refused.json())["params"]["field"]) == (422, "expires_at")
    anna = await sign_in("anna")
    assert (await anna.get(LIST)).status == 403
    assert (await anna.put(POLICY, json={})).status == 403


async def test_too_many_at_once_and_hidden_callers(
    house: TestHouse, boss: aiohttp.ClientSession
) -> None:
    await publish(
        boss,
        nuisance={"limit": None},
        concurrent={"limit": 1, "action": "reject"},
        hidden={"limit": 1, "within_s": 600, "action": "say"},
    )
    first = house.pbx.call_in(STRANGER, NUMBER)
    await house.heard_of(first, "menu.entered")
    assert judgement(await sent_away(house, STRANGER))["rule"] == "concurrent"
    house.pbx.caller_hangs_up(first)
    await house.in_state(first, "ended")
    await comes_in(house, STRANGER)
    await comes_in(house, "anonymous")
    assert judgement(await sent_away(house, "anonymous"))["rule"] == "hidden"


async def test_low_priority_counts_as_having_come_later(
    house: TestHouse, boss: aiohttp.ClientSession
) -> None:
    await publish(boss, nuisance={"limit": 0, "action": "low"}, low_after_s=90)
    await house.add_agent("anna", in_queues=("orders",), ready=False)
    await house.run(_on_break)
    leg = await house.caller(number=STRANGER)
    page = await house.in_state(leg, "waiting")
    assert judgement(page)["action"] == "low"
    [row] = await house.run(calls.waiting)
    assert row["contact_id"] == page["id"]
    visit = await house.run(lambda tx: calls.last_visit(tx, UUID(str(page["id"]))))
    assert visit is not None
    assert visit.aged_from == visit.entered_at + timedelta(seconds=90)


async def _on_break(tx: Tx) -> None:
    from callwright.agents import service as agents

    await agents.request_state(tx, "anna", "break", "lunch")


async def test_a_guard_that_fails_lets_the_caller_in(
    house: TestHouse, boss: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    await put_on(boss, "block", STRANGER)

    async def broken(tx: Tx, *_: Any) -> Any:
        return await tx.rows(sa.text("select * from nothing_of_that_name"))

    monkeypatch.setattr(guard_store, "entries_for", broken)
    page = await comes_in(house, STRANGER)
    assert "caller.guarded" not in [event["name"] for event in page["events"]]
    assert any("the guard failed" in one for one in caplog.messages)


async def test_the_policy_has_versions(boss: aiohttp.ClientSession, house: TestHouse) -> None:
    await publish(boss, blocked="say")
    told = await (await boss.get(POLICY)).json()
    assert (told["version"], told["body"]["blocked"]) == (2, "say")
    version, policy = await house.run(guarding.policy_in_force)
    assert (version, policy.nuisance.limit) == (2, 5)
    refused = await boss.put(POLICY, json={"nuisance": {"limit": -1}})
    assert refused.status == 422
    assert "nuisance.limit" in (await refused.json())["params"]["field"]
