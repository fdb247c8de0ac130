"""Gets a file by http, https or file address; a fault is told with the address and the reason."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request

from callwright.kit.errors import CallwrightError

_TRIES = 3
_TIMEOUT_S = 60.0
_GONE = (401, 403, 404, 410)  # asking again does not help


def download(address: str) -> bytes:
    """The whole content. Raises CallwrightError("download_failed", address, why, status)."""
    why, status = "", 0
    for _ in range(_TRIES):
        try:
            with urllib.request.urlopen(address, timeout=_TIMEOUT_S) as answer:  # noqa: S310
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            why, status = str(error), error.code
            if status in _GONE:
                break
        except (OSError, http.client.HTTPException, ValueError) as error:
            why = str(getattr(error, "reason", error))
    raise CallwrightError("download_failed", address=address, why=why, status=status)
