"""Reads tables and descriptions from files: the only part here that touches the disk."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import yaml

from callwright.kit.errors import CallwrightError, invalid
from callwright.routing.simulation.staff import Roster, read_roster
from callwright.routing.simulation.table import Row, Rows
from callwright.routing.simulation.trace import Trace, read_trace
from callwright.routing.simulation.world import World, parse_world

T = TypeVar("T")
_MANY = 100 * 1024 * 1024


def load_trace(path: Path, agents: Path | None = None) -> Trace:
    """A trace, with the agents of their own file or those that the trace names."""
    roster = load_roster(agents) if agents else None
    return read_trace(load_rows(path), roster)


def load_roster(path: Path) -> Roster:
    """The agents of a file."""
    return read_roster(load_rows(path))


def load_world(path: Path) -> World:
    """A world of a YAML file; `invalid` names file and field."""
    return in_file(path, lambda: parse_world(load_yaml(path)))


def load_yaml(path: Path) -> Any:
    """The content of a YAML file; `invalid` names the file."""
    try:
        return yaml.safe_load(_text(path))
    except (yaml.YAMLError, RecursionError) as error:
        raise invalid(str(path), f"is no YAML: {str(error).splitlines()[0]}") from error


def in_file(path: Path, parse: Callable[[], T]) -> T:
    """Run `parse`; a fault that it names gets the file's name too."""
    try:
        return parse()
    except CallwrightError as error:
        raise CallwrightError(error.code, **{"file": str(path), **error.params}) from error


def load_rows(path: Path) -> Rows:
    """The rows of a CSV file with a header: commas, semicolons or tabs, UTF-8."""
    text = _text(path)
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=mark, strict=True)
    columns: list[str] = []
    rows: list[Row] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = [cell.strip().lower() for cell in cells]
                continue
            rows.append(_row(str(path), reader.line_num, columns, cells))
    except csv.Error as error:
        raise CallwrightError(
            "invalid", file=str(path), row=reader.line_num, field="row", why=str(error)
        ) from error
    if not columns:
        raise invalid(str(path), "is empty: its first line must name the columns")
    return Rows(str(path), tuple(columns), tuple(rows))


def _row(file: str, number: int, columns: list[str], cells: list[str]) -> Row:
    if len(cells) > len(columns):
        raise CallwrightError(
            "invalid", file=file, row=number, field="row",
            why=f"has {len(cells)} cells under {len(columns)} columns",
        )  # fmt: skip
    cells = [cell.strip() for cell in cells]
    return Row(file, number, dict(zip(columns, cells, strict=False)))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MANY:
            raise invalid(str(path), f"is larger than {_MANY} bytes")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise invalid(str(path), f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise invalid(str(path), f"is not UTF-8 at byte {error.start}") from error
