"""A ticket's states and changes, and what its classification is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from callwright.kit.errors import CallwrightError, invalid

Listener = Literal["customer", "agent", "any"]
Priority = Literal["low", "normal", "high", "urgent"]

PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high", "urgent")


@dataclass(frozen=True, slots=True)
class Said:
    """What one speaker said in one go. System turns (prompts, played scripts) never count."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class TypeRule:
    """One row of the table: these words mean this type.

    A sentence with one of `unless` (`not` in the file) does not count for the row. `speaker` says
    whose words count. `priority` is the least priority of such a ticket.
    """

    type: str
    department: str
    keywords: tuple[str, ...]
    unless: tuple[str, ...] = ()
    speaker: Listener = "customer"
    priority: Priority | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A whole sentence, the index of its turn, and the rule `type:keyword` that it fits."""

    text: str
    turn: int
    rule: str


@dataclass(frozen=True, slots=True)
class Classification:
    """The answer. `type` and `department` None: nothing fits, and nothing is invented."""

    type: str | None
    priority: Priority
    department: str | None
    evidence: tuple[Evidence, ...]
    reasons: tuple[str, ...]


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class TypeRow(BaseModel):
    """A row as people write it in `types.yaml` or edit it in the console."""

    model_config = ConfigDict(extra="forbid", strict=True)

    type: Words
    department: Words
    keywords: list[Words] = Field(min_length=1)
    unless: list[Words] = Field(default=[], alias="not")
    speaker: Listener = "customer"
    priority: Priority | None = None


Table = tuple[TypeRule, ...]


def parse_table(body: Any, source: str = "types") -> Table:
    """The rules of a table given as a list of rows (DESIGN §1).

    Raises `invalid` naming source, row and field, for example `types.yaml[3].keywords`.
    """
    if not isinstance(body, list) or not body:
        raise invalid(source, "must be a list with at least one row")
    return tuple(_parse_row(row, f"{source}[{index}]") for index, row in enumerate(body))


def _parse_row(row: Any, place: str) -> TypeRule:
    try:
        read = TypeRow.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]
        )
        raise invalid(f"{place}{path}", first["msg"]) from error
    return TypeRule(
        read.type,
        read.department,
        tuple(read.keywords),
        tuple(read.unless),
        read.speaker,
        read.priority,
    )


def highest(*priorities: Priority | None) -> Priority:
    """The most pressing of them; `low` when there is none."""
    ranks = [PRIORITIES.index(priority) for priority in priorities if priority]
    return PRIORITIES[max(ranks, default=0)]


class TicketState(StrEnum):
    """`pending` = we wait for the customer or a part; `solved` may still be reopened or closed."""

    OPEN = "open"
    PENDING = "pending"
    SOLVED = "solved"
    CLOSED = "closed"


S = TicketState

TRANSITIONS: dict[tuple[TicketState, str], TicketState] = {
    (S.OPEN, "wait"): S.PENDING,
    (S.PENDING, "resume"): S.OPEN,
    (S.OPEN, "solve"): S.SOLVED,
    (S.PENDING, "solve"): S.SOLVED,
    (S.SOLVED, "reopen"): S.OPEN,
    (S.SOLVED, "close"): S.CLOSED,
    (S.OPEN, "close"): S.CLOSED,  # not wanted, or there twice
    (S.PENDING, "close"): S.CLOSED,
    (S.CLOSED, "reopen"): S.OPEN,
}
UNSOLVED: tuple[TicketState, ...] = (S.OPEN, S.PENDING)


def after(state: TicketState, trigger: str) -> TicketState:
    """The next state; `wrong_state` with the present one when it is not possible."""
    following = TRANSITIONS.get((state, trigger))
    if following is None:
        raise CallwrightError("wrong_state", what="ticket", state=state.value, trigger=trigger)
    return following


def trigger_to(state: TicketState, wanted: TicketState) -> str:
    """What leads from one state to another; `wrong_state` when nothing does."""
    for (before, trigger), following in TRANSITIONS.items():
        if (before, following) == (state, wanted):
            return trigger
    raise CallwrightError("wrong_state", what="ticket", state=state.value, trigger=wanted.value)


@dataclass(frozen=True, slots=True)
class Change:
    """One field's change. `before` and `after` are what people see: states, names, logins."""

    what: str
    before: str | None
    after: str | None


FIELDS = ("subject", "type", "priority", "department", "assignee", "state")


def differences(present: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[Change]:
    """What an edit would change; fields that stay as they are do not count."""
    return [
        Change(name, present[name], wanted[name])
        for name in FIELDS
        if name in wanted and wanted[name] != present[name]
    ]


Hours = Mapping[str, int]
DUE_HOURS: Hours = {"urgent": 4, "high": 8, "normal": 24, "low": 72}
MOST_HOURS = 24 * 365


def due(since: datetime, priority: str, hours: Hours) -> datetime:
    """When a ticket is overdue. Hours of the clock: nights and holidays count too."""
    return since + timedelta(hours=hours[priority])


@dataclass(frozen=True, slots=True)
class DueRule:
    """Hours by priority; `calendar` = the key of the one whose open hours they are, or none."""

    hours: Hours
    calendar: str | None = None

    def body(self) -> dict[str, Any]:
        """As people publish it."""
        return {**self.hours, **({"calendar": self.calendar} if self.calendar else {})}


def parse_due(body: Any) -> DueRule:
    """Whole hours for each priority, perhaps a calendar; `invalid` names what is wrong."""
    calendar = body.get("calendar") if isinstance(body, dict) else None
    if not isinstance(body, dict) or set(body) - {"calendar"} != set(PRIORITIES):
        raise invalid("hours", f"needs exactly {', '.join(PRIORITIES)}, and calendar if wished")
    if calendar is not None and (not isinstance(calendar, str) or not calendar):
        raise invalid("calendar", "must be the key of a calendar, or null")
    for priority in PRIORITIES:
        hours = body[priority]
        if type(hours) is not int or not 1 <= hours <= MOST_HOURS:
            raise invalid(f"hours.{priority}", f"must be whole hours from 1 to {MOST_HOURS}")
    return DueRule({priority: body[priority] for priority in PRIORITIES}, calendar)
