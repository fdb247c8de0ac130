"""Which Debian packages make a running Asterisk, found from what a running one has mapped."""

from __future__ import annotations

from pathlib import Path

from callwright.kit.debian import DEFAULT_SUITES, Source, fetch_packages

_NAMES = """
asterisk asterisk-modules libbsd0 libc6 libcap2 libcrypt1 libedit2 libgcc-s1 libgsm1 libjansson4
libmd0 libnspr4 libnss3 libogg0 libopus0 libopusenc0 libopusfile0 libsqlite3-0 libsrtp2-1
libssl3t64 libstdc++6 libsystemd0 libtinfo6 liburiparser1 libuuid1 libxml2-16 libxslt1.1
libzstd1 zlib1g
"""
PACKAGES = tuple(_NAMES.split())
KEEP = ("usr/lib", "usr/sbin/asterisk", "usr/share/asterisk/")


def install(tree: Path, suite: str = "", source: Source | None = None) -> dict[str, str]:
    """Make `tree` hold a whole Asterisk; returns package versions. Errors as `fetch_packages`."""
    suites = (suite, *(name for name in DEFAULT_SUITES if name != suite))
    return fetch_packages(PACKAGES, tree, [name for name in suites if name], KEEP, source)
