"""Reads the demo's files and writes them through the rooms' own verbs."""

from __future__ import annotations

import csv
import json
import secrets
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import yaml

from callwright.accounts import service as accounts
from callwright.agents import service as agents
from callwright.calendars import service as calendars
from callwright.cli._demo.outside import lay_line
from callwright.cli._tx import transaction
from callwright.customers import service as customers
from callwright.integrations.sipphone.wav import read_wav, write_wav
from callwright.ivr import service as ivr
from callwright.ivr import trees
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.files import write_whole
from callwright.kit.settings import Settings
from callwright.queues import service as queues
from callwright.queues.model import Line, queue_of_row
from callwright.scripts import service as scripts
from callwright.scripts import voices
from callwright.scripts.model import Body, read_number
from callwright.tickets import service as tickets

AUTHOR = "demo"
CALENDAR = "always"


def password_file(home: Path) -> Path:
    """Where the demo users' random password is kept."""
    return home / "keys" / "demo.password"


async def load_demo(settings: Settings, url: str, source: Path) -> dict[str, int] | None:
    """Load everything in one transaction; None when there are users already."""
    company_file = source / "company" / "company.yaml"
    if not company_file.exists():
        raise CallwrightError("not_found", what="demo company", file=company_file.name)
    async with transaction(url) as tx:
        if await accounts.count_users(tx):
            return None
        password = _password(settings.home)
        counts = await _load(tx, settings, source / "company", password)
        counts["voices"] = await _load_voices(tx, settings.home, source / "voices")
    copy_prompts(source / "prompts", settings.home / "prompts")
    lay_line(settings)
    return counts


def _password(home: Path) -> str:
    file = password_file(home)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    password = secrets.token_urlsafe(9)
    write_whole(file, password.encode())
    return password


async def _load(tx: Tx, settings: Settings, folder: Path, password: str) -> dict[str, int]:
    company = yaml.safe_load((folder / "company.yaml").read_text("utf-8"))
    queue_rows = yaml.safe_load((folder / "queues.yaml").read_text("utf-8"))
    calendar = {"zone": company["zone"], "week": company["hours"], **company["holidays"]}
    await calendars.publish_calendar(tx, CALENDAR, calendar, AUTHOR)
    await _load_queues(tx, settings, company, queue_rows)
    people = await _load_people(tx, settings, folder, queue_rows, password)
    tree = json.loads((folder / "ivr.json").read_text("utf-8"))
    await ivr.publish(tx, "main", tree, AUTHOR, trees.prompts_in(folder.parent / "prompts"))
    known = await _load_customers(tx, settings, folder)
    orders = await _load_orders(tx, folder, known)
    old = await _load_tickets(tx, settings, folder, known)
    replies = await _load_scripts(tx, folder)
    past = await _load_history(tx, company, folder, known)
    return {
        "users": people, "customers": len(known), "orders": orders, "open tickets": old,
        "past contacts": past, "queues": len(queue_rows), "scripts": replies,
    }  # fmt: skip


async def _load_queues(
    tx: Tx, settings: Settings, company: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    for row in rows:
        await queues.save_queue(tx, queue_of_row(row), AUTHOR)
    for number in company["numbers"]:
        line = Line(
            number=number["number"], name=number["name"], ivr=number["ivr"], calendar=CALENDAR,
            site=settings.site, area_code=company["area_code"],
            trunk=number.get("trunk", ""),
        )  # fmt: skip
        await queues.save_line(tx, line)


async def _load_people(
    tx: Tx, settings: Settings, folder: Path, queue_rows: list[dict[str, Any]], password: str
) -> int:
    """The agents, and one user each for admin, manager, supervisor and qa."""
    rows = list(_csv(folder / "agents.csv"))
    for role in ("admin", "manager", "supervisor", "qa"):
        await accounts.add_user(tx, login=role, name=role, role=role, password=password)
    for row in rows:
        login = row["login"]
        await accounts.add_user(tx, login=login, name=row["name"], role="agent", password=password)
        await agents.add_agent(
            tx,
            login=login,
            name=row["name"],
            department=row["department"],
            site=settings.site,
            skills=_skills(row["skills"]),
            queues=[queue["key"] for queue in queue_rows if login in queue["agents"]],
        )
    return len(rows) + 4


def _skills(text: str) -> dict[str, int]:
    pairs = (part.split(":") for part in text.split(";") if part)
    return {name: int(level) for name, level in pairs}


async def _load_customers(tx: Tx, settings: Settings, folder: Path) -> dict[str, UUID]:
    known: dict[str, UUID] = {}
    company = settings.company
    for row in _csv(folder / "customers.csv"):
        known[row["no"]] = await customers.add_customer(
            tx, name=row["name"], tier=row["tier"], phones=row["phones"],
            area_code=company.area_code, region=company.region,
        )  # fmt: skip
    return known


async def _load_orders(tx: Tx, folder: Path, known: dict[str, UUID]) -> int:
    now = tx.clock.now()
    rows = [
        {
            "no": row["no"], "customer_id": known[row["customer"]], "item": row["item"],
            "amount": row["amount"], "status": row["state"],
            "placed_at": now - timedelta(days=int(row["placed_days_ago"])),
        }
        for row in _csv(folder / "orders.csv")
    ]  # fmt: skip
    await customers.add_orders(tx, rows)
    return len(rows)


async def _load_tickets(tx: Tx, settings: Settings, folder: Path, known: dict[str, UUID]) -> int:
    """Tickets that were open before the demo began; they came from no call."""
    rows = list(_csv(folder / "tickets.csv"))
    for row in rows:
        await tickets.add_ticket(
            tx, customer_id=known[row["customer"]], site=settings.site, type_=row["type"],
            priority=row["priority"], department=row["department"], subject=row["subject"],
            created_at=tx.clock.now() - timedelta(days=int(row["opened_days_ago"])),
        )  # fmt: skip
    return len(rows)


async def _load_scripts(tx: Tx, folder: Path) -> int:
    """Ready replies, in use at once."""
    rows = yaml.safe_load((folder / "scripts.yaml").read_text("utf-8"))
    for row in rows:
        number = read_number(row.pop("number"))
        await scripts.create(tx, Body.model_validate(row), AUTHOR, number=number, in_use=True)
    return len(rows)


async def _load_history(
    tx: Tx, company: dict[str, Any], folder: Path, known: dict[str, UUID]
) -> int:
    """What the company noted before it had Callwright: no calls of ours, no recordings."""
    zone = ZoneInfo(company["zone"])
    today = tx.clock.now().astimezone(zone)
    rows = []
    for row in _csv(folder / "history.csv"):
        day = (today - timedelta(days=int(row["days_ago"]))).date()
        at = datetime.combine(day, time.fromisoformat(row["time"]), zone)
        rows.append(
            {
                "customer_id": known[row["customer"]], "at": at, "channel": row["channel"],
                "login": row["agent"], "summary": row["summary"],
            }
        )  # fmt: skip
    await customers.add_past(tx, rows)
    return len(rows)


async def _load_voices(tx: Tx, home: Path, folder: Path) -> int:
    """The sound of some replies: files named by their numbers."""
    known = {script.head.no: script for script in await scripts.newest(tx)}
    files = sorted(folder.glob("*.wav"))
    for file in files:
        await voices.upload(home, tx, known[file.stem], file.read_bytes(), AUTHOR)
    return len(files)


def copy_prompts(source: Path, target: Path) -> None:
    """The announcements are kept at half their size; the PBX plays 16-bit samples."""
    target.mkdir(parents=True, exist_ok=True)
    for file in source.glob("*.wav"):
        write_wav(target / file.name, read_wav(file))


def _csv(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)
