"""An agent's day from events; METRICS D4 and its edge cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callwright.desk.day import StateChange, begin_of_day, figures

BEGIN = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)


def changes(*pairs: tuple[float, str]) -> list[StateChange]:
    return [StateChange(BEGIN + timedelta(seconds=at), state) for at, state in pairs]


@pytest.mark.parametrize(
    ("now", "zone", "begin"),
    [
        (datetime(2026, 11, 25, 2, 30, tzinfo=UTC), "Asia/Shanghai", BEGIN),
        (datetime(2026, 11, 24, 15, 59, tzinfo=UTC), "Asia/Shanghai", BEGIN - timedelta(days=1)),
        (datetime(2026, 11, 24, 16, 0, tzinfo=UTC), "Asia/Hong_Kong", BEGIN),
        (datetime(2026, 10, 25, 3, 0, tzinfo=UTC), "Europe/Berlin",
         datetime(2026, 10, 24, 22, 0, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_the_day_begins_where_the_site_is(now: datetime, zone: str, begin: datetime) -> None:
    assert begin_of_day(now, zone) == begin


def test_a_day() -> None:
    day = changes(
        (100, "ready"), (200, "ringing"), (210, "talking"), (310, "hold"), (330, "talking"),
        (350, "wrap"), (380, "ready"), (400, "ringing"), (415, "break"), (500, "offline"),
        (600, "ready"), (610, "ringing"), (612, "ready"),
    )  # fmt: skip
    now = BEGIN + timedelta(seconds=700)
    found = figures(
        begin=BEGIN, now=now, before="offline", changes=day,
        offers=["accepted", "no_answer", "caller_gone"], tickets={"made": 2, "solved": 1},
    )  # fmt: skip
    assert (found.answered, found.missed) == (1, 1), "a caller who gave up is nobody's miss"
    assert (found.talk_s, found.hold_s, found.wrap_s) == (120, 20, 30)
    assert found.handle_s == 170
    assert found.online_s == 500
    assert (found.tickets_made, found.tickets_solved) == (2, 1)


def test_a_talk_over_midnight_is_split() -> None:
    now = BEGIN + timedelta(seconds=60)
    found = figures(
        begin=BEGIN, now=now, before="talking", changes=changes((20, "wrap")), offers=[], tickets={}
    )
    assert (found.talk_s, found.wrap_s, found.online_s) == (20, 40, 60)
    assert found.handle_s == 0, "no call was answered today: no mean"


def test_nobody_came() -> None:
    now = BEGIN + timedelta(hours=3)
    found = figures(begin=BEGIN, now=now, before="offline", changes=[], offers=[], tickets={})
    assert (found.answered, found.online_s, found.talk_s) == (0, 0, 0)
