"""A furnished house on a real PBX, served, with people who can sign in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import aiohttp
import pytest
from tests.fakes.speech import ScriptedSpeech
from tests.house import furnish, furnish_prompts
from tests.pbx_server import PbxUnderTest
from tests.socket_phone import SocketPhone, signed_in

from callwright.accounts import service as accounts
from callwright.agents import service as agents
from callwright.agents.model import Agent
from callwright.bootstrap import build_house, running
from callwright.integrations.pbx.asterisk import AsteriskConnection, AsteriskTelephony
from callwright.integrations.sipphone import Phone
from callwright.kit.clock import SystemClock
from callwright.kit.settings import SpeechSettings
from callwright.migrations.run import migrate
from callwright.ports.house import House
from callwright.web.app import make_app
from callwright.web.server import serve

PASSWORD = "long-enough"


@dataclass
class Office:
    """The house, its address, and everybody's phones; closed at the end of the test."""

    house: House
    url: str
    sip: tuple[str, int]
    stack: AsyncExitStack
    sessions: dict[str, aiohttp.ClientSession] = field(default_factory=dict)

    async def hire(self, login: str) -> None:
        """An agent who has signed in with a browser."""
        async with self.house.db.begin() as tx:
            await accounts.add_user(tx, login=login, name=login, role="agent", password=PASSWORD)
            await agents.add_agent(
                tx, login=login, name=login, department="dept", site="main", skills={},
                queues=["orders"],
            )  # fmt: skip
        session = await signed_in(self.url, login, PASSWORD)
        self.sessions[login] = await self.stack.enter_async_context(session)

    async def browser(self, login: str) -> SocketPhone:
        """The agent's browser phone, its socket open, not yet registered."""
        async with self.sessions[login].post("/api/v1/desk/phone") as answer:
            own = await answer.json()
        phone = SocketPhone(self.sessions[login], own["username"], own["password"])
        return await self.stack.enter_async_context(phone)

    async def sip_phone(self, login: str) -> Phone:
        """The agent's SIP phone, registered."""
        async with self.sessions[login].post(f"/api/v1/agents/{login}/phone") as answer:
            own = await answer.json()
        await self.house.telephony.provision_phone(own["username"], own["password"], webrtc=False)
        phone = Phone(own["username"], server=self.sip, password=own["password"])
        await self.stack.enter_async_context(phone)
        await phone.register()
        return phone

    async def agent(self, login: str) -> Agent:
        """The agent as the router sees them."""
        async with self.house.db.reading() as tx:
            return await agents.agent_of_login(tx, login)


@pytest.fixture
async def office(pbx: PbxUnderTest, database_url: str) -> AsyncIterator[Office]:
    migrate(database_url)
    server, clock = pbx.running, SystemClock()
    connection = AsteriskConnection(
        ari_url=server.ari_url, ari_user=server.ari_user, ari_password=server.ari_password,
        ami_host="127.0.0.1", ami_port=server.ami_port, ami_user=server.ami_user,
        ami_password=server.ami_password, sip_host=server.sip_host, sip_port=server.sip_port,
        spool=pbx.paths.spool,
    )  # fmt: skip
    settings = pbx.settings.model_copy(update={"speech": SpeechSettings(live=False)})
    house = build_house(
        settings, database_url, telephony=AsteriskTelephony(connection, clock),
        speech=ScriptedSpeech(), clock=clock,
    )  # fmt: skip
    furnish_prompts(settings.home)
    async with house.db.begin() as tx:
        await furnish(tx)
    async with running(house), serve(make_app(house, ""), settings) as serving:
        async with AsyncExitStack() as stack:
            sip = (server.sip_host, server.sip_port)
            yield Office(house, serving.url, sip, stack)
        async with house.db.begin() as tx:
            phones = await agents.phones(tx)
        for phone in phones:
            await house.telephony.remove_phone(phone.endpoint)
