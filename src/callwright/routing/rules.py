"""The rules of routing as a setting: read, check, publish, roll back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callwright.agents import service as agents
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.versions import (
    publish_setting,
    read_setting,
    setting_in_force,
    versions_of,
)
from callwright.queues import service as queues
from callwright.routing.events import RoutingPublished
from callwright.routing.policy import DEFAULT_POLICY, Policy, parse_policy, policy_body

SETTING = "routing"


async def in_force(tx: Tx) -> tuple[int, Policy]:
    """The version and the rules that hold now; version 0 = as they come with the software."""
    version, body = await setting_in_force(tx, SETTING, lambda: policy_body(DEFAULT_POLICY))
    return version, parse_policy(body)


async def read(tx: Tx, version: int | None = None) -> tuple[int, dict[str, Any]]:
    """A version as it was published; the one in force by default, 0 = as they come."""
    if version == 0:
        return 0, policy_body(DEFAULT_POLICY)
    if version is None:
        found, policy = await in_force(tx)
        return found, policy_body(policy)
    found, body = await read_setting(tx, SETTING, version)
    return found, body


async def versions(tx: Tx) -> list[dict[str, Any]]:
    """Every version, the newest first: version, author, at."""
    return await versions_of(tx, SETTING)


async def check(tx: Tx, body: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The rules with everything left out filled in, and what looks wrong without being it."""
    policy = parse_policy(body)
    return policy_body(policy), await _doubts(tx, policy)


async def publish(tx: Tx, body: Mapping[str, Any], author: str, *, seen: int | None = None) -> int:
    """Store the next version; the next decision follows it. `wrong_state` when another version
    than `seen` is in force by now."""
    policy = parse_policy(body)
    version = await publish_setting(tx, SETTING, policy_body(policy), author)
    if seen is not None and version != seen + 1:
        raise CallwrightError("wrong_state", what="policy", version=version - 1)
    tx.publish(RoutingPublished(at=tx.clock.now(), version=version))
    return version


async def roll_back(tx: Tx, version: int, author: str, *, seen: int | None = None) -> int:
    """Publish an earlier version again; `not_found` when there was none."""
    _, body = await read(tx, version)
    return await publish(tx, body, author, seen=seen)


async def _doubts(tx: Tx, policy: Policy) -> list[dict[str, str]]:
    """Names that nobody and nothing has: field, why."""
    skills = {skill for agent in await agents.agents(tx) for skill in agent.skills}
    known = {queue.key for queue in await queues.queues(tx)}
    return [
        *(
            {"field": f"languages.{tag}.skill", "why": f"no agent has the skill {tongue.skill}"}
            for tag, tongue in policy.languages.items()
            if tongue.skill not in skills
        ),
        *(
            {"field": f"queue_capacity.{key}", "why": "there is no such queue"}
            for key in policy.queue_capacity
            if key not in known
        ),
    ]
