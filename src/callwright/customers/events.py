"""What happens to customers. Ids only: no name, no number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from callwright.kit.event import Event


@dataclass(frozen=True, kw_only=True)
class CustomerCreated(Event):
    """A person wrote down a new customer."""

    NAME: ClassVar[str] = "customer.created"
    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class CustomerEdited(Event):
    """A person changed what we know of a customer. `fields` names it."""

    NAME: ClassVar[str] = "customer.edited"
    customer_id: UUID
    fields: list[str]
