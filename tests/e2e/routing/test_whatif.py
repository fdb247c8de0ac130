"""A weight is tried on calls that just were, published, followed by the next one, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from tests.e2e.calls.floor import Agent, Caller, Floor, floor_of, trying, until
from tests.e2e.routing.test_routing import RULES, known
from tests.platform_process import PlatformProcess

pytestmark = pytest.mark.timeout(600)
LOGIN = "zhou.ting"
SIMULATIONS = "/routing/simulations"
# Ordinary callers before diamonds: what nobody would want, and everybody can hear.
UPSIDE_DOWN = {"tier_value": {"silver": 50.0, "diamond": 1.0}}


async def both_wait(
    floor: Floor, agent: Agent, numbers: dict[str, str]
) -> tuple[Caller, dict[str, Caller]]:
    """A silver and then a diamond caller wait for one agent; who is talked to, and both."""
    await floor.until_state(LOGIN, "ready", "wrap", "break")
    await floor.api.set_state(LOGIN, "break")
    before = len(agent.rung)
    waiting = {tier: await floor.caller(numbers[tier], 0) for tier in ("silver", "diamond")}
    await floor.api.set_state(LOGIN, "ready")
    await until("a phone to ring", lambda: len(agent.rung) > before)
    first = str(agent.rung[before].header("X-Call-Id"))
    chosen = next(caller for caller in waiting.values() if caller.contact_id == first)
    await floor.until_talking(chosen)
    for caller in waiting.values():
        await caller.call.hang_up()
    return chosen, waiting


async def simulated(floor: Floor, draft: dict[str, Any]) -> dict[str, Any]:
    """The draft beside what runs, over the last seven days."""
    wish = {"source": {"kind": "week"}, "draft": draft, "seeds": 20}
    begun = await floor.api.request("POST", SIMULATIONS, wish)
    async for _ in trying("the simulation"):
        found = await floor.api.request("GET", f"{SIMULATIONS}/{begun['id']}")
        if found["state"] not in ("requested", "running"):
            return dict(found)
    raise AssertionError


@pytest.mark.row("5.8", "5.9")
async def test_a_weight_is_tried_published_followed_and_taken_back(
    platform: PlatformProcess,
) -> None:
    """A draft is simulated on the calls that just were; the decision about one of them is told
    again under it; published, the next phone rings for the other caller; rolled back, as before."""
    [(diamond, _)] = known(platform, "diamond")
    [(silver, _)] = known(platform, "silver")
    numbers = {"diamond": diamond, "silver": silver}
    async with floor_of(platform) as floor:
        agent = await floor.agent(LOGIN, 0)
        chosen, callers = await both_wait(floor, agent, numbers)
        assert chosen is callers["diamond"]

        found = await simulated(floor, UPSIDE_DOWN)
        assert found["state"] == "done", found["error"]
        rows = found["result"]["comparison"]["rows"]
        waits = {row["key"]: row for row in rows if row["measure"] == "mean_wait_s"}
        assert waits["diamond"]["difference"]["mean"] >= 0 >= waits["silver"]["difference"]["mean"]
        assert found["result"]["source"]["calls"] >= 2

        body = {"contact_id": chosen.contact_id, "draft": UPSIDE_DOWN}
        again = (await floor.api.request("POST", "/routing/replays", body))["moments"][0]
        assert again["running"]["agent"] == again["as_it_was"]["agent"]
        assert again["draft"]["agent"] is None, "under the draft the other caller goes first"
        assert again["draft"]["before"][0]["call"] == callers["silver"].contact_id

        query = {"seen": str(found["running_version"]), "reason": "to hear it"}
        await floor.api.request("PUT", RULES, UPSIDE_DOWN, query)
        try:
            chosen, callers = await both_wait(floor, agent, numbers)
            assert chosen is callers["silver"]
        finally:
            await floor.api.request("POST", f"{RULES}/rollback", {"version": 0})
        chosen, callers = await both_wait(floor, agent, numbers)
        assert chosen is callers["diamond"]
