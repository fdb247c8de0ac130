"""/live: per topic a snapshot, then numbered changes; nothing is sent that nobody asked for."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from callwright.accounts.guard import identify, require
from callwright.accounts.model import User
from callwright.agents import service as agents
from callwright.agents.events import AgentPhoneChanged, AgentStateChanged
from callwright.agents.model import view as view_of_agent
from callwright.calls import reads
from callwright.desk import screen
from callwright.desk import service as desk
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.event import Event
from callwright.ports.house import House
from callwright.routing import api as routing_api
from callwright.transcripts import service as transcripts
from callwright.transcripts.events import TurnHeard
from callwright.web.live_desk import DeskFeed
from callwright.web.live_work import WORK, WorkFeed

log = logging.getLogger(__name__)
router = APIRouter()

GATHER_S = 0.05  # changes of one contact within this time are one frame
MAX_WAITING_FRAMES = 500  # a client that reads slower is cut off and begins anew
LIST_SIZE = 50


class Client:
    """One socket: its topics, each with its own numbering."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.numbers: dict[str, int] = {}
        self.held: dict[str, list[dict[str, Any]]] = {}  # until the topic's snapshot is out
        self.frames: asyncio.Queue[bytes] = asyncio.Queue(MAX_WAITING_FRAMES)
        self.too_slow = asyncio.Event()

    def push(self, topic: str, **content: Any) -> None:
        """Number a frame and line it up."""
        if topic in self.held and "event" in content:
            self.held[topic].append(content)
            return
        number = self.numbers[topic] = self.numbers.get(topic, 0) + 1
        # rows carry their column names as a kind of text that orjson takes for no string
        frame = orjson.dumps(
            {"topic": topic, "seq": number, **content}, str, orjson.OPT_NON_STR_KEYS
        )
        try:
            self.frames.put_nowait(frame)
        except asyncio.QueueFull:
            self.too_slow.set()


class LiveHub:
    """Turns events into frames for those who subscribed."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.clients: set[Client] = set()
        self.readers: defaultdict[str, set[Client]] = defaultdict(set)  # by topic
        self.desks = DeskFeed(house, self._on, self._any_desk)
        self.work = WorkFeed(house, self._on)
        self._changed: set[UUID] = set()
        self._floor_changed = False
        self._flusher: asyncio.Task[None] | None = None
        house.bus.listen(self._hear)

    def _hear(self, event: Event) -> None:
        """Note what changed; the ring goes out at once."""
        if not self.clients:
            return
        self.desks.hear(event)
        self.work.hear(event)
        if isinstance(event, TurnHeard):
            self.house.bus.spawn(self._turn(event), "live: turn")
            return
        if not self._wide_topics():
            return
        if isinstance(event, AgentStateChanged | AgentPhoneChanged) or event.contact_id:
            self._floor_changed = True
        if event.contact_id:
            self._changed.add(event.contact_id)
        if self._flusher is None or self._flusher.done():
            self._flusher = self.house.bus.spawn(self._flush(), "live: flush")

    def _on(self, topic: str) -> list[Client]:
        return list(self.readers.get(topic, ()))

    def _any_desk(self) -> bool:
        return any(topic.startswith("desk:") for topic in self.readers)

    def _wide_topics(self) -> bool:
        """Whether anybody reads more than a desk and its lists of work."""
        return any(not topic.startswith("desk:") and topic not in WORK for topic in self.readers)

    async def _turn(self, event: TurnHeard) -> None:
        topic = f"contact:{event.contact_id}"
        clients = self._on(topic)
        if not clients:
            return
        async with self.house.db.begin() as tx:
            turn = await transcripts.turn_by_id(tx, event.turn_id)
        for client in clients if turn else ():
            client.push(topic, event={"turn": desk.turn_view(turn)} if turn else {})

    async def _flush(self) -> None:
        """Send what changed; what changes while a frame is made goes out with the next one."""
        while self._changed or self._floor_changed:
            await asyncio.sleep(GATHER_S)
            changed, self._changed = self._changed, set()
            floor, self._floor_changed = self._floor_changed, False
            async with self.house.db.begin() as tx:
                if changed:
                    await self._send_contacts(tx, changed)
                if floor:
                    await self._send("agents", _agents, tx)
                    await self._send("queues", routing_api.view, tx)

    async def _send_contacts(self, tx: Tx, changed: set[UUID]) -> None:
        if self._on("contacts"):
            wanted = reads.ContactFilter(ids=list(changed))
            rows = await reads.contacts(tx, wanted, before=None, limit=len(changed))
            for summary in await desk.summaries(tx, rows):
                for client in self._on("contacts"):
                    client.push("contacts", event=summary)
        for contact_id in changed:
            topic = f"contact:{contact_id}"
            if self._on(topic):
                page = await desk.page(tx, contact_id)
                for client in self._on(topic):
                    client.push(topic, event={"page": page})

    async def _send(self, topic: str, view: Callable[[Tx], Awaitable[Any]], tx: Tx) -> None:
        clients = self._on(topic)
        content = await view(tx) if clients else None
        for client in clients:
            client.push(topic, event=content)

    async def subscribe(self, client: Client, topic: str) -> None:
        """Check the right, send the snapshot, begin numbering."""
        kind, _, key = topic.partition(":")
        if kind == "desk" and key != client.user.login:
            require(client.user, "agents.any_state")
        needed = {"contacts": "calls.read", "contact": "calls.read", "agents": "agents.read",
                  "queues": "queues.read", "desk": "agents.own_state", **WORK}  # fmt: skip
        if kind not in needed:
            raise CallwrightError("not_found", what="topic", topic=topic)
        require(client.user, needed[kind])  # type: ignore[arg-type]
        # listen first, then look: what happens in between is sent after the snapshot
        client.numbers[topic], client.held[topic] = 0, []
        self.readers[topic].add(client)
        async with self.house.db.begin() as tx:
            snapshot = await self._snapshot(tx, kind, key)
        client.push(topic, snapshot=snapshot, as_of=self.house.clock.now())
        for content in client.held.pop(topic, []):
            client.push(topic, **content)

    def unsubscribe(self, client: Client, topic: str) -> None:
        """Send nothing more of a topic."""
        client.numbers.pop(topic, None)
        client.held.pop(topic, None)
        readers = self.readers.get(topic, set())
        readers.discard(client)
        if not readers:
            self.readers.pop(topic, None)

    def leave(self, client: Client) -> None:
        """The socket is gone."""
        self.clients.discard(client)
        for topic in list(client.numbers):
            self.unsubscribe(client, topic)

    async def _snapshot(self, tx: Tx, kind: str, key: str) -> Any:
        if kind == "desk":
            return await screen.desk(tx, key, self.house.settings.company)
        if kind in WORK:
            return await self.work.snapshot(tx, kind)
        return await _snapshot(tx, kind, key)


async def _snapshot(tx: Tx, kind: str, key: str) -> Any:
    match kind:
        case "contacts":
            rows = await reads.contacts(tx, reads.ContactFilter(), before=None, limit=LIST_SIZE)
            return await desk.summaries(tx, rows)
        case "contact":
            return await desk.page(tx, UUID(key))
        case "agents":
            return await _agents(tx)
        case _:
            return await routing_api.view(tx)


async def _agents(tx: Tx) -> list[dict[str, Any]]:
    return [view_of_agent(agent) for agent in await agents.agents(tx)]


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """`{"subscribe": [topic, …]}` in; numbered frames out."""
    await socket.accept()
    try:
        user = await identify(socket)
    except CallwrightError as error:
        await socket.close(4401, error.code)
        return
    hub: LiveHub = socket.app.state.live
    client = Client(user)
    hub.clients.add(client)
    tasks = [asyncio.create_task(work) for work in (_read(socket, hub, client),
             _write(socket, client), client.too_slow.wait())]  # fmt: skip
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hub.leave(client)
        for task in tasks:
            task.cancel()
        _say_what_broke(await asyncio.gather(*tasks, return_exceptions=True))


def _say_what_broke(outcomes: list[Any]) -> None:
    """A socket that the browser closed is no fault; anything else must not pass unseen."""
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(
            outcome, WebSocketDisconnect | RuntimeError
        ):
            log.error("live socket broke", exc_info=outcome)


async def _read(socket: WebSocket, hub: LiveHub, client: Client) -> None:
    try:
        while True:
            message = orjson.loads(await socket.receive_text())
            for topic in message.get("unsubscribe", []):
                hub.unsubscribe(client, str(topic))
            for topic in message.get("subscribe", []):
                try:
                    await hub.subscribe(client, str(topic))
                except (CallwrightError, ValueError) as error:
                    client.push(str(topic), error=str(error))
                    hub.unsubscribe(client, str(topic))
    except (WebSocketDisconnect, orjson.JSONDecodeError, AttributeError):
        return


async def _write(socket: WebSocket, client: Client) -> None:
    while True:
        await socket.send_text((await client.frames.get()).decode())
