"""SIP: transports, who is let in, and where agents and trunks are kept."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from callwright.kit.errors import invalid

LOCAL_TRUNK = "local"
GUESSERS = "guessers"  # the list of blocked addresses
DEAD_CALLER_S, DEAD_ON_HOLD_S = 60, 300  # without sound: a line that broke sends no goodbye
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8")

# Who is asked first decides. By name before by address: else an agent's phone on this machine
# would be taken for the local trunk. There is no anonymous endpoint.
# An address that asks five times in five seconds in unknown names is reported in the security log
# (and by AMI, where `guard` reads it); before and after, it gets the same challenge as everybody.
_GLOBAL = f"""[global]
type = global
user_agent = Callwright
default_realm = callwright
endpoint_identifier_order = username,ip
unidentified_request_count = 5
unidentified_request_period = 5
unidentified_request_prune_interval = 30
mwi_disable_initial_unsolicited = yes
[{GUESSERS}]
type = acl
acl = {GUESSERS}
"""

_LOCAL = f"""[{LOCAL_TRUNK}]
type = endpoint
context = from-trunk
disallow = all
allow = alaw,ulaw
dtmf_mode = rfc4733
direct_media = no
rtp_symmetric = yes
force_rport = yes
rewrite_contact = yes
trust_id_inbound = yes
allow_subscribe = no
rtp_timeout = {DEAD_CALLER_S}
rtp_timeout_hold = {DEAD_ON_HOLD_S}
aors = {LOCAL_TRUNK}
[{LOCAL_TRUNK}]
type = aor
[{LOCAL_TRUNK}]
type = identify
endpoint = {LOCAL_TRUNK}
match = 127.0.0.1/32,::1/128
"""


def is_loopback(bind: str) -> bool:
    """Whether SIP is reachable from this machine only. `bind` = an IP address."""
    try:
        return ipaddress.ip_address(bind).is_loopback
    except ValueError as error:
        raise invalid("pbx.bind", str(error)) from error


def pjsip_conf(bind: str, port: int, external_address: str) -> str:
    """pjsip.conf: transports, and on loopback the trunk `local` for phones on this machine."""
    outside = _outside(external_address)
    host = f"[{bind}]" if ":" in bind else bind
    parts = [_GLOBAL]
    for name in ("udp", "tcp"):
        parts.append(
            f"[{name}]\ntype = transport\nprotocol = {name}\nbind = {host}:{port}\n{outside}"
        )
    parts.append("[ws]\ntype = transport\nprotocol = ws\nbind = 127.0.0.1\n")
    if is_loopback(bind):
        parts.append(_LOCAL)
    return "".join(parts)


def acl_conf(blocked: Iterable[str] = ()) -> str:
    """acl.conf: addresses that are refused before anything is looked at. The first is nobody's."""
    denied = "".join(f"deny = {address}\n" for address in ("255.255.255.255", *blocked))
    return f"[{GUESSERS}]\n{denied}"


def sorcery_conf() -> str:
    """sorcery.conf: agents and trunks live in Asterisk's database, set over ARI at run time."""
    kept = [
        f"{kind}=config,pjsip.conf,criteria=type={kind}\n{kind}=astdb,ps_{kind}\n"
        for kind in ("endpoint", "auth", "aor")
    ]
    return (
        "[res_pjsip]\n"
        + "".join(kept)
        + "[res_pjsip_endpoint_identifier_ip]\n"
        + "identify=config,pjsip.conf,criteria=type=identify\nidentify=astdb,ps_identify\n"
        + "[res_pjsip_outbound_registration]\n"
        + "registration=config,pjsip.conf,criteria=type=registration\n"
        + "registration=astdb,ps_registration\n"
    )


def _outside(address: str) -> str:
    """Behind a router: which address the outside sees, and who is inside."""
    if not address:
        return ""
    if any(sign.isspace() or sign in ";[]=" for sign in address):
        raise invalid("pbx.external_address", "not an address")
    nets = "".join(f"local_net = {net}\n" for net in _PRIVATE)
    return f"external_media_address = {address}\nexternal_signaling_address = {address}\n{nets}"
