"""Asks Asterisk what it holds: for snapshots, and to clean up after streams of a dead process."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

from callwright.integrations.pbx.asterisk import channels
from callwright.integrations.pbx.asterisk.client import AriClient, AriError
from callwright.integrations.pbx.asterisk.connection import APPLICATION, PHONES_APPLICATION
from callwright.integrations.pbx.asterisk.legs import FOREIGN_PREFIX, Leg
from callwright.integrations.pbx.checks import is_phone
from callwright.kit.clock import Clock
from callwright.ports.telephony import Snapshot

NOT_FOUND, NO_SUCH_SOURCE = 404, 422
# variables and dialplan steps are two thirds of all events and tell us nothing
_NOISE = ("ChannelVarset", "ChannelDialplan", "ChannelCallerId", "ChannelConnectedLine", "Dial")


@dataclass(frozen=True, slots=True)
class Inventory:
    """The PBX at one moment; `helpers` = channels and bridges that carry no leg."""

    snapshot: Snapshot
    legs: tuple[Leg, ...]
    helper_channels: tuple[str, ...]
    helper_bridges: tuple[str, ...]
    version: str


async def subscribe(client: AriClient) -> None:
    """Ask for no noise."""
    await asyncio.gather(
        client.request(
            "PUT",
            f"applications/{APPLICATION}/eventFilter",
            {"disallowed": [{"type": kind} for kind in _NOISE]},
        ),
        client.request(
            "PUT",
            f"applications/{PHONES_APPLICATION}/eventFilter",
            {"allowed": [{"type": "EndpointStateChange"}]},
        ),
    )


async def watch_phones(client: AriClient) -> bool:
    """Ask for phones' news; False while the PBX has no phone and no trunk at all, and refuses.

    A subscription to all endpoints would bring every channel's events twice; so it belongs to an
    application of its own that passes on nothing else.
    """
    where = f"applications/{PHONES_APPLICATION}/subscription"
    try:
        await client.request("POST", where, eventSource="endpoint:PJSIP")
    except AriError as error:
        if error.status != NO_SUCH_SOURCE:
            raise
        return False
    return True


async def _endpoints(client: AriClient) -> list[dict[str, Any]]:
    """Phones and trunks; a PBX that has none does not know what they are."""
    try:
        found: list[dict[str, Any]] = await client.request("GET", "endpoints/PJSIP")
    except AriError as error:
        if error.status != NOT_FOUND:
            raise
        return []
    return found


async def take_stock(client: AriClient, clock: Clock) -> Inventory:
    """Everything at once, in one round of requests."""
    info, application, all_channels, bridges, endpoints = await asyncio.gather(
        client.request("GET", "asterisk/info"),
        client.request("GET", f"applications/{APPLICATION}"),
        client.request("GET", "channels"),
        client.request("GET", "bridges"),
        _endpoints(client),
    )
    ours = [c for c in all_channels if c["id"] in set(application["channel_ids"])]
    helpers = tuple(c["id"] for c in all_channels if channels.role_of(c) == "helper")
    legs = _legs(ours, bridges)
    snapshot = Snapshot(
        at=clock.now(),
        legs=tuple(leg.as_state() for leg in legs),
        bridges={
            b["id"]: tuple(leg.id for leg in legs if leg.id in b["channels"])
            for b in bridges
            if not b["id"].startswith(FOREIGN_PREFIX)
        },
        phones_online=frozenset(
            e["resource"] for e in endpoints if e["state"] == "online" and is_phone(e["resource"])
        ),
        boot_id=f"{info['system']['entity_id']} {info['status']['startup_time']}",
    )
    return Inventory(
        snapshot,
        legs,
        helpers,
        tuple(b["id"] for b in bridges if b["id"].startswith(FOREIGN_PREFIX)),
        info["system"]["version"],
    )


async def reap(client: AriClient, stock: Inventory, keep: set[str]) -> None:
    """Remove helpers that nobody uses any more."""
    paths = [f"channels/{c}" for c in stock.helper_channels if c not in keep]
    paths += [f"bridges/{b}" for b in stock.helper_bridges if b not in keep]
    for path in paths:
        with contextlib.suppress(AriError):
            await client.request("DELETE", path)


def _legs(ours: list[dict[str, Any]], bridges: list[dict[str, Any]]) -> tuple[Leg, ...]:
    bridge_of = {c: b["id"] for b in bridges for c in b["channels"]}
    legs = []
    for channel in ours:
        role = channels.role_of(channel)
        if role not in {"helper", "foreign"}:
            leg = channels.leg_of(channel, role)
            leg.bridge = bridge_of.get(leg.id)
            legs.append(leg)
    return tuple(legs)
