"""Who guesses at passwords and numbers: the pure decision whom to block, and for how long."""

from __future__ import annotations

import ipaddress
from collections import deque
from collections.abc import Mapping

BLOCK_AFTER = 10  # failures
WITHIN_S = 60.0
BLOCKED_S = 3600.0
THIS_MACHINE = ("127.0.0.1", "::1")

# AMI's events of class security that mean: somebody was wrong. A first challenge is not among them.
FAILURES = frozenset({"InvalidAccountID", "ChallengeResponseFailed", "InvalidPassword"})


class Guesses:
    """Counts failures per address. Times are seconds of any one clock that never goes back."""

    def __init__(self) -> None:
        self._failures: dict[str, deque[float]] = {}
        self._until: dict[str, float] = {}

    def note(self, address: str, now: float) -> bool:
        """Take down one failure; True when the address has to be blocked from now on."""
        failures = self._failures.setdefault(address, deque(maxlen=BLOCK_AFTER))
        failures.append(now)
        self._forget(now)
        if len(failures) < BLOCK_AFTER or address in self._until:
            return False
        self._until[address] = now + BLOCKED_S
        return True

    def expire(self, now: float) -> bool:
        """End the blocks that are over; True when there were any."""
        over = [address for address, until in self._until.items() if until <= now]
        for address in over:
            del self._until[address]
        return bool(over)

    @property
    def blocked(self) -> list[str]:
        """Addresses blocked now."""
        return sorted(self._until)

    def _forget(self, now: float) -> None:
        """Addresses that were quiet for long cost no memory."""
        for address, failures in list(self._failures.items()):
            if failures[-1] < now - WITHIN_S:
                del self._failures[address]
            else:
                while failures[0] < now - WITHIN_S:
                    failures.popleft()


def guesser(event: Mapping[str, str]) -> str | None:
    """The far address of a failure reported by AMI; None for other events and for this machine,
    whose address stands for every browser behind the console.

    `event` = header names and values, RemoteAddress as `IPV4/UDP/192.0.2.1/5060`.
    """
    if event.get("Event") not in FAILURES or event.get("Service") != "PJSIP":
        return None
    parts = event.get("RemoteAddress", "").split("/")
    try:
        address = ipaddress.ip_address(parts[2])
    except (ValueError, IndexError):
        return None
    return None if str(address) in THIS_MACHINE else str(address)
