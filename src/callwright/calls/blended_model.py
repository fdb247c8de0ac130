"""Who is called back without having asked. Pure, with the reason why not."""

from __future__ import annotations

from dataclasses import dataclass

from callwright.queues.promises import CallbackRule

# They hung up themselves while they waited; whom we sent away was told so.
GAVE_UP = frozenset({"abandoned_queue", "abandoned_ringing"})
AT_HOME = frozenset({"mobile", "landline"})  # nobody lets us dial the world by ringing once


@dataclass(frozen=True, slots=True)
class Left:
    """A caller who is gone. `reason` = the end of the call; `number` = in E.164, empty = unknown.

    `guarded` = a rule of the guard caught them; `unwilling` = they want no calls; `way_out` = a
    line leads out.
    """

    reason: str
    waited_s: float
    number: str
    number_kind: str
    guarded: bool
    unwilling: bool
    way_out: bool


def why_not(left: Left, rule: CallbackRule) -> str:
    """Why nobody calls them back; empty = somebody does, when it delays no caller.

    That one number is called once is no decision, but an index of the database.
    """
    against = {
        "the queue does not": not rule.abandoned,
        "did not give up waiting": left.reason not in GAVE_UP,
        "hung up too soon": left.waited_s <= rule.abandoned_after_s,
        "the number is not known": not left.number,
        "not a number of this country": left.number_kind not in AT_HOME,
        "guarded": left.guarded,
        "wants no calls": left.unwilling,
        "no line leads out": not left.way_out,
    }
    return next((because for because, so in against.items() if so), "")
