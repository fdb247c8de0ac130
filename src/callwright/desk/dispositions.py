"""The dispositions that a company uses: checked, versioned like every business setting."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from callwright.kit.db import Tx
from callwright.kit.errors import invalid
from callwright.kit.fitting import fitting
from callwright.kit.versions import publish_setting, setting_in_force

SETTING = "desk.dispositions"
NONE = "none"  # nobody said how it ended
DEFAULTS = Path(__file__).with_name("dispositions.yaml")
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Label(BaseModel):
    """One disposition in the console's languages."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)

    simplified: Words = Field(alias="zh-Hans")
    traditional: Words = Field(alias="zh-Hant")
    english: Words = Field(alias="en")


class Disposition(BaseModel):
    """`key` is what events and reports carry; it never changes, its words may."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern="^[a-z][a-z0-9_]{0,39}$")
    label: Label


_LIST = TypeAdapter(Annotated[list[Disposition], Field(min_length=1, max_length=40)])


def parse(body: Any) -> list[dict[str, Any]]:
    """A list as people edit it; the error names row and field."""
    with fitting():
        rows = _LIST.validate_python(body)
    keys = [row.key for row in rows]
    if NONE in keys or len(set(keys)) != len(keys):
        raise invalid("key", f"each key once, and not {NONE!r}")
    return [row.model_dump() for row in rows]


async def in_force(tx: Tx) -> tuple[int, list[dict[str, Any]]]:
    """The published list with its version, or version 0: ours."""
    return await setting_in_force(tx, SETTING, _defaults)


@lru_cache(maxsize=1)
def _defaults() -> list[dict[str, Any]]:
    return parse(yaml.safe_load(DEFAULTS.read_text("utf-8")))


async def publish(tx: Tx, body: Any, author: str) -> int:
    """Check and store the next version; return its number."""
    return await publish_setting(tx, SETTING, parse(body), author)
