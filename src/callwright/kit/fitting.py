"""Data from outside against a model: what does not fit is `invalid`, with its field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from callwright.kit.errors import invalid


@contextmanager
def fitting(whole: str = "") -> Iterator[None]:
    """What a model refuses inside is told by the path of its first field, as in `relax.1.after_s`.

    `whole` = what is named when nothing inside is at fault but the body itself.
    """
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(str(part) for part in first["loc"] if part != "[key]")
        raise invalid(path or whole, first["msg"]) from error
