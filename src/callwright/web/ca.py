"""Offers the certificate of our own authority, for browsers that shall trust it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from callwright.kit.errors import CallwrightError
from callwright.ports.house import House

router = APIRouter(tags=["certificate"])


@router.get("/ca.crt")
async def authority_certificate(request: Request) -> Any:
    """The authority's certificate (never its key); 404 where the owner's certificate is used."""
    house: House = request.app.state.house
    file = house.settings.home / "tls" / "ca.crt"
    if not file.exists() or (file.parent / "cert.pem").exists():
        raise CallwrightError("not_found", file="ca.crt")
    return FileResponse(file, media_type="application/x-x509-ca-cert", filename="callwright-ca.crt")
