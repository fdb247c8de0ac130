"""What may not be published, and how it is said."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from tests.unit.ivr.trees import FULL, menu, tree

from callwright.ivr import checks
from callwright.ivr.orders import PROMPTS
from callwright.ivr.parse import parse_ivr
from callwright.kit.errors import CallwrightError

SPOKEN = {*PROMPTS, "hello", "news", "card", "quiet"}


def fault(body: dict[str, Any]) -> tuple[str, str]:
    """The place and the reason of the first fault."""
    with pytest.raises(CallwrightError) as caught:
        checks.check(parse_ivr(body))
    return str(caught.value.params["field"]), str(caught.value.params["why"])


def changed(place: str, value: object) -> dict[str, Any]:
    """The full tree with something else at a place."""
    body = copy.deepcopy(FULL)
    *above, last = place.split("/")
    inner: Any = body
    for name in above:
        inner = inner[name]
    inner[last] = value
    return body


def test_a_whole_tree_may_be_published() -> None:
    ivr = parse_ivr(FULL)
    checks.check(ivr, SPOKEN)
    assert checks.problem(ivr, SPOKEN) is None


@pytest.mark.parametrize(
    ("place", "value", "field", "why"),
    [
        ("menus/main/keys/2", {"menu": "gone"}, "menus.main.keys.2", "no menu 'gone'"),
        ("nodes/vip/otherwise", {"node": "gone"}, "nodes.vip.otherwise", "no node 'gone'"),
        ("nodes/vip/when", {"platinum": {"queue": "a"}}, "nodes.vip.when.platinum", "tier is one"),
        ("nodes/vip/on", "weather", "nodes.vip.on", "hours, tier"),
        ("nodes/vip", {"kind": "guess"}, "nodes.vip.kind", "branch, say"),
        ("nodes/news/prompt", [], "nodes.news.prompt", "at least one"),
        ("nodes/news/extra", 1, "nodes.news", "unknown field 'extra'"),
        ("nodes/card/pattern", "12a#", "nodes.card.pattern", "neither card nor"),
        ("nodes/card/sink", "", "nodes.card.sink", "where the outcome goes"),
        ("nodes/quiet/then", {"repeat": True}, "nodes.quiet.then", "only a key"),
        ("menus/more/otherwise", {"again": True}, "menus.more.otherwise", "only a key"),
        ("menus/main/keys/9", {"repeat": False}, "menus.main.keys.9", "nowhere"),
        ("menus/main/keys/9", {"queue": "a", "menu": "b"}, "menus.main.keys.9", "exactly one"),
        ("menus/main/keys", {"A": {"queue": "a"}}, "menus.main.keys", "no key of a telephone"),
        ("menus/lonely", menu({"1": {"queue": "a"}}), "menus.lonely", "cannot be reached"),
        ("max_steps", 3, "max_steps", "10 to 500"),
        ("otherwise", {"menu": "main"}, "otherwise", "a queue or a goodbye"),
        ("start", "gone", "start", "no menu 'gone'"),
    ],
)
def test_a_fault_names_its_place(place: str, value: object, field: str, why: str) -> None:
    found = fault(changed(place, value))
    assert found[0] == field
    assert why in found[1]


def test_hours_need_a_calendar() -> None:
    body = changed("nodes/vip", {"kind": "branch", "on": "hours", "when": {"open": {"queue": "a"}}})
    assert fault(body)[0] == "nodes.vip.calendar"


def test_a_node_that_only_agents_begin_need_not_be_reached() -> None:
    lonely = {**FULL["nodes"]["card"], "done": {"queue": "a"}}
    assert fault(changed("nodes/lonely", lonely))[0] == "nodes.lonely"
    checks.check(parse_ivr(changed("nodes/lonely", {**lonely, "agents": True})))


def test_menus_are_two_levels_deep_also_through_nodes() -> None:
    third = {"kind": "say", "prompt": ["x"], "then": {"menu": "third"}}
    body = changed("menus/more/keys/5", {"node": "down"})
    body["nodes"]["down"] = third
    body["menus"]["third"] = menu({"1": {"queue": "a"}})
    assert fault(body) == ("menus.more", "menus may be 2 levels deep")


@pytest.mark.parametrize(
    "nodes",
    [
        {"a": {"kind": "say", "prompt": ["x"], "then": {"node": "a"}}},
        {
            "a": {"kind": "say", "prompt": ["x"], "then": {"node": "b"}},
            "b": {
                "kind": "branch",
                "on": "known",
                "when": {"yes": {"queue": "q"}},
                "otherwise": {"node": "a"},
            },
        },
        {"a": {"kind": "opt_out_recording", "prompt": ["x"], "then": {"menu": "main"}}},
        {"a": {"kind": "say", "prompt": ["x"], "then": {"back": True}}},
    ],
)
def test_going_round_without_a_key_is_refused(nodes: dict[str, Any]) -> None:
    body = tree({"main": menu({"1": {"queue": "q"}}, {"node": "a"})}, nodes)
    field, why = fault(body)
    assert "without a way out" in why
    assert "→" in why
    assert field.startswith(("nodes.", "menus."))


def test_every_prompt_must_have_a_sound() -> None:
    ivr = parse_ivr(FULL)
    for missing in ("news", "hello", "number_7"):
        found = checks.problem(ivr, SPOKEN - {missing})
        assert found is not None
        assert missing in str(found["why"])
    found = checks.problem(parse_ivr({**FULL, "notice": "told"}), SPOKEN)
    assert found == {"field": "notice", "why": "there is no prompt 'told'"}
