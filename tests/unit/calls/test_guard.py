"""The guard's decision: which rule catches whom, and who is exempt."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.calls.guard import (
    Caller,
    Entry,
    GuardPolicy,
    judge,
    parse_policy,
    prefixes,
)
from callwright.calls.guarding import stored_number, stored_prefix
from callwright.kit.errors import CallwrightError
from callwright.kit.settings import CompanySettings

OURS = parse_policy({})


def caller(**known: Any) -> Caller:
    plain: dict[str, Any] = {"hidden": False, "tier": "", "entries": (), "recent": 1, "live": 1}
    return Caller(**{**plain, **known})


BLOCK, RANGE = Entry("block", False, "n"), Entry("block", True, "p")
ALLOW = Entry("allow", True, "a")


@pytest.mark.parametrize(
    ("known", "rule", "action"),
    [
        ({}, "", "let_in"),
        ({"recent": 5}, "", "let_in"),
        ({"recent": 6}, "nuisance", "say"),
        ({"live": 10}, "", "let_in"),
        ({"live": 11}, "concurrent", "say"),
        ({"entries": [BLOCK]}, "blocked_number", "reject"),
        ({"entries": [RANGE]}, "blocked_prefix", "reject"),
        ({"entries": [RANGE, BLOCK], "tier": "gold"}, "blocked_number", "reject"),
        ({"entries": [RANGE], "tier": "gold"}, "tier", "let_in"),
        ({"recent": 6, "tier": "diamond"}, "tier", "let_in"),
        ({"recent": 6, "tier": "silver"}, "nuisance", "say"),
        ({"entries": [BLOCK, ALLOW]}, "allow_list", "let_in"),
        ({"entries": [ALLOW]}, "", "let_in"),
        ({"hidden": True, "recent": 600, "live": 600}, "", "let_in"),
    ],
)
def test_the_policy_that_comes_with_the_software(
    known: dict[str, Any], rule: str, action: str
) -> None:
    judgement = judge(caller(**known), OURS)
    assert (judgement.rule, judgement.action) == (rule, action)
    assert judgement.reasons


def test_hidden_callers_have_their_own_rule() -> None:
    policy = parse_policy({"hidden": {"limit": 0, "action": "reject"}})
    judgement = judge(caller(hidden=True), policy)
    assert (judgement.rule, judgement.action) == ("hidden", "reject")
    assert judge(caller(), policy).rule == ""


@given(st.integers(0, 50), st.integers(1, 60), st.sampled_from(["low", "say", "reject"]))
def test_the_limit_is_let_in_and_the_next_call_is_not(limit: int, recent: int, action: Any) -> None:
    policy = parse_policy({"nuisance": {"limit": limit, "action": action}})
    judgement = judge(caller(recent=recent), policy)
    assert judgement.action == (action if recent > limit else "let_in")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"nuisance": {"limit": -1}}, "nuisance.limit"),
        ({"nuisance": {"limit": "5"}}, "nuisance.limit"),
        ({"nuisance": {"within_s": 0}}, "nuisance.within_s"),
        ({"concurrent": {"action": "shout"}}, "concurrent.action"),
        ({"blocked": ""}, "blocked"),
        ({"exempt_tiers": ["king"]}, "exempt_tiers.0"),
        ({"prompt": "../x"}, "prompt"),
        ({"blacklist": []}, "blacklist"),
        ([], "guard"),
    ],
)
def test_a_wrong_policy_names_its_field(body: Any, field: str) -> None:
    with pytest.raises(CallwrightError) as caught:
        parse_policy(body)
    assert caught.value.params["field"] == field


def test_a_policy_is_read_again_as_it_was_written() -> None:
    assert GuardPolicy.model_validate(OURS.model_dump()) == OURS


@pytest.mark.parametrize(
    ("raw", "region", "stored"),
    [
        ("170", "CN", "+86170"),
        ("021", "CN", "+8621"),
        ("400", "CN", "+86400"),
        ("95", "CN", "+8695"),
        ("+852 6", "CN", "+8526"),
        ("00852", "CN", "+852"),
        ("6", "HK", "+8526"),
    ],
)
def test_a_prefix_is_stored_as_numbers_begin(raw: str, region: str, stored: str) -> None:
    assert stored_prefix(raw, region) == stored
    assert stored in prefixes(f"{stored}12345")


@pytest.mark.parametrize("raw", ["+86", "0", "0086", "", "+", "x"])
def test_a_prefix_that_means_everybody_is_refused(raw: str) -> None:
    with pytest.raises(CallwrightError) as caught:
        stored_prefix(raw, "CN")
    assert caught.value.params["field"] == "number"


def test_a_number_is_stored_as_calls_carry_it() -> None:
    company = CompanySettings()
    assert stored_number("138-1652-7394", company) == "+8613816527394"
    assert stored_number("62345678", company) == "+862162345678"
    assert stored_number("95588", company) == "95588"
    for raw in ("anonymous", "hello", ""):
        with pytest.raises(CallwrightError):
            stored_number(raw, company)
