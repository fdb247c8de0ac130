"""The tables of ready replies and their SQL. Versions are only ever added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from callwright.kit.db import Tx, metadata
from callwright.scripts.model import Body, Head, Script, ScriptState, Usage, Version

script_table = sa.Table(
    "script",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("published", sa.Integer),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
)
version_table = sa.Table(
    "script_version",
    metadata,
    sa.Column("script_id", sa.Uuid, sa.ForeignKey("script.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("group", sa.Text, nullable=False),
    sa.Column("keywords", sa.ARRAY(sa.Text), nullable=False),
    sa.Column("departments", sa.ARRAY(sa.Text), nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("valid_from", sa.DateTime(timezone=True)),
    sa.Column("valid_until", sa.DateTime(timezone=True)),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("approved_by", sa.Text),
)
usage_table = sa.Table(
    "script_usage",
    metadata,
    sa.Column("script_id", sa.Uuid, sa.ForeignKey("script.id"), primary_key=True),
    sa.Column("sent", sa.Integer, nullable=False),
    sa.Column("played", sa.Integer, nullable=False),
    sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
)
group_table = sa.Table(
    "script_group",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
)
voice_table = sa.Table(
    "script_voice",
    metadata,
    sa.Column("script_id", sa.Uuid, sa.ForeignKey("script.id"), primary_key=True),
    sa.Column("text_hash", sa.Text, primary_key=True),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
s, v, u, g = script_table.c, version_table.c, usage_table.c, group_table.c
w = voice_table.c
Which = Literal["version", "published"]
NUMBERS = "script.number"  # the lock under which numbers and groups are given


async def lock_numbers(tx: Tx) -> None:
    """One at a time from here to the commit: numbers and groups follow one another."""
    await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(NUMBERS))))


async def next_number(tx: Tx) -> int:
    """The first number after all that are taken."""
    return int(await tx.value(sa.select(sa.func.coalesce(sa.func.max(s.number), 0)))) + 1


async def insert_script(tx: Tx, values: dict[str, Any]) -> None:
    """Write a script's head."""
    await tx.execute(sa.insert(script_table).values(**values))


async def update_script(tx: Tx, script_id: UUID, **values: Any) -> None:
    """Change a head."""
    await tx.execute(sa.update(script_table).where(s.id == script_id).values(**values))


async def add_version(tx: Tx, version: Version) -> None:
    """Append a version."""
    await tx.execute(
        sa.insert(version_table).values(
            script_id=version.script_id, version=version.version, author=version.author,
            at=version.at, approved_by=version.approved_by, **version.body.model_dump(),
        )
    )  # fmt: skip


async def approve_version(tx: Tx, script_id: UUID, version: int, by: str) -> None:
    """Note who approved a version."""
    query = sa.update(version_table).where(v.script_id == script_id, v.version == version)
    await tx.execute(query.values(approved_by=by))


async def stamp(tx: Tx) -> object:
    """Something that is another thing after any change of any script."""
    changes = sa.func.sum(sa.extract("epoch", s.updated_at))
    row = await tx.row(sa.select(sa.func.count().label("many"), changes.label("changes")))
    return tuple(row.values()) if row else ()


async def scripts(tx: Tx, which: Which) -> list[Script]:
    """Every script with its newest or its published version, by number."""
    return [_script(row) for row in await tx.rows(_joined(which).order_by(s.number))]


async def script(tx: Tx, script_id: UUID, which: Which) -> Script | None:
    """One script with its newest or its published version, if it has one."""
    row = await tx.row(_joined(which).where(s.id == script_id))
    return _script(row) if row else None


async def head_for_update(tx: Tx, script_id: UUID) -> Head | None:
    """One script's head, locked until the commit."""
    row = await tx.row(sa.select(script_table).where(s.id == script_id).with_for_update())
    return _head(row) if row else None


def _joined(which: Which) -> sa.Select[Any]:
    head = [column.label(f"head_{column.name}") for column in script_table.c]
    version = sa.and_(v.script_id == s.id, v.version == s[which])
    return sa.select(*head, version_table).select_from(script_table.join(version_table, version))


async def versions_of(tx: Tx, script_id: UUID) -> list[Version]:
    """All versions of a script, newest first."""
    query = sa.select(version_table).where(v.script_id == script_id).order_by(v.version.desc())
    return [_version(row) for row in await tx.rows(query)]


async def count_use(tx: Tx, script_id: UUID, at: datetime, *, sent: int, played: int) -> None:
    """One more use."""
    query = insert(usage_table).values(
        script_id=script_id, sent=sent, played=played, last_used_at=at
    )
    await tx.execute(
        query.on_conflict_do_update(
            index_elements=[u.script_id],
            set_={"sent": u.sent + sent, "played": u.played + played, "last_used_at": at},
        )
    )


async def usage(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Usage]:
    """How often these scripts were used; those never used are not in it."""
    rows = await tx.rows(sa.select(usage_table).where(u.script_id.in_(list(ids))))
    return {row.pop("script_id"): Usage(**row) for row in rows}


async def groups(tx: Tx) -> list[str]:
    """The names of the groups in their order."""
    rows = await tx.rows(sa.select(g.name).order_by(g.position, g.name))
    return [row["name"] for row in rows]


async def add_groups(tx: Tx, names: Iterable[str]) -> None:
    """Put new groups after those that are there; call `lock_numbers` before."""
    last = int(await tx.value(sa.select(sa.func.coalesce(sa.func.max(g.position), 0))))
    rows = [{"name": name, "position": last + place} for place, name in enumerate(names, 1)]
    if rows:
        await tx.execute(insert(group_table).on_conflict_do_nothing(), rows)


async def save_voice(tx: Tx, script_id: UUID, text_hash: str, **values: Any) -> None:
    """Give a script's text a voice, or another one."""
    query = insert(voice_table).values(script_id=script_id, text_hash=text_hash, **values)
    await tx.execute(
        query.on_conflict_do_update(index_elements=[w.script_id, w.text_hash], set_=values)
    )


async def voice(tx: Tx, script_id: UUID, text_hash: str) -> dict[str, Any] | None:
    """The voice of a script's text."""
    query = sa.select(voice_table).where(w.script_id == script_id, w.text_hash == text_hash)
    return await tx.row(query)


async def voices(tx: Tx, ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """All voices of these scripts."""
    return await tx.rows(sa.select(voice_table).where(w.script_id.in_(list(ids))))


async def delete_voice(tx: Tx, script_id: UUID, text_hash: str) -> None:
    """Take a text's voice away."""
    query = sa.delete(voice_table).where(w.script_id == script_id, w.text_hash == text_hash)
    await tx.execute(query)


def _script(row: dict[str, Any]) -> Script:
    head = {column.name: row[f"head_{column.name}"] for column in script_table.c}
    return Script(_head(head), _version(row))


def _head(row: dict[str, Any]) -> Head:
    names = ("id", "number", "version", "published", "updated_at")
    return Head(state=ScriptState(row["state"]), **{name: row[name] for name in names})


def _version(row: dict[str, Any]) -> Version:
    body = Body.model_construct(**{name: row[name] for name in Body.model_fields})
    names = ("script_id", "version", "author", "at", "approved_by")
    return Version(body=body, **{name: row[name] for name in names})
