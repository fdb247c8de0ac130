"""Reads Asterisk's channel descriptions: whose they are and which leg they carry."""

from __future__ import annotations

from typing import Any, Literal

from callwright.integrations.pbx.asterisk.legs import FOREIGN_PREFIX, Leg, State
from callwright.integrations.pbx.checks import TRUNK_PREFIX, is_phone

Role = Literal["in", "agent", "out", "helper", "foreign"]
OUT, HELPER = "out", "helper"  # the arguments that our own channels carry

_STATES: dict[str, State] = {"Ring": "ringing", "Ringing": "ringing", "Up": "up"}


def role_of(channel: dict[str, Any], args: list[str] | None = None) -> Role:
    """What a channel is to us; `args` = those of its StasisStart, if that is at hand."""
    if str(channel["id"]).startswith(FOREIGN_PREFIX):
        return "helper"
    if args is None:
        args = str(channel["dialplan"].get("app_data", "")).split(",")[1:]
    first = args[0] if args else ""
    return first if first in {"in", "agent", OUT} else "foreign"  # type: ignore[return-value]


def leg_of(channel: dict[str, Any], role: Role, args: list[str] | None = None) -> Leg:
    """The leg that a channel carries."""
    caller, connected = channel["caller"]["number"], channel["connected"]["number"]
    if args is None:
        args = str(channel["dialplan"].get("app_data", "")).split(",")[1:]
    dialled = args[1] if len(args) > 1 else channel["dialplan"]["exten"]
    resource = resource_of(channel)
    incoming = role != OUT
    return Leg(
        id=channel["id"],
        incoming=incoming,
        state=state_of(channel),
        from_number=caller if incoming else connected,
        to_number=dialled if incoming else caller,
        endpoint=None if role == "in" or not is_phone(resource) else resource,
        music=True,  # after a restart unknown, and ending what is not there does no harm
        tone=True,
        silence=True,
    )


def state_of(channel: dict[str, Any]) -> State:
    """The channel's state in the port's words."""
    return _STATES.get(channel["state"], "down")


def resource_of(channel: dict[str, Any]) -> str:
    """The PJSIP endpoint: `PJSIP/alice-00000001` is alice's."""
    return str(channel["name"]).partition("/")[2].rpartition("-")[0]


def trunk_of(channel: dict[str, Any]) -> str:
    """The name of the trunk that a caller came in by."""
    return resource_of(channel).removeprefix(TRUNK_PREFIX)


def q850(event: dict[str, Any]) -> int:
    """The cause code of a destroyed channel."""
    return int(event.get("cause") or 0)


def sip_code(event: dict[str, Any]) -> int | None:
    """The far end's final SIP code, where there was one."""
    code = int(event.get("tech_cause") or 0)
    return code if code >= 300 else None
