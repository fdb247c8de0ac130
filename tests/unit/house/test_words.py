"""Events, slices and code keep to the house's words: names, plain fields, no clock of their own."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from callwright.kit.event import EVENTS, Event

ROOT = Path(__file__).parents[3]
HOUSE = ROOT / "src" / "callwright"
SLICE_FILES = ("events", "model", "store", "reads", "service", "handlers", "api")
PERSONAL = {"name", "phone", "number", "text", "address", "email", "caller", "card", "id_card"}
WIRE_NAME = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")
# Before Python 3.11.5 these match wrongly: kit/patterns.py has another way.
ATOMIC_GROUP = re.compile(r"\)(?:[*+?]|\{[\d,{}]*\})\+|\(\?>")
MIRROR = re.compile(r"https?://(deb|ftp|files|mirrors?|registry)\.")


def _events() -> list[type[Event]]:
    for file in HOUSE.glob("*/events.py"):
        if file.parent.name != "cli":
            importlib.import_module(f"callwright.{file.parent.name}.events")
    return [kind for name, kind in sorted(EVENTS.items()) if name and _is_ours(kind)]


def _is_ours(kind: type[Event]) -> bool:
    return kind.__module__.startswith("callwright.")


def _sources() -> Iterator[Path]:
    for folder in ("src", "tools", "bench", "demo", "deploy", "docs", ".ci"):
        for path in (ROOT / folder).rglob("*"):
            is_text = path.suffix in {".py", ".sh", ".md", ".yaml", ".toml", ".service", ""}
            if path.is_file() and is_text and "static" not in path.parts:
                yield path


@pytest.mark.parametrize("kind", _events(), ids=lambda kind: str(kind.NAME))
def test_an_event_is_a_noun_and_what_happened_to_it(kind: type[Event]) -> None:
    assert WIRE_NAME.fullmatch(kind.NAME)
    noun = kind.NAME.partition(".")[0]
    assert kind.__name__.startswith("".join(word.capitalize() for word in noun.split("_")))
    assert kind.__doc__


@pytest.mark.parametrize("kind", _events(), ids=lambda kind: str(kind.NAME))
def test_an_event_holds_ids_and_no_person(kind: type[Event]) -> None:
    assert PERSONAL.isdisjoint(kind.__dataclass_fields__)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_nobody_but_the_clock_asks_the_time() -> None:
    askers = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in HOUSE.rglob("*.py")
        if path != HOUSE / "kit" / "clock.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
    ]
    assert askers == []


def test_only_store_and_reads_of_a_slice_know_its_tables() -> None:
    slices = {path.parent.name for path in HOUSE.glob("*/store.py")}
    strangers = [
        f"{path.relative_to(HOUSE)} imports {module}"
        for path in HOUSE.glob("*/*.py")
        if path.parent.name not in {"migrations", "kit"}
        for module in _imported(path)
        if (found := re.fullmatch(r"callwright\.(\w+)\.(store|handlers|api)", module))
        and found[1] in slices
        and found[1] != path.parent.name
        and not (path.parent.name == "web" and found[2] == "api")
    ]
    assert strangers == []


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_no_address_of_a_mirror_is_written_down() -> None:
    found = {path: MIRROR.search(path.read_text("utf-8", "ignore")) for path in _sources()}
    assert {str(path.relative_to(ROOT)): hit[0] for path, hit in found.items() if hit} == {}


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("*.py")), ids=lambda path: path.stem)
def test_patterns_mean_the_same_on_every_python(path: Path) -> None:
    texts = (node.value for node in ast.walk(ast.parse(path.read_text("utf-8")))
             if isinstance(node, ast.Constant) and isinstance(node.value, str))  # fmt: skip
    docstring_of_the_remedy = path.name == "patterns.py"
    assert docstring_of_the_remedy or [one for one in texts if ATOMIC_GROUP.search(one)] == []
