"""Where an embedded database lives, and as whom it runs."""

from __future__ import annotations

import os
import pwd
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from callwright.integrations.postgres.programs import STATE_FOLDER, open_folders
from callwright.kit.errors import CallwrightError
from callwright.kit.process import can_reach, service_user

_LONGEST_SOCKET_FOLDER = 80  # the kernel takes 107 bytes, the socket's own name up to 15


@dataclass(frozen=True, slots=True)
class Place:
    """Folders and files of one database. `account` is whom it runs as when we are root."""

    root: Path
    log: Path
    passfile: Path
    account: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.root / "data"

    @property
    def owner(self) -> int:
        """The user id that owns data and socket."""
        return self.account.pw_uid if self.account else os.geteuid()

    def own(self, path: Path, mode: int) -> None:
        """Hand a file or folder of ours to the server's user."""
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)
        path.chmod(mode)


def find_place(home: Path) -> Place:
    """Choose the folders, once: under the home, or the state folder where root's home is closed."""
    account = service_user()
    for folder in (home, home / "log", home / "keys"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = Place(
        root=_root(home, account),
        log=home / "log" / "postgres.log",
        passfile=home / "keys" / "database.pgpass",
        account=account,
    )
    place.root.mkdir(exist_ok=True)
    place.own(place.root, 0o700)
    return place


def _root(home: Path, account: pwd.struct_passwd | None) -> Path:
    """The folder noted at the first start; it stays, even when rights change later."""
    note = home / "db.path"
    if note.exists():
        root = Path(note.read_text("utf-8").strip())
        if root.parent != STATE_FOLDER:  # its rights are about to be set: only a folder of ours
            raise CallwrightError("database_damaged", file=str(note), remedy="restore this file")
        return root
    if account is None or can_reach(account, home):
        return home / "db"
    open_folders(STATE_FOLDER)
    return _noted_once(note, STATE_FOLDER / secrets.token_hex(6))


def _noted_once(note: Path, root: Path) -> Path:
    """The folder in the note: `root`, unless another process was faster.

    Its name is new for each home, so that a home that was deleted leaves no key-less database.
    """
    fresh = note.with_name(f"{note.name}.{root.name}")
    fresh.write_text(f"{root}\n", "utf-8")
    with suppress(FileExistsError):
        os.link(fresh, note)
    fresh.unlink()
    return Path(note.read_text("utf-8").strip())


def socket_folder(place: Place) -> Path:
    """A folder for the socket that only the server's user may open, with a path short enough."""
    folder = place.root / "socket"
    if len(os.fsencode(folder)) <= _LONGEST_SOCKET_FOLDER:
        folder.mkdir(exist_ok=True)
        place.own(folder, 0o700)
        return folder
    note = place.root / "socket-path"
    if note.exists() and _is_ours(Path(note.read_text("utf-8").strip()), place.owner):
        return Path(note.read_text("utf-8").strip())
    folder = Path(tempfile.mkdtemp(prefix="callwright-", dir=_short_parent()))
    place.own(folder, 0o700)
    _write_note(note, folder)
    return folder


def _write_note(note: Path, told: Path) -> None:
    fresh = note.with_name(note.name + ".new")
    fresh.write_text(f"{told}\n", "utf-8")
    fresh.replace(note)


def _short_parent() -> str:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    for parent in (runtime if os.geteuid() else "", tempfile.gettempdir()):
        if parent and len(parent) < _LONGEST_SOCKET_FOLDER // 2 and os.access(parent, os.W_OK):
            return parent
    return "/tmp"  # noqa: S108 (mkdtemp makes a private folder in it)


def _is_ours(folder: Path, owner: int) -> bool:
    """Whether a remembered temporary folder is still there and still only ours."""
    try:
        seen = folder.lstat()
    except OSError:
        return False
    return folder.is_dir() and not folder.is_symlink() and seen.st_uid == owner
