"""Finding a call again: by number, name, agent, and by what was said."""

from __future__ import annotations

from functools import partial

from tests.house import TestHouse

from callwright.calls import reads
from callwright.desk.api import Search, search_filter
from callwright.kit.db import Tx

WORDS = {
    "退款": True, "要退": True, "退": True, "换货": False, "我要": True, "5273": True,
    "9999": False, "王建国": True, "建国": True, "李": False, "anna": True, "100%_": False,
}  # fmt: skip


async def test_words_numbers_names_find_the_call(house: TestHouse) -> None:
    house.speech.lanes[:] = [["我要退款"], []]
    await house.add_agent("anna")
    leg = await house.caller(number="13816527394")
    await house.in_state(leg, "talking")
    await house.clock.sleep(4)
    house.pbx.caller_hangs_up(leg)
    await house.finished(leg)
    for q, expected in WORDS.items():
        assert await house.run(partial(_finds, q)) is expected, q


async def _finds(q: str, tx: Tx) -> bool:
    wanted = await search_filter(tx, Search(q=q))
    return bool(await reads.contacts(tx, wanted, before=None, limit=5))
