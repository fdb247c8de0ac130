"""`callwright try`: every pure decision of the product, JSON lines in, JSON lines out.

Lines are answered one by one, in order. A bad line is answered by `{"id", "error": {code, field,
why}}` on stdout and told on stderr with its number; the others are answered, and the exit code is 1
at the end. A bad option (`--types`, `--calendar`) stops before the first answer with exit code 2.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, TypeVar

import orjson
import typer
import yaml

from callwright.cli._try.due import due_line, load_calendar
from callwright.cli._try.route import load_policy, route_line
from callwright.customers.phone import PhoneIdentity, identify_all
from callwright.kit.errors import CallwrightError, invalid
from callwright.masking import mask as mask_text
from callwright.masking import mask_turns
from callwright.tickets.classify import classify as classify_turns
from callwright.tickets.model import Said, Table, parse_table

P = TypeVar("P")
T = TypeVar("T")
Line = dict[str, Any]
Answer = Callable[[Line], Line]

app = typer.Typer(help=__doc__, no_args_is_help=True)

_SPEAKERS = ("customer", "agent", "system")


@app.command()
def mask() -> None:
    """{"id","text"} → {"id","masked","spans":[{"start","end","kind","rule"}],"reasons"}.

    Also {"id","turns":[{"speaker","text"}]} → {"id","turns":[{"masked","spans"}],"reasons"}.
    """
    answer_lines(_mask_line)


@app.command()
def phone() -> None:
    """{"id","raw","area_code"?,"region"?} → {"id","kind","e164","national","extension","reasons"}.

    With several numbers in `raw` the first is answered and `all` lists each.
    """
    answer_lines(_phone_line)


@app.command()
def classify(
    types: Annotated[
        Path | None, typer.Option(help="A keyword table; default: the built-in.")
    ] = None,
) -> None:
    """{"id","text"|"turns","tier"?} → {"id","type","priority","department","evidence",…}."""
    table = _loaded(load_types, types)
    answer_lines(lambda line: _classify_line(line, table))


@app.command()
def due(
    calendar: Annotated[Path, typer.Option(help="A calendar.yaml: zone, week, holidays, days.")],
) -> None:
    """{"id","start","minutes"} → {"id","due","reasons","warnings"}; minutes of open time."""
    hours = _loaded(load_calendar, calendar)
    answer_lines(lambda line: due_line(line, hours))


@app.command()
def route(
    policy: Annotated[
        Path | None, typer.Option(help="Rules of routing; default: as they come.")
    ] = None,
) -> None:
    """{"id","now","calls","agents"} → {"id","assign":[{"call","agent","score"}],"candidates",…}.

    A line may bring its own "policy".
    """
    rules = _loaded(load_policy, policy)
    answer_lines(lambda line: route_line(line, rules))


def answer_lines(answer: Answer, lines: Iterable[bytes] | None = None) -> None:
    """Answer every JSON line of stdin; leaves with exit code 1 when one was bad."""
    failed = False
    for number, raw in enumerate(lines if lines is not None else sys.stdin.buffer, start=1):
        if not raw.strip():
            continue
        line: Line = {}
        try:
            line = _read(raw)
            reply = {"id": line.get("id"), **answer(line)}
        except CallwrightError as error:
            failed = True
            params = {name: str(value) for name, value in error.params.items()}
            reply = {"id": line.get("id"), "error": {"code": error.code, **params}}
            _complain(f"line {number}: {params.get('field', '')}: {params.get('why', error.code)}")
        sys.stdout.buffer.write(orjson.dumps(reply) + b"\n")
        sys.stdout.buffer.flush()
    if failed:
        raise typer.Exit(1)


def text_of(line: Line, field: str) -> str:
    """A field that must be a string."""
    value = line.get(field)
    if not isinstance(value, str):
        raise invalid(field, "is missing" if field not in line else "must be a string")
    return value


def optional_text(line: Line, field: str) -> str | None:
    """A field that may be missing or null, else a string."""
    return None if line.get(field) is None else text_of(line, field)


def load_types(path: Path | None) -> Table:
    """The keyword table of a YAML file, or the built-in; `invalid` names file, row, field."""
    source = str(path) if path else "types.zh.yaml"
    try:
        text = (path or files("callwright.tickets") / "types.zh.yaml").read_text("utf-8")
        return parse_table(yaml.safe_load(text), source)
    except (OSError, UnicodeDecodeError) as error:
        raise invalid(source, f"cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise invalid(source, f"is no YAML: {error}") from error


def _read(raw: bytes) -> Line:
    try:
        line = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise invalid("line", f"is no JSON: {error}") from error
    if not isinstance(line, dict):
        raise invalid("line", "must be a JSON object")
    return line


def _loaded(load: Callable[[P], T], path: P) -> T:
    """What an option's file holds; exit code 2 when it is wrong."""
    try:
        return load(path)
    except CallwrightError as error:
        _complain(f"{error.params.get('field', '')}: {error.params.get('why', error.code)}")
        raise typer.Exit(2) from error


def _complain(message: str) -> None:
    typer.echo(message, err=True)


def _mask_line(line: Line) -> Line:
    if "turns" in line and "text" not in line:
        results = mask_turns([turn.text for turn in _turns(line)])
        turns = [{"masked": one.text, "spans": [asdict(s) for s in one.spans]} for one in results]
        reasons = [span.rule for one in results for span in one.spans]
        return {"turns": turns, "reasons": reasons}
    result = mask_text(text_of(line, "text"), before=optional_text(line, "before") or "")
    spans = [asdict(span) for span in result.spans]
    return {"masked": result.text, "spans": spans, "reasons": [span.rule for span in result.spans]}


def _phone_line(line: Line) -> Line:
    found = identify_all(
        text_of(line, "raw"),
        area_code=optional_text(line, "area_code"),
        region=optional_text(line, "region") or "CN",
    )
    reply = _phone_reply(found[0])
    return {**reply, "all": [_phone_reply(one) for one in found]} if found[1:] else reply


def _phone_reply(identity: PhoneIdentity) -> Line:
    return asdict(identity)


def _classify_line(line: Line, table: Table) -> Line:
    said = _turns(line) if "turns" in line else [Said("customer", text_of(line, "text"))]
    return asdict(classify_turns(said, table, tier=optional_text(line, "tier")))


def _turns(line: Line) -> list[Said]:
    turns = line["turns"]
    if not isinstance(turns, list):
        raise invalid("turns", "must be a list")
    return [_turn(turn, f"turns[{index}]") for index, turn in enumerate(turns)]


def _turn(turn: Any, place: str) -> Said:
    if not isinstance(turn, dict):
        raise invalid(place, "must be an object")
    speaker, text = turn.get("speaker"), turn.get("text")
    if speaker not in _SPEAKERS:
        raise invalid(f"{place}.speaker", f"must be one of {', '.join(_SPEAKERS)}")
    if not isinstance(text, str):
        raise invalid(f"{place}.text", "must be a string")
    return Said(speaker, text)
