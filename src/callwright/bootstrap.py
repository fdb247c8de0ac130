"""The composition root: the only place that ties adapters to ports and rooms to each other."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from callwright.agents import service as agents
from callwright.calendars import service as calendars
from callwright.calls.handlers import PbxEvents
from callwright.integrations.pbx.asterisk import AsteriskConnection, AsteriskTelephony
from callwright.integrations.pbx.keeper import keep_pbx
from callwright.integrations.pbx.supervisor import PbxServer
from callwright.integrations.pbx.trunks import provision_trunks
from callwright.integrations.postgres.server import PostgresServer
from callwright.integrations.sms.log import LogGateway
from callwright.integrations.speech.faster_whisper import faster_whisper
from callwright.integrations.speech.sherpa_onnx import sherpa_onnx
from callwright.integrations.tts.sherpa_onnx import NoSpeech, SherpaSpeech
from callwright.kit.bus import Bus, durable_handler
from callwright.kit.clock import Clock, SystemClock
from callwright.kit.db import Database
from callwright.kit.errors import CallwrightError
from callwright.kit.jobs import Jobs
from callwright.kit.journal import Journal, load_event
from callwright.kit.settings import Settings
from callwright.kit.timers import Timers, timer_handler
from callwright.migrations.run import migrate
from callwright.ports.house import House
from callwright.ports.sms import SmsGateway
from callwright.ports.speech import SpeechToText
from callwright.ports.telephony import Telephony
from callwright.ports.tts import TextToSpeech
from callwright.recordings.handlers import schedule_audit
from callwright.routing.announcer import Announcer
from callwright.routing.callbacks import Nearing
from callwright.routing.service import Router

log = logging.getLogger(__name__)

ROOMS_THAT_REACT = (
    "agents", "calls", "routing", "recordings", "ivr", "transcripts", "tickets", "messages",
    "desk",
)  # fmt: skip
DATABASE = "callwright"
WATCH_EVERY_S = 1.0


def load_handlers() -> None:
    """Import every room's handlers, so that their reactions are known."""
    for room in ROOMS_THAT_REACT:
        importlib.import_module(f"callwright.{room}.handlers")


def database_url(settings: Settings) -> str:
    """The configured server, or our own embedded one, started if it does not run."""
    if settings.database_url:
        return settings.database_url
    server = PostgresServer(settings.home, settings.ports.database)
    server.ensure()
    return server.ensure_database(DATABASE)


def asterisk(settings: Settings, clock: Clock) -> Telephony:
    """Our PBX, started if it does not run, adopted if it does."""
    pbx = PbxServer(settings, clock=clock).ensure()
    connection = AsteriskConnection(
        ari_url=pbx.ari_url, ari_user=pbx.ari_user, ari_password=pbx.ari_password,
        ami_host="127.0.0.1", ami_port=pbx.ami_port, ami_user=pbx.ami_user,
        ami_password=pbx.ami_password, sip_host=pbx.sip_host, sip_port=pbx.sip_port,
        spool=settings.home / "recordings" / "spool",
    )  # fmt: skip
    return AsteriskTelephony(connection, clock)


def speech_to_text(settings: Settings) -> SpeechToText:
    """The configured recogniser with its model."""
    speech = settings.speech
    folder = settings.home / "models" / speech.model
    if speech.engine == "faster-whisper":
        return faster_whisper(folder, threads=speech.threads)
    if speech.engine == "sherpa-onnx":
        return sherpa_onnx(folder, threads=speech.threads)
    raise CallwrightError("invalid", field="speech.engine", why="faster-whisper or sherpa-onnx")


def text_to_speech(settings: Settings) -> TextToSpeech:
    """The configured voice; without one replies need a recording."""
    tts = settings.tts
    if not tts.model:
        return NoSpeech()
    folder = settings.home / "models" / tts.model
    return SherpaSpeech(folder, speaker=tts.speaker, threads=tts.threads)


def build_house(
    settings: Settings,
    url: str,
    *,
    telephony: Telephony,
    speech: SpeechToText,
    sms: SmsGateway | None = None,
    tts: TextToSpeech | None = None,
    clock: Clock | None = None,
) -> House:
    """Put the parts of one process together; nothing runs yet."""
    load_handlers()
    clock, bus = clock or SystemClock(), Bus()
    db, jobs = Database(url, clock, bus), Jobs(url)
    db.sink = Journal(jobs)
    timers = Timers(db, clock, jobs)
    house = House(
        settings, clock, bus, db, jobs, timers, telephony, speech, sms or LogGateway(),
        tts or text_to_speech(settings),
    )  # fmt: skip
    bus.house = house
    jobs.register("react", _react(house))
    jobs.register("timer", _fire(house))
    return house


def _react(house: House) -> Callable[..., Awaitable[None]]:
    async def react(handler: str, event: str) -> None:
        async with house.db.begin() as tx:
            fact = await load_event(tx, UUID(event))
        work = durable_handler(handler)
        if fact is None or work is None:
            log.error("no handler %s for event %s: the job is dropped", handler, event)
            return
        await work(fact, house)

    return react


def _fire(house: House) -> Callable[..., Awaitable[None]]:
    async def fire(timer: str, body: dict[str, Any]) -> None:
        work = timer_handler(timer)
        if work is None:
            log.error("no handler for timer %s: dropped", timer)
            return
        await work(body, house)

    return fire


@asynccontextmanager
async def running(house: House) -> AsyncIterator[House]:
    """Everything that runs in one process with all roles; stopped in order at the end."""
    await house.speech.start()
    router = Router(house)
    async with house.jobs.app.open_async():
        loops = [
            asyncio.create_task(work, name=name)
            for name, work in {
                "jobs": house.jobs.run(),
                "timers": house.timers.run(),
                "router": router.run(),
                "announcer": Announcer(house).run(),
                "callbacks": Nearing(house).run(),
            }.items()
        ]
        for task in loops:
            task.add_done_callback(_say_if_broken)
        await house.telephony.start(PbxEvents(house))
        await _provision_phones(house)
        await _provision_trunks(house)
        await schedule_audit(house)
        await house.db.run(calendars.warn)
        try:
            yield house
        finally:
            for task in loops:
                task.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            await house.telephony.close()
            await house.bus.close()
            await house.speech.close()
            await house.tts.close()
    await house.db.close()


def _say_if_broken(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception():
        log.critical("the %s loop ended", task.get_name(), exc_info=task.exception())


async def _provision_phones(house: House) -> None:
    """Let every agent's phone register. A PBX that is away is provisioned when it is back."""
    async with house.db.begin() as tx:
        phones = await agents.phones(tx)
    for phone in phones:
        try:
            await house.telephony.provision_phone(
                phone.endpoint, phone.password, webrtc=phone.kind == "browser"
            )
        except CallwrightError as error:
            log.warning("phone %s not provisioned: %s", phone.endpoint, error)
            return


async def _provision_trunks(house: House) -> None:
    """Connect the lines to the outside. A wrong file is said at once, a PBX that is away later."""
    try:
        await provision_trunks(house.telephony, house.settings.home)
    except CallwrightError as error:
        if error.code == "invalid":
            raise
        log.warning("trunks not provisioned: %s", error)


async def watch_servers(settings: Settings, clock: Clock) -> None:
    """Keep PBX and database alive: what dies is started again. Cancel to end."""
    await asyncio.gather(keep_pbx(PbxServer(settings)), _keep_database(settings, clock))


async def _keep_database(settings: Settings, clock: Clock) -> None:
    database = PostgresServer(settings.home, settings.ports.database)
    while True:
        await clock.sleep(WATCH_EVERY_S)
        try:
            if not settings.database_url and database.pid() is None:
                log.error("the database died: starting it again")
                await asyncio.to_thread(database.ensure)
        except (CallwrightError, OSError):
            log.exception("the database could not be started; trying again")


def house_from(settings: Settings) -> House:
    """The house of `callwright run`: own database and PBX unless settings name others."""
    clock = SystemClock()
    url = database_url(settings)
    migrate(url)
    return build_house(
        settings, url, telephony=asterisk(settings, clock), speech=speech_to_text(settings),
        clock=clock,
    )  # fmt: skip
