"""A message's states, parts and pauses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callwright.kit.errors import CallwrightError
from callwright.messages.model import RETRY_S, MessageState, after, next_try, parts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3),
        ("€" * 80, 1), ("€" * 81, 2), ("退" * 70, 1), ("退" * 71, 2), ("退" * 134, 2),
        ("退" * 135, 3), ("😀" * 35, 1), ("😀" * 36, 2),
    ],
)  # fmt: skip
def test_parts(text: str, count: int) -> None:
    assert parts(text) == count


def test_pauses_grow_and_end() -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    tries = range(1, len(RETRY_S) + 1)
    assert [next_try(n, now) for n in tries] == [now + timedelta(seconds=s) for s in RETRY_S]
    assert next_try(len(RETRY_S) + 1, now) is None


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.FAILED])
def test_what_is_over_is_over(state: MessageState) -> None:
    for trigger in ("try_again", "hand_over", "give_up"):
        with pytest.raises(CallwrightError, match="wrong_state"):
            after(state, trigger)
