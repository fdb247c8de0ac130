"""Everything that reaches a page: answers, frames of its sockets, what it shows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from playwright.async_api import Error, Page, Response, WebSocket

from callwright.masking.alphabet import SPOKEN_DIGITS

BETWEEN = r"[\s\-.,，、+()]{0,3}"
SHOWN = """document.documentElement.outerHTML
    + [...document.querySelectorAll('input, textarea')].map((one) => one.value).join(' ')"""


def whole(number: str) -> re.Pattern[str]:
    """A number with all its digits, however they are written or parted."""
    ways = ("".join(c for c, d in SPOKEN_DIGITS.items() if d == digit) for digit in number)
    digits = (f"[{digit}{more}]" for digit, more in zip(number, ways, strict=True))
    return re.compile(BETWEEN.join(digits))


@dataclass
class Overheard:
    """What a page was sent since it was loaded anew; a reveal that was asked for is not kept."""

    page: Page
    texts: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    _reading: list[asyncio.Task[None]] = field(default_factory=list)

    async def begin(self) -> None:
        """Load the page anew, so that nothing of it escapes."""
        self.page.on("response", self._answered)
        self.page.on("websocket", self._connected)
        await self.page.reload()

    def _answered(self, response: Response) -> None:
        if not response.url.endswith("/reveal"):
            self._reading.append(asyncio.create_task(self._read(response)))

    async def _read(self, response: Response) -> None:
        try:
            body = await response.body()
        except Error:  # the page went away, or the answer has no body
            return
        self._keep("answer", body)

    def _connected(self, socket: WebSocket) -> None:
        kind = socket.url.rpartition("/")[2]
        socket.on("framereceived", lambda frame: self._keep(kind, frame))

    def _keep(self, kind: str, content: str | bytes) -> None:
        self.kinds.add(kind)
        text = content if isinstance(content, str) else content.decode("utf-8", "replace")
        self.texts.append(text)

    async def leaks(self, numbers: Iterable[str]) -> list[str]:
        """Where one of these numbers stands in full: in something received, or on the page."""
        await asyncio.gather(*self._reading)
        shown = await self.page.evaluate(SHOWN)
        found = []
        for number in numbers:
            pattern = whole(number)
            for text in (*self.texts, shown):
                if hit := pattern.search(text):
                    found.append(f"{number}: …{text[max(0, hit.start() - 80) : hit.end() + 20]}…")
        return found
