"""The demo company: complete, of one piece, and made again byte for byte from its seed."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from importlib import import_module

import pytest
from tests.unit.demo.demo_material import COMPANY, PROMPTS, document, table

from callwright.scripts.model import Body
from callwright.scripts.variables import VARIABLES, names_in


def skills(text: str) -> dict[str, int]:
    return {name: int(level) for name, level in (pair.split(":") for pair in text.split(";"))}


def test_people_orders_and_replies_are_as_many_as_promised() -> None:
    assert len(table("agents.csv")) == 12
    assert len(table("customers.csv")) == 300
    assert len(table("orders.csv")) == 500
    assert len(document(COMPANY / "company.yaml")["departments"]) == 4


def test_csv_files_are_what_the_generator_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(COMPANY)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    generate = import_module("generate")
    for name, rows in generate.tables().items():
        assert (COMPANY / name).read_text("utf-8") == generate.as_csv(rows), name


def test_numbers_of_customers_and_orders_are_unique() -> None:
    for name in ("customers.csv", "orders.csv", "tickets.csv"):
        assert max(Counter(row["no"] for row in table(name)).values()) == 1, name


@pytest.mark.parametrize("name", ["orders.csv", "history.csv", "tickets.csv"])
def test_everything_belongs_to_a_customer(name: str) -> None:
    known = {row["no"] for row in table("customers.csv")}
    assert {row["customer"] for row in table(name)} <= known


def test_agents_and_queues_name_departments_of_the_company() -> None:
    names = {entry["name"] for entry in document(COMPANY / "company.yaml")["departments"]}
    assert {row["department"] for row in table("agents.csv")} == names
    assert {queue["department"] for queue in document(COMPANY / "queues.yaml")} == names


def test_each_queue_has_two_agents_with_the_skill() -> None:
    people = {row["login"]: skills(row["skills"]) for row in table("agents.csv")}
    for queue in document(COMPANY / "queues.yaml"):
        for skill, level in queue["skills"].items():
            able = [login for login in queue["agents"] if people[login].get(skill, 0) >= level]
            assert able == queue["agents"], queue["key"]
            assert len(able) >= 2, queue["key"]


def test_the_menu_leads_to_queues_menus_and_announcements_that_exist() -> None:
    ivr = json.loads((COMPANY / "ivr.json").read_text("utf-8"))
    queues = {queue["key"] for queue in document(COMPANY / "queues.yaml")}
    prompts = {prompt["key"] for prompt in document(PROMPTS / "prompts.yaml")}
    for menu in ivr["menus"].values():
        steps = [*menu["keys"].values(), menu["otherwise"]]
        assert {step["queue"] for step in steps if "queue" in step} <= queues
        assert {step["menu"] for step in steps if "menu" in step} <= set(ivr["menus"])
        assert {*menu["prompt"], menu["no_input_prompt"], menu["invalid_prompt"]} <= prompts
    assert {ivr["notice"], *ivr["closed"]["prompt"]} <= prompts


def test_ready_replies_are_complete_and_fit_their_form() -> None:
    rows = document(COMPANY / "scripts.yaml")
    assert [row["number"] for row in rows] == [f"S-{place:03}" for place in range(1, 201)]
    bodies = [Body.model_validate({k: v for k, v in row.items() if k != "number"}) for row in rows]
    assert len({body.group for body in bodies}) >= 15
    assert {body.language for body in bodies} == {"zh-Hans", "zh-Hant", "en"}
    assert max(Counter((body.group, body.title) for body in bodies).values()) == 1
    used = {name for body in bodies for name in names_in(body.text)}
    assert used <= set(VARIABLES)


def test_customers_write_their_numbers_in_many_ways() -> None:
    shapes = {re.sub(r"[0-9]", "9", row["phones"]) for row in table("customers.csv")}
    assert len(shapes) >= 25
