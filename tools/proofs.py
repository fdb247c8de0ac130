"""Which test shows which capability: the page docs/reference/proofs.md, read from the tests.

A test names the rows that it shows by `@pytest.mark.row("1.5")`; its docstring says what was seen
and heard there. A row without a test fails (tests/unit/house/test_reference.py).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("e2e", "integration", "contract", "unit")

ROWS = {
    "1.2": "Menus of at most two levels; no key and wrong keys are asked again, then a queue",
    "1.3": "A menu is published while calls run: they finish on the old one; it can be taken back",
    "1.4": "Opening hours with lunch, overnight, holidays and make-up workdays",
    "1.5": "Position and expected wait are announced, anew while the caller waits",
    "1.6": "A queue that is full, too slow or empty: another queue, voicemail or a callback",
    "1.7": "A callback keeps the place; exactly one is dialled",
    "1.8": "Transfer to agent, queue and outside number; whoever hangs up frees every leg",
    "1.9": "A transferred caller keeps card, notes and age",
    "1.19": "No agent is offered two calls, no call two agents; wrap-up is respected",
    "1.20": "PBX or platform die and come back: calls live on or are accounted for",
    "1.21": "The same behaviour on the real PBX and on another adapter",
    "1.22": "Blacklist, repeated callers, and how many calls one caller may have at once",
    "2.13": "What a caller pressed in the menu stands on the card",
    "5.2": "Priority grows with age: nobody waits longer than the guarantee allows",
    "5.3": "One agent in several queues serves the same order across them",
    "5.4": "Demands are relaxed step by step while a caller waits",
    "5.5": "The last agent first, for a while",
    "5.6": "Among equals the one who has been idle longest",
    "5.7": "An unanswered offer: the caller keeps the place, the agent is set away, counted once",
    "5.8": "Why this agent: candidates, scores, reasons; the same call under other weights",
    "5.9": "A draft is compared with what runs on a past week, published, and taken back",
    "5.10": "Who calls again, or has an open ticket, reaches the same team",
    "5.11": "Outbound work never delays a caller",
    "5.12": "Callers reach agents who speak their language",
    "6.3": "Business time with several windows a day and windows over midnight",
    "6.4": "Make-up workdays count; a year without an official list is warned of",
    "6.14": "Business time of more than 99 hours",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proof:
    """One test that shows rows: where it stands and what it says was seen."""

    rows: tuple[str, ...]
    place: str
    seen: str


def proofs() -> list[Proof]:
    """All tests that name rows, by place."""
    files = sorted(file for room in ROOMS for file in (ROOT / "tests" / room).rglob("test_*.py"))
    return [proof for file in files for proof in _proofs_in(file)]


def _proofs_in(file: Path) -> Iterator[Proof]:
    place = file.relative_to(ROOT).as_posix()
    for test in ast.parse(file.read_text("utf-8")).body:
        if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef):
            rows = tuple(row for mark in test.decorator_list for row in _rows_of(mark))
            if rows:
                seen = " ".join((ast.get_docstring(test) or "").split())
                yield Proof(rows, f"{place}::{test.name}", seen)


def _rows_of(mark: ast.expr) -> list[str]:
    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.row":
        return [str(ast.literal_eval(argument)) for argument in mark.args]
    return []


def page() -> str:
    """The table as it stands in docs/reference/proofs.md."""
    found = proofs()
    lines = ["| row | capability | test | what was seen and heard |", "|---|---|---|---|"]
    for row, capability in ROWS.items():
        shown = [proof for proof in found if row in proof.rows]
        lines += [f"| {row} | {capability} | `{one.place}` | {one.seen} |" for one in shown]
    return "# Proofs\nEach on the real PBX unless it says otherwise.\n\n" + "\n".join(lines) + "\n"
