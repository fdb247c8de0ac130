"""Reads the lines to the outside from a YAML file: a list of trunks, each with its fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError

from callwright.integrations.pbx.checks import check_trunk
from callwright.kit.errors import CallwrightError, invalid
from callwright.ports.telephony import Telephony, Trunk

FILE = "trunks.yaml"
_READER = TypeAdapter(list[Trunk], config=ConfigDict(extra="forbid"))


def read_trunks(file: Path) -> list[Trunk]:
    """The trunks of a file, none where it is missing. Raises "invalid" naming the field, as
    `trunks.yaml[0].host`."""
    if not file.exists():
        return []
    try:
        content: Any = yaml.safe_load(file.read_text("utf-8"))
        trunks = _READER.validate_python(content or [])
    except yaml.YAMLError as error:
        raise invalid(file.name, str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise invalid(_field(file, first["loc"]), first["msg"]) from error
    for number, trunk in enumerate(trunks):
        _check(trunk, f"{file.name}[{number}]")
    return trunks


async def provision_trunks(telephony: Telephony, home: Path) -> None:
    """Give the PBX the trunks of the home's file, and take away those that left the file."""
    trunks, noted = read_trunks(home / FILE), home / "trunks.known"
    names = {trunk.name for trunk in trunks}
    before = set(noted.read_text("utf-8").split()) if noted.exists() else set()
    noted.write_text("\n".join(sorted(before | names)), "utf-8")  # first: nothing is forgotten
    for gone in sorted(before - names):
        await telephony.remove_trunk(gone)
    for trunk in trunks:
        await telephony.provision_trunk(trunk)
    noted.write_text("\n".join(sorted(names)), "utf-8")


def _check(trunk: Trunk, where: str) -> None:
    try:
        check_trunk(trunk)
    except CallwrightError as error:
        field, why = error.params["field"], str(error.params["why"])
        raise invalid(f"{where}.{field}", why) from error


def _field(file: Path, place: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return file.name + "".join(steps)
