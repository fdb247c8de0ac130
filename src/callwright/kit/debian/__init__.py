"""Debian packages into a private tree: signed, no root, nothing of the system touched."""

from callwright.kit.debian.fetch import DEFAULT_SUITES, Source, fetch_packages, read_stamp
from callwright.kit.debian.sources import find_mirrors

__all__ = ["DEFAULT_SUITES", "Source", "fetch_packages", "find_mirrors", "read_stamp"]
