"""Customers found, written down once, changed, and chosen as a contact's caller."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from tests.house import TestHouse
from tests.integration.house.conftest import SignIn

from callwright.customers import service as customers
from callwright.kit.journal import timeline

STRANGER = "13911112222"


async def test_search_and_page_show_no_number(
    house: TestHouse, client: aiohttp.ClientSession
) -> None:
    await _add(house, "王建国强", "gold", "0755-26880000")
    await _add(house, "Emma Brown", "silver", "+1 202-555-0123")
    for q, expected in {
        "王建国": ["王建国", "王建国强"], "建國": ["王建国", "王建国强"], "强": ["王建国强"],
        "wangjianguo": ["王建国", "王建国强"], "wjg": ["王建国", "王建国强"], "wjgq": ["王建国强"],
        "13816527394": ["王建国"], "+86 138 1652 7394": ["王建国"], "138-1652": ["王建国"],
        "１３８１６５２７３９４": ["王建国"], "7394": ["王建国"], "0000": ["王建国强"],
        "26880000": ["王建国强"], "075526880000": ["王建国强"], "brown": ["Emma Brown"],
        "2025550123": ["Emma Brown"], "%": [], "赵": [], "9999": [],
    }.items():  # fmt: skip
        answer = await client.get("/api/v1/customers", params={"q": q})
        items = (await answer.json())["items"]
        assert [item["name"] for item in items] == expected, q
        assert "16527394" not in await answer.text()
    [wang] = (await _get(client, "/api/v1/customers?q=7394"))["items"]
    assert wang["number_masked"] == "138****7394"
    page = await _get(client, f"/api/v1/customers/{wang['id']}")
    assert [phone["number"] for phone in page["phones"]] == ["138****7394"]
    assert (page["name"], page["tier"], page["tickets"]) == ("王建国", "diamond", [])


async def test_an_unknown_caller_is_written_down_once(house: TestHouse, sign_in: SignIn) -> None:
    await house.add_agent("anna")
    anna = await sign_in("anna")
    house.speech.lanes[:] = [["我要退款"], []]
    leg = await house.caller(number=STRANGER)
    contact = await house.in_state(leg, "talking")
    assert contact["card"]["customer"] is None
    body = {"name": "赵六", "contact_id": str(contact["id"]), "key": "form-00001"}
    answers = await asyncio.gather(*(anna.post("/api/v1/customers", json=body) for _ in range(3)))
    made = [await answer.json() for answer in answers]
    assert sorted(answer.status for answer in answers) == [200, 200, 201]
    assert len({one["id"] for one in made}) == 1
    other_form = await anna.post("/api/v1/customers", json={**body, "key": "form-00002"})
    assert other_form.status == 409
    problem = await other_form.json()
    assert problem["code"] == "customer_exists"
    assert problem["params"] == {"id": made[0]["id"], "name": "赵六"}
    typed = {"name": "赵", "phone": "139 1111 2222", "key": "form-00003"}
    assert (await anna.post("/api/v1/customers", json=typed)).status == 409
    card = await _get(anna, f"/api/v1/contacts/{contact['id']}/card")
    assert card["customer"]["name"] == "赵六"
    house.pbx.caller_hangs_up(leg)
    ticket = (await house.finished(leg))["ticket"]
    page = await _get(anna, f"/api/v1/customers/{made[0]['id']}")
    assert [one["no"] for one in page["tickets"]] == [ticket["no"]]
    assert page["facts"]["open_tickets"] == 1
    assert [one["id"] for one in page["contacts"]] == [str(contact["id"])]


async def test_choosing_takes_contact_card_and_ticket_along(
    house: TestHouse, sign_in: SignIn
) -> None:
    await house.add_agent("anna")
    anna = await sign_in("anna")
    son = str(await _add(house, "王小明", "normal", "13816527394"))
    house.speech.lanes[:] = [["我要退款"], []]
    leg = await house.caller(number="13816527394")
    contact = await house.in_state(leg, "talking")
    card = contact["card"]
    assert [match["name"] for match in card["matches"]] == ["王建国", "王小明"]
    father = str(card["customer"]["id"])
    await house.clock.sleep(3)
    house.pbx.caller_hangs_up(leg)
    await house.finished(leg)
    for _ in range(2):
        chosen = await anna.post(
            f"/api/v1/contacts/{contact['id']}/customer", json={"customer_id": son}
        )
        assert (await chosen.json())["customer"]["name"] == "王小明"
    assert (await _get(anna, f"/api/v1/customers/{father}"))["facts"]["open_tickets"] == 0
    page = await _get(anna, f"/api/v1/customers/{son}")
    assert (len(page["tickets"]), page["facts"]["open_tickets"]) == (1, 1)
    events = await house.run(lambda tx: timeline(tx, contact["id"]))
    [told] = [event for event in events if event["name"] == "contact.identified"]
    assert told["subjects"]["customer_id"] == son
    assert told["subjects"]["before_id"] == father
    assert "王" not in str(told)


async def test_edits_and_wrong_input(house: TestHouse, sign_in: SignIn) -> None:
    anna, quinn = await sign_in("anna"), await sign_in("quinn", role="qa")
    somebody = await _add(house, "李四", "normal", "13700000001")
    path = f"/api/v1/customers/{somebody}"
    edited = await anna.patch(path, json={"name": "李思", "tier": "gold", "note": "爱讲话"})
    assert (await edited.json())["tier"] == "gold"
    assert [item["name"] for item in (await _get(anna, "/api/v1/customers?q=ls"))["items"]] == [
        "李思"
    ]
    assert (await _get(anna, "/api/v1/customers?q=李四"))["items"] == []
    assert (await quinn.patch(path, json={"name": "x"})).status == 403
    for body, field in (
        ({"name": " "}, "name"), ({"tier": "huge"}, "tier"), ({"phones": []}, "phones"),
    ):  # fmt: skip
        answer = await anna.patch(path, json=body)
        assert (answer.status, (await answer.json())["params"]["field"]) == (422, field)
    for body, field in (
        ({"name": "a", "key": "form-00001"}, "phone"),
        ({"name": "a", "key": "form-00001", "phone": "twelve"}, "phone"),
        ({"name": "a", "key": "short", "phone": "13700000002"}, "key"),
    ):
        answer = await anna.post("/api/v1/customers", json=body)
        assert (answer.status, (await answer.json())["params"]["field"]) == (422, field)
    nobody = "01a203ea-07ff-7823-85dd-16b697dc48be"
    assert (await anna.get(f"/api/v1/customers/{nobody}")).status == 404


async def _add(house: TestHouse, name: str, tier: str, phones: str) -> Any:
    return await house.run(
        lambda tx: customers.add_customer(
            tx, name=name, tier=tier, phones=phones, area_code="021", region="CN"
        )
    )


async def _get(browser: aiohttp.ClientSession, path: str) -> dict[str, Any]:
    answer = await browser.get(path)
    assert answer.ok, await answer.text()
    return dict(await answer.json())
