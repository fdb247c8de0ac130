"""A tree with every kind of node, its sounds, and what callers of it hear and leave behind."""

from __future__ import annotations

import copy
import wave
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from tests.house import TestHouse

from callwright.customers import service as customers
from callwright.ivr import orders, trees
from callwright.kit.db import Tx
from callwright.recordings.model import RATE

KNOWN = "+8613816527394"
CARD = "4111111111111111"
PATIENT_S = 60  # the clock runs ten times as fast as a busy machine
TREE: dict[str, Any] = {
    "version": 1,
    "language": "zh",
    "notice": "notice",
    "start": "main",
    "otherwise": {"queue": "orders"},
    "menus": {
        "main": {
            "prompt": ["menu"],
            "no_input_prompt": "no_input",
            "invalid_prompt": "invalid",
            "timeout_s": PATIENT_S,
            "keys": {
                "1": {"queue": "orders"},
                "2": {"node": "late"},
                "3": {"node": "vip"},
                "4": {"node": "card"},
                "5": {"node": "parcel", "label": "查包裹"},
                "6": {"node": "parcel", "language": "en"},
                "7": {"node": "news"},
                "8": {"node": "quiet"},
            },
            "otherwise": {"queue": "orders"},
        },
        "more": {
            "prompt": ["more"],
            "tries": 1,
            "timeout_s": 20,
            "keys": {"9": {"again": True}, "*": {"back": True}, "0": {"queue": "orders"}},
            "otherwise": {"hang_up": "goodbye"},
        },
    },
    "nodes": {
        "late": {
            "kind": "branch",
            "on": "hours",
            "calendar": "never",
            "when": {"open": {"queue": "orders"}},
            "otherwise": {"hang_up": "closed"},
        },
        "vip": {
            "kind": "branch",
            "on": "tier",
            "when": {"diamond": {"queue": "orders"}},
            "otherwise": {"node": "again"},
        },
        "again": {
            "kind": "branch",
            "on": "repeat_caller",
            "when": {"yes": {"queue": "hasty"}},
            "otherwise": {"hang_up": "goodbye"},
        },
        "news": {"kind": "say", "prompt": ["news"], "answer": True, "then": {"menu": "more"}},
        "parcel": {
            "kind": "order_status",
            "timeout_s": PATIENT_S,
            "found": {"menu": "more"},
            "otherwise": {"queue": "orders"},
        },
        "quiet": {"kind": "opt_out_recording", "prompt": ["quiet"], "then": {"back": True}},
        "card": {
            "kind": "secure",
            "agents": True,
            "prompt": ["card"],
            "invalid_prompt": "card_wrong",
            "pattern": "card",
            "sink": "payments",
            "timeout_s": PATIENT_S,
            "done": {"hang_up": "goodbye"},
            "otherwise": {"queue": "orders"},
        },
    },
    "closed": {"prompt": ["closed"]},
}
SOUNDS = (*orders.PROMPTS, "more", "news", "quiet", "card", "card_wrong", "goodbye")


def changed(**menus: Any) -> dict[str, Any]:
    """The tree with other menus."""
    tree = copy.deepcopy(TREE)
    tree["menus"].update(menus)
    return tree


async def plant(house: TestHouse) -> None:
    """Publish the tree, with sounds in two languages and two customers' orders."""
    folder = house.house.settings.home / "prompts"
    for name in SOUNDS:
        for language in ("zh", "en"):
            _sound(folder / f"{name}.{language}.wav")
    await house.run(lambda tx: _plant(tx, folder))


def _sound(file: Path) -> None:
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, RATE, 0, "NONE", ""))
        sound.writeframes(np.zeros(RATE // 10, np.int16).tobytes())


async def _plant(tx: Tx, folder: Path) -> None:
    await trees.publish(tx, "main", TREE, "test", trees.prompts_in(folder))
    [known] = await customers.ids_by_name(tx, "王建国")
    other = await customers.add_customer(
        tx, name="李雷", tier="gold", phones="13911112222", area_code="021", region="CN"
    )
    now = tx.clock.now()
    await customers.add_orders(
        tx,
        [
            {"no": no, "customer_id": who, "item": "空气炸锅", "amount": 1, "status": status,
             "placed_at": now.replace(day=day)}
            for no, who, status, day in (
                ("46801", known, "delivered", 2), ("47195", known, "shipped", 20),
                ("50505", other, "refunded", 3), ("60606", known, "lost at sea", 1),
            )
        ],
    )  # fmt: skip


def said(house: TestHouse, leg: str) -> list[str]:
    """What a leg was told, in order: `digit_4.zh`."""
    files = [sound.source for sound in house.pbx.hears(leg) if sound.kind == "file"]
    return [file.rpartition("/")[2].removesuffix(".wav") for file in files]


async def arrives(house: TestHouse, key: str, *, number: str = KNOWN) -> str:
    """Somebody calls, hears the menu and presses a key."""
    return await house.caller(key, number=number)


async def types(house: TestHouse, leg: str, keys: str, *, heard: str, times: int = 1) -> None:
    """Type once something has been said so many times; only digits after it are for it."""

    async def there(_: Tx) -> bool:
        return sum(name.partition(".")[0] == heard for name in said(house, leg)) >= times

    await house.until(there)
    house.pbx.press(leg, keys)


async def outcomes(house: TestHouse, leg: str) -> list[tuple[str, str]]:
    """Node and outcome, of all that the caller passed."""
    page = await house.contact(leg)
    passed = [event["body"] for event in page["events"] if event["name"] == "node.passed"]
    return [(body["node"], body["outcome"]) for body in passed]


async def whole_database(house: TestHouse) -> str:
    """Every row of every table as text."""

    async def read(tx: Tx) -> str:
        names = await tx.rows(
            sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        )
        parts: list[str] = []
        for row in names:
            table = sa.table(row["tablename"])
            name: sa.ColumnElement[str] = sa.literal_column(f'"{row["tablename"]}"::text')
            whole = sa.select(name).select_from(table)
            parts += [str(found) for found in (await tx.execute(whole)).scalars()]
        return "\n".join(parts)

    return await house.run(read)


def all_files(home: Path) -> bytes:
    """Everything on the disk of this house."""
    return b"\n".join(file.read_bytes() for file in sorted(home.rglob("*")) if file.is_file())
