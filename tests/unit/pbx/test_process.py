"""Processes that outlive us, and never one that is not ours."""

from __future__ import annotations

import json
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callwright.kit.errors import CallwrightError
from callwright.kit.process import (
    PidFile,
    can_reach,
    command_line,
    find_process,
    is_alive,
    others_may_enter,
    spawn_detached,
    terminate,
)

Start = Callable[..., int]
STUBBORN = "import signal,time; signal.signal(15, signal.SIG_IGN); print('ready',flush=True)"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    pids = []

    def started(*argv: str) -> int:
        environment = {"PATH": os.environ["PATH"], "MARK": "given"}
        log = tmp_path / "log"
        pids.append(spawn_detached(argv, cwd=tmp_path, env=environment, log=log))
        return pids[-1]

    yield started
    for pid in pids:
        terminate(pid, 0)


def wait_for(happened: Callable[[], bool]) -> None:
    while not happened():
        os.sched_yield()


def test_runs_in_a_session_of_its_own_with_the_given_surroundings(
    start: Start, tmp_path: Path
) -> None:
    pid = start("sh", "-c", "echo $MARK $HOME; pwd; exec sleep 60")
    assert os.getsid(pid) == pid != os.getsid(0)
    log = tmp_path / "log"
    wait_for(lambda: log.read_text().count("\n") == 2)
    assert log.read_text().split() == ["given", str(tmp_path)]


def test_survives_the_death_of_who_started_it(tmp_path: Path) -> None:
    script = (
        "import os,sys,signal; from pathlib import Path;"
        "from callwright.kit.process import spawn_detached as s; t=Path(sys.argv[1]);"
        "print(s(['sleep','60'],cwd=t,env=dict(os.environ),log=t/'log'),flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    made = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert made.returncode == -signal.SIGKILL
    pid = int(made.stdout)
    assert is_alive(pid)
    assert terminate(pid, 10)


def test_dead_child_is_not_alive_though_nobody_waited_for_it(start: Start) -> None:
    pid = start("sleep", "60")
    assert is_alive(pid)
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not is_alive(pid))


def test_program_that_is_not_there_is_told(start: Start) -> None:
    with pytest.raises(CallwrightError, match="program_not_started"):
        start("/nowhere/program")


def test_polite_end_is_enough_for_most(start: Start) -> None:
    pid = start("sleep", "60")
    assert terminate(pid, 10) is True
    assert not is_alive(pid)


def test_who_does_not_listen_is_ended_by_force(start: Start, tmp_path: Path) -> None:
    pid = start(sys.executable, "-c", STUBBORN + "; time.sleep(60)")
    wait_for(lambda: "ready" in (tmp_path / "log").read_text())
    assert terminate(pid, 0.05) is False
    assert not is_alive(pid)


def test_pid_file_knows_its_process(start: Start, tmp_path: Path) -> None:
    file = PidFile(tmp_path / "pid")
    assert file.read() is None
    pid = start("sleep", "60")
    file.write(pid)
    assert file.read() == pid
    assert PidFile(tmp_path / "pid").read() == pid
    terminate(pid, 10)
    assert file.read() is None


def test_reused_pid_is_not_taken_for_ours(start: Start, tmp_path: Path) -> None:
    file = PidFile(tmp_path / "pid")
    file.write(start("sleep", "60"))
    noted = json.loads(file.path.read_text())
    file.path.write_text(json.dumps({**noted, "pid": os.getpid()}))
    assert is_alive(os.getpid())
    assert file.read() is None


@pytest.mark.parametrize("text", ["", "{}", "7", "not json", '{"pid": "x", "started": "y"}'])
def test_damaged_pid_file_names_nobody(tmp_path: Path, text: str) -> None:
    (tmp_path / "pid").write_text(text)
    assert PidFile(tmp_path / "pid").read() is None


def test_process_is_found_by_a_whole_argument_only(start: Start, tmp_path: Path) -> None:
    mark = str(tmp_path / "mark")
    pid = start("sh", "-c", "sleep 60; :", mark)
    wait_for(lambda: mark in command_line(pid))
    assert find_process(mark) == pid
    assert find_process(mark[:-1]) is None


def test_closed_folder_above_is_found(tmp_path: Path) -> None:
    base = Path("/tmp") / f"callwright-{tmp_path.name}-{os.getpid()}"
    inner = base / "a" / "b"
    inner.mkdir(parents=True, mode=0o755)
    stranger = pwd.struct_passwd(("x", "x", 54321, 54321, "", "/", "/bin/false"))
    try:
        for folder in (base, base / "a", inner):
            folder.chmod(0o711)
        assert others_may_enter(inner)
        assert can_reach(stranger, inner)
        (base / "a").chmod(0o700)
        assert not others_may_enter(inner)
        assert not can_reach(stranger, inner)
    finally:
        inner.rmdir()
        (base / "a").rmdir()
        base.rmdir()
