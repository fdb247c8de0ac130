"""Sign in and out, make users, keep the audit trail."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, cast, get_args

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from callwright.accounts import store
from callwright.accounts.model import Role, User
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.ids import new_id

SESSION = timedelta(hours=12)
MIN_PASSWORD = 8
_hasher = PasswordHasher()
names_of = store.names_of


async def add_user(
    tx: Tx, *, login: str, name: str, role: str, password: str, language: str = "zh-Hans"
) -> User:
    """Make a user; `invalid` names the field that is wrong."""
    if not login or not login.isascii() or " " in login:
        raise invalid("login", "letters, digits, dots; no spaces")
    if role not in get_args(Role):
        raise invalid("role", f"one of {', '.join(get_args(Role))}")
    if len(password) < MIN_PASSWORD:
        raise invalid("password", f"at least {MIN_PASSWORD} characters")
    if await store.user_by_login(tx, login):
        raise CallwrightError("already_exists", what="user", login=login)
    values = {"id": new_id(), "login": login, "name": name, "role": role, "language": language}
    await store.insert_user(
        tx, {**values, "password_hash": _hasher.hash(password), "created_at": tx.clock.now()}
    )
    return _user(values)


async def sign_in(tx: Tx, login: str, password: str) -> tuple[User, str]:
    """Check the password; return the user and a new session's token."""
    row = await store.user_by_login(tx, login)
    try:
        if row is None:
            raise VerificationError
        _hasher.verify(row["password_hash"], password)
    except VerificationError as error:
        raise CallwrightError("not_signed_in", why="login or password is wrong") from error
    token = secrets.token_urlsafe(32)
    await store.insert_session(tx, _digest(token), row["id"], tx.clock.now() + SESSION)
    return _user(row), token


async def user_of(tx: Tx, token: str) -> User | None:
    """Whose session this is."""
    row = await store.user_of_session(tx, _digest(token), tx.clock.now())
    return _user(row) if row else None


async def sign_out(tx: Tx, token: str) -> None:
    """End a session."""
    await store.delete_session(tx, _digest(token))


async def count_users(tx: Tx) -> int:
    """How many users there are; 0 = a fresh installation."""
    return await store.count_users(tx)


async def audit(tx: Tx, user: User, action: str, subject: str, reason: str = "") -> None:
    """Write down who looked at or changed what."""
    await store.insert_audit(tx, user.login, action, subject, reason)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _user(row: dict[str, Any]) -> User:
    return User(row["id"], row["login"], row["name"], cast(Role, row["role"]), row["language"])
