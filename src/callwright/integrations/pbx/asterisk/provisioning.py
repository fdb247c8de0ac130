"""Sets up phones and trunks in Asterisk's own database, where they survive its restart."""

from __future__ import annotations

import contextlib

from callwright.integrations.pbx.asterisk.client import AriClient, AriError
from callwright.integrations.pbx.asterisk.errors import pbx_error
from callwright.integrations.pbx.checks import TRUNK_PREFIX, check_phone, check_trunk
from callwright.integrations.pbx.config.sip import DEAD_CALLER_S, DEAD_ON_HOLD_S
from callwright.integrations.pbx.outside_text import object_id
from callwright.ports.telephony import Trunk

_MODULE = "res_pjsip"
_LAN_CODECS = "!all,alaw,ulaw"
_BROWSER_CODECS = "!all,opus,alaw,ulaw"

Fields = dict[str, str]
Thing = tuple[str, str]  # kind, id


class Provisioner:
    """Every call may be repeated; the last one counts."""

    def __init__(self, client: AriClient) -> None:
        self._client = client

    async def set_phone(self, endpoint: str, password: str, *, webrtc: bool) -> None:
        """Let the phone register. The endpoint comes last: it needs the others."""
        check_phone(endpoint, password)
        login = {"auth_type": "digest", "username": endpoint, "password": password}
        await self._put(("auth", endpoint), login)
        await self._put(("aor", endpoint), _phone_aor(webrtc=webrtc))
        await self._put(("endpoint", endpoint), _phone(endpoint, webrtc=webrtc))

    async def remove_phone(self, endpoint: str) -> None:
        """Forget the phone; unknown ones are fine."""
        object_id("endpoint", endpoint)
        for kind in ("endpoint", "aor", "auth"):
            await self._delete((kind, endpoint))

    async def set_trunk(self, trunk: Trunk) -> None:
        """Let calls come in from the trunk's networks and go out to its host."""
        check_trunk(trunk)
        name = TRUNK_PREFIX + trunk.name
        await self.remove_trunk(trunk.name)
        if trunk.username:
            await self._put(("auth", name), _trunk_login(trunk))
        await self._put(("aor", name), {"contact": _uri(trunk), "qualify_frequency": "0"})
        await self._put(("endpoint", name), _trunk_endpoint(trunk, name))
        if trunk.match:
            fields = {"endpoint": name, "match": ",".join(trunk.match)}
            await self._put(("identify", name), fields)
        if trunk.register:
            await self._put(("registration", name), _registration(trunk, name))

    async def remove_trunk(self, name: str) -> None:
        """Forget the trunk; unknown ones are fine."""
        name = TRUNK_PREFIX + object_id("name", name)
        await self._delete(("registration", name))
        await self._delete(("identify", name))
        for kind in ("endpoint", "aor", "auth"):
            await self._delete((kind, name))

    async def _put(self, thing: Thing, fields: Fields) -> None:
        attributes = [{"attribute": name, "value": value} for name, value in fields.items()]
        try:
            await self._client.request("PUT", _path(thing), {"fields": attributes})
        except AriError as error:
            raise pbx_error(error) from error

    async def _delete(self, thing: Thing) -> None:
        with contextlib.suppress(AriError):
            await self._client.request("DELETE", _path(thing))


def _path(thing: Thing) -> str:
    return "/".join(("asterisk/config/dynamic", _MODULE, *thing))


# A refresh that meets a lost socket would end a good talk; a browser that died says nothing.
_BROWSER = {
    "dtls_auto_generate_cert": "yes",
    "timers": "no",
    "rtp_timeout": str(DEAD_CALLER_S),
}


ASK_BROWSER_S = 5


def _phone_aor(*, webrtc: bool) -> Fields:
    """Browsers are asked whether they are there: when a page takes over another's registration,
    Asterisk keeps it after the socket is gone, until it would have to be refreshed."""
    asked = ASK_BROWSER_S if webrtc else 0
    return {
        "max_contacts": "1",
        "remove_existing": "yes",
        "minimum_expiration": "30",
        "default_expiration": "120",
        "maximum_expiration": "600",
        "qualify_frequency": str(asked),
        "qualify_timeout": "3.0",
    }


def _phone(endpoint: str, *, webrtc: bool) -> Fields:
    fields = {
        "context": "from-agent",
        "aors": endpoint,
        "auth": endpoint,
        "allow": _BROWSER_CODECS if webrtc else _LAN_CODECS,
        "dtmf_mode": "rfc4733",
        "direct_media": "no",
        "rewrite_contact": "yes",
        "rtp_symmetric": "yes",
        "force_rport": "yes",
        "allow_subscribe": "no",
        "allow_transfer": "no",  # transfers are the platform's business
        "webrtc": "yes" if webrtc else "no",
    }
    return fields | _BROWSER if webrtc else fields


def _trunk_login(trunk: Trunk) -> Fields:
    return {
        "auth_type": "digest",
        "username": trunk.username or "",
        "password": trunk.password or "",
    }


def _trunk_endpoint(trunk: Trunk, name: str) -> Fields:
    fields = {
        "context": "from-trunk",
        "aors": name,
        "allow": ",".join(("!all", *trunk.codecs)),
        "dtmf_mode": "rfc4733",
        "direct_media": "no",
        "rtp_symmetric": "yes",
        "force_rport": "yes",
        "rewrite_contact": "yes",
        "trust_id_inbound": "yes",
        "allow_transfer": "no",
        "allow_subscribe": "no",
        "rtp_timeout": str(DEAD_CALLER_S),
        "rtp_timeout_hold": str(DEAD_ON_HOLD_S),
    }
    if trunk.username:
        fields["outbound_auth"] = name
        fields["from_user"] = trunk.username
        fields["send_pai"] = "yes"
    return fields


def _registration(trunk: Trunk, name: str) -> Fields:
    return {
        "server_uri": f"sip:{trunk.host}:{trunk.port};transport={trunk.transport}",
        "client_uri": f"sip:{trunk.username}@{trunk.host}:{trunk.port}",
        "outbound_auth": name,
        "endpoint": name,
        "line": "yes",
        "contact_user": trunk.username or "",
        "retry_interval": "30",
    }


def _uri(trunk: Trunk) -> str:
    return f"sip:{trunk.host}:{trunk.port};transport={trunk.transport}"
