"""Why a leg ended: Asterisk's cause codes (Q.850) and SIP codes in the port's words."""

from __future__ import annotations

from callwright.ports.telephony import EndCause

_BY_Q850: dict[int, EndCause] = {
    1: "unreachable",  # unallocated number
    2: "unreachable",
    3: "unreachable",  # no route to destination
    17: "busy",
    18: "no_answer",  # no user responding
    19: "no_answer",  # ringing, no answer
    20: "unreachable",  # subscriber absent
    21: "rejected",
    22: "unreachable",  # number changed
    26: "cancelled",  # answered elsewhere
    27: "unreachable",  # destination out of order
    28: "unreachable",  # number incomplete
    34: "congestion",
    38: "congestion",
    41: "congestion",
    42: "congestion",
    44: "congestion",
    58: "failed",
    88: "failed",
    127: "failed",
}

_REASONS: dict[EndCause, str] = {
    "normal": "normal",
    "busy": "busy",
    "no_answer": "no_answer",
    "rejected": "rejected",
    "unreachable": "unallocated",
    "cancelled": "normal",
    "congestion": "congestion",
    "failed": "failure",
}


def hangup_reason(cause: EndCause) -> str:
    """The word that Asterisk's hang-up request takes."""
    return _REASONS[cause]


def end_cause(q850: int, *, answered: bool, rang: bool, incoming: bool) -> EndCause:
    """The cause of a leg that we did not hang up ourselves."""
    if answered:
        return "normal"
    if incoming:
        return "cancelled"  # whatever code the caller's side gives it
    cause = _BY_Q850.get(q850, "failed")
    if cause == "no_answer" and not rang:
        return "unreachable"  # not even a ringing: nobody is there
    return cause


def own_end_cause(asked: EndCause, *, answered: bool) -> EndCause:
    """The cause of a leg that we hung up with `asked`."""
    return "cancelled" if asked == "normal" and not answered else asked
