"""A stretch of the past: who was on duty when, how long calls were, and the rules for holes."""

from __future__ import annotations

from dataclasses import replace

from callwright.routing.whatif.past import (
    LONGEST_STRETCH_S,
    LONGEST_WRAP_S,
    Change,
    Read,
    Taken,
    Visit,
    past_of,
    shifts,
)

DAY = 86_400.0
PEOPLE = [("a", "anna", {"orders": 4}, ("orders",))]


def change(at: float, state: str, contact: str = "", before: str = "ready") -> Change:
    return Change("a", at, before, state, contact)


def visit(key: str, entered: float, left: float | None, exit_: str | None) -> Visit:
    return Visit(key, f"c{key}", "orders", entered, left, exit_, "gold", "zh")


def read(**more: object) -> Read:
    empty = Read("2026-11-23T00:00:00+08:00", DAY, [], [], {}, [], {}, frozenset())
    return replace(empty, **more)  # type: ignore[arg-type]


def test_breaks_and_calls_that_no_queue_offered_are_not_duty() -> None:
    day = [
        change(100, "ready", before="offline"), change(200, "ringing", "c1"),
        change(210, "talking", "c1"), change(300, "wrap", "c1"), change(320, "ready"),
        change(400, "break"), change(500, "ready"), change(600, "talking", "out"),
        change(700, "wrap"), change(710, "ready"), change(900, "offline"),
    ]  # fmt: skip
    found, cut = shifts(day, "offline", DAY, {"c1"})
    assert found == ((100, 400), (500, 600), (710, 900))
    assert cut == 0


def test_who_was_there_before_and_stays_has_a_shift_from_end_to_end() -> None:
    assert shifts([], "ready", 1000.0, set()) == (((0.0, 1000.0),), 0)
    assert shifts([], "break", 1000.0, set()) == ((), 0)


def test_somebody_who_never_signed_off_went_home() -> None:
    found, cut = shifts([change(10, "ready")], "offline", 10 + LONGEST_STRETCH_S + 1, set())
    assert (found, cut) == ((), 1)


def test_a_call_keeps_its_wait_ring_talk_and_wrap_up() -> None:
    past = past_of(
        read(
            visits=[visit("1", 50, 70, "answered"), visit("2", 60, 90, "abandoned"),
                    visit("3", 10, 10.5, "no_agents"), visit("4", 80, None, None)],
            taken=[Taken("1", "c1", "a", 62, 70)],
            talks={("c1", "a"): [(70.1, 190.1)]},
            changes=[change(0, "ready"), change(62, "ringing", "c1"), change(70, "talking", "c1"),
                     change(190, "wrap", "c1"), change(215, "ready")],
            offered=frozenset({("a", "c1")}),
        ),
        PEOPLE,
    )  # fmt: skip
    assert [call.id for call in past.calls] == ["3", "1", "2", "4"]
    first = past.calls[1]
    assert (first.waited_s, first.ring_s, first.agent, first.end) == (20, 8, "a", "answered")
    assert first.talk_s is not None
    assert abs(first.talk_s - 120) < 1e-9
    assert first.wrap_s == 25
    assert (past.calls[2].end, past.calls[2].waited_s) == ("abandoned", 30)
    assert past.calls[3].waited_s == DAY - 80
    assert past.holes.still_waiting == 1
    assert [agent.login for agent in past.agents] == ["anna"]


def test_a_talk_without_an_end_is_unknown_and_a_long_wrap_up_is_cut() -> None:
    past = past_of(
        read(
            visits=[visit("1", 50, 70, "answered"), visit("2", 5000, 5010, "answered")],
            taken=[Taken("1", "c1", "a", 62, 70), Taken("2", "c2", "a", 5001, 5010)],
            talks={("c1", "a"): [(70, None)], ("c2", "a"): [(5010, 5100)]},
            changes=[change(0, "ready"), change(5001, "ringing", "c2"),
                     change(5010, "talking", "c2"), change(5100, "wrap"),
                     change(5100 + 2 * LONGEST_WRAP_S, "ready")],
        ),
        PEOPLE,
    )  # fmt: skip
    assert past.calls[0].talk_s is None
    assert (past.calls[1].talk_s, past.calls[1].wrap_s) == (90, LONGEST_WRAP_S)
    assert (past.holes.talk_unknown, past.holes.wraps_cut) == (1, 1)
