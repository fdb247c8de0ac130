"""What is masked is shown whole to whom it concerns, and written down."""

from __future__ import annotations

import aiohttp
import sqlalchemy as sa
from tests.house import TestHouse
from tests.integration.house.conftest import SignIn

from callwright.accounts.store import audit_table

KNOWN, SPOKEN = "13816527394", "我的电话是13912345678"
WHY = {"reason": "回拨核对"}


async def test_agents_see_their_own_callers_only_and_every_look_is_written_down(
    house: TestHouse, sign_in: SignIn
) -> None:
    house.speech.lanes[:] = [[SPOKEN], []]
    await house.add_agent("anna")
    await house.add_agent("bob", ready=False)
    anna, bob, boss = [await sign_in(*who) for who in (("anna",), ("bob",), ("boss", "supervisor"))]
    leg = await house.caller(number=KNOWN)
    contact = await house.in_state(leg, "talking")
    number = f"/api/v1/contacts/{contact['id']}/reveal"
    phone = f"/api/v1/customers/{contact['customer']['id']}/reveal"
    for path, body in ((number, {"what": "number"}), (phone, {"phone": 0})):
        assert await _look(anna, path, **body) == (200, f"+86{KNOWN}")
        assert await _look(bob, path, **body) == (403, None)
        assert await _look(boss, path, **body) == (200, f"+86{KNOWN}")
    await house.clock.sleep(3)
    house.pbx.caller_hangs_up(leg)
    page = await house.finished(leg)
    [turn] = [turn for turn in page["transcript"]["turns"] if turn["masked"]]
    one = {"what": "turn", "turn": str(turn["id"])}
    assert await _look(boss, number, **one) == (200, SPOKEN)
    assert await _look(bob, number, **one) == (403, None)
    assert await _look(boss, number, what="turn") == (422, None)
    other = await house.caller(number="13911112222")
    elsewhere = (await house.contact(other))["id"]
    assert await _look(boss, f"/api/v1/contacts/{elsewhere}/reveal", **one) == (404, None)
    a = audit_table.c
    query = sa.select(a.login, a.action, a.reason).where(a.action.startswith("reveal"))
    looks = await house.run(lambda tx: tx.rows(query))
    assert sorted((row["login"], row["action"]) for row in looks) == [
        ("anna", "reveal.number"), ("anna", "reveal.phone"), ("boss", "reveal.number"),
        ("boss", "reveal.phone"), ("boss", "reveal.turn"),
    ]  # fmt: skip
    assert {row["reason"] for row in looks} == {WHY["reason"]}


async def _look(
    browser: aiohttp.ClientSession, path: str, **body: object
) -> tuple[int, str | None]:
    async with browser.post(path, json={**body, **WHY}) as answer:
        return answer.status, (await answer.json()).get("value")
