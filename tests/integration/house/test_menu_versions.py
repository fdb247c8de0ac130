"""Trees over HTTP: checked, published, compared, rolled back; calls keep theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from tests.house import TestHouse
from tests.integration.house.people import Person, office
from tests.integration.house.trees import TREE, arrives, changed, plant, said

SHORT = {"prompt": ["news"], "keys": {"1": {"queue": "hasty"}}, "otherwise": {"queue": "hasty"}}


@pytest.fixture
async def manager(house: TestHouse) -> AsyncIterator[Person]:
    await plant(house)
    async with office(house) as people:
        yield await people.person("boss", "manager")


async def test_versions_are_listed_compared_and_rolled_back(manager: Person) -> None:
    tree = changed()
    del tree["menus"]["main"]["keys"]["8"], tree["nodes"]["quiet"]
    tree["menus"]["main"]["timeout_s"] = 7
    answer = await manager.ask("PUT", "/ivr/main", json=tree)
    assert answer.body == {"version": 3}
    found = (await manager.get("/ivr/main/versions"))["items"]
    assert [(one["version"], one["author"]) for one in found] == [
        (3, "boss"), (2, "test"), (1, "test"),
    ]  # fmt: skip
    differs = (await manager.get("/ivr/main/compare", a=2, b=3))["items"]
    assert [one["sentence"] for one in differs] == [
        "menus.main.keys.8: removed {'node': 'quiet'}",
        "menus.main.timeout_s: 60 → 7",
        f"nodes.quiet: removed {differs[2]['before']!r}",
    ]
    assert differs[2]["before"] == TREE["nodes"]["quiet"]
    back = await manager.post("/ivr/main/rollback", version=2)
    assert back.body == {"version": 4}
    assert (await manager.get("/ivr/main"))["body"] == TREE
    assert (await manager.get("/ivr/main/compare", a=2, b=4))["items"] == []
    assert (await manager.get("/ivr"))["items"] == ["main"]
    assert (await manager.ask("GET", "/ivr/none/versions")).status == 404


async def test_what_is_wrong_is_said_before_and_kept_out(manager: Person, house: TestHouse) -> None:
    wrong = changed(more={**SHORT, "prompt": ["never recorded"]})
    checked = await manager.post("/ivr/main/check", **wrong)
    assert checked.body["problem"]["field"] == "menus.more.prompt"
    refused = await manager.ask("PUT", "/ivr/main", json=wrong)
    assert (refused.status, refused.params["field"]) == (422, "menus.more.prompt")
    nowhere = changed(more={**SHORT, "keys": {"1": {"queue": "gone"}}})
    refused = await manager.ask("PUT", "/ivr/main", json=nowhere)
    assert (refused.status, refused.params["field"]) == (422, "menus.more.keys.1")
    late = changed()
    late["nodes"]["late"]["calendar"] = "gone"
    refused = await manager.ask("PUT", "/ivr/main", json=late)
    assert (refused.status, refused.params["field"]) == (422, "nodes.late.calendar")
    fine = await manager.post("/ivr/main/check", **changed(more=SHORT))
    assert fine.body["problem"] is None
    assert any("menus.more.prompt" in line for line in fine.body["differences"])
    assert (await manager.get("/ivr/main"))["version"] == 2
    await rehearse(manager)
    async with office(house) as people:
        lead = await people.person("lead", "supervisor")
        assert (await lead.ask("PUT", "/ivr/main", json=TREE)).status == 403
        assert (await lead.post("/ivr/main/rollback", version=1)).status == 403


async def rehearse(manager: Person) -> None:
    """A way through the tree, without a call."""
    answer = await manager.post("/ivr/main/rehearse", body=TREE, does=["5", "found", "9"])
    steps = answer.body["steps"]
    assert [(step["place"], step["to"]) for step in steps] == [
        ("main", "parcel"), ("parcel", "more"), ("more", "more"), ("more", None),
    ]  # fmt: skip
    assert steps[-1]["end"] == {"hang_up": "goodbye"}


async def test_a_running_call_finishes_on_the_tree_that_it_began_with(
    manager: Person, house: TestHouse
) -> None:
    leg = await arrives(house, "7")
    await house.heard_of(leg, "answer.given")
    answer = await manager.ask("PUT", "/ivr/main", json=changed(more=SHORT))
    assert answer.status == 200
    page = await house.finished(leg)
    assert said(house, leg)[-2:] == ["more.zh", "goodbye.zh"]
    assert page["queue"] is None
    later = await arrives(house, "7")
    page = await house.heard_of(later, "call.queued")
    assert page["queue"]["key"] == "hasty"
