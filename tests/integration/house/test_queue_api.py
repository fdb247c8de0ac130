"""Queue settings over HTTP: read, published, refused with the field, rolled back."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from tests.house import TestHouse
from tests.integration.house.conftest import SignIn

from callwright.queues import service as queues

BODY = {"name": "Orders", "department": "dept", "max_wait_s": 300}
PATH = "/api/v1/queues/orders"


async def put(client: aiohttp.ClientSession, key: str = "orders", **more: Any) -> dict[str, Any]:
    """The answer to a PUT; `status` in it."""
    answer = await client.put(f"/api/v1/queues/{key}", json={**BODY, **more})
    return {"status": answer.status, **(await answer.json())}


async def get(client: aiohttp.ClientSession, path: str) -> Any:
    answer = await client.get(path)
    assert answer.ok, await answer.text()
    return await answer.json()


async def test_a_change_is_a_version_that_can_be_taken_back(
    house: TestHouse, client: aiohttp.ClientSession
) -> None:
    first = await get(client, PATH)
    assert (first["version"], first["max_wait_s"], first["greeting"]) == (1, 600, "queue_greeting")
    ways = {"full": {"kind": "queue", "queue": "hasty"}, "too_long": {"kind": "goodbye"}}
    told = {"position": True, "wait": True, "every_s": 15}
    done = await put(client, max_waiting=3, announce=told, overflow=ways)
    assert (done["status"], done["version"]) == (200, 2)
    now = await get(client, PATH)
    assert now["announce"] == told
    assert now["overflow"]["full"] == {"kind": "queue", "prompt": "", "queue": "hasty"}
    in_force = await house.run(lambda tx: queues.queue_of(tx, "orders"))
    assert (in_force.max_waiting, in_force.max_wait_s) == (3, 300)
    assert (await get(client, f"{PATH}?version=1"))["max_wait_s"] == 600
    back = await client.post(f"{PATH}/rollback", json={"version": 1})
    assert (await back.json())["version"] == 3
    versions = await get(client, f"{PATH}/versions")
    assert [(row["version"], row["author"]) for row in versions] == [
        (3, "local"), (2, "local"), (1, "system"),
    ]  # fmt: skip
    assert (await get(client, PATH))["max_waiting"] is None


async def test_a_queue_that_was_never_published_keeps_its_old_settings(
    house: TestHouse, client: aiohttp.ClientSession
) -> None:
    """As after an upgrade: the row is there, no version is."""

    async def forget(tx: Any) -> None:
        await tx.conn.exec_driver_sql("DELETE FROM business_setting WHERE key = 'queue:orders'")

    await house.run(forget)
    assert (await get(client, PATH))["version"] == 0
    assert (await put(client))["version"] == 2
    assert (await get(client, f"{PATH}?version=1"))["max_wait_s"] == 600


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "HASTY "}, "name"),
        ({"calendar": "nowhere"}, "calendar"),
        ({"overflow": {"after_hours": {"kind": "goodbye"}}}, "overflow.after_hours"),
        ({"overflow": {"too_long": {"kind": "queue", "queue": "nowhere"}}},
         "overflow.too_long.queue"),
        ({"overflow": {"too_long": {"kind": "queue", "queue": "orders"}}},
         "overflow.too_long.queue"),
        ({"overflow": {"too_long": {"kind": "goodbye", "prompt": "never_recorded"}}},
         "overflow.too_long.prompt"),
        ({"greeting": "never_recorded"}, "greeting"),
        ({"announce": {"every_s": 5}}, "announce.every_s"),
        ({"max_waiting": -1}, "max_waiting"),
        ({"ring_s": "long"}, "ring_s"),
        ({"skills": {"退款": 9}}, "skills.退款"),
        ({"surprise": 1}, "surprise"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_named_and_nothing_changes(
    client: aiohttp.ClientSession, change: dict[str, Any], field: str
) -> None:
    before = await get(client, PATH)
    answer = await put(client, **change)
    assert (answer["status"], answer["params"]["field"]) == (422, field)
    assert await get(client, PATH) == before


async def test_a_circle_over_two_queues_is_refused(client: aiohttp.ClientSession) -> None:
    there = {"too_long": {"kind": "queue", "queue": "hasty"}}
    assert (await put(client, overflow=there))["status"] == 200
    back = {"nobody_on_duty": {"kind": "queue", "queue": "orders"}}
    answer = await put(client, "hasty", name="hasty", overflow=back)
    assert answer["params"]["field"] == "overflow.nobody_on_duty.queue"
    assert "hasty → orders → hasty" in answer["params"]["why"]


async def test_new_queues_are_made_and_odd_keys_are_not(client: aiohttp.ClientSession) -> None:
    assert (await put(client, "night-desk", name="Night"))["version"] == 1
    assert (await put(client, "Night Desk"))["status"] == 422
    assert (await client.get("/api/v1/queues/nowhere")).status == 404
    assert (await client.get(f"{PATH}?version=99")).status == 404
    assert (await client.get(f"{PATH}?version=99999999999")).status == 422


async def test_only_who_may_edit_settings_sees_and_changes_them(sign_in: SignIn) -> None:
    for role, status in (("agent", 403), ("supervisor", 403), ("manager", 200)):
        browser = await sign_in(role, role=role)
        assert (await browser.get(PATH)).status == status
        assert (await browser.put(PATH, json=BODY)).status == status
        back = await browser.post(f"{PATH}/rollback", json={"version": 1})
        assert back.status == status
