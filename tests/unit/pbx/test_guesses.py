"""Who is blocked for guessing, when, and for how long."""

from __future__ import annotations

import pytest

from callwright.integrations.pbx.guesses import (
    BLOCK_AFTER,
    BLOCKED_S,
    WITHIN_S,
    Guesses,
    guesser,
)

FAR = "192.0.2.9"


def failure(address: str = FAR, **changes: str) -> dict[str, str]:
    event = {"Event": "ChallengeResponseFailed", "Service": "PJSIP"}
    return {**event, "RemoteAddress": f"IPV4/UDP/{address}/5060", **changes}


def test_many_failures_in_a_short_time_block() -> None:
    guesses = Guesses()
    answers = [guesses.note(FAR, second) for second in range(BLOCK_AFTER)]
    assert answers == [False] * (BLOCK_AFTER - 1) + [True]
    assert guesses.blocked == [FAR]
    assert guesses.note(FAR, BLOCK_AFTER) is False


def test_failures_far_apart_do_not_block() -> None:
    guesses = Guesses()
    pause = WITHIN_S / (BLOCK_AFTER - 2)
    assert not any(guesses.note(FAR, number * pause) for number in range(5 * BLOCK_AFTER))
    assert guesses.blocked == []


def test_addresses_are_counted_apart() -> None:
    guesses = Guesses()
    assert not any(guesses.note(f"192.0.2.{n}", n / 10) for n in range(5 * BLOCK_AFTER))


def test_block_ends() -> None:
    guesses = Guesses()
    for second in range(BLOCK_AFTER):
        guesses.note(FAR, second)
    assert guesses.expire(BLOCKED_S) is False
    assert guesses.expire(BLOCKED_S + BLOCK_AFTER) is True
    assert guesses.blocked == []


@pytest.mark.parametrize(
    "event",
    [
        failure("127.0.0.1"),
        failure("::1"),
        failure(Event="ChallengeSent"),
        failure(Event="SuccessfulAuth"),
        failure(Service="AMI"),
        failure(RemoteAddress="nonsense"),
        failure(RemoteAddress="IPV4/UDP/'; DROP/5060"),
        {},
    ],
)
def test_what_is_not_guessing_from_outside_is_nobodys(event: dict[str, str]) -> None:
    assert guesser(event) is None


@pytest.mark.parametrize("kind", ["InvalidAccountID", "ChallengeResponseFailed", "InvalidPassword"])
def test_failure_names_its_address(kind: str) -> None:
    assert guesser(failure(Event=kind)) == FAR
    assert guesser(failure("2001:db8::1", Event=kind)) == "2001:db8::1"
