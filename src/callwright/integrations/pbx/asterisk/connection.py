"""Where an Asterisk is and how to log in to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from callwright.kit.errors import invalid

APPLICATION = "callwright"  # the Stasis application that the dialplan hands incoming calls to
PHONES_APPLICATION = "callwright-phones"  # brings news of phones only


@dataclass(frozen=True, slots=True)
class AsteriskConnection:
    """Addresses and log-ins of one Asterisk.

    `ari_url` = http(s)://host:port, with or without the final `/ari`. `spool` = the folder
    that Asterisk writes recordings into, readable from here. `sip_host` and `sip_port` = where
    phones register.
    """

    ari_url: str
    ari_user: str
    ari_password: str = field(repr=False)
    ami_host: str
    ami_port: int
    ami_user: str
    ami_password: str = field(repr=False)
    sip_host: str
    sip_port: int
    spool: Path

    def __post_init__(self) -> None:
        parts = urlsplit(self.ari_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise invalid("ari_url", "must look like http://host:port")

    @property
    def http_root(self) -> str:
        """Scheme, host and port of Asterisk's HTTP server."""
        return self.ari_url.rstrip("/").removesuffix("/ari")

    @property
    def events_url(self) -> str:
        """The WebSocket that carries events to us and requests to Asterisk."""
        return f"{self.http_root}/ari/events?app={APPLICATION},{PHONES_APPLICATION}"

    @property
    def phone_socket(self) -> str:
        """The WebSocket that browser phones speak SIP on."""
        return f"ws{self.http_root.removeprefix('http')}/ws"

    def media_url(self, connection_id: str) -> str:
        """The WebSocket of one media channel."""
        return f"{self.http_root}/media/{connection_id}"
