"""Whether the books are right: every call accounted, nobody stuck, no offer made twice."""

from __future__ import annotations

from tests.e2e.calls.watching import rows
from tests.platform_process import PlatformProcess

# Each question names what must not be there.
OPEN = {
    "contacts that have not ended": "select id, state from contact where state <> 'ended'",
    "contacts that ended without a reason": """
        select id from contact where end_reason is null or end_reason = '' or ended_at is null""",
    "queue visits without an end": """
        select id from queue_visit where left_at is null or exit is null""",
    "offers without an outcome": "select id from offer where closed_at is null or result is null",
    "legs that have not ended": "select id from leg where ended_at is null",
    "talks that have not ended": "select id from segment where ended_at is null",
    "agents stuck": "select login, state from agent where state in ('ringing', 'talking', 'hold')",
}
PARTIES = ("contact_id", "agent_id")
TWICE = """
    select a.id, b.id from offer a join offer b on a.id < b.id
    where a.{who} = b.{who} and a.made_at < b.closed_at and b.made_at < a.closed_at"""
EVENTS = {  # each row must have exactly one event of each name about it
    "contact": ("id", "contact_id", ("call.started", "call.ended")),
    "queue_visit": ("id", "visit_id", ("call.queued", "queue.left")),
    "offer": ("id", "offer_id", ("offer.made", "offer.closed")),
    "segment": ("id", "segment_id", ("call.connected",)),
}
COUNTED = """
    select row.{key} from {table} row
    where (select count(*) from event where name = '{name}' and subjects->>'{subject}'
           = row.{key}::text) <> 1"""
LEGS = """
    select id from leg where (select count(*) from event where name = 'leg.ended'
                              and body->>'leg' = leg.id) <> 1"""


def faults_in(platform: PlatformProcess) -> dict[str, list[dict[str, object]]]:
    """Everything that does not add up once all calls are over; empty when all is well."""
    questions = dict(OPEN)
    questions |= {f"two offers at once to one {who}": TWICE.format(who=who) for who in PARTIES}
    for table, (key, subject, names) in EVENTS.items():
        for name in names:
            question = COUNTED.format(table=table, key=key, subject=subject, name=name)
            questions[f"{name} not exactly once"] = question
    questions["leg.ended not exactly once"] = LEGS
    found = {what: rows(platform, question) for what, question in questions.items()}
    return {what: wrong for what, wrong in found.items() if wrong}
