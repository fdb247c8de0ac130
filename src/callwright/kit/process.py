"""Processes that outlive us: started in a session of their own, found again by pid and start."""

from __future__ import annotations

import json
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from callwright.kit.errors import CallwrightError
from callwright.kit.files import write_whole

SERVICE_USER = "callwright"
_POLL_S = 0.02
_children: dict[int, subprocess.Popen[bytes]] = {}  # kept so that our own dead are reaped


def spawn_detached(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    log: Path,
    user: pwd.struct_passwd | None = None,
    umask: int = 0o077,
) -> int:
    """Start a server that survives our death; its output is appended to `log`. Returns its pid.

    `user` (root only) is whom it runs as, without any other group. Raises
    CallwrightError("program_not_started", program, why).
    """
    with log.open("ab") as output:
        try:
            child = subprocess.Popen(
                list(argv),
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=umask,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise CallwrightError("program_not_started", program=argv[0], why=str(error)) from error
    _children[child.pid] = child
    return child.pid


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that died and waits for its parent counts as dead."""
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        del _children[pid]
        return False
    fields = _stat(pid)
    return fields is not None and fields[0] not in "ZX"


def command_line(pid: int) -> list[str]:
    """The arguments a process was started with; empty when it is gone."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return []
    return [part.decode("utf-8", "replace") for part in raw.split(b"\0") if part]


def find_process(argument: str) -> int | None:
    """A running process that was started with exactly this argument; the oldest of several."""
    numbers = sorted(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return next((n for n in numbers if argument in command_line(n) and is_alive(n)), None)


def terminate(pid: int, grace_s: float) -> bool:
    """End a process: politely, and after `grace_s` by force. True when politeness was enough."""
    if _signalled(pid, signal.SIGTERM) and _gone_within(pid, grace_s):
        return True
    if not is_alive(pid):
        return True
    _signalled(pid, signal.SIGKILL)
    _gone_within(pid, grace_s)
    return False


class PidFile:
    """Remembers one process, with its start, so that a reused pid is never taken for ours."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, pid: int) -> None:
        """Remember this running process. Raises CallwrightError("process_gone", pid)."""
        started = _started(pid)
        if started is None:
            raise CallwrightError("process_gone", pid=pid)
        note = json.dumps({"pid": pid, "started": started}) + "\n"
        write_whole(self.path, note.encode(), 0o644)

    def read(self) -> int | None:
        """The pid, when that same process still runs; None when it is gone or was never noted."""
        try:
            noted = json.loads(self.path.read_text())
            pid, started = int(noted["pid"]), str(noted["started"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return pid if is_alive(pid) and _started(pid) == started else None

    def remove(self) -> None:
        """Forget it."""
        self.path.unlink(missing_ok=True)


def service_user(name: str = SERVICE_USER) -> pwd.struct_passwd | None:
    """Whom servers run as when we are root: the user `name`, made where missing; else None."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(name)
    except KeyError:
        made = subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name],
            capture_output=True,
            text=True,
            check=False,
        )
    try:
        return pwd.getpwnam(name)
    except KeyError as error:
        raise CallwrightError("user_not_made", user=name, why=made.stderr.strip()) from error


def can_reach(user: pwd.struct_passwd, folder: Path) -> bool:
    """Whether that user may enter the folder, through all the folders above it."""
    for step in (folder, *folder.absolute().parents):
        seen = step.stat()
        if seen.st_uid == user.pw_uid:
            allowed = seen.st_mode & 0o100
        elif seen.st_gid == user.pw_gid:
            allowed = seen.st_mode & 0o010
        else:
            allowed = seen.st_mode & 0o001
        if not allowed:
            return False
    return True


def others_may_enter(folder: Path) -> bool:
    """Whether any user may enter the folder, through all the folders above it."""
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.absolute().parents))


def _signalled(pid: int, number: signal.Signals) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def _gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL_S)
    return True


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the state on (the name before may hold anything)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def _started(pid: int) -> str | None:
    """Boot and tick in which a process began: unique on this machine."""
    fields = _stat(pid)
    if fields is None:
        return None
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}:{fields[19]}"
