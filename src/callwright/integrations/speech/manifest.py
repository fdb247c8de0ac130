"""The models that `callwright models` can install: names, sources and hashes, as package data."""

from __future__ import annotations

from importlib.resources import files

from callwright.kit.bundles import Bundle, read_manifest


def known_models() -> dict[str, Bundle]:
    """All bundles of `models.json`, by name."""
    return read_manifest(files(__package__).joinpath("models.json").read_bytes())
