"""The live socket between a page and the platform, which a test can cut; the phone's is another."""

from __future__ import annotations

from playwright.async_api import Page, WebSocketRoute


class LiveLine:
    """Hold it before the page is opened."""

    def __init__(self) -> None:
        self._cut = False
        self._open: list[WebSocketRoute] = []

    async def hold(self, page: Page) -> None:
        """From now on the page's live socket goes through here."""
        await page.route_web_socket("**/live", self._opened)

    async def _opened(self, socket: WebSocketRoute) -> None:
        if self._cut:
            await socket.close(code=1013)
            return
        socket.connect_to_server()
        self._open.append(socket)

    async def cut(self) -> None:
        """Drop it, and every try to open it again."""
        self._cut = True
        for socket in self._open:
            await socket.close(code=1012)
        self._open.clear()

    def mend(self) -> None:
        """The next try gets through."""
        self._cut = False
