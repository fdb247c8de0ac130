"""Callers who cannot wait leave a message, or are asked about a callback."""

from __future__ import annotations

import dataclasses

import pytest
from tests.house import TestHouse, furnish_prompts
from tests.integration.house.promises import confirm, nobody_free, promise_of
from tests.integration.house.test_voicemail import VOICEMAIL_PROMPTS, check_kept

from callwright.agents import service as agents
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.queues import service as queues
from callwright.queues.model import Target


async def overflows(house: TestHouse, cause: str, target: Target) -> None:
    """What becomes of callers of `orders` who cannot wait for this cause."""

    async def write(tx: Tx) -> None:
        queue = await queues.queue_of(tx, "orders")
        changed = dataclasses.replace(queue, overflow={cause: target}, max_wait_s=10)  # type: ignore[dict-item]
        await queues.publish_queue(tx, changed, "test")

    await house.run(write)


@pytest.mark.row("1.6")
@pytest.mark.parametrize("cause", ["nobody_on_duty", "too_long"])
async def test_a_message_by_overflow(house: TestHouse, cause: str) -> None:
    """On the simulator: the message is kept and a ticket; the exit is voicemail."""
    if cause == "too_long":
        await nobody_free(house, "anna")
    else:
        await house.add_agent("anna", ready=False)
    furnish_prompts(house.house.settings.home, VOICEMAIL_PROMPTS)
    await overflows(house, cause, Target("voicemail"))
    leg = house.pbx.call_in("13816527394", "4008001234", voice_hz=400.0)
    await house.heard_of(leg, "menu.entered")
    house.pbx.press(leg, "1")
    await house.heard_of(leg, "voicemail.started")
    await house.clock.sleep(3)
    house.pbx.press(leg, "#")
    await house.run(lambda tx: agents.request_state(tx, "anna", "break"))
    page = await check_kept(house, leg, "key")
    [why] = [event for event in page["events"] if event["name"] == "call.overflowed"]
    assert (why["body"]["cause"], why["body"]["kind"]) == (cause, "voicemail")
    assert page["ticket"]["source"] == "voicemail"


@pytest.mark.row("1.6")
async def test_a_callback_by_overflow(house: TestHouse) -> None:
    """On the simulator: promised with the age of the wait; the exit is callback_requested."""
    await nobody_free(house, "anna")
    await overflows(house, "too_long", Target("callback"))
    leg = await house.caller(number="13816527394")
    await confirm(house, leg)
    page = await house.finished(leg)
    [why] = [event for event in page["events"] if event["name"] == "call.overflowed"]
    assert (why["body"]["kind"], page["end_reason"]) == ("callback", "callback_requested")
    promise = await promise_of(house, page["id"])
    [entered] = [event for event in page["events"] if event["name"] == "call.queued"]
    assert promise.aged_from == entered["at"], "the age is kept"


async def test_who_wants_no_callback_hears_the_goodbye(house: TestHouse) -> None:
    await nobody_free(house, "anna")
    await overflows(house, "too_long", Target("callback"))
    leg = await house.caller(number="13816527394")
    await house.in_state(leg, "choosing")
    house.pbx.press(leg, "*")
    page = await house.finished(leg)
    assert page["end_reason"] == "queue_timeout"
    assert "call.overflowed" in [event["name"] for event in page["events"]]


async def test_a_kind_has_no_field_that_is_not_its_own(house: TestHouse) -> None:
    with pytest.raises(CallwrightError, match=r"overflow\.too_long\.queue"):
        await overflows(house, "too_long", Target("voicemail", queue="hasty"))
