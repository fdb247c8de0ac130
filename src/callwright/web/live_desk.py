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
from callwright.calls.model import Contact
from callwright.desk import playing, proposals, replies, screen, service
from callwright.desk.events import CallDisposed, DraftEdited, WrapUpExtended
from callwright.ivr import service as ivr
from callwright.ivr.events import DigitsCaptured, DigitsRequested, DigitsTyped
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
KEPT = 4000  # proposals, to know what is news; the oldest may be sent once too often
NOTHING: dict[str, Any] = {"suggestions": []}


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
        self._told: dict[tuple[UUID, str, str], Any] = {}  # proposals as last sent

    def hear(self, event: Event) -> None:
        """Note what is due; must be quick."""
        self._hear_of_agent(event)
        if event.contact_id is not None and self._read():
            self._hear_of_call(event, event.contact_id)

    def _hear_of_agent(self, event: Event) -> None:
        match event:
            case OfferMade():
                self._mark(event.login, "call")
            case OfferClosed():
                closed = {"offer_closed": event.result, "contact_id": event.contact_id}
                self._push(event.login, closed)
                self._mark(event.login, "today")
            case AgentStateChanged():
                self._state_changed(event)
            case AgentPhoneChanged():
                self._mark(event.login, "agent")
            case WrapUpExtended() | CallDisposed():
                self._mark(event.login, "agent", "call")
            case _:
                pass

    def _hear_of_call(self, event: Event, contact_id: UUID) -> None:
        """Who has it in hand is looked up, in the order of the call's news."""
        line = str(contact_id)
        if isinstance(event, ContactIdentified | ConsultChanged):
            self._serial.run(line, lambda: self._mark_all(contact_id))
        if isinstance(event, ScriptStarted | ScriptPlayed):
            self._serial.run(line, lambda: self._send_playing(contact_id))
        if isinstance(event, DigitsRequested | DigitsTyped | DigitsCaptured):
            self._serial.run(line, lambda: self._send_secure(contact_id))
        if isinstance(event, CallConnected | CallEnded):
            self._serial.run(line, lambda: self._send_dialled(event))
        if isinstance(event, TurnHeard | TicketCreated | TicketWaived | DraftEdited):
            self._waiting[contact_id] += 1
            self._serial.run(line, lambda: self._send_words(contact_id, event))
        if isinstance(event, TicketCreated):
            self._serial.run(line, lambda: self._count_ticket(contact_id))

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

    async def _count_ticket(self, contact_id: UUID) -> None:
        """The day's figures of whoever talked: the ticket comes when the next call may be there."""
        async with self.house.db.reading() as tx:
            contact = await calls.contact(tx, contact_id)
            if contact is not None and contact.agent_id is not None:
                self._mark((await agents.agent_of_id(tx, contact.agent_id)).login, "today")

    async def _mark_all(self, contact_id: UUID) -> None:
        """Something about a call is new to everybody who has it in hand."""
        async with self.house.db.reading() as tx:
            at_desk = await agents.agents_with(tx, contact_id)
        for agent in at_desk:
            self._mark(agent.login, "call")

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

    async def _send_words(self, contact_id: UUID, event: Event) -> None:
        """The turn to those who have the call, then what the words propose, when it is news."""
        self._waiting[contact_id] -= 1
        last = self._waiting[contact_id] == 0
        if last:
            del self._waiting[contact_id]
        async with self.house.db.reading() as tx:
            at_desk = [
                one
                for one in await agents.agents_with(tx, contact_id)
                if self._readers(f"desk:{one.login}")
            ]
            contact = await calls.contact(tx, contact_id) if at_desk else None
            if contact is None:
                return
            if isinstance(event, TurnHeard):
                turn = await transcripts.turn_by_id(tx, event.turn_id)
                shown = service.turn_view(turn) if turn else None
                for agent in at_desk if shown else ():
                    self._tell(agent, contact_id, "turn", shown)
            if last:  # else the next one knows more
                await self._propose(tx, contact, at_desk, heard=isinstance(event, TurnHeard))

    async def _propose(
        self, tx: Tx, contact: Contact, at_desk: list[Agent], *, heard: bool
    ) -> None:
        turns = await transcripts.turns_of(tx, contact.id)
        draft = await proposals.draft_of(tx, contact, turns)
        for agent in at_desk:
            self._tell_news(agent, contact.id, "draft", draft)
            if heard:
                fitting = await replies.suggestions(tx, turns, agent.department)
                self._tell_news(agent, contact.id, "suggestions", fitting)

    async def _send_playing(self, contact_id: UUID) -> None:
        """Which reply sounds now; nothing when it has ended."""
        async with self.house.db.reading() as tx:
            at_desk = await agents.agents_with(tx, contact_id)
        for agent in at_desk:
            self._tell(agent, contact_id, "playing", playing.playing(contact_id))

    async def _send_secure(self, contact_id: UUID) -> None:
        """How many digits the caller has typed, as stars; nothing when it is over."""
        async with self.house.db.reading() as tx:
            at_desk = await agents.agents_with(tx, contact_id)
        for agent in at_desk:
            self._tell(agent, contact_id, "secure", ivr.waiting_for_digits(contact_id))

    def _tell(self, agent: Agent, contact_id: UUID, what: str, content: Any) -> None:
        self._push(agent.login, {what: content, "contact_id": contact_id})

    def _tell_news(self, agent: Agent, contact_id: UUID, what: str, content: Any) -> None:
        """Only what says something else than the last time."""
        key = (contact_id, agent.login, what)
        if content == self._told.get(key, NOTHING.get(what)):
            return
        self._told[key] = content
        if len(self._told) > KEPT:
            del self._told[next(iter(self._told))]
        self._tell(agent, contact_id, what, content)
