"""Refuses bad input before any PBX sees it; the same rules for every adapter."""

from __future__ import annotations

import ipaddress

from callwright.integrations.pbx.outside_text import caller_number, object_id
from callwright.kit.errors import invalid
from callwright.ports.telephony import Trunk

TRUNK_PREFIX = "trunk-"  # of trunks set up by us; keeps their names apart from phones'
LOCAL_TRUNK = "local"  # the trunk that the generated configuration itself has
SHORTEST_PASSWORD = 8


def is_phone(endpoint: str) -> bool:
    """Whether an endpoint is an agent's phone, not a trunk."""
    return endpoint != LOCAL_TRUNK and not endpoint.startswith(TRUNK_PREFIX)


def check_phone(endpoint: str, password: str) -> None:
    """The name and password of a phone."""
    object_id("endpoint", endpoint)
    if not is_phone(endpoint):
        raise invalid("endpoint", "is a trunk's name")
    if len(password) < SHORTEST_PASSWORD or not password.isprintable():
        raise invalid("password", f"at least {SHORTEST_PASSWORD} printable characters")


def check_number(number: str) -> None:
    """A number that goes into a dial string."""
    if not number or caller_number(number) != number:
        raise invalid("number", "digits, letters and + * # only, at most 32")


def check_timeout(timeout_s: int) -> None:
    """How long a leg may ring."""
    if timeout_s < 1:
        raise invalid("timeout_s", "must be at least 1")


def check_trunk(trunk: Trunk) -> None:
    """Everything of a trunk that enters the PBX's settings."""
    object_id("name", trunk.name)
    if not trunk.host or not all(sign.isalnum() or sign in ".-:[]" for sign in trunk.host):
        raise invalid("host", "must be a host name or an IP address")
    if trunk.register and not trunk.username:
        raise invalid("username", "is needed to register")
    if not trunk.codecs or not all(codec.isalnum() for codec in trunk.codecs):
        raise invalid("codecs", "must name at least one codec")
    for network in trunk.match:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError as error:
            raise invalid("match", str(error)) from error
