"""Alive, and ready with what is wrong."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError

from callwright.kit.errors import CallwrightError
from callwright.ports.house import House

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz() -> Any:
    """The process answers."""
    return {"ok": True}


@router.get("/readyz")
async def readyz(request: Request) -> Any:
    """Each part and its state; 503 when one that calls need is away."""
    house: House = request.app.state.house
    parts = {
        "database": await _database(house),
        "pbx": await _pbx(house),
        "speech": await _speech(house),
    }
    ok = parts["database"]["ok"] and parts["pbx"]["ok"]
    return JSONResponse({"ok": ok, "parts": parts}, 200 if ok else 503)


async def _database(house: House) -> dict[str, Any]:
    try:
        async with house.db.begin() as tx:
            version = await tx.value(sa.text("SHOW server_version"))
    except (DBAPIError, OSError) as error:
        return {"ok": False, "detail": type(error).__name__}
    return {"ok": True, "detail": f"PostgreSQL {version}"}


async def _pbx(house: House) -> dict[str, Any]:
    try:
        health = await house.telephony.health()
    except CallwrightError as error:
        return {"ok": False, "detail": str(error)}
    detail = f"{health.version} {health.detail}".strip()
    return {"ok": health.connected, "legs": health.legs, "detail": detail}


async def _speech(house: House) -> dict[str, Any]:
    health = await house.speech.health()
    detail = f"{health.engine} {health.model} {health.detail}".strip()
    return {"ok": health.ready, "loaded": health.loaded, "backlog_s": health.backlog_s,
            "detail": detail}  # fmt: skip
