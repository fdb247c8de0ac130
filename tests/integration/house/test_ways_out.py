"""Every way a caller can leave without a talk: a stored reason, and never dead air."""

from __future__ import annotations

import pytest
from tests.house import NUMBER, TestHouse

from callwright.agents import service as agents
from callwright.calls.store import contact_for_update
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.db import Tx
from callwright.ports.telephony import EndCause


def played(house: TestHouse, leg: str) -> list[str]:
    """The names of the prompts that a leg heard, in order."""
    return [sound.source.rpartition("/")[2].partition(".")[0] for sound in house.pbx.hears(leg)]


async def test_nobody_on_duty(house: TestHouse) -> None:
    leg = await house.caller()
    page = await house.finished(leg)
    assert page["end_reason"] == "no_agents"
    assert played(house, leg)[-1] == "goodbye_nobody"
    assert page["ticket"] is None


async def test_waited_too_long(house: TestHouse) -> None:
    await house.add_agent("away", in_queues=("hasty",))
    await house.run(lambda tx: _break(tx, "away"))
    leg = await house.caller(key="2")
    page = await house.finished(leg)
    assert page["end_reason"] == "queue_timeout"
    assert played(house, leg)[-1] == "goodbye_timeout"
    [left] = [e["body"] for e in page["events"] if e["name"] == "queue.left"]
    assert left["exit"] == "timeout"


async def _break(tx: Tx, login: str) -> None:
    await agents.request_state(tx, login, "break", "lunch")


async def test_closed_line(house: TestHouse) -> None:
    leg = house.pbx.call_in("13900000001", "closed")
    page = await house.finished(leg)
    assert page["end_reason"] == "closed"
    assert played(house, leg)[-1] == "closed"


async def test_gives_up_in_the_menu(house: TestHouse) -> None:
    leg = house.pbx.call_in("13900000001", NUMBER)
    await house.heard_of(leg, "menu.entered")
    house.pbx.caller_hangs_up(leg)
    assert (await house.finished(leg))["end_reason"] == "abandoned_ivr"


async def test_gives_up_while_the_agents_phone_rings(house: TestHouse) -> None:
    await house.add_agent("slow", phone=PhoneBehaviour(answers_after_s=None))
    leg = await house.caller()
    await house.in_state(leg, "ringing")
    house.pbx.caller_hangs_up(leg)
    page = await house.finished(leg)
    assert page["end_reason"] == "abandoned_ringing"
    closed = await house.heard_of(leg, "offer.closed")
    [result] = [e["body"]["result"] for e in closed["events"] if e["name"] == "offer.closed"]
    assert result == "caller_gone"
    assert await house.state("slow") == "ready", "the caller's hanging up is no refusal"


async def test_no_key_three_times_leads_to_the_default_queue(house: TestHouse) -> None:
    await house.add_agent("anna")
    leg = house.pbx.call_in("13900000001", NUMBER)
    page = await house.in_state(leg, "talking")
    answers = [e["body"] for e in page["events"] if e["name"] == "menu.answered"]
    assert [a["key"] for a in answers] == ["", "", ""]
    assert played(house, leg).count("no_input") == 2


async def test_a_wrong_key_is_told_and_asked_again(house: TestHouse) -> None:
    await house.add_agent("anna")
    leg = await house.caller(key="7")
    await house.heard_of(leg, "menu.entered", times=2)
    house.pbx.press(leg, "1")
    page = await house.in_state(leg, "talking")
    assert "invalid" in played(house, leg)
    assert page["queue"]["key"] == "orders"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("anonymous", "hidden"),
        ("'\"; DROP TABLE contact; --", "invalid"),
        ("9" * 500, "invalid"),
        ("📞🔥", "invalid"),
        ("10086", "service"),
    ],
)
async def test_absurd_callers_are_served_and_match_nobody(
    house: TestHouse, number: str, kind: str
) -> None:
    await house.add_agent("anna")
    leg = await house.caller(number=number)
    page = await house.in_state(leg, "talking")
    assert page["number_kind"] == kind
    assert page["customer"] is None
    house.pbx.caller_hangs_up(leg)
    await house.finished(leg)


@pytest.mark.parametrize("refusal", ["busy", "rejected", "unreachable"])
async def test_a_refused_offer_goes_to_the_next_agent(house: TestHouse, refusal: EndCause) -> None:
    await house.add_agent("first", phone=PhoneBehaviour(refuses=refusal))
    leg = await house.caller()
    page = await house.heard_of(leg, "offer.closed")
    assert [e["body"]["result"] for e in page["events"] if e["name"] == "offer.closed"] == [refusal]
    assert await house.state("first") == "break"
    await house.add_agent("second")
    assert (await house.in_state(leg, "talking"))["agent"]["login"] == "second"


async def test_a_talk_that_ended_before_it_was_written_down_leaves_nobody_stuck(
    house: TestHouse,
) -> None:
    await house.add_agent("brief", phone=PhoneBehaviour(answers_after_s=0.5, hangs_up_after_s=0.5))
    leg = await house.caller()
    page = await house.in_state(leg, "ringing")
    async with house.house.db.begin() as tx:  # whatever writes the talk down has to wait
        await contact_for_update(tx, page["id"])
        while len(house.pbx.pbx.legs) == 2:
            await house.clock.sleep(0.1)
    assert (await house.finished(leg))["end_reason"] == "completed"
    assert await house.until(lambda tx: _is_ready(tx, "brief"))


async def _is_ready(tx: Tx, login: str) -> bool:
    return (await agents.agent_of_login(tx, login)).state == "ready"
