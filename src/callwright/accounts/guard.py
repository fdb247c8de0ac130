"""The guards that every slice's routes use: who asks, and may they."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from starlette.requests import HTTPConnection

from callwright.accounts import service
from callwright.accounts.model import Permission, User
from callwright.kit.errors import CallwrightError

COOKIE = "callwright_session"
CSRF_HEADER = "x-callwright"
LOCAL = User(UUID(int=0), "local", "local tools", "admin", "en")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def local_token_file(home: Path) -> Path:
    """The token of this machine's own command line; only its owner can read the file."""
    return home / "keys" / "local.token"


async def identify(conn: HTTPConnection) -> User:
    """The user behind a request or WebSocket; `not_signed_in` otherwise."""
    scheme, _, token = conn.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        known: str = conn.app.state.local_token
        if known and hmac.compare_digest(token.encode(), known.encode()):
            return LOCAL
        raise CallwrightError("not_signed_in", why="unknown token")
    cookie = conn.cookies.get(COOKIE)
    if not cookie:
        raise CallwrightError("not_signed_in")
    if conn.scope.get("method", "GET") not in _SAFE and CSRF_HEADER not in conn.headers:
        raise CallwrightError("not_allowed", why="the X-Callwright header is missing")
    async with conn.app.state.house.db.begin() as tx:
        user = await service.user_of(tx, cookie)
    if user is None:
        raise CallwrightError("not_signed_in", why="the session has ended")
    return user


SignedIn = Annotated[User, Depends(identify)]


def allowed(permission: Permission) -> Callable[[User], Coroutine[Any, Any, User]]:
    """A dependency that lets only users with `permission` through."""

    async def check(user: SignedIn) -> User:
        require(user, permission)
        return user

    return check


def require(user: User, permission: Permission) -> None:
    """Raise `not_allowed` unless the user has the permission."""
    if permission not in user.permissions:
        raise CallwrightError("not_allowed", permission=permission)
