"""Who reacts to which event: `@on` for views that may be lost, `@later` for durable work."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from callwright.kit.event import Event

log = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)
Handler = Callable[[Any, Any], Awaitable[None]]  # (event, house)
Listener = Callable[[Event], None]

_ON: dict[type[Event], list[Handler]] = defaultdict(list)
_LATER: dict[type[Event], list[Handler]] = defaultdict(list)


def handler_name(handler: Handler) -> str:
    """`slice.handlers.function`: the stable name a durable job carries."""
    return f"{handler.__module__}.{handler.__qualname__}"


def on(
    event: type[E],
) -> Callable[[Callable[[E, Any], Awaitable[None]]], Callable[[E, Any], Awaitable[None]]]:
    """React at once, in this process, after the commit. Lost when the process dies."""

    def wrap(handler: Callable[[E, Any], Awaitable[None]]) -> Callable[[E, Any], Awaitable[None]]:
        _ON[event].append(handler)
        return handler

    return wrap


def later(
    event: type[E],
) -> Callable[[Callable[[E, Any], Awaitable[None]]], Callable[[E, Any], Awaitable[None]]]:
    """React by a durable job, written with the event. It may run twice: be idempotent."""

    def wrap(handler: Callable[[E, Any], Awaitable[None]]) -> Callable[[E, Any], Awaitable[None]]:
        _LATER[event].append(handler)
        return handler

    return wrap


def durable_handlers(event: type[Event]) -> list[Handler]:
    """The `@later` handlers of an event."""
    return _LATER[event]


def durable_handler(name: str) -> Handler | None:
    """Find a `@later` handler by the name its job carries."""
    for handlers in _LATER.values():
        for handler in handlers:
            if handler_name(handler) == name:
                return handler
    return None


def reactions() -> dict[str, dict[str, list[str]]]:
    """For `callwright events`: event name -> {"on": […], "later": […]}."""
    found: dict[str, dict[str, list[str]]] = {}
    for kind, table in (("on", _ON), ("later", _LATER)):
        for event, handlers in table.items():
            entry = found.setdefault(event.NAME, {"on": [], "later": []})
            entry[kind] += [handler_name(handler) for handler in handlers]
    return found


class Bus:
    """Hands committed events to the `@on` handlers and the listeners of this process."""

    def __init__(self) -> None:
        self.house: Any = None
        self._listeners: list[Listener] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def listen(self, listener: Listener) -> None:
        """Hear every event; for the live socket and tests. Must be quick."""
        self._listeners.append(listener)

    def dispatch(self, events: Iterable[Event]) -> None:
        """Start the handlers of committed events, in order."""
        for event in events:
            for listener in self._listeners:
                listener(event)
            for handler in _ON[type(event)]:
                self.spawn(handler(event, self.house), f"{event.NAME} -> {handler_name(handler)}")

    def spawn(self, work: Awaitable[None], label: str) -> asyncio.Task[None]:
        """Run in the background; a fault is logged with its label, never lost silently."""
        task = asyncio.ensure_future(_logged(work, label))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Cancel what still runs."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _logged(work: Awaitable[None], label: str) -> None:
    try:
        await work
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("failed: %s", label)
