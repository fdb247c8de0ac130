"""The live topic `desk:<login>`: what one agent must see, to that agent alone, as it happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Protocol
from uuid import UUID

from callwright.agents import service as agents
from callwright.agents.events import AgentPhoneChanged, AgentStateChanged
from callwright.agents.model import Agent, AgentState
from callwright.agents.model import view as view_of_agent
from callwright.calls import service as calls
from callwright.calls.events import CallConnected, CallEnded, ConsultChanged, ContactIdentified
from callwright.desk import playing, proposals, replies, screen, service
from callwright.desk.events import CallDisposed, DraftEdited, WrapUpExtended
from callwright.kit.db import Tx
from callwright.kit.event import Event
from callwright.kit.serial import Serial
from callwright.ports.house import House
from callwright.routing.events import OfferClosed, OfferMade
from callwright.scripts.events import ScriptPlayed, ScriptStarted
from callwright.tickets.events import TicketCreated, TicketWaived
from callwright.transcripts import service as transcripts
from callwright.transcripts.events import TurnHeard

BUSY = frozenset({"ringing", "talking", "hold", "wrap"})


class Reader(Protocol):
    """A socket that can be given a frame of a topic."""

    def push(self, topic: str, **content: Any) -> None: ...


class DeskFeed:
    """Turns events into small frames for the desks they concern.

    Of one desk everything goes out in order; what changed twice before it was read goes out once.
    """

    def __init__(
        self, house: House, readers: Callable[[str], Sequence[Reader]], read: Callable[[], bool]
    ) -> None:
        self.house = house
        self._readers = readers
        self._read = read  # whether anybody looks at any desk
        self._serial = Serial()
        self._due: dict[str, set[str]] = {}
        self._waiting: Counter[UUID] = Counter()  # words of a contact that are yet to be sent
        self._drafts: dict[UUID, Any] = {}  # as last sent, by contact

    def hear(self, event: Event) -> None:
        """Note what is due; must be quick."""
        match event:
            case OfferMade():
                self._mark(event.login, "call")
            case OfferClosed():
                self._push(
                    event.login, {"offer_closed": event.result, "contact_id": event.contact_id}
                )
                self._mark(event.login, "today")
            case AgentStateChanged():
                self._state_changed(event)
            case AgentPhoneChanged():
                self._mark(event.login, "agent")
            case WrapUpExtended() | CallDisposed():
                self._wrapped(event)
            case ScriptStarted() | ScriptPlayed() | ContactIdentified() | ConsultChanged():
                self._call_changed(event)
            case CallConnected() | CallEnded():
                self._dialled(event)
            case TurnHeard() | TicketCreated() | TicketWaived() | DraftEdited():
                if event.contact_id is not None:
                    self._words_changed(event.contact_id, event)
            case _:
                pass

    def _wrapped(self, event: WrapUpExtended | CallDisposed) -> None:
        self._mark(event.login, "agent", "call")
        if isinstance(event, CallDisposed):
            self._drafts.pop(event.contact_id, None)

    def _state_changed(self, event: AgentStateChanged) -> None:
        busy = event.before in BUSY or event.state in BUSY
        if event.state == AgentState.RINGING:
            self._mark(event.login, "agent")  # the ring itself follows in the same moment
        else:
            self._mark(event.login, "agent", *(["call"] if busy else []))
        if event.before == AgentState.WRAP:
            self._mark(event.login, "today")

    def _push(self, login: str, content: dict[str, Any]) -> None:
        topic = f"desk:{login}"
        for reader in self._readers(topic):
            reader.push(topic, event=content)

    def _mark(self, login: str, *parts: str) -> None:
        """Send these parts of a desk soon; nothing is read for a desk that nobody looks at."""
        if not self._readers(f"desk:{login}"):
            return
        waiting = login in self._due
        self._due.setdefault(login, set()).update(parts)
        if not waiting:
            self._serial.run(login, lambda: self._send(login))

    async def _send(self, login: str) -> None:
        parts = self._due.pop(login, set())
        async with self.house.db.reading() as tx:
            await self._send_parts(tx, login, parts)

    async def _send_parts(self, tx: Tx, login: str, parts: set[str]) -> None:
        company = self.house.settings.company
        agent = await agents.agent_of_login(tx, login)
        if "call" in parts:
            call = await screen.call_of(tx, agent, company)
            rings = call is not None and agent.state == AgentState.RINGING
            self._push(login, {"ring" if rings else "call": call})
        if "agent" in parts:
            self._push(login, {"agent": view_of_agent(agent)})
        if "today" in parts:
            self._push(login, {"today": await screen.today_of(tx, login, company)})

    def _call_changed(
        self, event: ScriptStarted | ScriptPlayed | ContactIdentified | ConsultChanged
    ) -> None:
        """Something about a call is new to everybody who has it in hand."""
        contact_id = event.contact_id
        sound = isinstance(event, ScriptStarted | ScriptPlayed)
        tell = self._send_playing if sound else self._mark_all
        if self._read():
            self._serial.run(str(contact_id), lambda: tell(contact_id))

    async def _mark_all(self, contact_id: UUID) -> None:
        async with self.house.db.reading() as tx:
            at_desk = await agents.agents_with(tx, contact_id)
        for agent in at_desk:
            self._mark(agent.login, "call")

    def _dialled(self, event: CallConnected | CallEnded) -> None:
        if self._read():
            self._serial.run(str(event.contact_id), lambda: self._send_dialled(event))

    async def _send_dialled(self, event: CallConnected | CallEnded) -> None:
        """What became of a call out: the agent's own state does not tell."""
        async with self.house.db.reading() as tx:
            contact = await calls.contact(tx, event.contact_id)
            if contact is None or contact.direction == "in" or contact.agent_id is None:
                return
            login = (await agents.agent_of_id(tx, contact.agent_id)).login
        if isinstance(event, CallConnected):
            self._mark(login, "call")
        elif not event.talked:
            self._push(login, {"dial_ended": event.reason, "contact_id": event.contact_id})

    def _words_changed(self, contact_id: UUID, event: Event) -> None:
        if self._read():
            self._waiting[contact_id] += 1
            self._serial.run(str(contact_id), lambda: self._send_words(contact_id, event))

    async def _send_words(self, contact_id: UUID, event: Event) -> None:
        """The turn to those who have the call, then the draft when it says something else now."""
        self._waiting[contact_id] -= 1
        last = self._waiting[contact_id] == 0
        if last:
            del self._waiting[contact_id]
        async with self.house.db.reading() as tx:
            at_desk = await agents.agents_with(tx, contact_id)
            logins = [one.login for one in at_desk if self._readers(f"desk:{one.login}")]
            contact = await calls.contact(tx, contact_id) if logins else None
            if contact is None:
                return
            if isinstance(event, TurnHeard):
                turn = await transcripts.turn_by_id(tx, event.turn_id)
                if turn is not None:
                    self._to_all(logins, contact_id, "turn", service.turn_view(turn))
            if not last:
                return  # the next one knows more
            draft = await proposals.draft_of(tx, contact)
            if isinstance(event, TurnHeard):
                await self._suggest(tx, at_desk, contact_id)
        if draft != self._drafts.get(contact_id):
            self._drafts[contact_id] = draft
            self._to_all(logins, contact_id, "draft", draft)

    async def _suggest(self, tx: Tx, at_desk: Sequence[Agent], contact_id: UUID) -> None:
        """The replies that fit now, to each what their department may use."""
        turns = await transcripts.turns_of(tx, contact_id)
        for agent in at_desk:
            if self._readers(f"desk:{agent.login}"):
                fitting = await replies.suggestions(tx, turns, agent.department)
                self._to_all([agent.login], contact_id, "suggestions", fitting)

    async def _send_playing(self, contact_id: UUID) -> None:
        async with self.house.db.reading() as tx:
            at_desk = await agents.agents_with(tx, contact_id)
        logins = [agent.login for agent in at_desk]
        self._to_all(logins, contact_id, "playing", playing.playing(contact_id))

    def _to_all(self, logins: list[str], contact_id: UUID, what: str, content: Any) -> None:
        for login in logins:
            self._push(login, {what: content, "contact_id": contact_id})
