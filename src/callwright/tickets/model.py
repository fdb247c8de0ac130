"""What a ticket's classification is made of: the table's rows, the turns, the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from callwright.kit.errors import invalid

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
