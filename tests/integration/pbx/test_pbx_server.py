"""A real Asterisk: started, adopted, killed, ended."""

from __future__ import annotations

import asyncio
import os
import pwd
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import aiohttp
import pytest
from tests.integration.pbx.lines import ari, login, provision
from tests.integration.pbx.test_pbx_install import system_like
from tests.pbx_server import PbxUnderTest, free_base, temporary_home
from tests.unit.pbx.archive import NOW

from callwright.integrations.pbx.config.secrets import load_secrets
from callwright.integrations.pbx.probe import ari_answers
from callwright.integrations.pbx.status import read_status
from callwright.integrations.pbx.supervisor import PbxServer, RunningPbx
from callwright.kit.clock import VirtualClock
from callwright.kit.errors import CallwrightError
from callwright.kit.process import command_line, is_alive, terminate
from callwright.kit.settings import PbxSettings, Ports, Settings

START_AND_DIE = """
import os, signal
from callwright.integrations.pbx.supervisor import PbxServer
from callwright.kit.settings import load_settings
print(PbxServer(load_settings()).ensure().pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def stopped(pbx_tree: Path) -> Iterator[Settings]:
    """Settings of an installation whose PBX does not run yet; ended afterwards."""
    with temporary_home(pbx_tree) as home:
        changes = {"home": home, "ports": Ports(base=free_base())}
        settings = Settings().model_copy(update=changes)
        try:
            yield settings
        finally:
            PbxServer(settings).stop()


def answers(running: RunningPbx, server: PbxServer) -> bool:
    return ari_answers(running.ari_url, load_secrets(server.paths.secrets))


def test_survives_the_platforms_death_and_is_adopted(stopped: Settings) -> None:
    environment = {
        **os.environ,
        "CALLWRIGHT_HOME": str(stopped.home),
        "CALLWRIGHT_PORTS__BASE": str(stopped.ports.base),
    }
    made = subprocess.run(
        [sys.executable, "-c", START_AND_DIE],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert made.returncode == -signal.SIGKILL, made.stderr
    pid = int(made.stdout)
    running = PbxServer(stopped).ensure()
    assert running.pid == pid
    assert answers(running, PbxServer(stopped))


def test_is_adopted_also_without_its_pid_file(pbx: PbxUnderTest) -> None:
    (pbx.paths.home / "pbx" / "asterisk.pid").unlink()
    adopted = PbxServer(pbx.settings).adopted()
    assert adopted is not None
    assert adopted.pid == pbx.running.pid


def test_is_adopted_on_the_ports_that_it_has(pbx: PbxUnderTest) -> None:
    moved = pbx.settings.model_copy(update={"ports": Ports(base=9990)})
    assert PbxServer(moved).ensure() == pbx.running


async def test_killed_server_is_started_again(stopped: Settings) -> None:
    clock = VirtualClock(NOW)
    server = PbxServer(stopped, clock=clock)
    first = server.ensure()
    back: asyncio.Queue[RunningPbx] = asyncio.Queue()
    watching = asyncio.create_task(server.watch(back.put))
    os.kill(first.pid, signal.SIGKILL)
    terminate(first.pid, 10)  # waits until it is gone
    await clock.advance(2)
    second = await asyncio.wait_for(back.get(), 60)
    watching.cancel()
    assert second.pid != first.pid
    assert answers(second, server)
    assert second.ari_password == first.ari_password


async def test_failing_starts_are_tried_ever_more_seldom(
    stopped: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, tries = VirtualClock(NOW), []

    async def fails(_: object) -> RunningPbx:
        tries.append(clock.monotonic())
        raise CallwrightError("port_in_use", port=1)

    monkeypatch.setattr(asyncio, "to_thread", fails)
    watching = asyncio.create_task(PbxServer(stopped, clock=clock).watch())
    await clock.advance(300)
    watching.cancel()
    pauses = [late - early for early, late in pairwise(tries)]
    assert pauses[:4] == [2, 3, 6, 16]
    assert set(pauses[4:]) == {61}


def test_stop_ends_it_and_frees_its_ports(stopped: Settings) -> None:
    server = PbxServer(stopped)
    running = server.ensure()
    assert server.stop() is True
    assert not is_alive(running.pid)
    assert server.adopted() is None
    assert server.stop() is False
    assert server.ensure().pid != running.pid


def test_started_by_several_at_once_it_runs_once(stopped: Settings) -> None:
    with ThreadPoolExecutor(4) as pool:
        pids = set(pool.map(lambda _: PbxServer(stopped).ensure().pid, range(4)))
    assert len(pids) == 1


def test_taken_port_is_named_and_nothing_is_started(stopped: Settings) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", stopped.ports.ami))
        holder.listen()
        with pytest.raises(CallwrightError, match="port_in_use") as caught:
            PbxServer(stopped).ensure()
        assert caught.value.params["port"] == stopped.ports.ami
        assert read_status(stopped).remedy.startswith("port_in_use")
    assert PbxServer(stopped).adopted() is None


def test_missing_pbx_is_told_with_the_remedy(tmp_path: Path) -> None:
    settings = Settings().model_copy(update={"home": tmp_path})
    with pytest.raises(CallwrightError, match="pbx_not_installed"):
        PbxServer(settings).ensure()
    assert read_status(settings).remedy == "callwright pbx install"


def test_server_that_cannot_start_says_why(stopped: Settings, tmp_path: Path) -> None:
    broken = system_like(PbxServer(stopped).paths.tree, tmp_path)
    broken.write_text('#!/bin/sh\n[ "$1" = -V ] && echo Asterisk 22.1 || { echo sorry; exit 1; }\n')
    settings = stopped.model_copy(update={"pbx": PbxSettings(asterisk=broken)})
    with pytest.raises(CallwrightError, match="pbx_not_started") as caught:
        PbxServer(settings).ensure()
    assert "sorry" in str(caught.value.params["said"])


def test_system_asterisk_runs(stopped: Settings) -> None:
    program = system_like(PbxServer(stopped).paths.tree, stopped.home / "system")
    settings = stopped.model_copy(update={"pbx": PbxSettings(asterisk=program)})
    server = PbxServer(settings)
    assert answers(server.ensure(), server)


def test_status_of_a_running_one(pbx: PbxUnderTest) -> None:
    status = read_status(pbx.settings)
    assert (status.pid, status.answers) == (pbx.running.pid, True)
    assert status.version == pbx.running.version
    assert status.sip == f"127.0.0.1:{pbx.settings.ports.sip}"


def test_runs_as_no_root_and_in_its_own_session(pbx: PbxUnderTest) -> None:
    owner = Path(f"/proc/{pbx.running.pid}").stat().st_uid
    assert owner != 0
    assert pwd.getpwuid(owner).pw_name == pbx.running.user
    assert os.getsid(pbx.running.pid) != os.getsid(0)


def test_no_password_is_seen_from_outside(pbx: PbxUnderTest) -> None:
    shown = " ".join(command_line(pbx.running.pid)) + repr(pbx.running)
    environment = Path(f"/proc/{pbx.running.pid}/environ").read_text()
    for secret in (pbx.running.ari_password, pbx.running.ami_password):
        assert secret not in shown + environment
    readable = [
        file.name
        for file in pbx.paths.home.rglob("*")
        if file.is_file()
        and "tree" not in file.parts
        and file.stat().st_mode & 0o044
        and pbx.running.ari_password in file.read_text("utf-8", "replace")
    ]
    assert readable == []


def test_http_and_ami_listen_on_loopback_only(pbx: PbxUnderTest) -> None:
    wanted = {f"{port:04X}" for port in (pbx.settings.ports.pbx_http, pbx.settings.ports.ami)}
    seen = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            address, port = local.split(":")
            if state == "0A" and port in wanted:
                seen.add((port, address))
    assert seen == {(port, "0100007F") for port in wanted}


@pytest.mark.parametrize("headers", [{}, login("callwright", "wrong")], ids=["none", "wrong"])
async def test_ari_asks_for_the_password(pbx: PbxUnderTest, headers: dict[str, str]) -> None:
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(f"{pbx.running.ari_url}/channels") as answer,
    ):
        assert answer.status == 401


def test_log_holds_no_error_after_start(own_pbx: PbxUnderTest) -> None:
    text = (own_pbx.paths.log / "messages.log").read_text("utf-8", "replace")
    assert [line for line in text.splitlines() if "ERROR[" in line] == []


async def test_provisioned_agent_survives_a_restart(stopped: Settings) -> None:
    server = PbxServer(stopped)
    running = server.ensure()
    auth = {"auth_type": "digest", "username": "agent-1", "password": "long and secret"}
    endpoint = {"auth": "agent-1", "aors": "agent-1", "context": "from-agent", "allow": "alaw"}
    async with ari(running) as session:
        for path, fields in (
            ("auth/agent-1", auth),
            ("aor/agent-1", {"max_contacts": "2"}),
            ("endpoint/agent-1", endpoint),
        ):
            await provision(session, running, path, fields)
    again = server.restart()
    address = f"{again.ari_url}/asterisk/config/dynamic/res_pjsip/endpoint/agent-1"
    async with ari(again) as session, session.get(address) as answer:
        got = {field["attribute"]: field["value"] for field in await answer.json()}
    assert got["context"] == "from-agent"


def test_home_that_is_closed_to_others_still_runs(stopped: Settings) -> None:
    stopped.home.chmod(0o700)
    running = PbxServer(stopped).ensure()
    assert running.user == pwd.getpwuid(os.geteuid()).pw_name
    assert ("runs as root" in read_status(stopped).remedy) == (os.geteuid() == 0)


@pytest.mark.parametrize(
    ("bind", "folder"),
    [("::1", "home"), ("127.0.0.1", "客服/一个 家"), ("127.0.0.1", "long" * 30)],
    ids=["ipv6", "unicode", "long"],
)
def test_runs_wherever_it_lies(stopped: Settings, bind: str, folder: str) -> None:
    home = stopped.home / folder
    (home / "pbx").mkdir(parents=True)
    (home / "pbx" / "tree").symlink_to(PbxServer(stopped).paths.tree)
    changes = {"home": home, "pbx": PbxSettings(bind=bind)}
    server = PbxServer(stopped.model_copy(update=changes))
    try:
        running = server.ensure()
        assert (running.sip_host, answers(running, server)) == (bind, True)
    finally:
        server.stop()
