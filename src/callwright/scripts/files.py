"""Scripts as files: CSV and YAML, read with every fault named, written so that they read the same.

A row is counted as people see it: in CSV the header is row 1, in YAML the first entry is 1. Pure.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import ValidationError

from callwright.kit.errors import invalid
from callwright.scripts.model import Body, Script, read_number

Format = Literal["csv", "yaml"]
Kind = Literal["created", "updated", "unchanged"]

MOST_BYTES, MOST_ROWS, MOST_DEPTH = 2 * 1024 * 1024, 5000, 8
COLUMNS = (
    "number", "group", "language", "title", "keywords", "departments", "valid_from",
    "valid_until", "text",
)  # fmt: skip
NEEDED = ("group", "title", "text")
LISTS = ("keywords", "departments")
DATES = ("valid_from", "valid_until")
DELIMITERS = ",;\t"
LANGUAGES = {
    "zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-SG": "zh-Hans", "zh-TW": "zh-Hant",
    "zh-HK": "zh-Hant", "en-US": "en", "en-GB": "en",
}  # fmt: skip
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C, where it is
_FORMULA = ("=", "+", "-", "@")  # what a table program would calculate: written with a ' before


@dataclass(frozen=True, slots=True)
class Row:
    """One script of a file. Without a number it is known by group and title."""

    place: int
    number: int | None
    body: Body


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong with a row, and in which field."""

    row: int
    field: str
    why: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: rows that are good, and why the others are not."""

    rows: tuple[Row, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What a row would do; `script` = the one that is there already."""

    kind: Kind
    row: Row
    script: Script | None


def format_of(name: str) -> Format:
    """The format by the file's name."""
    ending = name.lower().rpartition(".")[2]
    if ending == "csv":
        return "csv"
    if ending in ("yaml", "yml"):
        return "yaml"
    raise invalid("file", "the name must end in .csv, .yaml or .yml")


def decode(content: bytes) -> str:
    """UTF-8, with or without its mark, or GB 18030, as Chinese table programs write."""
    if len(content) > MOST_BYTES:
        raise invalid("file", f"larger than {MOST_BYTES >> 20} MB")
    if not content.strip():
        raise invalid("file", "empty")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise invalid("file", "neither UTF-8 nor GB 18030 text")


def read(content: bytes, form: Format, zone: str) -> Read:
    """The rows of a file; days without a time are days of `zone`."""
    text = decode(content)
    entries = list(_csv_entries(text) if form == "csv" else _yaml_entries(text))
    if len(entries) > MOST_ROWS:
        raise invalid("file", f"more than {MOST_ROWS} rows")
    rows: list[Row] = []
    refused: list[Refusal] = []
    for place, entry in entries:
        try:
            rows.append(_row(place, entry, ZoneInfo(zone)))
        except ValidationError as error:
            refused += [
                Refusal(place, ".".join(map(str, fault["loc"])) or "valid_until", fault["msg"])
                for fault in error.errors(include_url=False)
            ]
        except _FaultError as fault:
            refused.append(Refusal(place, *fault.args))
    return Read(tuple(rows), (*refused, *_twice(rows)))


class _FaultError(Exception):
    """(field, why) of a row."""


def _csv_entries(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise invalid("file", f"not a CSV table: {error}") from error
    names = [name.strip().lower() for name in table[0]] if table else []
    _check_columns(names)
    for place, cells in enumerate(table[1:], 2):
        if any(cell.strip() for cell in cells):
            yield place, _cells(names, cells)


def _check_columns(names: Sequence[str]) -> None:
    unknown = [name for name in names if name not in COLUMNS]
    missing = [name for name in NEEDED if name not in names]
    if unknown or missing or len(set(names)) < len(names):
        why = f"the first row must name columns out of {', '.join(COLUMNS)}"
        raise invalid("file", f"{why}; not known: {unknown}, missing: {missing}")


def _cells(names: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    entry: dict[str, Any] = dict(zip(names, map(_calculated_not, cells), strict=False))
    if len(cells) > len(names):
        entry["row"] = f"{len(cells)} cells under {len(names)} columns"
    for name in LISTS:
        entry[name] = [word.strip() for word in entry.get(name, "").split(";") if word.strip()]
    return entry


def _calculated_not(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _yaml_entries(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        _check_shape(text)
        entries = yaml.load(text, _SafeLoader)  # noqa: S506 - one of the safe two
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise invalid("file", f"{where}{getattr(error, 'problem', None) or error}") from error
    if not isinstance(entries, list):
        raise invalid("file", "must be a list of scripts")
    for place, entry in enumerate(entries, 1):
        yield place, entry if isinstance(entry, dict) else {"row": "not a script"}


def _check_shape(text: str) -> None:
    """No entry repeats another's content, which may explode; none is deeper than C can stand."""
    depth = 0
    for event in yaml.parse(text, _SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            line = f"line {event.start_mark.line + 1}: " if event.start_mark else ""
            raise invalid("file", f"{line}references to other entries are not taken")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            raise invalid("file", "not a list of scripts: nested too deep")


def _row(place: int, entry: Mapping[str, Any], zone: ZoneInfo) -> Row:
    if "row" in entry:
        raise _FaultError("row", str(entry["row"]))
    values = {str(name): value for name, value in entry.items() if value not in (None, "")}
    number = _number(values.pop("number", None))
    for name in DATES:
        if name in values:
            values[name] = _moment(name, values[name], zone)
    for name in LISTS:
        if isinstance(values.get(name), list):
            values[name] = [str(word) for word in values[name]]
    if "language" in values:
        values["language"] = LANGUAGES.get(str(values["language"]), values["language"])
    return Row(place, number, Body.model_validate(values))


def _number(value: Any) -> int | None:
    if value is None:
        return None
    text = str(value).strip()
    number = int(text) if text.isdecimal() and len(text) < 10 else read_number(text)
    if not number:
        raise _FaultError("number", "must be like S-041, or empty for a new one")
    return number


def _moment(name: str, value: Any, zone: ZoneInfo) -> datetime:
    """A day begins at its first moment and, as an end, ends with its last."""
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    except ValueError as error:
        raise _FaultError(
            name, "must be a date like 2026-11-30 or a time like 2026-11-30T18:00"
        ) from error
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        until = name == "valid_until"
        return datetime.combine(value + timedelta(days=until), time(), zone)
    raise _FaultError(name, "must be a date")


def _twice(rows: Iterable[Row]) -> Iterator[Refusal]:
    seen: dict[object, int] = {}
    for row in rows:
        key = row.number or (row.body.group, row.body.title)
        if key in seen:
            yield Refusal(row.place, "number", f"stands in row {seen[key]} already")
        seen.setdefault(key, row.place)


def plan(rows: Iterable[Row], known: Iterable[Script]) -> list[Step]:
    """What each row would do to the scripts that are there."""
    scripts = list(known)
    numbers = {script.head.number: script for script in scripts}
    titles = {(script.body.group, script.body.title): script for script in reversed(scripts)}
    steps: list[Step] = []
    for row in rows:
        title = titles.get((row.body.group, row.body.title))
        script = numbers.get(row.number) if row.number else title
        same = script is not None and _same(script.body, row.body)
        kind: Kind = "created" if script is None else "unchanged" if same else "updated"
        steps.append(Step(kind, row, script))
    return steps


def _same(one: Body, other: Body) -> bool:
    return one.model_dump() == other.model_dump()


def write(scripts: Iterable[Script], form: Format) -> bytes:
    """A file that `read` understands; CSV with the mark by which table programs know UTF-8."""
    entries = [_entry(script) for script in scripts]
    if form == "yaml":
        shown = [{k: v for k, v in entry.items() if v not in (None, [])} for entry in entries]
        return yaml.safe_dump(shown, allow_unicode=True, sort_keys=False, width=1000).encode()
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, COLUMNS)
    writer.writeheader()
    writer.writerows({k: _cell(v) for k, v in entry.items()} for entry in entries)
    return held.getvalue().encode("utf-8-sig")


def _entry(script: Script) -> dict[str, Any]:
    values = script.body.model_dump(mode="json")
    return {name: script.head.no if name == "number" else values[name] for name in COLUMNS}


def _cell(value: Any) -> str:
    text = ";".join(value) if isinstance(value, list) else value or ""
    return f"'{text}" if text.startswith(_FORMULA) else text
