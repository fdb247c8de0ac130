"""Several customers with one number: ranked, explained, never by chance."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

from callwright.customers.phone import Candidate, match_rank

WIFE = Candidate("wife", tier="normal", last_contact_at="2026-11-20T08:00:00+00:00")
SON = Candidate("son", tier="gold", last_contact_at="2026-01-01T08:00:00+00:00", open_tickets=1)
AUNT = Candidate("aunt", tier="diamond")
OLD = Candidate("old")


def test_open_ticket_then_recent_contact_then_tier() -> None:
    ranked = match_rank([OLD, AUNT, SON, WIFE])
    assert [match.id for match in ranked] == ["son", "wife", "aunt", "old"]
    assert ranked[0].reasons == ("open tickets: 1", "tier: gold")
    assert ranked[1].reasons == ("most recent contact: 2026-11-20T08:00:00+00:00",)
    assert ranked[2].reasons == ("tier: diamond",)
    assert ranked[3].reasons == ("has the number",)


def test_the_order_of_the_question_does_not_matter() -> None:
    answers = {tuple(m.id for m in match_rank(order)) for order in permutations([OLD, AUNT, SON])}
    assert answers == {("son", "aunt", "old")}


def test_equal_points_go_to_the_later_contact_and_then_to_the_smaller_id() -> None:
    early = Candidate("b", last_contact_at=datetime(2026, 1, 1, tzinfo=UTC))
    late = Candidate("c", last_contact_at=datetime(2026, 1, 2, tzinfo=UTC))
    newest = Candidate("d", last_contact_at="2026-01-03")
    assert [m.id for m in match_rank([early, late, newest])] == ["d", "c", "b"]
    assert [m.id for m in match_rank([Candidate("y"), Candidate("x")])] == ["x", "y"]


def test_nobody() -> None:
    assert match_rank([]) == []
