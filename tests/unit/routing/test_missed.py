"""Among equally good agents the call goes to who is least missed elsewhere."""

from __future__ import annotations

import pytest

from callwright.routing.model import FreeAgent, WaitingCall, choose
from callwright.routing.pool import Pool

CALL = WaitingCall("c", "q", skills={"a": 1})


def _agent(id_: str, idle_s: float = 0.0, state: str = "ready", **skills: int) -> FreeAgent:
    return FreeAgent(id_, state, idle_s, skills)


@pytest.mark.parametrize(
    ("agents", "chosen"),
    [
        # nobody else could take b, though the versatile one has been idle longer
        ([_agent("both", 100, a=5, b=5), _agent("only", 0, a=5)], "only"),
        # everybody else who has trade c is busy
        (
            [_agent("b1", a=5, b=5), _agent("c1", 9, a=5, c=5), _agent("x", b=5),
             _agent("y", state="talking", c=5)],
            "b1",
        ),
        # a second trade is missed less than an own one
        ([_agent("own", 9, a=5, b=5), _agent("second", 0, a=5, b=2), _agent("x", b=5)], "second"),
        # the better fit comes first all the same
        ([_agent("both", 0, a=5, b=5), _agent("only", 9, a=4)], "both"),
        # equally missed: the longer idle
        ([_agent("new", 5, a=5), _agent("old", 50, a=5)], "old"),
    ],
)  # fmt: skip
def test_the_least_missed_is_chosen(agents: list[FreeAgent], chosen: str) -> None:
    assert [one.agent for one in choose([CALL], agents).assign] == [chosen]
    pool = Pool()
    for agent in agents:
        if agent.state == "ready":
            pool.agent_ready(agent, 1000.0)
        else:
            pool.agent_busy(agent)
    pool.call_arrives(CALL, 1000.0)
    assert [one.agent for one in pool.assign(1000.0)] == [chosen]
