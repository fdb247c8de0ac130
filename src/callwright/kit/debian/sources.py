"""Debian mirrors that this machine's own apt sources name; no mirror's name stands in the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from callwright.kit.errors import CallwrightError

APT = Path("/etc/apt")
_SCHEMES = ("http://", "https://", "file:")


def find_mirrors(apt: Path = APT) -> list[str]:
    """Base addresses of the archives with a component main, in the order apt reads them.

    Raises CallwrightError("no_mirror", where).
    """
    files = [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*"))]
    found: dict[str, None] = {}
    for file in files:
        if file.suffix not in (".list", ".sources") or not file.is_file():
            continue
        text = file.read_text("utf-8", "replace")
        entries = _deb822(text) if file.suffix == ".sources" else _one_line(text)
        for address in _usable(entries):
            found.setdefault(address.rstrip("/"))
    if not found:
        raise CallwrightError("no_mirror", where=str(apt))
    return list(found)


def _usable(entries: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Addresses of the entries (addresses, suites, components) that can hold main packages."""
    for addresses, suites, components in entries:
        if "main" not in components.split() or all("security" in s for s in suites.split()):
            continue
        for address in addresses.split():
            if address.startswith("mirror+file:"):
                yield from _mirror_list(Path(address.removeprefix("mirror+file:")))
            elif address.startswith(_SCHEMES):
                yield address


def _mirror_list(file: Path) -> Iterator[str]:
    """The addresses in a list file of apt's mirror method."""
    lines = file.read_text("utf-8", "replace").splitlines() if file.is_file() else []
    for line in lines:
        words = line.partition("#")[0].split()
        if words and words[0].startswith(_SCHEMES):
            yield words[0]


def _one_line(text: str) -> Iterator[tuple[str, str, str]]:
    """Entries of the form `deb [options] ADDRESS SUITE COMPONENT…`."""
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words or words[0] != "deb":
            continue
        rest = words[1:]
        if rest and rest[0].startswith("["):
            end = next((n for n, word in enumerate(rest) if word.endswith("]")), len(rest))
            rest = rest[end + 1 :]
        if len(rest) > 2:
            yield rest[0], rest[1], " ".join(rest[2:])


def _deb822(text: str) -> Iterator[tuple[str, str, str]]:
    """Entries of stanzas with Types, URIs, Suites, Components."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for stanza in "\n".join(lines).split("\n\n"):
        fields = _fields(stanza)
        enabled = fields.get("enabled", "yes").lower() not in ("no", "false", "0")
        if enabled and "deb" in fields.get("types", "").split():
            yield fields.get("uris", ""), fields.get("suites", ""), fields.get("components", "")


def _fields(stanza: str) -> dict[str, str]:
    """One stanza's fields, names in small letters, continued lines joined."""
    fields: dict[str, str] = {}
    name = ""
    for line in stanza.splitlines():
        if line[:1].isspace() and name:
            fields[name] += " " + line.strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields
