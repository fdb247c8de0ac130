"""`try due`: a start and business minutes in, the due time with its reasons out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from callwright.calendars.hours import due
from callwright.calendars.model import Calendar, parse_calendar
from callwright.kit.errors import CallwrightError, invalid


class _Once(yaml.SafeLoader):
    """YAML that refuses a key which stands there twice, and references."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """References would let a small file become an endless one."""
        if self.check_event(yaml.AliasEvent):
            raise invalid("calendar", "references are not taken")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """The last one would win, and nobody would notice."""
        names = [key.value for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                raise invalid(str(name), "stands there twice")
        return super().construct_mapping(node, deep)


def load_calendar(path: Path) -> Calendar:
    """The calendar of a YAML file; `invalid` names the file or the field."""
    try:
        return parse_calendar(yaml.load(path.read_text("utf-8"), _Once))  # noqa: S506 - a safe one
    except (OSError, UnicodeDecodeError) as error:
        raise invalid(str(path), f"cannot be read: {error}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:  # ValueError: 2026-13-45
        raise invalid(str(path), f"is no YAML: {error}") from error
    except CallwrightError as error:
        raise invalid(f"{path}: {error.params.get('field')}", str(error.params["why"])) from error


def due_line(line: dict[str, Any], calendar: Calendar) -> dict[str, Any]:
    """One answer: `due` in the calendar's zone, `reasons` day by day, `warnings` about years."""
    answer = due(calendar, _start(line), _minutes(line))
    return {
        "due": answer.at.isoformat(),
        "reasons": list(answer.reasons) or ["no minutes to count"],
        "warnings": list(answer.warnings),
    }


def _start(line: dict[str, Any]) -> datetime:
    value = line.get("start")
    try:
        return datetime.fromisoformat(value)  # type: ignore[arg-type]  # anything may stand there
    except (TypeError, ValueError) as error:
        why = "is missing" if "start" not in line else "must be ISO 8601 with an offset"
        raise invalid("start", why) from error


def _minutes(line: dict[str, Any]) -> float:
    value = line.get("minutes")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid("minutes", "is missing" if "minutes" not in line else "must be a number")
    return value
