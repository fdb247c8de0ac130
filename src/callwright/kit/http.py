"""What every API file shares: the house, a transaction per request, problem JSON."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError

PROBLEM = "application/problem+json"


async def open_tx(request: Request) -> AsyncIterator[Tx]:
    """A transaction that is committed before the answer is sent."""
    async with request.app.state.house.db.begin() as tx:
        yield tx


InTx = Annotated[Tx, Depends(open_tx, scope="function")]


class BackTo(BaseModel):
    """Which version of a setting shall be in force again."""

    version: int = Field(ge=1, le=2**31 - 1)


def problem(status: int, code: str, params: dict[str, Any]) -> JSONResponse:
    """RFC 9457. The console owns the words; `title` is for people who read the wire."""
    title = f"{code}: {params}" if params else code
    body = {"type": f"urn:callwright:{code}", "title": title, "status": status, "code": code}
    return JSONResponse({**body, "params": params}, status, media_type=PROBLEM)


async def on_callwright_error(_: Request, error: Exception) -> JSONResponse:
    """Answer our own errors."""
    assert isinstance(error, CallwrightError)  # noqa: S101 - registered for this class only
    return problem(error.status, error.code, {k: _plain(v) for k, v in error.params.items()})


async def on_validation_error(_: Request, error: Exception) -> JSONResponse:
    """Answer a body of the wrong shape: 422 with the first field and all others."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    fields = [{"field": _field(fault), "why": fault["msg"]} for fault in error.errors()]
    return problem(422, "invalid", {**fields[0], "fields": fields})


def _field(fault: Any) -> str:
    """Where it is wrong; a body that is no JSON at all has no fields."""
    place = fault["loc"][:1] if fault["type"] == "json_invalid" else fault["loc"]
    return ".".join(str(part) for part in place[1:]) or str(place[0])


async def on_http_error(_: Request, error: Exception) -> JSONResponse:
    """Answer what the framework refuses: no such path, a method, a body that is too large."""
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    answer = problem(error.status_code, f"http_{error.status_code}", {})
    answer.headers.update(error.headers or {})
    return answer


async def on_data_error(_: Request, error: Exception) -> JSONResponse:
    """Values that no column can hold, such as a NUL in a text: the sender's fault, not ours."""
    why = str(getattr(error, "orig", error)).strip().partition("\n")[0]
    params = getattr(error, "params", None)
    values = params if isinstance(params, dict) else {}
    field = next((name for name, value in values.items() if "\0" in str(value)), "")
    return problem(422, "invalid", {"field": field.rstrip("_0123456789"), "why": why})


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
