"""The rules of routing by API: the next call follows them; who got a call and why is told."""

from __future__ import annotations

from typing import Any

import aiohttp
from tests.house import TestHouse
from tests.integration.house.conftest import SignIn

from callwright.integrations.pbx.simulator import PhoneBehaviour

RULES = "/api/v1/routing/policy"
BUSY = PhoneBehaviour(answers_after_s=0.2)


async def _get(client: aiohttp.ClientSession, path: str) -> Any:
    async with client.get(path) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def _send(client: aiohttp.ClientSession, verb: str, path: str, body: Any) -> tuple[int, Any]:
    async with client.request(verb, path, json=body) as answer:
        return answer.status, await answer.json()


async def test_rules_are_read_published_and_rolled_back(
    client: aiohttp.ClientSession, house: TestHouse
) -> None:
    first = await _get(client, RULES)
    assert first["version"] == 0
    status, answer = await _send(client, "PUT", RULES, {"tier_value": {"gold": 9}})
    assert (status, answer) == (200, {"version": 1})
    assert (await _get(client, RULES))["body"]["tier_value"] == {"gold": 9.0}
    status, answer = await _send(client, "POST", f"{RULES}/rollback", {"version": 0})
    assert (status, answer) == (200, {"version": 2})
    assert (await _get(client, RULES))["body"] == first["body"]
    assert (await _get(client, f"{RULES}?version=1"))["body"]["tier_value"] == {"gold": 9.0}
    listed = await _get(client, f"{RULES}/versions")
    assert [(one["version"], one["author"]) for one in listed] == [(2, "local"), (1, "local")]


async def test_what_cannot_be_is_refused_and_changes_nothing(
    client: aiohttp.ClientSession, sign_in: SignIn
) -> None:
    for body, field in (
        ({"tier_value": {"gold": 0}}, "tier_value.gold"),
        ({"tier_value": {"gold": -3}}, "tier_value.gold"),
        ({"tier_value": {"gold": 1e12}}, "tier_value.gold"),
        ({"guarantee_s": "long"}, "guarantee_s"),
    ):
        for verb, path in (("PUT", RULES), ("POST", f"{RULES}/check")):
            status, answer = await _send(client, verb, path, body)
            assert (status, answer["params"]["field"]) == (422, field)
    raw = '{"tier_value": {"gold": NaN}}'
    headers = {"content-type": "application/json"}
    async with client.put(RULES, data=raw, headers=headers) as answer:
        assert answer.status == 422
        assert "gold" in await answer.text()
    assert (await _get(client, RULES))["version"] == 0
    status, _ = await _send(client, "POST", f"{RULES}/rollback", {"version": 7})
    assert status == 404
    agent = await sign_in("anna")
    status, _ = await _send(agent, "PUT", RULES, {})
    assert status == 403


async def test_doubts_are_told_before_publishing(
    client: aiohttp.ClientSession, house: TestHouse
) -> None:
    body = {"languages": {"yue": {"skill": "粤语"}}, "queue_capacity": {"nowhere": 1}}
    status, answer = await _send(client, "POST", f"{RULES}/check", body)
    assert status == 200
    assert {one["field"] for one in answer["doubts"]} == {
        "languages.yue.skill", "queue_capacity.nowhere",
    }  # fmt: skip
    assert answer["body"]["guarantee_s"] == 300.0


async def test_the_next_call_follows_and_says_why(
    client: aiohttp.ClientSession, house: TestHouse
) -> None:
    """A tier that nobody had a value for goes first as soon as it has one."""
    await house.add_agent("anna", phone=BUSY, ready=False)
    await _send(client, "POST", "/api/v1/agents/anna/state", {"state": "break"})
    ordinary = await house.caller(number="13900000001")
    await house.heard_of(ordinary, "call.queued")
    diamond = await house.caller(number="13816527394")
    await house.heard_of(diamond, "call.queued")
    status, _ = await _send(client, "PUT", RULES, {"tier_value": {}})
    assert status == 200
    await _send(client, "PUT", RULES, {"tier_value": {"diamond": 3}, "guarantee_s": 3600})
    waiting = await _why(client, house, diamond)
    assert waiting["offers"] == []
    assert waiting["now"]["obstacles"][0]["why"] == "state break"
    await _send(client, "POST", "/api/v1/agents/anna/state", {"state": "ready"})
    await house.in_state(diamond, "talking")
    assert (await house.contact(ordinary))["state"] == "waiting"
    told = await _explained(client, house, diamond)
    assert told["policy"] == 2
    assert told["chosen"]["agent"] == "anna"
    assert told["call"]["tier"] == "diamond"
    assert told["call"]["value"] == 3.0


async def _why(client: aiohttp.ClientSession, house: TestHouse, leg: str) -> Any:
    page = await house.contact(leg)
    return await _get(client, f"/api/v1/contacts/{page['id']}/routing")


async def _explained(client: aiohttp.ClientSession, house: TestHouse, leg: str) -> Any:
    while True:
        [offer] = (await _why(client, house, leg))["offers"]
        if offer["explained"]:
            return offer["explained"]
        await house.clock.sleep(0.5)
