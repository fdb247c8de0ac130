"""Search reads indexes, not tables: every statement of the search paths is explained."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from tests.house import TestHouse

from callwright.calls import missed, reads
from callwright.calls.missed_store import missed_table
from callwright.calls.store import contact_table
from callwright.customers import service as customers
from callwright.customers.model import Customer
from callwright.customers.names import words_of
from callwright.customers.store import customer_table, phone_table
from callwright.kit.db import Tx
from callwright.kit.find import number_pieces
from callwright.kit.ids import new_id
from callwright.tickets import reads as ticket_reads
from callwright.tickets.store import ticket_table
from callwright.tickets.work import search_of
from callwright.transcripts import service as transcripts
from callwright.transcripts.model import found_by
from callwright.transcripts.store import transcript_table, turn_table

PEOPLE, CALLS, AFTERWARDS = 12000, 24000, 6000
NAMES = "赵钱孙李周吴郑王冯陈", "建国美玲志强晓燕明辉雪晴", "军芳伟娜敏静丽强磊洋"
SUBJECTS = "退款没到账", "空调漏水", "催单发货", "发票抬头", "安装预约", "配件缺失", "态度投诉"
BIG = ("contact", "customer", "customer_phone", "ticket", "transcript", "turn", "missed_call")


@pytest.fixture
async def full(house: TestHouse) -> TestHouse:
    """Thousands of customers, contacts and tickets, and the planner knows."""
    await house.run(_fill)
    await house.run(_as_after_vacuum)
    return house


async def test_no_search_reads_a_whole_table(full: TestHouse) -> None:
    for q in ("王建军", "wjj", "wangjian", "13800000777", "0777", "军", "没有这个人"):
        await _uses_indexes(full, partial(_find, q))
    someone = (await full.run(partial(_find, "wjj")))[0].id
    for wanted in (
        reads.ContactFilter(digits="0777"),
        reads.ContactFilter(digits="0777", customers=[someone], agents=[new_id()], ids=[new_id()]),
        reads.ContactFilter(queue="hasty"), reads.ContactFilter(agent_id=new_id()),
        reads.ContactFilter(customers=[someone]), reads.ContactFilter(from_number="+8613800000777"),
        reads.ContactFilter(),
    ):  # fmt: skip
        await _uses_indexes(full, partial(_contacts, wanted))
    for filters in (
        {"q": "漏水"}, {"q": "没这个词"}, {"q": "漏水", "customers": [someone]}, {"q": "10077"},
        {"agent_id": new_id()}, {"customer_id": someone}, {"states": ("solved",)}, {},
    ):  # fmt: skip
        sought = ticket_reads.TicketFilter(**filters)
        await _uses_indexes(full, partial(_tickets, sought))
    await _uses_indexes(full, lambda tx: missed.missed(tx, done=False))
    for said in ("单号5999", "没有人说过"):
        await _uses_indexes(full, partial(_said, said))


async def _find(q: str, tx: Tx) -> list[Customer]:
    return await customers.find(tx, q, area_code="021", region="CN", limit=20)


async def _contacts(wanted: reads.ContactFilter, tx: Tx) -> list[dict[str, Any]]:
    return await reads.contacts(tx, wanted, before=None, limit=50)


async def _said(word: str, tx: Tx) -> list[UUID]:
    return await transcripts.contacts_that_say(tx, word, 50)


async def _tickets(wanted: ticket_reads.TicketFilter, tx: Tx) -> list[dict[str, Any]]:
    return await ticket_reads.tickets(tx, wanted, before=None, limit=50)


async def _uses_indexes(house: TestHouse, look: Callable[[Tx], Awaitable[Any]]) -> None:
    """Run it, then ask the planner how it read each statement."""
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _k: Any, statement: str, values: Any, *_: Any) -> None:
        sent.append((statement, values))

    engine = house.house.db.engine.sync_engine
    async with house.house.db.begin() as tx:
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            await look(tx)
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        for statement, values in sent:
            explained = await tx.conn.exec_driver_sql(f"EXPLAIN {statement}", values)
            plan = "\n".join(row[0] for row in explained)
            read_whole = [name for name in BIG if f"Seq Scan on {name} " in plan]
            assert read_whole == [], f"{statement}\n{values}\n{plan}"


async def _as_after_vacuum(tx: Tx) -> None:
    """Fresh entries go into the index itself, and the planner knows how much there is."""
    for index in ("contact_pieces_idx", "customer_search_idx", "customer_phone_pieces_idx",
                  "ticket_search_idx", "transcript_search_idx"):  # fmt: skip
        await tx.execute(sa.select(sa.func.gin_clean_pending_list(sa.text(f"'{index}'::regclass"))))
    await tx.execute(sa.text("ANALYZE"))


async def _fill(tx: Tx) -> None:
    ids = [new_id() for _ in range(PEOPLE)]
    names = ["".join(part[(i // 7**n) % len(part)] for n, part in enumerate(NAMES))
             for i in range(PEOPLE)]  # fmt: skip
    now = tx.clock.now()
    await tx.execute(
        sa.insert(customer_table),
        [
            {"id": key, "name": name, "tier": "normal", "created_at": now, "search": words_of(name)}
            for key, name in zip(ids, names, strict=True)
        ],
    )
    numbers = [f"+86138{i:08d}" for i in range(PEOPLE)]
    await tx.execute(
        sa.insert(phone_table),
        [
            {"customer_id": key, "number": number, "typed": number, "e164": number,
             "kind": "mobile", "pieces": number_pieces(number)}
            for key, number in zip(ids, numbers, strict=True)
        ],
    )  # fmt: skip
    calls = [_contact(i, ids, numbers, now) for i in range(CALLS)]
    await tx.execute(sa.insert(contact_table), calls)
    await _fill_afterwards(tx, calls[:AFTERWARDS])
    await tx.execute(sa.insert(ticket_table), [_ticket(i, ids, now) for i in range(CALLS)])


async def _fill_afterwards(tx: Tx, calls: list[dict[str, Any]]) -> None:
    """What was said in calls, and who was missed: most of them have been called back."""
    said = [f"{SUBJECTS[i % len(SUBJECTS)]}，单号{i}" for i in range(len(calls))]
    await tx.execute(
        sa.insert(transcript_table),
        [
            {"contact_id": call["id"], "state": "final", "search": found_by(text)}
            for call, text in zip(calls, said, strict=True)
        ],
    )
    await tx.execute(
        sa.insert(turn_table),
        [
            {"id": new_id(), "contact_id": call["id"], "speaker": "customer", "start_s": 0,
             "end_s": 2, "text": text, "masked": text, "words": [], "spans": []}
            for call, text in zip(calls, said, strict=True)
        ],
    )  # fmt: skip
    await tx.execute(
        sa.insert(missed_table),
        [
            {"contact_id": call["id"], "last_contact_id": call["id"], "caller": f"caller-{i}",
             "at": call["started_at"], "reason": "abandoned_queue", "waited_s": 9,
             "done_at": None if i % 100 == 0 else call["ended_at"]}
            for i, call in enumerate(calls)
        ],
    )  # fmt: skip


def _contact(i: int, ids: list[Any], numbers: list[str], now: Any) -> dict[str, Any]:
    whose = i % PEOPLE
    return {
        "id": new_id(), "site": "main", "state": "ended", "caller_leg": f"leg-{i}",
        "from_number": numbers[whose], "e164": numbers[whose], "number_kind": "mobile",
        "to_number": "4008001234", "customer_id": ids[whose], "tier": "normal",
        "started_at": now - timedelta(minutes=i), "ended_at": now, "end_reason": "completed",
        "queue": "orders", "agent_id": None, "ivr": "main", "language": "zh", "matches": [],
        "pieces": number_pieces(numbers[whose]),
    }  # fmt: skip


def _ticket(i: int, ids: list[Any], now: Any) -> dict[str, Any]:
    subject = f"{SUBJECTS[i % len(SUBJECTS)]}{i}"
    return {
        "id": new_id(), "customer_id": ids[i % PEOPLE], "site": "main",
        "state": "open" if i % 50 == 0 else "closed", "type": "退款", "priority": "normal",
        "department": "dept", "subject": subject, "transcribed": True, "evidence": [],
        "reasons": [], "created_at": now, "updated_at": now, "due_at": now,
        **search_of(subject, "退款", []),
    }  # fmt: skip
