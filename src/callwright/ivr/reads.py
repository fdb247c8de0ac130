"""How many calls the menu settled alone: counted from the rows at each request."""

from __future__ import annotations

from datetime import date
from typing import Any

from callwright.calls import reads as calls
from callwright.ivr import store
from callwright.ivr.containment import WRONG_WITHIN_S, MenuCall, figures, limits, window
from callwright.kit.db import Tx
from callwright.kit.versions import publish_setting, setting_in_force

WINDOW = "ivr-containment"


async def publish_window(tx: Tx, body: dict[str, Any], author: str) -> int:
    """Within which time a caller who comes again was not helped: {wrong_within_s}."""
    return await publish_setting(tx, WINDOW, {"wrong_within_s": window(body)}, author)


async def containment_of(tx: Tx, day: date, zone: str) -> dict[str, Any]:
    """The figures of a day: {day, as_of, wrong_within_s, whole, nodes}."""
    _, setting = await setting_in_force(tx, WINDOW, lambda: {"wrong_within_s": WRONG_WITHIN_S})
    within_s, now = window(setting), tx.clock.now()
    rows = await calls.menu_calls(tx, *limits(day, zone))
    answers = await store.last_answers(tx, [row["id"] for row in rows])
    alone = [row for row in rows if row["id"] in answers and not row["human"] and row["ended_at"]]
    back = await calls.came_back(tx, [row["id"] for row in alone])
    found = [
        MenuCall(
            row["ended_at"],
            answers[row["id"]]["node"] if row["id"] in answers else "",
            row["human"],
            back.get(row["id"]),
        )
        for row in rows
    ]
    return {
        "day": day, "as_of": now, "wrong_within_s": within_s, **figures(found, within_s, now)
    }  # fmt: skip
