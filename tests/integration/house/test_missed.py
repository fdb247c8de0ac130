"""Callers who got nobody: one entry each, until somebody talked to them or said it is done."""

from __future__ import annotations

from typing import Any

import aiohttp
from tests.house import TestHouse
from tests.integration.house.conftest import SignIn
from tests.integration.house.talking import all_free, trunk

from callwright.agents import service as agents
from callwright.calls import missed as missed_calls
from callwright.calls import outbound
from callwright.calls.outbound import Wanted
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx

KNOWN, STRANGER = "13816527394", "13911112222"
NOBODY = "01a203ea-07ff-7823-85dd-16b697dc48be"


async def test_every_way_to_get_nobody_is_one_entry_per_caller(
    house: TestHouse, client: aiohttp.ClientSession, sign_in: SignIn
) -> None:
    nobody = await house.caller(number=KNOWN)
    await house.finished(nobody)
    await house.add_agent("anna", phone=PhoneBehaviour(answers_after_s=None), ready=False)
    await house.run(lambda tx: agents.request_state(tx, "anna", "break"))
    patient = await house.caller(number=STRANGER)
    await house.in_state(patient, "waiting")
    house.pbx.caller_hangs_up(patient)
    last = await house.finished(patient)
    in_menu = house.pbx.call_in(KNOWN, "4008001234")
    await house.heard_of(in_menu, "menu.entered")
    house.pbx.caller_hangs_up(in_menu)
    again = await house.finished(in_menu)

    found = await _get(client, "/api/v1/missed?done=false")
    assert found["open"] == 2
    known, stranger = found["items"]
    assert (known["reason"], known["times"], known["tries"]) == ("abandoned_ivr", 2, 0)
    assert known["last_contact_id"] == str(again["id"])
    assert (known["customer"]["name"], known["number_masked"]) == ("王建国", "138****7394")
    assert (stranger["reason"], stranger["queue"]["key"]) == ("abandoned_queue", "orders")
    assert stranger["waited_s"] > 0
    assert stranger["contact_id"] == str(last["id"])
    assert KNOWN[3:] not in str(found)
    only = await _get(client, "/api/v1/missed?queue=orders&limit=1")
    rest = await _get(client, f"/api/v1/missed?limit=1&before={only['next'].replace('+', '%2B')}")
    assert len(only["items"]) == 1
    assert {item["contact_id"] for item in (*only["items"], *rest["items"])} <= {
        known["contact_id"], stranger["contact_id"]
    }  # fmt: skip

    bob = await sign_in("bob")
    path = f"/api/v1/missed/{stranger['contact_id']}/done"
    for text in ("打过，已解决", "又按了一次"):
        done = await (await bob.post(path, json={"text": text})).json()
        assert (done["done_by"], done["done_how"]) == ({"login": "bob", "name": "Bob"}, "by_hand")
        assert done["done_text"] == "打过，已解决", "who was first stays"
    watcher = await sign_in("quinn", role="qa")
    assert (await watcher.post(path)).status == 403
    assert (await bob.post(path.replace(stranger["contact_id"], NOBODY))).status == 404
    assert (await _get(client, "/api/v1/missed"))["open"] == 1


async def test_a_later_talk_closes_the_entry(
    house: TestHouse, client: aiohttp.ClientSession
) -> None:
    await house.finished(await house.caller(number=KNOWN))
    await house.add_agent("anna")
    leg = await house.caller(number=KNOWN)
    await house.in_state(leg, "talking")
    [entry] = (await _get(client, "/api/v1/missed?done=true"))["items"]
    assert (entry["reason"], entry["done_how"]) == ("no_agents", "answered_later")
    assert entry["done_by"]["login"] == "anna"
    house.pbx.caller_hangs_up(leg)
    await house.finished(leg)
    assert (await _get(client, "/api/v1/missed?done=false"))["items"] == []


async def test_hidden_numbers_are_callers_of_their_own(
    house: TestHouse, client: aiohttp.ClientSession
) -> None:
    for _ in range(2):
        await house.finished(await house.caller(number="anonymous"))
    found = await _get(client, "/api/v1/missed")
    assert [(item["number_kind"], item["times"]) for item in found["items"]] == [("hidden", 1)] * 2


async def _get(browser: aiohttp.ClientSession, path: str) -> dict[str, Any]:
    answer = await browser.get(path)
    assert answer.ok, await answer.text()
    return dict(await answer.json())


async def test_the_lists_of_work_are_told_what_changed_and_no_more(
    house: TestHouse, sign_in: SignIn
) -> None:
    await house.add_agent("anna", ready=False)
    anna = await sign_in("anna")
    async with anna.ws_connect("/live") as socket:
        await socket.send_json({"subscribe": ["tickets", "missed"]})
        first = [await socket.receive_json() for _ in range(2)]
        assert [(frame["topic"], frame["snapshot"]) for frame in first] == [
            ("tickets", {}), ("missed", {"open": 0})
        ]  # fmt: skip
        leg = await house.caller(number=KNOWN)
        frame = await socket.receive_json()
        assert (frame["topic"], frame["seq"], frame["event"]) == ("missed", 2, {"open": 1})
        owner = (await house.finished(leg))["customer"]["id"]
        made = await anna.post(
            "/api/v1/tickets", json={"customer_id": str(owner), "subject": "回电"}
        )
        no = (await made.json())["no"]
        for version, priority in ((1, "high"), (2, "urgent")):
            body = {"version": version, "priority": priority}
            await anna.patch(f"/api/v1/tickets/{no}", json=body)
        frames = [await socket.receive_json()]
        while frames[-1]["event"]["version"] < 3:
            frames.append(await socket.receive_json())
        assert {frame["topic"] for frame in frames} == {"tickets"}
        assert {frame["event"]["no"] for frame in frames} == {no}
        assert [frame["seq"] for frame in frames] == list(range(2, 2 + len(frames)))


async def test_calling_back_counts_as_a_try_and_a_talk_closes_the_entry(
    house: TestHouse, client: aiohttp.ClientSession
) -> None:
    await trunk(house)
    missed = await house.finished(await house.caller(number=KNOWN))
    await house.add_agent("anna")
    wanted = Wanted(contact_id=missed["id"])
    house.pbx.outside(KNOWN, PhoneBehaviour(refuses="busy"))
    await outbound.dial(house.house, "anna", wanted)
    await all_free(house, "anna")
    [entry] = (await _get(client, "/api/v1/missed?done=false"))["items"]
    assert (entry["tries"], entry["times"]) == (1, 1), "a call of ours is no missed one"
    assert entry["last_try_at"] is not None
    house.pbx.outside(KNOWN, PhoneBehaviour(answers_after_s=1.0, hangs_up_after_s=4.0))
    await outbound.dial(house.house, "anna", wanted)
    await house.until(_none_open)
    [entry] = (await _get(client, "/api/v1/missed?done=true"))["items"]
    assert (entry["tries"], entry["done_how"]) == (2, "called_back")
    assert entry["done_by"]["login"] == "anna"
    for direction, many in (("out", 2), ("in", 1)):
        found = await _get(client, f"/api/v1/contacts?direction={direction}")
        assert len(found["items"]) == many
    await all_free(house, "anna")


async def _none_open(tx: Tx) -> bool:
    return await missed_calls.count_open(tx) == 0
