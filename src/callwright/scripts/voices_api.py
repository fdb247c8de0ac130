"""The sound of scripts over HTTP: upload, let a model speak it, listen, take away."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, UploadFile
from fastapi.responses import FileResponse, Response

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.http import InTx
from callwright.scripts import service, voices
from callwright.scripts.api import shown
from callwright.scripts.model import Script
from callwright.scripts.sound import MOST_BYTES

router = APIRouter(tags=["scripts"])
Reader = Annotated[User, Depends(allowed("scripts.read"))]
Editor = Annotated[User, Depends(allowed("scripts.edit"))]


@router.put("/scripts/{script_id}/voice")
async def put_voice(
    script_id: UUID, file: UploadFile, request: Request, tx: InTx, user: Editor
) -> Any:
    """A WAV, MP3, M4A or OGG file, at most 10 MB and 120 s; for the text as it is now."""
    if file.size is not None and file.size > MOST_BYTES:
        raise invalid("file", f"larger than {MOST_BYTES >> 20} MB")
    script = await service.script(tx, script_id)
    home = request.app.state.house.settings.home
    await voices.upload(home, tx, script, await file.read(), user.login)
    return await _kept(tx, user, script, "upload")


@router.post("/scripts/{script_id}/voice")
async def render_voice(script_id: UUID, request: Request, tx: InTx, user: Editor) -> Any:
    """Let the model speak the text; 409 when there is no model or the text has variables."""
    script = await service.script(tx, script_id)
    await voices.render(request.app.state.house, tx, script, user.login)
    return await _kept(tx, user, script, "render")


@router.get("/scripts/{script_id}/voice")
async def get_voice(script_id: UUID, request: Request, tx: InTx, _: Reader) -> Response:
    """The WAV file as the PBX plays it."""
    script = await service.script(tx, script_id)
    voice = await voices.voice_of(request.app.state.house.settings.home, tx, script)
    if voice is None or not voice.path.is_file():
        raise CallwrightError("not_found", what="voice", no=script.head.no)
    return FileResponse(voice.path, media_type="audio/wav", headers={"Cache-Control": "private"})


@router.delete("/scripts/{script_id}/voice")
async def delete_voice(script_id: UUID, tx: InTx, user: Editor) -> Any:
    """The text has no voice any more."""
    script = await service.script(tx, script_id)
    await voices.forget(tx, script)
    return await _kept(tx, user, script, "delete")


async def _kept(tx: Tx, user: User, script: Script, what: str) -> dict[str, Any]:
    await accounts.audit(tx, user, f"script.voice.{what}", script.head.no)
    return await shown(tx, script)
