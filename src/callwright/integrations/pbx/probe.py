"""Looks at a PBX from outside: are its ports free, does it answer, is it fully started."""

from __future__ import annotations

import base64
import http.client
import socket
from urllib.parse import urlsplit

from callwright.integrations.pbx.config.secrets import PbxSecrets
from callwright.integrations.pbx.config.server import LOOPBACK
from callwright.kit.errors import CallwrightError
from callwright.kit.settings import Settings

_TIMEOUT_S = 2.0
_READ = 4096


def check_ports(settings: Settings) -> None:
    """Raise CallwrightError("port_in_use", port, use) when one of the PBX's ports is taken."""
    ports, bind = settings.ports, settings.pbx.bind
    wanted = [
        (LOOPBACK, ports.pbx_http, socket.SOCK_STREAM, "pbx_http"),
        (LOOPBACK, ports.ami, socket.SOCK_STREAM, "ami"),
        (bind, ports.sip, socket.SOCK_STREAM, "sip"),
        (bind, ports.sip, socket.SOCK_DGRAM, "sip"),
    ]
    for address, port, kind, use in wanted:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, kind) as probe:
            if kind == socket.SOCK_STREAM:  # as Asterisk does: old closed connections do not matter
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError as error:
                raise CallwrightError(
                    "port_in_use", port=port, use=use, address=address, why=str(error)
                ) from error


def ari_answers(ari_url: str, secrets: PbxSecrets) -> bool:
    """Whether ARI takes our password."""
    place = urlsplit(ari_url)
    token = base64.b64encode(f"{secrets.ari_user}:{secrets.ari_password}".encode()).decode()
    line = http.client.HTTPConnection(str(place.hostname), place.port, timeout=_TIMEOUT_S)
    try:
        line.request(
            "GET", f"{place.path}/asterisk/ping", headers={"Authorization": f"Basic {token}"}
        )
        return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def fully_started(port: int, secrets: PbxSecrets) -> bool:
    """Whether every module is loaded: AMI tells it to who logs in."""
    login = (
        f"Action: Login\r\nUsername: {secrets.ami_user}\r\nSecret: {secrets.ami_password}\r\n\r\n"
    )
    seen = b""
    try:
        with socket.create_connection((LOOPBACK, port), _TIMEOUT_S) as line:
            line.sendall(login.encode())
            while b"FullyBooted" not in seen:
                part = line.recv(_READ)
                if not part:
                    return False
                seen += part
    except OSError:
        return False
    return True
