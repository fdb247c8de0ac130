"""Tables and SQL of users, sessions and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from callwright.kit.db import Tx, metadata
from callwright.kit.ids import new_id

user_table = sa.Table(
    "user_account",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)
session_table = sa.Table(
    "user_session",
    metadata,
    sa.Column("token_hash", sa.LargeBinary, primary_key=True),
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("user_account.id"), nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
)
audit_table = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)


async def insert_user(tx: Tx, values: dict[str, Any]) -> None:
    """Write a new user."""
    await tx.execute(sa.insert(user_table).values(**values))


async def user_by_login(tx: Tx, login: str) -> dict[str, Any] | None:
    """A user's row."""
    return await tx.row(sa.select(user_table).where(user_table.c.login == login))


async def names_of(tx: Tx, logins: Sequence[str]) -> dict[str, str]:
    """Names by login."""
    u = user_table.c
    rows = await tx.rows(sa.select(u.login, u.name).where(u.login.in_(logins)))
    return {row["login"]: row["name"] for row in rows}


async def count_users(tx: Tx) -> int:
    """How many users there are."""
    return int(await tx.value(sa.select(sa.func.count()).select_from(user_table)) or 0)


async def insert_session(tx: Tx, token_hash: bytes, user_id: UUID, expires_at: datetime) -> None:
    """Remember a session by the hash of its token."""
    await tx.execute(
        sa.insert(session_table).values(
            token_hash=token_hash, user_id=user_id, expires_at=expires_at
        )
    )


async def user_of_session(tx: Tx, token_hash: bytes, now: datetime) -> dict[str, Any] | None:
    """The user of a session that is still good."""
    s, u = session_table.c, user_table
    return await tx.row(
        sa.select(u)
        .join(session_table, s.user_id == u.c.id)
        .where(s.token_hash == token_hash, s.expires_at > now)
    )


async def delete_session(tx: Tx, token_hash: bytes) -> None:
    """End a session."""
    await tx.execute(sa.delete(session_table).where(session_table.c.token_hash == token_hash))


async def insert_audit(tx: Tx, login: str, action: str, subject: str, reason: str) -> None:
    """Write down who did what."""
    await tx.execute(
        sa.insert(audit_table).values(
            id=new_id(), at=tx.clock.now(), login=login, action=action, subject=subject,
            reason=reason,
        )
    )  # fmt: skip
