"""A gateway that remembers, and that can be away or refuse."""

from __future__ import annotations

from callwright.kit.errors import CallwrightError
from callwright.ports.sms import TextMessage


class RememberingGateway:
    """Keeps what it took; answers with the errors in `faults` first."""

    name = "remembering"

    def __init__(self, *faults: str) -> None:
        self.faults = list(faults)
        self.taken: list[TextMessage] = []
        self.tries = 0

    async def send(self, message: TextMessage) -> str:
        """Take it, or raise the next fault."""
        self.tries += 1
        if self.faults:
            raise CallwrightError(self.faults.pop(0), why="test")
        self.taken.append(message)
        return f"ref-{len(self.taken)}"
