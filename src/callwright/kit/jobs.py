"""Durable jobs on the same PostgreSQL (procrastinate), written in the caller's transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import procrastinate
from procrastinate.exceptions import ConnectorException
from sqlalchemy.ext.asyncio import AsyncConnection

from callwright.kit.db import psycopg_url

log = logging.getLogger(__name__)

HEARTBEAT_S = 2.0
STALLED_AFTER_S = 8.0
ATTEMPTS = 8
CONCURRENCY = 16

JobWork = Callable[..., Awaitable[None]]


class Jobs:
    """Defers and runs jobs. A job may run twice; its work must be idempotent."""

    def __init__(self, url: str) -> None:
        connector = procrastinate.PsycopgConnector(
            conninfo=psycopg_url(url), min_size=1, max_size=6
        )
        self.app = procrastinate.App(connector=connector)
        self._retry = procrastinate.RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=2)

    def register(self, name: str, work: JobWork) -> None:
        """Name the function that does the jobs called `name`."""
        self.app.task(name=name, retry=self._retry)(work)

    async def defer(self, conn: AsyncConnection, name: str, **arguments: Any) -> None:
        """Write a job into the transaction of `conn`."""
        raw = (await conn.get_raw_connection()).driver_connection
        await self.app.configure_task(name, connection=raw).defer_async(**arguments)

    async def run(self) -> None:
        """Work until cancelled (the app must be open); stalled jobs are taken up again."""
        rescuer = asyncio.create_task(self._rescue())
        try:
            while True:
                try:
                    await self._work()
                except (ConnectorException, OSError):
                    log.warning("jobs: database away, trying again")
                    await asyncio.sleep(1)
        finally:
            rescuer.cancel()

    async def _work(self) -> None:
        await self.app.run_worker_async(
            concurrency=CONCURRENCY,
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_AFTER_S,
            fetch_job_polling_interval=2.0,
            shutdown_graceful_timeout=5.0,
        )

    async def _rescue(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            try:
                manager = self.app.job_manager
                for job in await manager.get_stalled_jobs(
                    seconds_since_heartbeat=int(STALLED_AFTER_S)
                ):
                    log.warning("job %s stalled: taken up again", job.id)
                    await manager.retry_job(job)
            except (ConnectorException, OSError, procrastinate.exceptions.ProcrastinateException):
                log.warning("jobs: could not look for stalled ones")
