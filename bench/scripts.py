"""Finding one of 1,000 replies: our search beside PostgreSQL's own over the same rows."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psycopg
import sqlalchemy as sa
import yaml

from bench.house import machine_load, milliseconds
from bench.table import percentile, write_table
from callwright.integrations.postgres.server import PostgresServer
from callwright.kit.bus import Bus
from callwright.kit.clock import SystemClock
from callwright.kit.db import Database, Tx
from callwright.kit.jobs import Jobs
from callwright.kit.journal import Journal
from callwright.migrations.run import migrate
from callwright.scripts import service
from callwright.scripts.model import Body
from callwright.scripts.search import search
from callwright.scripts.suggest import Heard, suggest

DEMO = Path(__file__).resolve().parent.parent / "demo" / "company" / "scripts.yaml"
COPIES, ROUNDS, QUICK_ROUNDS = 5, 20, 2
GOAL_MS = 20.0
FIRST = 10  # the reply that is meant must be among so many
# What is typed, and a word of the title that is meant
TYPED = {
    "物流停滞": "物流停滞", "物流停滯": "物流停滞", "wltz": "物流停滞", "wuliut": "物流停滞",
    "退款": "退款", "tkdz": "退款到账时间", "cfkk": "重复扣款", "chongfukou": "重复扣款",
    "漏水": "漏水排查", "发票 税号": "改抬头", "S-054": "物流停滞", "12315": "监管部门",
    "warranty": "Warranty", "zzzz": "",
}  # fmt: skip
SAID = [Heard("agent", "您好，请讲"), Heard("customer", "我的包裹物流信息一个星期没更新了")]
_ILIKE = sa.text(
    "SELECT v.title FROM script s JOIN script_version v ON v.script_id = s.id"
    " AND v.version = s.published WHERE v.title ILIKE :like OR v.text ILIKE :like"
    " OR array_to_string(v.keywords, ' ') ILIKE :like ORDER BY v.title ILIKE :like DESC, s.number"
)
_TRIGRAM = sa.text(
    "SELECT v.title FROM script s JOIN script_version v ON v.script_id = s.id"
    " AND v.version = s.published WHERE :typed <% v.title OR :typed <% v.text"
    " ORDER BY word_similarity(:typed, v.title) DESC, s.number"
)
Find = Callable[[Tx, str], Awaitable[list[str]]]


async def _ours(tx: Tx, typed: str) -> list[str]:
    """As GET /scripts does it: what the department may use now, then the search."""
    return [hit.script.body.title for hit in search(await service.usable(tx, "售后"), typed)]


async def _ilike(tx: Tx, typed: str) -> list[str]:
    return [row["title"] for row in await tx.rows(_ILIKE.bindparams(like=f"%{typed}%"))]


async def _trigram(tx: Tx, typed: str) -> list[str]:
    return [row["title"] for row in await tx.rows(_TRIGRAM.bindparams(typed=typed))]


async def _suggest(tx: Tx, typed: str) -> list[str]:
    return [one.script.body.title for one in suggest(await service.usable(tx, "售后"), SAID)]


async def _fill(db: Database) -> int:
    rows = yaml.safe_load(DEMO.read_text("utf-8"))
    async with db.begin() as tx:
        for copy in range(COPIES):
            for row in rows:
                body = {name: value for name, value in row.items() if name != "number"}
                if copy:
                    body["title"] += str(copy + 1)
                    body["text"] += f"（{copy + 1}）"
                await service.create(tx, Body.model_validate(body), "bench", in_use=True)
    return COPIES * len(rows)


async def _measure(db: Database, find: Find, rounds: int) -> tuple[list[float], int]:
    """Seconds of each look-up, and how many of the typed texts found what is meant."""
    taken: list[float] = []
    good: set[str] = set()
    async with db.reading() as tx:
        for turn in range(rounds + 1):
            for typed, meant in TYPED.items():
                began = time.perf_counter()
                titles = await find(tx, typed)
                if turn:  # the first round fills caches, ours and PostgreSQL's
                    taken.append(time.perf_counter() - began)
                found = any(meant in title for title in titles[:FIRST])
                if found if meant else not titles:
                    good.add(typed)
    return taken, len(good)


async def measure(url: str, rounds: int) -> list[dict[str, object]]:
    """The rows of the table."""
    db = Database(url, SystemClock(), Bus(), pool_size=1)
    db.sink = Journal(Jobs(url))
    many = await _fill(db)
    async with db.begin() as tx:
        await tx.execute(sa.text("ANALYZE"))
    rows: list[dict[str, object]] = []
    for what, find in (
        ("Callwright: search", _ours),
        ("PostgreSQL ILIKE", _ilike),
        ("PostgreSQL pg_trgm", _trigram),
        ("Callwright: suggest three", _suggest),
    ):
        taken, good = await _measure(db, find, rounds)
        rows.append(
            {
                "what": what, "scripts": many, "look-ups": len(taken), **milliseconds(taken),
                "goal p95 ms": GOAL_MS,
                "right among the first 10": "" if find is _suggest else f"{good} of {len(TYPED)}",
                "machine load": machine_load(),
            }
        )  # fmt: skip
        if find is _ours:
            rows[0]["p95"] = percentile(taken, 95)
    await db.close()
    return rows


def main(arguments: list[str]) -> int:
    """Measure and write the table; 1 when the goal was missed."""
    home = Path(tempfile.mkdtemp(prefix="callwright-bench-"))
    home.chmod(0o711)
    server = PostgresServer(home, 8704, durable=False)
    try:
        server.ensure()
        url = server.ensure_database("bench")
        migrate(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        rows = asyncio.run(measure(url, QUICK_ROUNDS if "--quick" in arguments else ROUNDS))
    finally:
        server.stop()
        shutil.rmtree(home)
    p95_s = float(str(rows[0].pop("p95")))
    write_table("scripts", "Finding one of 1,000 ready replies", rows)
    return 0 if p95_s * 1000 <= GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
