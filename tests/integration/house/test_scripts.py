"""Ready replies over HTTP: written, approved by four eyes, found, out of sight when they expire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from tests.house import TestHouse
from tests.integration.house.people import Office, Person, office

BODY = {"title": "物流停滞", "text": "{customer_name}您好，我帮您催。", "group": "物流"}


@pytest.fixture
async def desks(house: TestHouse) -> AsyncIterator[Office]:
    async with office(house) as opened:
        yield opened


async def publish(author: Person, approver: Person, **body: Any) -> dict[str, Any]:
    """A script through all its states."""
    made = (await author.ask("POST", "/scripts", json={**BODY, **body})).body
    path, seen = f"/scripts/{made['id']}", {"version": made["version"]}
    assert (await author.ask("POST", f"{path}/submit", json=seen)).status == 200
    done = await approver.ask("POST", f"{path}/approve", json=seen)
    assert done.status == 200, done
    return dict(done.body)


async def test_a_script_is_written_approved_found_and_retired(
    house: TestHouse, desks: Office
) -> None:
    boss, lead = await desks.person("boss", "supervisor"), await desks.person("lead", "supervisor")
    agent = await desks.person("anna")
    made = await lead.ask("POST", "/scripts", json=BODY)
    assert (made.status, made.body["no"], made.body["state"]) == (201, "S-001", "draft")
    tried = await lead.post("/scripts/preview", text="共{金额}元", values={"amount": "12.5"})
    assert (tried.body["text"], tried.body["spoken"]) == ("共12.50元", "共十二元五角")
    wrong = await lead.post("/scripts/preview", text="", values={"amount": "x"})
    assert (wrong.status, wrong.params["field"]) == (422, "values.amount")
    path = f"/scripts/{made.body['id']}"
    early = await boss.post(f"{path}/approve", version=1)
    assert (early.status, early.params["state"]) == (409, "draft")
    assert (await lead.post(f"{path}/submit", version=1)).body["state"] == "in_review"
    assert (await lead.post(f"{path}/approve", version=1)).status == 403, "four eyes"
    assert (await agent.post(f"{path}/approve", version=1)).status == 403
    assert (await agent.get("/scripts"))["total"] == 0
    done = (await boss.post(f"{path}/approve", version=1)).body
    assert (done["state"], done["approved_by"]) == ("published", "boss")
    [item] = (await agent.get("/scripts", q="wltz"))["items"]
    assert (item["no"], item["why"], item["variables"]) == ("S-001", "initials", ["customer_name"])
    groups = (await agent.get("/script-groups"))["items"]
    assert groups == [{"name": "物流", "usable": 1}]
    assert (await lead.post(f"{path}/retire", version=1)).body["state"] == "retired"
    assert (await agent.get("/scripts"))["total"] == 0
    assert (await agent.ask("GET", path)).status == 409


async def test_the_preferred_language_comes_first(desks: Office) -> None:
    lead, boss = await desks.person("lead", "supervisor"), await desks.person("boss", "manager")
    await publish(lead, boss)
    english = await publish(lead, boss, language="en", title="物流 late", text="It is late.")
    assert [one["no"] for one in (await lead.get("/scripts"))["items"]] == ["S-001", "S-002"]
    first = (await lead.get("/scripts", prefer="en"))["items"][0]
    assert (first["id"], first["no"]) == (english["id"], "S-002")
    wrong = await lead.ask("GET", "/scripts", params={"prefer": "fr"})
    assert (wrong.status, wrong.params["field"]) == (422, "prefer")


async def test_what_is_in_use_stays_while_the_next_version_is_written(desks: Office) -> None:
    lead, boss = await desks.person("lead", "supervisor"), await desks.person("boss", "manager")
    agent = await desks.person("anna")
    made = await publish(lead, boss)
    path = f"/scripts/{made['id']}"
    new = {**BODY, "text": "新的说法", "version": 1}
    edited = await lead.ask("PUT", path, json=new)
    assert (edited.body["version"], edited.body["state"]) == (2, "draft")
    again = await boss.ask("PUT", path, json=new)
    assert (again.status, again.params["version"], again.params["seen"]) == (409, 2, 1)
    assert (await agent.get(path))["text"] == BODY["text"]
    assert (await lead.get(path))["text"] == "新的说法"
    assert (await lead.get("/scripts", state="draft"))["total"] == 1
    assert (await lead.get("/scripts"))["items"][0]["version"] == 1
    await lead.post(f"{path}/submit", version=2)
    assert (await boss.post(f"{path}/reject", version=2)).body["state"] == "draft"
    versions = (await lead.get(f"{path}/versions"))["items"]
    assert [(v["version"], v["approved_by"]) for v in versions] == [(2, None), (1, "boss")]


async def test_a_manager_approves_alone(desks: Office) -> None:
    boss = await desks.person("boss", "manager")
    assert (await publish(boss, boss))["state"] == "published"


async def test_departments_and_dates_decide_who_sees_what(house: TestHouse, desks: Office) -> None:
    boss = await desks.person("boss", "manager")
    await house.add_agent("anna")
    agent = await desks.person("anna")
    soon = house.clock.now() + timedelta(hours=1)
    await publish(boss, boss, title="不分部门")
    await publish(boss, boss, title="本部门", departments=["dept"])
    other = await publish(boss, boss, title="别的部门", departments=["sales"])
    await publish(boss, boss, title="还没开始", valid_from=soon.isoformat())
    short = await publish(boss, boss, title="快到期", valid_until=soon.isoformat())
    titles = [item["title"] for item in (await agent.get("/scripts"))["items"]]
    assert titles == ["不分部门", "本部门", "快到期"]
    assert (await agent.ask("GET", f"/scripts/{other['id']}")).status == 403
    house.clock.skip(3600)
    titles = [item["title"] for item in (await agent.get("/scripts"))["items"]]
    assert titles == ["不分部门", "本部门", "还没开始"]
    gone = await agent.ask("GET", f"/scripts/{short['id']}")
    assert (gone.status, gone.params["state"]) == (409, "expired")
    [expired] = (await boss.get("/scripts", expired="true"))["items"]
    assert (expired["title"], expired["expired"]) == ("快到期", True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "), ("text", "x" * 1001), ("text", "{谁}"), ("group", ""), ("language", "fr"),
        ("valid_until", "tomorrow"), ("keywords", ["k"] * 31), ("nothing", 1),
    ],
)  # fmt: skip
async def test_bad_input_names_its_field(desks: Office, field: str, value: Any) -> None:
    boss = await desks.person("boss", "manager")
    answer = await boss.ask("POST", "/scripts", json={**BODY, field: value})
    assert answer.status == 422
    assert answer.params["field"].startswith(field)
    assert (await boss.get("/scripts", any="true"))["total"] == 0


async def test_agents_read_and_do_not_write(desks: Office) -> None:
    agent = await desks.person("anna")
    assert (await agent.ask("POST", "/scripts", json=BODY)).status == 403
    assert (await agent.ask("GET", "/scripts", params={"any": "true"})).status == 403
    assert (await agent.ask("POST", "/scripts/preview", json={"text": "x"})).status == 403
    names = {item["name"] for item in (await agent.get("/script-variables"))["items"]}
    assert {"order_no", "amount", "agent_name"} <= names


def table(*rows: str) -> aiohttp.FormData:
    form = aiohttp.FormData()
    content = "\n".join(("number,group,title,text", *rows))
    form.add_field("file", content.encode("gb18030"), filename="scripts.csv")
    return form


async def test_a_file_is_imported_whole_or_not_at_all_and_once(desks: Office) -> None:
    boss, lead = await desks.person("boss", "manager"), await desks.person("lead", "supervisor")
    path, rows = "/scripts/import", ("S-005,物流,催件,我帮您催。", ",物流,停滞,耽误了。")
    figures = {"created": 2, "updated": 0, "unchanged": 0, "refused": []}
    dry = await lead.ask("POST", path, data=table(*rows), params={"dry_run": "true"})
    assert dry.body == {**figures, "written": False}
    wrong = await lead.ask("POST", path, data=table(*rows, "S-9,物流,,没有标题"))
    assert (wrong.body["created"], wrong.body["written"]) == (2, False)
    assert [(r["row"], r["field"]) for r in wrong.body["refused"]] == [(4, "title")]
    assert (await lead.get("/scripts", any="true"))["total"] == 0
    done = await lead.ask("POST", path, data=table(*rows))
    assert done.body == {**figures, "written": True}
    again = await lead.ask("POST", path, data=table(*rows))
    assert (again.body["created"], again.body["unchanged"]) == (0, 2)
    items = (await lead.get("/scripts", any="true"))["items"]
    assert [(i["no"], i["state"]) for i in items] == [
        ("S-005", "in_review"),
        ("S-006", "in_review"),
    ]
    alone = await lead.ask("POST", path, data=table(*rows), params={"publish": "true"})
    assert alone.status == 403
    new = ("S-005,物流,催件,我马上帮您催。",)
    used = await boss.ask("POST", path, data=table(*new), params={"publish": "true"})
    assert used.body["updated"] == 1
    [item] = (await lead.get("/scripts"))["items"]
    assert (item["text"], item["approved_by"]) == ("我马上帮您催。", "boss")
    for form in ("csv", "yaml"):
        content = await lead.get("/scripts/export", format=form)
        back = aiohttp.FormData()
        back.add_field("file", content, filename=f"scripts.{form}")
        assert (await lead.ask("POST", path, data=back)).body["unchanged"] == 2
