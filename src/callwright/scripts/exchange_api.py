"""Scripts as files over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response, UploadFile

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed, require
from callwright.accounts.model import User
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.http import InTx
from callwright.scripts import exchange
from callwright.scripts.files import MOST_BYTES, Format, format_of
from callwright.scripts.model import may_approve

router = APIRouter(tags=["scripts"])
Editor = Annotated[User, Depends(allowed("scripts.edit"))]
TYPES: dict[Format, str] = {"csv": "text/csv; charset=utf-8", "yaml": "application/yaml"}


@router.post("/scripts/import")
async def import_scripts(
    file: UploadFile,
    request: Request,
    tx: InTx,
    user: Editor,
    *,
    dry_run: bool = False,
    publish: bool = False,
) -> Any:
    """A CSV or YAML file; new texts go into review, or with `publish` (managers) into use.

    One refused row, and nothing is written.
    """
    if publish:
        require(user, "scripts.approve")
        if not may_approve(approver=user.login, role=user.role, author=user.login):
            raise CallwrightError("not_allowed", why="authors do not approve their own scripts")
    if file.size is not None and file.size > MOST_BYTES:
        raise invalid("file", f"larger than {MOST_BYTES >> 20} MB")
    report = await exchange.import_file(
        tx, await file.read(), format_of(file.filename or ""), user.login,
        zone=request.app.state.house.settings.company.zone, dry_run=dry_run, in_use=publish,
    )  # fmt: skip
    if report["written"]:
        done = f"{report['created']} created, {report['updated']} updated"
        await accounts.audit(tx, user, "script.import", done)
    return report


@router.get("/scripts/export")
async def export_scripts(tx: InTx, user: Editor, format: Format = "csv") -> Response:
    """All scripts that are not retired; the file can be imported again."""
    content = await exchange.export_file(tx, format)
    await accounts.audit(tx, user, "script.export", format)
    headers = {"Content-Disposition": f'attachment; filename="scripts.{format}"'}
    return Response(content, media_type=TYPES[format], headers=headers)
