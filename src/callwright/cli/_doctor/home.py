"""The home folder and the keys in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from callwright.cli._doctor.findings import Finding, checks
from callwright.kit.settings import Settings


@checks.register("home")
def check_home(settings: Settings) -> Iterator[Finding]:
    """There, and ours to write."""
    home = settings.home
    if not home.is_dir():
        yield Finding("home", "warn", f"{home} does not exist yet", "callwright run")
    elif not os.access(home, os.W_OK | os.X_OK):
        user = os.geteuid()
        yield Finding("home", "bad", f"{home} cannot be written", f"chown it to user {user}")
    else:
        yield Finding("home", "ok", str(home))


@checks.register("keys")
def check_keys(settings: Settings) -> Iterator[Finding]:
    """Nobody but us may read a key."""
    folder = settings.home / "keys"
    if not folder.is_dir():
        return
    wide = [
        path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_mode & 0o077
    ]
    for path in wide:
        mode = stat.S_IMODE(path.stat().st_mode)
        yield Finding("keys", "bad", f"{path} has mode {mode:o}", f"chmod 600 {path}")
    if not wide:
        yield Finding("keys", "ok", "only we can read them")
    if (folder / "master.key").exists():
        yield Finding(
            "keys",
            "ok",
            "recordings are encrypted with keys/master.key: keep a copy elsewhere"
            " (callwright backup TARGET --keys-to FILE)",
        )
