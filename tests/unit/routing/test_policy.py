"""Weights and times that cannot be: refused with the field that is wrong."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callwright.kit.errors import CallwrightError
from callwright.routing.model import WaitingCall, value_of
from callwright.routing.policy import DEFAULT_POLICY, Policy, parse_policy, policy_body

BAD: list[tuple[dict[str, Any], str]] = [
    ({"tier_value": {"gold": 0}}, "tier_value.gold"),
    ({"tier_value": {"gold": -1}}, "tier_value.gold"),
    ({"tier_value": {"gold": math.nan}}, "tier_value.gold"),
    ({"tier_value": {"gold": math.inf}}, "tier_value.gold"),
    ({"tier_value": {"gold": 1e9}}, "tier_value.gold"),
    ({"tier_value": {"gold": "2"}}, "tier_value.gold"),
    ({"tier_value": {"": 2}}, "tier_value."),
    ({"type_value": {"complaint": 10**400}}, "type_value.complaint"),
    ({"repeat_value": 0}, "repeat_value"),
    ({"open_ticket_value": None}, "open_ticket_value"),
    ({"guarantee_s": 0}, "guarantee_s"),
    ({"guarantee_s": math.nan}, "guarantee_s"),
    ({"guarantee_s": 30, "own_first_s": 31}, "own_first_s"),
    ({"guarantee_s": 80, "gate": {"after_s": 81}}, "gate.after_s"),
    ({"guarantee_s": 80, "sticky_s": 100}, "sticky_s"),
    ({"guarantee_s": 80, "team_s": 100}, "team_s"),
    ({"gate": {"share": -0.1}}, "gate.share"),
    ({"gate": {"primary_level": 6}}, "gate.primary_level"),
    ({"relax": [{"after_s": 10}]}, "relax.0"),
    ({"relax": [{"after_s": 10, "lower_by": 1, "any": True}]}, "relax.0"),
    ({"relax": [{"after_s": 10, "lower_by": 1}, {"after_s": 10, "any": True}]}, "relax.1.after_s"),
    ({"relax": {"after_s": 10}}, "relax"),
    ({"reserve": True}, "reserve"),
    ({"languages": {"yue": {"skill": ""}}}, "languages.yue.skill"),
    ({"queue_capacity": {"orders": 0}}, "queue_capacity.orders"),
    ({"colour": "red"}, "colour"),
    ([], "policy"),  # type: ignore[list-item]
]


@pytest.mark.parametrize(("body", "field"), BAD, ids=[field for _, field in BAD])
def test_what_cannot_be_names_its_field(body: dict[str, Any], field: str) -> None:
    with pytest.raises(CallwrightError) as refused:
        parse_policy(body)
    assert refused.value.code == "invalid"
    assert refused.value.params["field"] == field


def test_nothing_published_is_what_comes_with_the_software() -> None:
    assert parse_policy({}) == DEFAULT_POLICY
    assert parse_policy(policy_body(DEFAULT_POLICY)) == DEFAULT_POLICY


def test_what_is_published_is_what_is_read() -> None:
    body = {
        "tier_value": {"gold": 5},
        "relax": [{"after_s": 10, "lower_by": 1}, {"after_s": 60, "any": True}],
        "languages": {"yue": {"skill": "粤语", "least": 2}},
        "queue_capacity": {"orders": 3},
    }
    policy = parse_policy(body)
    assert parse_policy(policy_body(policy)) == policy
    assert policy.tier_value == {"gold": 5.0}
    assert policy.tongue("yue-HK") == policy.tongue("yue") != policy.tongue("zh")


CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_a_short_guarantee_shortens_what_nobody_set() -> None:
    policy = parse_policy({"guarantee_s": 5, "gate": {"share": 0.5}})
    assert (policy.own_first_s, policy.sticky_s, policy.gate.after_s) == (5, 5, 5)
    assert DEFAULT_POLICY.gate.after_s == 40


WEIGHTS = st.dictionaries(st.text(min_size=1, max_size=5), st.floats(0.01, 1000), max_size=4)


@given(
    policy=st.builds(
        lambda own, guarantee_s, **rest: Policy(
            own_first_s=own * guarantee_s, guarantee_s=guarantee_s, **rest
        ),
        own=st.floats(0, 1),
        guarantee_s=st.floats(1, 86400),
        tier_value=WEIGHTS,
        type_value=WEIGHTS,
        repeat_value=st.floats(0.01, 1000),
    ),
    call=st.builds(
        WaitingCall, id=st.just("c"), queue=st.just("q"), tier=st.text(max_size=5),
        type=st.text(max_size=5), repeat=st.booleans(), open_ticket=st.booleans(),
    ),
)  # fmt: skip
@CALM
def test_no_lead_is_longer_than_the_guarantee(policy: Policy, call: WaitingCall) -> None:
    lead_s = policy.lead_s(value_of(call, policy))
    assert -1e-6 <= lead_s <= (policy.guarantee_s - policy.own_first_s) * (1 + 1e-9) + 1e-6
