"""Finds the Asterisk to run: the one that we fetched, or one of the system."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from callwright.kit.errors import CallwrightError, invalid

LEAST_VERSION = 22
_NEEDED_MODULE = "res_ari.so"
_NEEDED_DATA = "documentation/core-en_US.xml"
_LOADERS = "ld-linux-*.so.*"


@dataclass(frozen=True, slots=True)
class Asterisk:
    """A usable one: how to start it, its modules, its data (documentation), its version."""

    command: tuple[str, ...]
    modules: Path
    data: Path
    version: str


def fetched_asterisk(tree: Path) -> Asterisk:
    """The one in our tree, run by the tree's own loader so that the system's libc is no matter.

    Raises CallwrightError("pbx_not_installed", remedy).
    """
    modules = next(tree.glob("usr/lib/*/asterisk/modules"), None)
    loader = next(tree.glob(f"usr/lib/*/{_LOADERS}"), None)
    if modules is None or loader is None:
        raise CallwrightError("pbx_not_installed", remedy="callwright pbx install")
    libraries = f"{modules.parents[1]}:{modules.parent}"
    program = str(tree / "usr" / "sbin" / "asterisk")
    command = (str(loader), "--library-path", libraries, program)
    return Asterisk(command, modules, tree / "usr" / "share" / "asterisk", _version(command))


def system_asterisk(program: Path) -> Asterisk:
    """One that is installed otherwise. Raises CallwrightError("invalid", field, why)."""
    command = (str(program),)
    version = _version(command)
    if int(version.split(".")[0]) < LEAST_VERSION:
        raise invalid("pbx.asterisk", f"is {version}; {LEAST_VERSION} or newer is needed")
    prefixes = [program.absolute().parents[1], program.resolve().parents[1], Path("/usr")]
    modules = _first(prefixes, "lib*/asterisk/modules", "lib/*/asterisk/modules", _NEEDED_MODULE)
    data = _first([*prefixes, Path("/")], "share/asterisk", "var/lib/asterisk", _NEEDED_DATA)
    return Asterisk(command, modules, data, version)


def _first(prefixes: list[Path], one: str, other: str, needed: str) -> Path:
    """The first folder of either pattern that holds the needed file."""
    for prefix in prefixes:
        for folder in (*sorted(prefix.glob(one)), *sorted(prefix.glob(other))):
            if (folder / needed).exists():
                return folder
    raise invalid("pbx.asterisk", f"no folder with {needed} found beside the program")


def _version(command: tuple[str, ...]) -> str:
    """As `22.10.1`."""
    try:
        answer = subprocess.run(
            [*command, "-V"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise invalid("pbx.asterisk", f"does not run: {error}") from error
    found = re.match(r"Asterisk (\d+(?:\.\d+)*)", answer.stdout)
    if found is None:
        why = (answer.stderr or answer.stdout).strip()[:200]
        raise invalid("pbx.asterisk", f"is no Asterisk: {why}")
    return found[1]
