"""The size budget: files and functions stay small, in every language we write."""

from __future__ import annotations

import ast
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FILE_MEDIAN, FILE_LIMIT = 100, 400
FUNCTION_MEDIAN, FUNCTION_LIMIT = 10, 60
_OURS = ("src", "tests", "tools", "bench", "demo", "console")


def _files(*endings: str) -> list[Path]:
    """Files of ours that are or will be under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *_OURS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (ROOT / line for line in listed.splitlines())
    return sorted(path for path in paths if path.suffix in endings and path.is_file())


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


@pytest.mark.parametrize("endings", [(".py",), (".ts", ".vue")], ids=["python", "console"])
def test_files_are_small(endings: tuple[str, ...]) -> None:
    sizes = {path: _lines(path) for path in _files(*endings) if not _is_generated(path)}
    too_long = {
        str(path.relative_to(ROOT)): lines for path, lines in sizes.items() if lines > FILE_LIMIT
    }
    assert too_long == {}
    assert statistics.median([lines for lines in sizes.values() if lines > 1]) <= FILE_MEDIAN


def test_functions_are_small() -> None:
    written = [path for path in _files(".py") if not _is_generated(path)]
    sizes = dict(found for path in written for found in _functions(path))
    assert {name: lines for name, lines in sizes.items() if lines > FUNCTION_LIMIT} == {}
    assert statistics.median(sizes.values()) <= FUNCTION_MEDIAN


def _is_generated(path: Path) -> bool:
    """Types made from our own OpenAPI and schema steps made from our tables are never shortened."""
    return "generated" in path.name or not {"generated", "versions"}.isdisjoint(path.parts)
