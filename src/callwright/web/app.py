"""The application factory."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from callwright.accounts import api as accounts_api
from callwright.agents import api as agents_api
from callwright.calendars import api as calendars_api
from callwright.calls import api as calls_api
from callwright.calls import callbacks_api, guard_api
from callwright.desk import api as desk_api
from callwright.desk import customers_api, dial_api, missed_api, replies_api, screen_api
from callwright.ivr import api as ivr_api
from callwright.ivr import capture_api
from callwright.kit.errors import CallwrightError
from callwright.kit.http import (
    on_callwright_error,
    on_data_error,
    on_http_error,
    on_validation_error,
)
from callwright.ports.house import House
from callwright.queues import api as queues_api
from callwright.queues import promises_api
from callwright.routing import api as routing_api
from callwright.routing import rules_api, simulations_api
from callwright.scripts import api as scripts_api
from callwright.scripts import exchange_api, voices_api
from callwright.tickets import api as tickets_api
from callwright.web import ca, health, live, sip
from callwright.web.static_files import mount_console

MOST_BYTES = 12 * 1024 * 1024  # the largest file that anything takes, and what wraps it
STATIC = Path(__file__).parent.parent / "static"


def make_app(house: House, local_token: str) -> FastAPI:
    """The whole web surface of one process: /api/v1, /live, /sip, health, the console."""
    app = FastAPI(
        title="Callwright", version="1", openapi_url="/api/openapi.json", docs_url=None,
        max_body_size=MOST_BYTES,
    )  # fmt: skip
    app.state.house = house
    app.state.local_token = local_token
    app.state.live = live.LiveHub(house)
    app.add_exception_handler(CallwrightError, on_callwright_error)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(DataError, on_data_error)
    app.add_exception_handler(HTTPException, on_http_error)
    v1 = APIRouter(prefix="/api/v1")
    for part in (
        accounts_api,
        agents_api,
        calendars_api,
        calls_api,
        guard_api,
        queues_api,
        callbacks_api,
        promises_api,
        routing_api,
        rules_api,
        simulations_api,
        desk_api,
        customers_api,
        dial_api,
        missed_api,
        screen_api,
        ivr_api,
        capture_api,
        tickets_api,
        exchange_api,
        scripts_api,
        voices_api,
        replies_api,
    ):
        v1.include_router(part.router)
    app.include_router(v1)
    app.include_router(health.router)
    app.include_router(ca.router)
    app.include_router(live.router)
    app.include_router(sip.router)
    mount_console(app, STATIC)
    return app
