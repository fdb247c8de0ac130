"""Scripts for tests, without a database."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import yaml
from tests.unit.demo.demo_material import COMPANY

from callwright.scripts.model import Body, Head, Script, ScriptState, Version, read_number

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


def script(number: int, **body: Any) -> Script:
    """A script in use; what is not given is of no matter."""
    given = {"title": f"title {number}", "text": "text", "group": "group", **body}
    head = Head(UUID(int=number), number, ScriptState.PUBLISHED, 1, 1, NOW)
    return Script(head, Version(head.id, 1, Body.model_validate(given), "author", NOW))


@cache
def demo_scripts() -> list[Script]:
    """The 200 of the demo company."""
    rows = yaml.safe_load((COMPANY / "scripts.yaml").read_text("utf-8"))
    return [script(read_number(row.pop("number")) or 0, **row) for row in rows]
