"""The platform, its ports, and the PBX."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

from callwright.cli._doctor.findings import Finding, checks
from callwright.integrations.pbx.status import read_status
from callwright.kit.process import PidFile
from callwright.kit.settings import Settings


@checks.register("platform")
def check_platform(settings: Settings) -> Iterator[Finding]:
    """Running, or at least able to: its port is free."""
    pid = PidFile(settings.home / "platform.pid").read()
    if pid is not None:
        yield Finding("platform", "ok", f"runs at {_address(settings)}, pid {pid}")
    elif _is_free(settings.bind, settings.ports.web):
        yield Finding("platform", "ok", f"does not run; port {settings.ports.web} is free")
    else:
        yield Finding(
            "platform",
            "warn",
            f"does not run, and port {settings.ports.web} is taken by another program",
            "callwright run takes the next free base; or set CALLWRIGHT_PORTS__BASE",
        )


@checks.register("pbx")
def check_pbx(settings: Settings) -> Iterator[Finding]:
    """Installed, running, answering."""
    if not settings.home.exists():
        yield Finding("pbx", "warn", "not installed", "callwright pbx install")
        return
    status = read_status(settings)
    fact = f"Asterisk {status.version or '-'}"
    if status.answers:
        fact += f", pid {status.pid}, user {status.user}, SIP on {status.sip}, RTP {status.rtp}"
        yield Finding("pbx", "warn" if status.remedy else "ok", fact, status.remedy)
    elif status.pid is not None:
        yield Finding("pbx", "bad", f"{fact} runs but does not answer", status.remedy)
    else:
        yield Finding("pbx", "warn", f"{fact}, does not run", status.remedy)


def _address(settings: Settings) -> str:
    try:
        return str(json.loads((settings.home / "run.json").read_text())["url"])
    except (OSError, ValueError, KeyError):
        return "an address not noted yet"


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
