"""Serves the built console: immutable assets, a fresh index, one page for all other paths."""

from __future__ import annotations

import mimetypes
import os
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import NotModifiedResponse
from starlette.types import Receive, Scope, Send

INDEX = "index.html"
ASSETS = "assets/"
# Paths that belong to the platform: an unknown one is 404, never the console's page.
PLATFORM = ("api/", "live", "sip", "healthz", "readyz")
# Best first; the suffix of the file that the build wrote beside the plain one.
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
FOREVER = "public, max-age=31536000, immutable"
SECURITY = {
    # Styles are set by the waveform in its own shadow root, hence 'unsafe-inline' for them only.
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "media-src 'self' blob:; connect-src 'self' ws: wss:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
NOT_BUILT = (
    "The console is not built.\n"
    "In a checkout: make run (or: python tools/build_console.py). A release contains it.\n"
    "The HTTP interface works meanwhile: /api/openapi.json\n"
)


@dataclass(frozen=True, slots=True)
class ConsoleFiles:
    """ASGI application over the folder `directory` of a console build."""

    directory: Path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one GET or HEAD."""
        if scope["type"] != "http":
            raise HTTPException(404)
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        # Relative to where it is mounted: the server keeps the mount point in root_path.
        path = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/")
        response = self.response(path, Headers(scope=scope))
        await response(scope, receive, send)

    def response(self, path: str, headers: Headers) -> Response:
        """The file at `path`, or the console's page for the paths that the browser routes."""
        if path.startswith(PLATFORM):
            raise HTTPException(404)
        found = self.find(path)
        if found is None and path.startswith(ASSETS):
            raise HTTPException(404)
        found = found or self.find(INDEX)
        if found is None:
            return PlainTextResponse(NOT_BUILT, 503)
        cache = FOREVER if path.startswith(ASSETS) else "no-cache"
        return _file(found, cache, headers)

    def find(self, path: str) -> Path | None:
        """The file inside the folder; None for what is missing, hidden or outside."""
        parts = path.split("/")
        if any(part in {"", "..", "."} or part.startswith(".") or "\0" in part for part in parts):
            return None
        file = self.directory.joinpath(*parts)
        inside = file.resolve().is_relative_to(self.directory.resolve())
        return file if inside and file.is_file() else None


def mount_console(app: Starlette, directory: Path) -> None:
    """Serve the console build in `directory` at `/`; call it after all other routes."""
    app.mount("/", ConsoleFiles(directory), name="console")


def accepted(header: str) -> frozenset[str]:
    """The content codings that an Accept-Encoding header allows (those with q=0 are refused)."""
    names = set()
    for item in header.split(","):
        name, _, rest = item.strip().lower().partition(";")
        weight = rest.strip().removeprefix("q=").strip() or "1"
        if name and weight.strip("0.") != "":
            names.add(name.strip())
    return frozenset(names)


def _file(file: Path, cache: str, request: Headers) -> Response:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding", **SECURITY}
    allowed = accepted(request.get("accept-encoding", ""))
    served = file
    for coding, suffix in ENCODINGS:
        packed = file.with_name(file.name + suffix)
        if coding in allowed and packed.is_file():
            served = packed
            headers["Content-Encoding"] = coding
            break
    response = FileResponse(served, headers=headers, media_type=kind, stat_result=os.stat(served))
    if response.headers["etag"] in request.get("if-none-match", ""):
        return NotModifiedResponse(response.headers)
    return response
