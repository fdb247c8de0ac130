"""Trees of menus to test with, by hand and at random."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Body = dict[str, Any]


def menu(keys: Body, otherwise: Body | None = None, **more: Any) -> Body:
    """A menu that says `hello`."""
    return {
        "prompt": ["hello"], "keys": keys, "otherwise": otherwise or {"queue": "orders"}, **more
    }  # fmt: skip


def tree(menus: Body, nodes: Body | None = None, start: str = "main", **more: Any) -> Body:
    """A tree that begins at `main`."""
    return {"start": start, "menus": menus, "nodes": nodes or {}, **more}


FULL = tree(
    {
        "main": menu(
            {
                "1": {"node": "parcel", "label": "包裹"},
                "2": {"menu": "more"},
                "3": {"node": "vip"},
                "4": {"node": "card"},
                "8": {"node": "quiet"},
                "9": {"repeat": True},
            }
        ),
        "more": menu({"1": {"queue": "orders"}, "*": {"back": True}, "#": {"again": True}}),
    },
    {
        "parcel": {
            "kind": "order_status",
            "found": {"menu": "more"},
            "otherwise": {"queue": "orders"},
        },
        "vip": {
            "kind": "branch",
            "on": "tier",
            "when": {"diamond": {"queue": "orders"}},
            "otherwise": {"node": "news"},
        },
        "news": {"kind": "say", "prompt": ["news"], "then": {"menu": "more"}, "answer": True},
        "card": {
            "kind": "secure",
            "prompt": ["card"],
            "sink": "payments",
            "done": {"back": True},
            "otherwise": {"queue": "orders"},
        },
        "quiet": {"kind": "opt_out_recording", "prompt": ["quiet"], "then": {"back": True}},
    },
)

NAMES = ("main", "second")
NODES = ("ask", "tell", "look", "type", "stop")
PLACES: list[Body] = [
    *({"menu": name} for name in NAMES),
    *({"node": name} for name in NODES),
    {"queue": "orders"},
    {"queue": "orders", "language": "en"},
    {"hang_up": "bye"},
    {"back": True},
]
FOR_KEYS = st.sampled_from([*PLACES, {"repeat": True}, {"again": True}])
ENDS = [place for place in PLACES if "queue" in place or "hang_up" in place]
TARGETS = st.sampled_from([*ENDS, *ENDS, *PLACES])  # half of what is drawn anywhere is an end
MENUS = st.fixed_dictionaries(
    {
        "prompt": st.just(["hello"]),
        "keys": st.dictionaries(st.sampled_from("0123456789*#"), FOR_KEYS, min_size=1, max_size=6),
        "otherwise": TARGETS,
        "tries": st.integers(1, 4),
    }
)
NODE: dict[str, st.SearchStrategy[Body]] = {
    "ask": st.fixed_dictionaries(
        {
            "kind": st.just("branch"),
            "on": st.just("tier"),
            "when": st.dictionaries(
                st.sampled_from(["gold", "diamond", "unknown"]), TARGETS, min_size=1
            ),
            "otherwise": TARGETS,
        }
    ),
    "tell": st.fixed_dictionaries(
        {
            "kind": st.just("say"),
            "prompt": st.just(["hello"]),
            "then": TARGETS,
            "answer": st.booleans(),
        }
    ),
    "look": st.fixed_dictionaries(
        {"kind": st.just("order_status"), "found": TARGETS, "otherwise": TARGETS}
    ),
    "type": st.fixed_dictionaries(
        {
            "kind": st.just("secure"),
            "prompt": st.just(["hello"]),
            "sink": st.just("payments"),
            "done": TARGETS,
            "otherwise": TARGETS,
        }
    ),
    "stop": st.fixed_dictionaries(
        {"kind": st.just("opt_out_recording"), "prompt": st.just(["hello"]), "then": TARGETS}
    ),
}


@st.composite
def random_trees(draw: st.DrawFn) -> Body:
    """Any tree of up to two menus and five nodes; only those are kept that something names, so
    that many of them may be published."""
    menus = {name: draw(MENUS) for name in NAMES}
    nodes = {name: draw(NODE[name]) for name in NODES}
    body = tree(menus, nodes, start=draw(st.sampled_from(["main", "ask", "tell"])))
    body["otherwise"] = draw(st.sampled_from([{"queue": "orders"}, {"hang_up": "bye"}]))
    return _reached(body)


def _reached(body: Body) -> Body:
    """Without places that nothing leads to."""
    named, waiting = {body["start"], "main"}, [body["start"], "main"]
    while waiting:
        name = waiting.pop()
        place = body["menus"].get(name) or body["nodes"].get(name)
        for target in _targets(place):
            following = target.get("menu") or target.get("node")
            if following and following not in named:
                named.add(following)
                waiting.append(following)
    for kind in ("menus", "nodes"):
        body[kind] = {name: place for name, place in body[kind].items() if name in named}
    return body


def _targets(place: Body) -> list[Body]:
    found = [place[field] for field in ("otherwise", "then", "found", "done") if field in place]
    return [*found, *place.get("keys", {}).values(), *place.get("when", {}).values()]
