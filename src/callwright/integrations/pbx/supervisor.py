"""Starts Asterisk, adopts one that still runs, ends it, and keeps it alive."""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import os
import pwd
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from callwright.integrations.pbx.config import PbxPaths, PbxSecrets, write_config
from callwright.integrations.pbx.config.secrets import load_secrets
from callwright.integrations.pbx.config.server import LOOPBACK
from callwright.integrations.pbx.install import Asterisk, fetched_asterisk, system_asterisk
from callwright.integrations.pbx.probe import ari_answers, check_ports, fully_started
from callwright.kit.clock import Clock, SystemClock
from callwright.kit.errors import CallwrightError
from callwright.kit.files import write_whole
from callwright.kit.process import (
    PidFile,
    command_line,
    find_process,
    is_alive,
    others_may_enter,
    service_user,
    spawn_detached,
    terminate,
)
from callwright.kit.settings import Settings

_START_S = 60.0
_STOP_S = 10.0
_POLL_S = 0.05
_WATCH_S = 1.0
_BACK_OFF_S = (1.0, 2.0, 5.0, 15.0, 60.0)
_LOG_TAIL = 2000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunningPbx:
    """A server that answers. `user` = whom it runs as; `repr` shows no password."""

    pid: int
    ari_url: str
    ari_user: str
    ari_password: str
    ami_port: int
    ami_user: str
    ami_password: str
    sip_host: str
    sip_port: int
    version: str
    user: str
    rtp: str  # media ports, as `20000-20399`

    def __repr__(self) -> str:
        return f"RunningPbx(pid={self.pid}, ari_url={self.ari_url!r}, version={self.version!r})"


@dataclass(frozen=True, slots=True)
class _Started:
    """What is noted of a start, so that an adopted server is reached by the ports that it has."""

    ari_url: str
    ami_port: int
    sip_host: str
    sip_port: int
    version: str
    user: str
    rtp: str = ""  # later additions have a default: a server started before them is adopted too


_NOTED = [field.name for field in fields(_Started)]


class PbxServer:
    """One PBX of one home. Every method may be called by several processes at once."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self.paths = PbxPaths(settings.home.absolute())
        self._pid_file = PidFile(self.paths.home / "pbx" / "asterisk.pid")
        self._note = self.paths.home / "pbx" / "started.json"

    def ensure(self) -> RunningPbx:
        """Start the server, or adopt the one that runs; returns once it takes calls.

        Blocks up to a minute. Raises CallwrightError: "pbx_not_installed", "port_in_use",
        "pbx_not_started", "invalid".
        """
        with self._alone():
            running = self.adopted()
            if running is not None and self._answers(running):
                self._compare(running)
                return running
            if running is not None:
                log.warning("the PBX runs but does not answer: it is started again")
                terminate(running.pid, _STOP_S)
            return self._start()

    def adopted(self) -> RunningPbx | None:
        """The server of this home, when it runs; whoever started it."""
        pid = self._pid()
        try:
            noted = json.loads(self._note.read_text("utf-8"))
            started = _Started(**{name: noted[name] for name in _NOTED if name in noted})
        except (OSError, ValueError, TypeError):
            return None
        return _describe(pid, started, load_secrets(self.paths.secrets)) if pid else None

    def stop(self) -> bool:
        """End the server and every call on it; False when none ran."""
        with self._alone():
            pid = self._pid()
            if pid is not None:
                terminate(pid, _STOP_S)
            self._pid_file.remove()
            return pid is not None

    def restart(self) -> RunningPbx:
        """End it and start it with fresh configuration."""
        self.stop()
        return self.ensure()

    async def watch(
        self, on_restart: Callable[[RunningPbx], Awaitable[None]] | None = None
    ) -> None:
        """Start it again whenever it died, for ever; then tell `on_restart`. Cancel to end."""
        failures = 0
        while True:
            await self._clock.sleep(_WATCH_S)
            if self._pid() is not None:
                failures = 0
                continue
            log.error("the PBX died: it is started again")
            try:
                running = await asyncio.to_thread(self.ensure)
            except CallwrightError as error:
                pause = _BACK_OFF_S[min(failures, len(_BACK_OFF_S) - 1)]
                failures += 1
                log.error("the PBX did not start (%s); next try in %.0f s", error, pause)
                await self._clock.sleep(pause)
                continue
            if on_restart is not None:
                await on_restart(running)

    def asterisk(self) -> Asterisk:
        """The program that would be started."""
        chosen = self._settings.pbx.asterisk
        return system_asterisk(chosen) if chosen else fetched_asterisk(self.paths.tree)

    def _start(self) -> RunningPbx:
        asterisk = self.asterisk()
        check_ports(self._settings)
        secrets = write_config(self._settings, asterisk)
        user = self._user(asterisk)
        if user is not None:
            self._hand_over(user)
        argv = [*asterisk.command, "-C", self._config_file(), "-f", "-n"]
        pid = spawn_detached(
            argv, cwd=self.paths.run, env=self._environment(), log=self._output(), user=user
        )
        self._pid_file.write(pid)
        running = _describe(pid, self._write_note(asterisk, user), secrets)
        self._await_ready(running, secrets)
        log.info("the PBX runs: Asterisk %s, pid %d", asterisk.version, pid)
        return running

    def _await_ready(self, running: RunningPbx, secrets: PbxSecrets) -> None:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline and is_alive(running.pid):
            if fully_started(running.ami_port, secrets) and ari_answers(running.ari_url, secrets):
                return
            time.sleep(_POLL_S)
        died = not is_alive(running.pid)
        terminate(running.pid, _STOP_S)
        said = self._output().read_text("utf-8", "replace")[-_LOG_TAIL:].strip()
        why = "it ended" if died else f"it did not answer within {_START_S:.0f} s"
        raise CallwrightError("pbx_not_started", why=why, log=str(self.paths.log), said=said)

    def _answers(self, running: RunningPbx) -> bool:
        """Whether an adopted server is well; calls hang on it, so a slow one gets long."""
        secrets = load_secrets(self.paths.secrets)
        deadline = time.monotonic() + _START_S
        while is_alive(running.pid):
            if ari_answers(running.ari_url, secrets):
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)
        return False

    def _compare(self, running: RunningPbx) -> None:
        """Say when an adopted server does not run as the settings now want it."""
        wanted = (self._settings.pbx.bind, self._settings.ports.sip)
        if (running.sip_host, running.sip_port) != wanted:
            log.warning("the PBX still runs with earlier settings, until `callwright pbx stop`")

    def _pid(self) -> int | None:
        """Our server's pid, also when it was started by somebody killed before noting it."""
        pid = self._pid_file.read()
        if pid is not None and self._config_file() in command_line(pid):
            return pid
        return find_process(self._config_file())

    def _config_file(self) -> str:
        return str(self.paths.etc / "asterisk.conf")

    def _output(self) -> Path:
        return self.paths.home / "pbx" / "output.log"

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}
        return {**kept, "HOME": str(self.paths.run), "LANG": "C.UTF-8"}

    def _user(self, asterisk: Asterisk) -> pwd.struct_passwd | None:
        """Not root, where that is possible: in a home that is closed to others root has to do."""
        if os.geteuid() != 0:
            return None
        program = Path(asterisk.command[-1]).resolve()
        for folder in (self.paths.home, asterisk.modules.resolve(), program.parent):
            if not others_may_enter(folder):
                log.warning("the PBX runs as root, because other users may not enter %s", folder)
                return None
        return service_user()

    def _hand_over(self, user: pwd.struct_passwd) -> None:
        """Give the server's user what it writes, and a way to it."""
        paths = self.paths
        for folder in (paths.run.parent, paths.prompts, paths.spool.parent):
            folder.chmod(folder.stat().st_mode | 0o011)
        for top in (paths.run, paths.database, paths.spool):
            for step in (top, *top.rglob("*")):
                os.chown(step, user.pw_uid, user.pw_gid, follow_symlinks=False)

    def _write_note(self, asterisk: Asterisk, user: pwd.struct_passwd | None) -> _Started:
        ports = self._settings.ports
        started = _Started(
            ari_url=f"http://{LOOPBACK}:{ports.pbx_http}/ari",
            ami_port=ports.ami,
            sip_host=self._settings.pbx.bind,
            sip_port=ports.sip,
            version=asterisk.version,
            user=(user or pwd.getpwuid(os.geteuid())).pw_name,
            rtp="{}-{}".format(*ports.rtp),
        )
        write_whole(self._note, (json.dumps(asdict(started)) + "\n").encode(), 0o644)
        return started

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One starter or stopper at a time, over all processes."""
        folder = self.paths.home / "pbx"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _describe(pid: int, started: _Started, secrets: PbxSecrets) -> RunningPbx:
    return RunningPbx(pid=pid, **asdict(started), **asdict(secrets))
