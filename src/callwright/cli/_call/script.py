"""A call script: who calls whom, what is pressed and said, and what should come of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from callwright.kit.errors import CallwrightError

Speaker = Literal["agent", "customer"]
PROMPT = "prompt"
GAP_S = 0.35


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Caller(_Part):
    """The number that stands in From, as messy as a trunk may send it."""

    number: str
    name: str = ""


class KeyPress(_Part):
    """Keys, and when: seconds after the key before, or "prompt" = when the prompt is over."""

    after: str
    press: str = Field(pattern=r"^[0-9*#A-D]+$")

    @field_validator("after", mode="before")
    @classmethod
    def _prompt_or_seconds(cls, value: object) -> str:
        text = str(value)
        if text != PROMPT and not text.replace(".", "", 1).isdecimal():
            raise ValueError('seconds, or "prompt"')
        return text


class SecondAgent(_Part):
    """Who takes the call when the first agent lets it ring."""

    login: str
    answers_after_s: float = Field(default=1.0, ge=0)


class Turn(_Part):
    """One thing said. `start`, `end` = seconds in `file`; `gap_s` = silence before it."""

    speaker: Speaker
    text: str = ""
    file: Path
    start: float = Field(default=0.0, ge=0)
    end: float | None = Field(default=None, gt=0)
    gap_s: float = Field(default=GAP_S, ge=0)


class Expect(_Part):
    """What should come of the call. Only what is written down is compared."""

    type: str | None = None
    priority: str | None = None
    department: str | None = None
    ticket: bool | None = None
    answered: bool | None = None


class Script(_Part):
    """A whole call script; `folder` is where its file lies.

    `on_break` = agents on duty who take no call meanwhile: with them, a caller waits.
    """

    name: str
    language: Literal["zh", "en"]
    title: str = ""
    caller: Caller
    to: str
    agent: str | None
    second_agent: SecondAgent | None = None
    on_break: list[str] = []
    digits: list[KeyPress] = []
    agent_answers_after_s: float | None = Field(default=1.0, ge=0)
    hang_up: Speaker = "customer"
    hang_up_in_queue_after_s: float | None = Field(default=None, ge=0)
    turns: list[Turn] = []
    expect: Expect = Expect()
    folder: Path

    @property
    def is_answered(self) -> bool:
        """Whether somebody should answer."""
        if self.expect.answered is not None:
            return self.expect.answered
        first = self.agent is not None and self.agent_answers_after_s is not None
        return (first or self.second_agent is not None) and self.hang_up_in_queue_after_s is None


def read_script(path: Path) -> Script:
    """Read a script file.

    Raises `CallwrightError("script_missing" | "script_invalid", file=…, field=…, why=…)`.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known = sorted(file.stem for file in path.parent.glob("*.yaml"))
        raise CallwrightError("script_missing", file=str(path), there_are=known) from error
    try:
        content: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _invalid(path, "yaml", " ".join(str(error).split())) from error
    if not isinstance(content, dict):
        raise _invalid(path, "yaml", "is not a mapping")
    try:
        script = Script(**{**content, "folder": path.absolute().parent})
    except (ValidationError, TypeError) as error:
        raise _first_fault(path, error) from error
    if script.name != path.stem:
        raise _invalid(path, "name", f"is {script.name!r}, the file is called {path.stem!r}")
    return script


def _first_fault(path: Path, error: ValidationError | TypeError) -> CallwrightError:
    if isinstance(error, TypeError):
        return _invalid(path, "yaml", "a key is not text")
    first = error.errors()[0]
    return _invalid(path, ".".join(str(part) for part in first["loc"]), first["msg"])


def _invalid(path: Path, field: str, why: str) -> CallwrightError:
    return CallwrightError("script_invalid", file=str(path), field=field, why=why)
