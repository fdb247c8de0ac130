"""Signing in and out."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from callwright.accounts import service
from callwright.accounts.guard import COOKIE, SignedIn
from callwright.accounts.model import User
from callwright.kit.http import InTx

router = APIRouter(tags=["session"])


class Credentials(BaseModel):
    """What a person types."""

    login: str = Field(min_length=1, max_length=100)
    password: str = Field(min_length=1, max_length=200)


@router.post("/session")
async def sign_in(body: Credentials, request: Request, response: Response, tx: InTx) -> Any:
    """Open a session; the token is in an HttpOnly cookie."""
    user, token = await service.sign_in(tx, body.login, body.password)
    secure = request.url.scheme == "https"
    response.set_cookie(
        COOKIE, token, max_age=int(service.SESSION.total_seconds()), httponly=True,
        samesite="strict", secure=secure,
    )  # fmt: skip
    return {"user": _view(user)}


@router.get("/session")
async def who_am_i(user: SignedIn) -> Any:
    """The signed-in user and what they may do."""
    return {"user": _view(user)}


@router.delete("/session", status_code=204)
async def sign_out(request: Request, response: Response, tx: InTx, user: SignedIn) -> None:
    """End the session."""
    await service.sign_out(tx, request.cookies.get(COOKIE, ""))
    response.delete_cookie(COOKIE)


def _view(user: User) -> dict[str, Any]:
    return {
        "login": user.login,
        "name": user.name,
        "role": user.role,
        "language": user.language,
        "permissions": sorted(user.permissions),
    }
