"""The running platform as this tool sees it: where it is, and the few API calls needed."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from callwright.kit.clock import Clock, SystemClock
from callwright.kit.errors import CallwrightError

API = "/api/v1"
POLL_S = 0.2
REACHABLE_S = 5.0
FINISHED_S = 120.0
MAX_NUMBER = 120  # the platform clips longer caller ids
EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared with, never bound
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the platform of one home is reached."""

    home: Path
    url: str
    token: str
    sip: tuple[str, int]
    authority: str  # file of the CA that signed the platform's certificate; empty for plain HTTP
    recordings: Path


@dataclass(frozen=True, slots=True)
class PhoneLogin:
    """What a SIP phone registers with."""

    username: str
    password: str
    server: tuple[str, int]


def find_platform(home: Path) -> Place:
    """Read what the running platform wrote down. Raises `platform_not_running`."""
    note, key = home / "run.json", home / "keys" / "local.token"
    try:
        facts = json.loads(note.read_text("utf-8"))
        token = key.read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        raise CallwrightError(
            "platform_not_running", home=str(home), remedy="start it with `callwright run`"
        ) from error
    host = facts["sip_host"] if facts["sip_host"] != EVERYWHERE else "127.0.0.1"
    recordings = Path(facts.get("recordings") or home / "recordings")
    sip = (host, int(facts["sip_port"]))
    return Place(home, facts["url"], token, sip, facts.get("authority", ""), recordings)


class Platform:
    """A session with the platform's API. Faults come as `CallwrightError` with its code."""

    def __init__(self, place: Place, clock: Clock | None = None) -> None:
        self.place = place
        self._clock = clock or SystemClock()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        headers = {"Authorization": f"Bearer {self.place.token}"}
        trusted = ssl.create_default_context(cafile=self.place.authority or None)
        self._session = aiohttp.ClientSession(
            self.place.url, headers=headers, connector=aiohttp.TCPConnector(ssl=trusted)
        )
        try:
            await self.request("GET", "/agents")
        except CallwrightError:
            await self._session.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()

    def now(self) -> datetime:
        """The wall clock."""
        return self._clock.now()

    async def sleep(self, seconds: float) -> None:
        """Wait on the wall clock."""
        await self._clock.sleep(seconds)

    async def request(
        self,
        method: str,
        path: str,
        body: Document | None = None,
        query: dict[str, str] | None = None,
    ) -> Any:
        """One API call; the decoded answer."""
        if self._session is None:
            raise CallwrightError("platform_not_running", url=self.place.url)
        try:
            async with self._session.request(
                method, API + path, json=body, params=query
            ) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise CallwrightError(
                "platform_not_running", url=self.place.url, why=str(error) or type(error).__name__
            ) from error
        if response.status >= 400:
            params = answer.get("params", {}) if isinstance(answer, dict) else {}
            code = answer.get("code", "failed") if isinstance(answer, dict) else "failed"
            raise CallwrightError(code, **{**params, "asked": f"{method} {path}"})
        return answer

    async def phone_login(self, agent: str) -> PhoneLogin:
        """The SIP login of an agent."""
        found = await self.request("POST", f"/agents/{agent}/phone")
        return PhoneLogin(found["username"], found["password"], (found["host"], int(found["port"])))

    async def wait_reachable(self, agent: str) -> None:
        """Return once the platform knows that the agent's phone is there."""
        for _ in range(round(REACHABLE_S / POLL_S)):
            listed = await self.request("GET", "/agents")
            if any(one["login"] == agent and one["reachable"] for one in listed):
                return
            await self.sleep(POLL_S)
        raise CallwrightError("phone_unreachable", agent=agent, after_s=REACHABLE_S)

    async def set_state(self, agent: str, state: str) -> None:
        """Ask for an agent's state: ready, break, offline."""
        await self.request("POST", f"/agents/{agent}/state", {"state": state})

    async def find_contact(self, number: str, since: datetime) -> str | None:
        """The id of the newest contact of a caller number; None when there is none yet."""
        query = {"from_number": number[:MAX_NUMBER], "since": since.isoformat(), "limit": "1"}
        found = await self.request("GET", "/contacts", query=query)
        return str(found["items"][0]["id"]) if found["items"] else None

    async def contact(self, contact_id: str) -> Document:
        """Everything about one contact."""
        page: Document = await self.request("GET", f"/contacts/{contact_id}")
        return page

    async def wait_finished(self, contact_id: str, timeout_s: float = FINISHED_S) -> Document:
        """The contact once all work on it is done.

        Raises `CallwrightError("not_finished", missing=…)` naming what is still being waited for.
        """
        page = await self.contact(contact_id)
        for _ in range(round(timeout_s / POLL_S)):
            if not missing_parts(page):
                return page
            await self.sleep(POLL_S)
            page = await self.contact(contact_id)
        raise CallwrightError(
            "not_finished", contact=contact_id, after_s=timeout_s, missing=missing_parts(page)
        )

    async def original_text(self, contact_id: str, turn_id: str) -> str:
        """One turn as it was said; the platform writes down that it was looked at."""
        body = {"what": "turn", "turn": turn_id, "reason": "callwright call"}
        found = await self.request("POST", f"/contacts/{contact_id}/reveal", body)
        return str(found["value"])


def missing_parts(page: Document) -> list[str]:
    """Which parts of a contact are not there yet: the end, the recording, transcript, ticket."""
    if page.get("state") != "ended":
        return ["end"]
    recording, transcript = page.get("recording"), page.get("transcript") or {}
    missing = []
    if recording and (recording["state"] not in ("saved", "failed")):
        missing.append("recording")
    if transcript.get("state") in ("live", "pending", "running"):
        missing.append("transcript")
    if not page.get("finished"):
        missing.append("ticket")
    return missing
