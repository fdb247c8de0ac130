"""Gets a file by http, https or file address; a fault is told with the address and the reason."""

from __future__ import annotations

import functools
import http.client
import re
import shutil
import subprocess
import urllib.error
import urllib.request

from callwright.kit.errors import CallwrightError

_TRIES = 3
_TIMEOUT_S = 60.0
_GONE = (401, 403, 404, 410)  # asking again does not help
_ASK_APT = ("apt-config", "shell", "http", "Acquire::http::Proxy", "https", "Acquire::https::Proxy")


def download(address: str) -> bytes:
    """The whole content. Raises CallwrightError("download_failed", address, why, status)."""
    why, status = "", 0
    for _ in range(_TRIES):
        try:
            with _opener().open(address, timeout=_TIMEOUT_S) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            why, status = str(error), error.code
            if status in _GONE:
                break
        except (OSError, http.client.HTTPException, ValueError) as error:
            why = str(getattr(error, "reason", error))
    raise CallwrightError("download_failed", address=address, why=why, status=status)


def apt_proxies(told: str) -> dict[str, str]:
    """Proxies by scheme, from what `apt-config shell` prints."""
    found = re.findall(r"^(http|https)='(.+)'$", told, re.MULTILINE)
    return {scheme: proxy for scheme, proxy in found if proxy.upper() != "DIRECT"}


@functools.cache
def _opener() -> urllib.request.OpenerDirector:
    """Uses the proxies of the environment, and where there are none, apt's."""
    told = ""
    if shutil.which(_ASK_APT[0]):
        asked = subprocess.run(_ASK_APT, capture_output=True, text=True, check=False, timeout=60)
        told = asked.stdout
    proxies = {**apt_proxies(told), **urllib.request.getproxies()}
    return urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
