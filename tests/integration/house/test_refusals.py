"""What cannot be done now, or makes no sense, is refused with its reason; nothing is done twice."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.house import TestHouse
from tests.integration.house.people import Answer
from tests.integration.house.talking import trunk
from tests.integration.house.talks import KNOWN, Talk, talking

from callwright.agents import service as agents
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx

TO_BOB = {"to": {"kind": "agent", "value": "bob"}}
IN_TALK: tuple[tuple[str, Any], ...] = (
    ("hold", None), ("resume", None), ("hang-up", None), ("leave", None), ("attach", None),
    ("wrap-up/extend", None), ("transfer", {"to": {"kind": "queue", "value": "hasty"}}),
    ("consult", TO_BOB),
)  # fmt: skip


async def test_what_needs_a_talk_is_answered_with_the_state_that_is(house: TestHouse) -> None:
    async with talking(house) as talk:
        script = await talk.script("您好")
        await _wrapped_up(talk)
        house.pbx.agent("anna", PhoneBehaviour(answers_after_s=None))
        leg = await house.caller(number=KNOWN)
        page = await house.in_state(leg, "ringing")
        path = f"/contacts/{page['id']}"
        for verb, body in IN_TALK:
            answer = await talk.agent.ask("POST", f"{path}/{verb}", json=body)
            assert (answer.status, answer.params.get("state")) == (409, "ringing"), verb
        texted = await talk.agent.post(f"{path}/scripts/{script}/send", key="k")
        assert (texted.status, texted.params["state"]) == (409, "ringing")
        rest = await talk.agent.post("/agents/anna/state", state="break", reason="lunch")
        assert (rest.status, rest.params["state"]) == (409, "ringing")


async def test_double_presses_do_nothing_twice(house: TestHouse) -> None:
    async with talking(house) as talk:
        await trunk(house)
        me, path = talk.agent, f"/contacts/{talk.contact}"
        for verb, state in (("hold", "held"), ("resume", "talking")):
            both = await _twice(talk, f"{path}/{verb}")
            assert [(a.status, a.body["state"]) for a in both] == [(200, state)] * 2
        body = {"name": "新客", "phone": "13911112222", "key": "form-0001"}
        both = await asyncio.gather(*(me.post("/customers", **body) for _ in range(2)))
        assert sorted(answer.status for answer in both) == [200, 201]
        assert both[0].body["id"] == both[1].body["id"]
        house.pbx.caller_hangs_up(talk.leg)
        await house.until(lambda tx: _is(tx, "wrap"))
        before = (await me.get("/desk"))["call"]["wrap"]
        both = await _twice(talk, f"{path}/wrap-up/extend?seen=0")
        assert both[0].body == both[1].body
        wrap = (await me.get("/desk"))["call"]["wrap"]
        assert (wrap["extended"], wrap["until"] > before["until"]) == (1, True)
        done = {
            "disposition": "resolved", "summary": "", "ticket": None, "ready": True,
            "key": "press-001",
        }  # fmt: skip
        both = await asyncio.gather(*(me.post(f"{path}/finish", **done) for _ in range(2)))
        assert [answer.status for answer in both] == [200, 200]
        page = await house.contact(talk.leg)
        assert [e["name"] for e in page["events"]].count("call.disposed") == 1
        other = await me.post(f"{path}/finish", **{**done, "key": "press-002"})
        assert (other.status, other.params["state"]) == (409, "finished")
        house.pbx.outside("13912345678", PhoneBehaviour(answers_after_s=None))
        both = await asyncio.gather(*(me.post("/calls", number="13912345678") for _ in range(2)))
        assert sorted(answer.status for answer in both) == [200, 409]


async def test_of_two_transfers_at_the_same_time_one_is_done(house: TestHouse) -> None:
    async with talking(house) as talk:
        await house.add_agent("bob", in_queues=(), phone=PhoneBehaviour(answers_after_s=None))
        path = f"/contacts/{talk.contact}/transfer"
        both = await asyncio.gather(*(talk.agent.post(path, **TO_BOB) for _ in range(2)))
        assert sorted(answer.status for answer in both) == [200, 409]
        page = await house.contact(talk.leg)
        assert [e["name"] for e in page["events"]].count("call.transferred") == 1


async def test_two_extensions_at_the_same_time_both_count(house: TestHouse) -> None:
    async with talking(house) as talk:
        house.pbx.caller_hangs_up(talk.leg)
        await house.until(lambda tx: _is(tx, "wrap"))
        both = await _twice(talk, f"/contacts/{talk.contact}/wrap-up/extend")
        assert [answer.status for answer in both] == [200, 200]
        assert both[0].body != both[1].body, "each adds its half minute"


NONSENSE: tuple[tuple[str, Any, int, str | None], ...] = (
    ("/calls", {}, 422, "number"), ("/calls", {"number": "  "}, 422, "number"),
    ("/calls", {"number": "hello"}, 422, "number"), ("/calls", {"number": "1" * 59}, 422, "number"),
    ("/contacts/C/transfer", {"to": {"kind": "agent", "value": "anna"}}, 422, "to.value"),
    ("/contacts/C/transfer", {"to": {"kind": "moon", "value": "x"}}, 422, "to.kind"),
    ("/contacts/C/transfer", {"to": {"kind": "queue", "value": "x"}}, 404, None),
    ("/contacts/C/transfer", {"to": {"kind": "agent", "value": "x"}}, 404, None),
    ("/contacts/C/transfer", TO_BOB, 409, None),
    ("/contacts/C/consult", {"to": {"kind": "agent", "value": "anna"}}, 422, "to.value"),
    ("/contacts/C/reveal", {"what": "number"}, 422, "reason"),
    ("/contacts/C/reveal", {"what": "number", "reason": " \t  "}, 422, "reason"),
)  # fmt: skip


async def test_nonsense_is_named(house: TestHouse) -> None:
    async with talking(house) as talk:
        await trunk(house)
        await house.add_agent("bob", ready=False, in_queues=())
        for path, body, status, field in NONSENSE:
            answer = await talk.agent.ask("POST", path.replace("C", talk.contact), json=body)
            assert (answer.status, answer.params.get("field")) == (status, field), body


async def test_bodies_that_are_none_too_large_or_nowhere(house: TestHouse) -> None:
    async with talking(house) as talk:
        note = f"/contacts/{talk.contact}/note"
        as_json = {"Content-Type": "application/json"}
        deep = await talk.agent.ask("PUT", note, data=b"[" * 100_000, headers=as_json)
        assert (deep.status, deep.body["code"]) == (400, "http_400")
        huge = await talk.agent.ask("PUT", note, data=b"x" * 13_000_000, headers=as_json)
        assert huge.status == 413
        broken = await talk.agent.ask("PUT", note, data=b"{", headers=as_json)
        assert broken.params["field"] == "body"
        long = await talk.agent.ask("PUT", note, json={"text": "x" * 1_000_000})
        assert (long.status, long.params["field"]) == (422, "text")
        nul = await talk.agent.ask("PUT", note, json={"text": "a\0b"})
        assert (nul.status, nul.params["field"]) == (422, "text")
        nowhere = await talk.agent.ask("GET", "/nowhere")
        assert (nowhere.status, nowhere.body["code"]) == (404, "http_404")


async def _twice(talk: Talk, path: str) -> list[Answer]:
    return list(await asyncio.gather(*(talk.agent.ask("POST", path) for _ in range(2))))


async def _wrapped_up(talk: Talk) -> None:
    talk.house.pbx.caller_hangs_up(talk.leg)
    await talk.house.until(lambda tx: _is(tx, "ready"))


async def _is(tx: Tx, state: str) -> bool:
    return (await agents.agent_of_login(tx, "anna")).state == state
