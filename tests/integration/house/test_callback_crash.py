"""The platform dies between the decision and the dial: still one dial, and nobody kept for ever."""

from __future__ import annotations

import pytest
from tests.house import TestHouse
from tests.integration.house.promises import (
    answers,
    attempts,
    dials,
    free,
    in_state,
    leg_out,
    nobody_free,
    promised,
    rule,
)
from tests.integration.house.talking import all_free
from tests.integration.house.test_talks_restored import adopted

from callwright.calls import callback_dial
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.routing import offers
from callwright.routing.callbacks import Nearing


async def dies(*_: object) -> None:
    """Nothing more is done by this process."""


@pytest.mark.row("1.7")
async def test_before_the_agents_phone_rings(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the simulator: the platform dies after the decision; one dial, nobody kept."""
    await nobody_free(house, "anna")
    answers(house)
    _, contact = await promised(house)
    with monkeypatch.context() as dead:
        dead.setattr(offers, "carry_out", dies)
        await free(house, "anna")
        await in_state(house, contact, "dialling")
    assert (dials(house), await house.state("anna")) == (0, "ringing")
    await adopted(house)
    done = await in_state(house, contact, "completed")
    assert (dials(house), done.tries) == (1, 1)
    [lost, talked] = await attempts(house, contact)
    assert (lost["result"], talked["result"]) == ("cancelled", "talked")
    await all_free(house, "anna")


@pytest.mark.row("1.7")
async def test_before_the_customers_phone_rings(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the simulator: what may have rung counts as a try; one dial."""
    await nobody_free(house, "anna")
    await rule(house, first="customer", retry_min=1)
    answers(house, leaves_s=30.0)
    with monkeypatch.context() as dead:
        dead.setattr(callback_dial, "originate", dies)
        _, contact = await promised(house)
        await in_state(house, contact, "dialling")
    assert dials(house) == 0
    assert await Nearing(house.house).round() == 0, "it is being dialled"
    await adopted(house)
    waits = await in_state(house, contact, "waiting")
    assert waits.tries == 1, "nobody knows whether it rang"
    house.clock.skip(61)
    out = await leg_out(house, contact, 1)
    await house.in_state(out, "waiting")
    assert dials(house) == 1
    await free(house, "anna")
    await in_state(house, contact, "completed")
    house.pbx.caller_hangs_up(out)
    await house.finished(out)
    await all_free(house, "anna")


async def test_while_the_agents_phone_rings(house: TestHouse) -> None:
    await nobody_free(house, "anna")
    house.pbx.agent("anna", PhoneBehaviour(answers_after_s=None))
    answers(house)
    _, contact = await promised(house)
    await free(house, "anna")
    out = await leg_out(house, contact)
    await house.heard_of(out, "leg.rung")
    await house.house.bus.close()
    await adopted(house)
    [own] = [leg for leg in house.pbx.pbx.legs.values() if not leg.incoming]
    house.pbx.answers(own.id)
    await in_state(house, contact, "completed")
    assert dials(house) == 1
    await house.finished(out)
    await all_free(house, "anna")


async def test_a_lost_pbx_costs_no_try(house: TestHouse) -> None:
    await nobody_free(house, "anna")
    answers(house, after_s=None)
    _, contact = await promised(house)
    await free(house, "anna")
    out = await leg_out(house, contact)
    await house.heard_of(out, "leg.rung", 2)
    house.pbx.crash()
    house.pbx.restart()
    assert (await house.finished(out))["end_reason"] == "pbx_lost"
    waits = await in_state(house, contact, "waiting")
    assert waits.tries == 0
    assert waits.not_before > house.clock.now()
