"""What a person asks of the PBX: is it there, does it run, as whom, on which ports, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from callwright.integrations.pbx.config.secrets import load_secrets
from callwright.integrations.pbx.probe import ari_answers, check_ports
from callwright.integrations.pbx.supervisor import PbxServer
from callwright.kit.errors import CallwrightError
from callwright.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class PbxStatus:
    """`version` empty = none installed; `pid` None = not running, then no ports are told;
    `remedy` empty = all is well."""

    version: str
    pid: int | None
    answers: bool
    user: str
    sip: str
    ari: str
    ami: int | None
    rtp: str
    remedy: str


def read_status(settings: Settings) -> PbxStatus:
    """Look, and change nothing."""
    server = PbxServer(settings)
    running = server.adopted()
    version, remedy = running.version if running else "", ""
    if running is None:
        try:
            version = server.asterisk().version
            check_ports(settings)
            remedy = "callwright pbx run"
        except CallwrightError as error:
            remedy = str(error.params.get("remedy", error))
    answers = running is not None and ari_answers(
        running.ari_url, load_secrets(server.paths.secrets)
    )
    if running is not None and not answers:
        remedy = "callwright pbx stop, then callwright pbx run"
    elif running is not None and running.user == "root":
        remedy = "runs as root: let other users enter the home (chmod o+x on it and above)"
    return PbxStatus(
        version=version,
        pid=running.pid if running else None,
        answers=answers,
        user=running.user if running else "",
        sip=f"{running.sip_host}:{running.sip_port}" if running else "",
        ari=running.ari_url if running else "",
        ami=running.ami_port if running else None,
        rtp=running.rtp if running else "",
        remedy=remedy,
    )
