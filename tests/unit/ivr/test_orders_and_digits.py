"""Orders that are asked for, and digits that nobody may learn."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.ivr import orders
from callwright.ivr.branch import Facts, decide
from callwright.ivr.compare import compare
from callwright.ivr.containment import MenuCall, figures, limits, window
from callwright.ivr.model import Node, Secure, Target
from callwright.ivr.orders import Order
from callwright.ivr.secure import judge, luhn
from callwright.kit.errors import CallwrightError

TODAY = date(2026, 12, 1)
OWN = [
    Order("47195", "shipped", date(2026, 11, 27)),
    Order("A-46801", "delivered", date(2025, 3, 1)),
    Order("12345", "paid", date(2026, 11, 1)),
    Order("92345", "paid", date(2026, 10, 1)),
]
CARD = "4111111111111111"
NOW = datetime(2026, 12, 1, 4, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("typed", "found"),
    [("47195", "47195"), ("7195", "47195"), ("46801", "A-46801"), ("2345", None), ("195", None),
     ("99999", None), ("", None)],
)  # fmt: skip
def test_which_order_is_meant(typed: str, found: str | None) -> None:
    order = orders.meant(typed, OWN)
    assert (order.no if order else None) == found


def test_a_number_is_said_digit_by_digit_and_a_day_as_a_day() -> None:
    said = orders.status_of(OWN[0], "zh-Hans", TODAY)
    assert said == (
        "order_number", "number_4", "number_7", "digit_1", "number_9", "number_5", "order_placed",
        "number_10", "number_1", "month", "number_20", "number_7", "day", "order_shipped",
    )  # fmt: skip
    assert orders.status_of(OWN[0], "en", TODAY)[-4:] == (
        "month_11", "number_20", "number_7", "order_shipped",
    )  # fmt: skip


def test_another_year_is_said_too() -> None:
    zh = orders.status_of(OWN[1], "zh", TODAY)
    assert zh[7:16] == (
        "number_2", "number_0", "number_2", "number_5", "year", "number_3", "month", "number_1",
        "day",
    )  # fmt: skip
    en = orders.status_of(OWN[1], "en", TODAY)
    assert en[7:13] == ("month_3", "number_1", "number_2", "number_0", "number_2", "number_5")


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        (10, ["number_10"], ["number_10"]),
        (11, ["number_10", "number_1"], ["number_11"]),
        (20, ["number_20"], ["number_20"]),
        (31, ["number_30", "number_1"], ["number_30", "number_1"]),
    ],
)
def test_a_day_is_counted_as_its_language_counts(
    day: int, chinese: list[str], english: list[str]
) -> None:
    order = Order("1", "paid", date(2026, 12, day))
    assert list(orders.status_of(order, "zh", TODAY)[6:-2]) == chinese
    assert list(orders.status_of(order, "en", TODAY)[4:-1]) == english


def test_a_state_without_words_is_not_guessed() -> None:
    assert orders.status_of(Order("1", "lost at sea", TODAY), "zh", TODAY) == ()


@given(st.sampled_from(orders.STATUSES), st.dates(), st.sampled_from(["zh", "en", "zh-Hant"]))
def test_everything_that_is_said_has_a_name_that_is_checked(
    status: str, day: date, language: str
) -> None:
    order = Order("1029384756", status, day)
    said = {*orders.status_of(order, language, TODAY), *orders.question(order, language)}
    assert said <= orders.PROMPTS


def test_the_end_of_a_telephone_number() -> None:
    numbers = ["+8613816527394", "02150001234"]
    assert orders.has_tail("7394", numbers)
    assert not orders.has_tail("394", numbers)
    assert not orders.has_tail("", numbers)
    assert not orders.has_tail("9999", numbers)


@pytest.mark.parametrize(
    ("typed", "shapes", "outcome", "tail"),
    [
        (CARD, ("card",), "captured", "1111"),
        (CARD[:-1] + "2", ("card",), "wrong_number", ""),
        ("4111", ("card",), "wrong_length", ""),
        ("", ("card",), "empty", ""),
        ("4111*11111111111", ("card",), "wrong_number", ""),
        ("629173", ("######",), "captured", ""),
        ("12345678", ("12######",), "captured", "5678"),
        ("22345678", ("12######",), "wrong_number", ""),
        ("12345678", ("card", "########"), "captured", "5678"),
    ],
)
def test_what_was_typed_is_judged(
    typed: str, shapes: tuple[str, ...], outcome: str, tail: str
) -> None:
    found = judge(typed, Secure(shapes, "payments"))
    assert (found.outcome, found.tail) == (outcome, tail)
    assert not typed or typed not in repr(found)


@given(st.text("0123456789", min_size=11, max_size=18))
def test_one_check_digit_of_ten_is_right(body: str) -> None:
    assert sum(luhn(body + digit) for digit in "0123456789") == 1


@given(st.text("0123456789*#", max_size=24), st.sampled_from(["card", "######", "62########"]))
def test_never_more_than_the_last_four_is_kept(typed: str, shape: str) -> None:
    found = judge(typed, Secure((shape,), "payments"))
    assert len(found.tail) in (0, 4)
    assert len(typed) >= 2 * len(found.tail)


def branch(on: str, *values: str, **more: float) -> Node:
    exits = {value: Target(queue=value) for value in values}
    return Node("b", "branch", exits, Target(queue="x"), on=on, calendar="shop", **more)  # type: ignore[arg-type]


def test_a_branch_says_why() -> None:
    facts = Facts(
        NOW, "zh-Hant", known=True, tier="gold", open_tickets=2, open={"shop": True},
        last_contact_at=NOW - timedelta(hours=30),
    )  # fmt: skip
    asked = [
        (branch("hours"), ("open", "calendar shop is open")),
        (branch("tier"), ("gold", "tier gold")),
        (branch("open_ticket"), ("yes", "2 open tickets")),
        (branch("known"), ("yes", "known")),
        (branch("language", "zh"), ("zh", "language zh-Hant")),
        (branch("language", "zh-Hant"), ("zh-Hant", "language zh-Hant")),
        (branch("repeat_caller"), ("no", "the last call was 30.0 h ago")),
        (branch("repeat_caller", within_h=48), ("yes", "the last call was 30.0 h ago")),
    ]
    for node, expected in asked:
        choice = decide(node, facts)
        assert (choice.outcome, choice.reason) == expected


def test_of_a_stranger_nothing_is_known() -> None:
    found = [
        decide(branch(on), Facts(NOW)).outcome
        for on in ("hours", "tier", "open_ticket", "known", "repeat_caller")
    ]
    assert found == ["closed", "unknown", "no", "no", "no"]


def test_versions_are_compared_place_by_place() -> None:
    before = {"menus": {"main": {"keys": {"1": {"queue": "a"}, "2": {"queue": "b"}}, "tries": 3}}}
    after = {"menus": {"main": {"keys": {"1": {"menu": "c"}, "3": {"queue": "d"}}, "tries": 2}}}
    assert [one.sentence() for one in compare(before, after)] == [
        "menus.main.keys.1: {'queue': 'a'} → {'menu': 'c'}",
        "menus.main.keys.2: removed {'queue': 'b'}",
        "menus.main.keys.3: added {'queue': 'd'}",
        "menus.main.tries: 3 → 2",
    ]
    assert compare(after, after) == []


def call(node: str = "parcel", *, human: bool = False, back_s: float | None = None) -> MenuCall:
    back = None if back_s is None else NOW + timedelta(seconds=back_s)
    return MenuCall(NOW, node, human, back)


def test_containment_by_its_definition() -> None:
    calls = [call(), call("", human=True), call(human=True), call(""), call(back_s=3600),
             call(back_s=3601), MenuCall(None, "parcel", False, None)]  # fmt: skip
    found = figures(calls, 3600, NOW + timedelta(hours=2))
    assert found["whole"] == {
        "calls": 7, "answered": 5, "contained": 3, "wrong": 1, "open": 0, "rate": 3 / 7,
        "wrong_rate": 1 / 3, "right_rate": 2 / 7,
    }  # fmt: skip
    assert found["nodes"]["parcel"]["calls"] == 5
    assert figures(calls, 3600, NOW + timedelta(minutes=1))["whole"]["open"] == 2
    nothing = figures([], 3600, NOW)["whole"]
    assert (nothing["rate"], nothing["wrong_rate"]) == (None, None)


def test_a_day_is_the_zones_own() -> None:
    first, last = limits(date(2026, 3, 8), "America/New_York")
    assert (last.astimezone(ZoneInfo("UTC")) - first.astimezone(ZoneInfo("UTC"))) == timedelta(
        hours=23
    )


@pytest.mark.parametrize("value", [None, 0, -1, "3600", True, 10**9])
def test_a_window_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(CallwrightError, match="wrong_within_s"):
        window({"wrong_within_s": value})
