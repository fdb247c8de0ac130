"""Business settings: append-only (key, version, body, author). A call keeps its version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from callwright.kit.db import Tx, metadata
from callwright.kit.errors import CallwrightError

setting_table = sa.Table(
    "business_setting",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("body", JSONB, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)


async def publish_setting(tx: Tx, key: str, body: Any, author: str) -> int:
    """Append a version and return its number (from 1)."""
    t = setting_table.c
    await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(key))))
    latest = await tx.value(sa.select(sa.func.max(t.version)).where(t.key == key))
    version = int(latest or 0) + 1
    await tx.execute(
        sa.insert(setting_table).values(
            key=key, version=version, body=body, author=author, at=tx.clock.now()
        )
    )
    return version


async def read_setting(tx: Tx, key: str, version: int | None = None) -> tuple[int, Any]:
    """The body of a version, the latest by default; `not_found` when there is none."""
    t = setting_table.c
    query = sa.select(t.version, t.body).where(t.key == key).order_by(t.version.desc()).limit(1)
    if version is not None:
        query = query.where(t.version == version)
    row = await tx.row(query)
    if row is None:
        raise CallwrightError("not_found", what="setting", key=key, version=version)
    return row["version"], row["body"]


async def setting_in_force(tx: Tx, key: str, ours: Callable[[], Any]) -> tuple[int, Any]:
    """The latest version, or version 0 = what comes with the software, while none is published."""
    try:
        return await read_setting(tx, key)
    except CallwrightError:
        return 0, ours()


async def latest_settings(tx: Tx, prefix: str) -> list[dict[str, Any]]:
    """The latest version of every key that begins so: key, version, body, author, at; by key."""
    t = setting_table.c
    newest = sa.select(t.key, sa.func.max(t.version)).group_by(t.key)
    query = sa.select(setting_table).where(sa.tuple_(t.key, t.version).in_(newest))
    return await tx.rows(query.where(t.key.startswith(prefix, autoescape=True)).order_by(t.key))


async def versions_of(tx: Tx, key: str) -> list[dict[str, Any]]:
    """Every version of a setting without its body: version, author, at; newest first."""
    t = setting_table.c
    query = sa.select(t.version, t.author, t.at).where(t.key == key)
    return await tx.rows(query.order_by(t.version.desc()))
