"""Whose phone rings, on the real PBX: value and age, skills, language, whom the caller knows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb
from tests.e2e.calls.books import faults_in
from tests.e2e.calls.floor import Agent, Caller, Floor, bodies, floor_of, they_talk, trying, until
from tests.e2e.calls.watching import rows
from tests.platform_process import PlatformProcess

pytestmark = pytest.mark.timeout(600)
RULES = "/routing/policy"
KNOWN = """
    select min(p.e164) as number, c.id::text as id from customer c
    join customer_phone p on p.customer_id = c.id
    where c.tier = '{tier}' and p.e164 like '+861%%'
      and not exists (select from customer_fact f
                      where f.customer_id = c.id and f.key in ('last_agent', 'open_tickets'))
    group by c.id having count(*) = 1 order by c.id limit {count}"""
GUARANTEE_S, STICKY_S, RELAX_S = 20, 3, 5


@asynccontextmanager
async def ruled(platform: PlatformProcess, **rules: Any) -> AsyncIterator[Floor]:
    """A floor under these rules, and at its end under those that come with the software."""
    before = faults_in(platform)  # rows that other tests put in for the estimate of waits
    async with floor_of(platform) as floor:
        await floor.api.request("PUT", RULES, rules)
        try:
            yield floor
        finally:
            await floor.api.request("POST", f"{RULES}/rollback", {"version": 0})
    assert faults_in(platform) == before


@asynccontextmanager
async def skilled(
    platform: PlatformProcess, queue: str = "", **skills: dict[str, int]
) -> AsyncIterator[None]:
    """Agents (dots as underscores) with other skills for a while, and in one queue only when it is
    given; there is no page for it yet."""
    logins = {name.replace("_", "."): levels for name, levels in skills.items()}
    before = {row["login"]: row for row in rows(platform, "select * from agent")}

    def put(login: str, having: dict[str, int], queues: list[str]) -> None:
        with psycopg.connect(platform.database_url, autocommit=True) as database:
            database.execute(
                "update agent set skills = %s, queues = %s where login = %s",
                (Jsonb(having), queues, login),
            )

    for login, having in logins.items():
        put(login, having, [queue] if queue else before[login]["queues"])
    try:
        yield
    finally:
        for login in logins:
            put(login, before[login]["skills"], before[login]["queues"])


def known(platform: PlatformProcess, tier: str, count: int = 1) -> list[tuple[str, str]]:
    """Number and id of customers whom no agent knows."""
    found = rows(platform, KNOWN.format(tier=tier, count=count))
    assert len(found) == count
    return [(row["number"].removeprefix("+86"), row["id"]) for row in found]


async def rings_for(agent: Agent, times: int) -> str:
    """The contact for which a phone rings the so-manieth time."""
    await until(f"{agent.login} to ring", lambda: len(agent.rung) >= times)
    return str(agent.rung[times - 1].header("X-Call-Id"))


async def why(floor: Floor, caller: Caller) -> dict[str, Any]:
    """The explanation of the caller's latest offer."""
    async for _ in trying("an explanation"):
        told = await floor.api.request("GET", f"/contacts/{caller.contact_id}/routing")
        if told["offers"] and told["offers"][-1]["explained"]:
            return dict(told["offers"][-1]["explained"])
    raise AssertionError


@pytest.mark.row("5.2", "5.3", "5.7")
async def test_value_then_age_and_a_phone_that_nobody_answers(platform: PlatformProcess) -> None:
    """One phone of two queues rings for the better customer; nobody answers, the agent is set away;
    beyond the guarantee it rings for who waits longer; the next phone for whose place was kept."""
    rules = {
        "guarantee_s": GUARANTEE_S, "own_first_s": 0, "gate": {"share": 0}, "sticky_s": 0,
        "type_value": {}, "repeat_value": 1, "open_ticket_value": 1,
    }  # fmt: skip
    [(first, _), (second, _)] = known(platform, "diamond", 2)
    async with ruled(platform, **rules) as floor:
        zhou = await floor.agent("zhou.ting", 440, answers=False)
        await floor.api.set_state("zhou.ting", "break")
        ordinary = await floor.caller("13900000021", 700, keys="0")
        diamond = await floor.caller(first, 900, keys="1")
        await floor.api.set_state("zhou.ting", "ready")
        assert await rings_for(zhou, 1) == diamond.contact_id
        told = await why(floor, diamond)
        assert told["chosen"]["agent"] == "zhou.ting"
        await floor.until_state("zhou.ting", "break")  # rang out: set away
        page = await floor.page(diamond)
        assert [offer["result"] for offer in bodies(page, "offer.closed")] == ["no_answer"]
        assert page["state"] == "waiting"
        later = await floor.caller(second, 1100, keys="1")
        async for _ in trying("the guarantee to be over"):
            now = await floor.api.request("GET", f"/contacts/{ordinary.contact_id}/routing")
            if now["now"]["call"]["beyond_guarantee"]:
                break
        zhou.answers = True
        await floor.api.set_state("zhou.ting", "ready")
        assert await rings_for(zhou, 2) == ordinary.contact_id
        await floor.until_talking(ordinary)
        assert await they_talk(ordinary, zhou)
        wu = await floor.agent("wu.hao", 520)
        assert await rings_for(wu, 1) == diamond.contact_id  # the place was kept
        await floor.until_talking(diamond)
        assert len(bodies(await floor.page(diamond), "offer.made")) == 2
        for caller in (ordinary, diamond, later):
            await caller.call.hang_up()


@pytest.mark.row("5.4", "5.8", "5.12")
async def test_skills_ease_with_time_and_languages_do_not(platform: PlatformProcess) -> None:
    """A phone below the level asked for rings after the step's seconds and not before; one that
    lacks the caller's language never does, another's rings and both hear each other."""
    rules = {
        "relax": [{"after_s": RELAX_S, "lower_by": 1}], "gate": {"share": 0},
        "languages": {"en": {"skill": "english", "least": 4}},
    }  # fmt: skip
    async with (
        skilled(platform, xu_jing={"物流": 1, "english": 2}),
        ruled(platform, **rules) as floor,
    ):
        xu = await floor.agent("xu.jing", 440)
        english = await floor.caller("13900000031", 700, keys="9")
        orders = await floor.caller("13900000032", 900, keys="1")
        told = await floor.api.request("GET", f"/contacts/{orders.contact_id}/routing")
        assert "skill 物流 1 below 2" in [one["why"] for one in told["now"]["obstacles"]]
        assert xu.rung == []
        assert await rings_for(xu, 1) == orders.contact_id
        assert (await why(floor, orders))["call"]["waited_s"] >= RELAX_S
        await floor.until_talking(orders)
        told = await floor.api.request("GET", f"/contacts/{english.contact_id}/routing")
        assert told["offers"] == []
        wang = await floor.agent("wang.ailing", 520)
        assert await rings_for(wang, 1) == english.contact_id
        await floor.until_talking(english)
        assert await they_talk(english, wang)
        assert len(xu.rung) == 1
        await english.call.hang_up()
        await orders.call.hang_up()


@pytest.mark.row("5.5", "5.6", "5.10")
async def test_the_longest_idle_unless_the_caller_knows_somebody(
    platform: PlatformProcess,
) -> None:
    """The phone of who is free for longest rings; for a caller who comes again that of the agent
    they spoke with, and when that one is at work, another's after the time-out."""
    [(number, _)] = known(platform, "normal")
    alike = {"物流": 3}
    async with (
        skilled(platform, "orders", zhou_ting=alike, wu_hao=alike),
        ruled(platform, sticky_s=STICKY_S) as floor,
    ):
        zhou, wu = await floor.agent("zhou.ting", 440), await floor.agent("wu.hao", 520)
        await _short_talk(floor, "13900000041", zhou)  # free for longer
        await _short_talk(floor, "13900000042", wu)
        await floor.until_state("zhou.ting", "ready")
        await floor.until_state("wu.hao", "ready")
        await _short_talk(floor, number, zhou)
        await floor.until_state("zhou.ting", "ready")  # now wu.hao is free for longer
        again = await _short_talk(floor, number, zhou)
        told = await why(floor, again)
        assert (told["call"]["repeat"], told["chosen"]["sticky"]) == (True, True)
        assert told["call"]["value"] == pytest.approx(1.2)
        # wraps up: at work, so kept for a moment, then the other one
        wu_rung = len(wu.rung)
        with psycopg.connect(platform.database_url, autocommit=True) as database:
            database.execute("update agent set until = null where login = 'zhou.ting'")
            database.execute("delete from timer where key like 'wrap:%'")
        kept = await floor.caller(number, 0, keys="1")
        assert await rings_for(wu, wu_rung + 1) == kept.contact_id
        assert (await why(floor, kept))["call"]["waited_s"] >= STICKY_S
        await floor.until_talking(kept)
        await kept.call.hang_up()
        await floor.api.set_state("zhou.ting", "ready")


@pytest.mark.row("5.10")
async def test_an_open_ticket_leads_to_its_team(platform: PlatformProcess) -> None:
    """The phone of the ticket's team rings, not that of the agent who is free for longer."""
    [(number, customer_id)] = known(platform, "silver")
    async with ruled(platform, gate={"share": 0}) as floor:
        ticket = {
            "customer_id": customer_id, "subject": "漏发配件", "department": "投诉处理",
            "key": "routing-0001",
        }  # fmt: skip
        await floor.api.request("POST", "/tickets", ticket)
        chen, zhao = await floor.agent("chen.yu", 440), await floor.agent("zhao.min", 520)
        caller = await floor.caller(number, 0, keys="0")
        assert await rings_for(zhao, 1) == caller.contact_id
        told = await why(floor, caller)
        assert told["call"]["team"] == "投诉处理"
        assert told["call"]["open_ticket"]
        assert [(one["agent"], one["because"]) for one in told["others"]] == [
            ("chen.yu", "another team")
        ]
        assert chen.rung == []
        await floor.until_talking(caller)
        await caller.call.hang_up()


async def _short_talk(floor: Floor, number: str, agent: Agent) -> Caller:
    """Somebody calls and is heard by this agent; both are done soon."""
    rung = len(agent.rung)
    caller = await floor.caller(number, 0, keys="1")
    assert await rings_for(agent, rung + 1) == caller.contact_id
    await floor.until_talking(caller)
    await caller.call.hang_up()
    await asyncio.gather(floor.until_event(caller, "call.ended"))
    return caller
