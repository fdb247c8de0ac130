"""A change of routing is tried on what really happened, in a process of its own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.house import TestHouse
from tests.integration.house.people import Office, Person, office

from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.routing.whatif.read import read_past

WEEK = {"source": {"kind": "week"}, "seeds": 20}
STEEP = {"tier_value": {"diamond": 9.0}, "guarantee_s": 900.0}


async def _history(house: TestHouse) -> list[str]:
    """Three calls: two answered, one gave up while the only agent talked."""
    await house.add_agent("anna", phone=PhoneBehaviour(answers_after_s=1.0))
    first = await house.caller()
    await house.in_state(first, "talking")
    second = await house.caller(number="13900000002")
    await house.heard_of(second, "call.queued")
    house.pbx.caller_hangs_up(second)
    await house.finished(second)
    house.pbx.caller_hangs_up(first)
    await house.finished(first)
    third = await house.caller(number="13816527394")
    await house.in_state(third, "talking")
    house.pbx.caller_hangs_up(third)
    await house.finished(third)
    return [first, second, third]


async def _over(person: Person, simulation: str) -> dict[str, Any]:
    while True:
        found = dict(await person.get(f"/routing/simulations/{simulation}"))
        if found["state"] not in ("requested", "running"):
            return found
        await asyncio.sleep(0.05)


async def _begun(person: Person, path: str) -> None:
    while True:
        if (await person.get(path))["state"] != "requested":
            return
        await asyncio.sleep(0.05)


def _row(found: dict[str, Any], measure: str, group: str, key: str = "") -> dict[str, Any]:
    rows = found["result"]["comparison"]["rows"]
    return next(r for r in rows if (r["measure"], r["group"], r["key"]) == (measure, group, key))


@pytest.mark.row("5.8", "5.9")
async def test_a_draft_is_tried_on_what_happened(house: TestHouse) -> None:
    """Three calls through a house; running policy and draft compared on them, lessons and staffing
    answered, one call decided again by both; bad wishes refused by field, a run cancelled."""
    legs = await _history(house)
    async with office(house) as opened:
        boss = await opened.person("boss", role="supervisor")
        await _compares(boss)
        await _refuses(opened, boss)
        await _decides_again(boss, str((await house.contact(legs[0]))["id"]))
        await _is_cancelled(boss)
        await _is_published(opened, boss)


async def _compares(boss: Person) -> None:
    wish = {**WEEK, "draft": STEEP, "questions": ["comparison", "advice", "staffing"]}
    begun = await boss.post("/routing/simulations", **wish)
    assert begun.status == 202, begun
    found = await _over(boss, begun.body["id"])
    assert found["state"] == "done", found
    result = found["result"]
    assert result["source"]["calls"] == 3
    assert result["source"]["patience"] == {"abandoned": 1, "censored": 2}
    assert result["fit"]["abandoned"]["recorded"] == pytest.approx(1 / 3)
    wait = _row(found, "mean_wait_s", "all")
    assert wait["running"]["days"] == wait["draft"]["days"] == 20
    assert wait["verdict"] in ("better", "worse", "none")
    assert _row(found, "mean_wait_s", "tier", "diamond")["difference"]["mean"] <= 0
    assert _row(found, "mean_wait_s", "queue", "orders")["running"]["mean"] >= 0
    assert not result["advice"]["helps"], "the only agent knows everything already"
    assert sum(slot["calls"] for slot in result["staffing"]["half_hours"]) * 7 == pytest.approx(3)
    heads = (await boss.get("/routing/simulations"))["items"]
    assert [head["id"] for head in heads] == [begun.body["id"]]
    assert "result" not in heads[0]


async def _refuses(opened: Office, boss: Person) -> None:
    for wish, field in (
        ({**WEEK, "draft": {"guarantee_s": 0}}, "draft.guarantee_s"),
        ({**WEEK, "draft": {"tier_value": {"gold": -1}}}, "draft.tier_value.gold"),
        ({**WEEK, "seeds": 19}, "seeds"),
        ({"source": {"kind": "day", "date": "2020-01-01"}}, "source"),
        ({"source": {"kind": "day", "date": "2036-01-01"}}, "source.date"),
        ({"source": {"kind": "day"}}, "source"),
    ):
        refused = await boss.post("/routing/simulations", **wish)
        assert (refused.status, refused.params["field"]) == (422, field), refused
    ben = await opened.person("ben")
    assert (await ben.post("/routing/simulations", **WEEK)).status == 403


async def _decides_again(boss: Person, contact: str) -> None:
    told = await boss.post("/routing/replays", contact_id=contact, draft=STEEP)
    assert told.status == 200, told
    (moment,) = told.body["moments"]
    assert moment["as_it_was"]["result"] == "accepted"
    for policy in ("running", "draft"):
        assert moment[policy]["agent"] == moment["as_it_was"]["agent"]
        assert moment[policy]["candidates"][0]["agent"] == moment["as_it_was"]["agent"]
    assert (moment["waiting"], moment["free"], moment["same"]) == (1, 1, True)
    nobody = "01900000-0000-7000-8000-000000000000"
    unknown = await boss.post("/routing/replays", contact_id=nobody, draft=STEEP)
    assert unknown.status == 404


async def _is_cancelled(boss: Person) -> None:
    long = {
        "source": {"kind": "generated", "hours": 24, "talk_s": 10},
        "seeds": 200,
        "draft": STEEP,
    }
    begun = await boss.post("/routing/simulations", **long)
    assert begun.status == 202, begun
    second = await boss.post("/routing/simulations", **WEEK)
    assert (second.status, second.params["what"]) == (409, "simulation")
    path = f"/routing/simulations/{begun.body['id']}"
    await _begun(boss, path)
    assert (await boss.post(f"{path}/cancel")).body["state"] == "cancelled"
    assert (await boss.post(f"{path}/cancel")).status == 409
    assert (await _over(boss, begun.body["id"]))["result"] is None


async def _is_published(opened: Office, boss: Person) -> None:
    path, chief = "/routing/policy", await opened.person("chief", role="manager")
    assert (await boss.get(path))["version"] == 0, "who tries may read what is in force"
    assert (await boss.ask("PUT", path, json=STEEP)).status == 403
    seen = {"seen": 0, "reason": "diamonds wait too long"}
    done = await chief.ask("PUT", path, json=STEEP, params=seen)
    assert (done.status, done.body) == (200, {"version": 1})
    late = await chief.ask("PUT", path, json=STEEP, params=seen)
    assert (late.status, late.params["version"]) == (409, 1), "a colleague was quicker"
    back = await chief.ask("POST", f"{path}/rollback", json={"version": 0}, params={"seen": 1})
    assert back.body == {"version": 2}
    assert (await boss.get(path))["body"]["tier_value"]["diamond"] == 3.0


async def test_the_past_is_read_with_its_people(house: TestHouse) -> None:
    await _history(house)
    since = house.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    past = await house.run(lambda tx: read_past(tx, since, tx.clock.now()))
    assert [call.end for call in past.calls] == ["answered", "abandoned", "answered"]
    assert [call.tier for call in past.calls] == ["", "", "diamond"]
    answered = past.calls[0]
    assert answered.talk_s is not None
    assert answered.talk_s > 0
    assert answered.wrap_s >= 4.9, "the queue's wrap-up"
    assert 0 < answered.ring_s <= answered.waited_s
    (anna,) = past.agents
    assert anna.login == "anna"
    assert len(anna.shifts) == 1
    assert (past.holes.talk_unknown, past.holes.stretches_cut) == (0, 0)
