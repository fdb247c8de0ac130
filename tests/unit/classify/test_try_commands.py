"""`callwright try mask|phone|classify`: JSON lines in, JSON lines out, errors named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from callwright.cli.try_ import app


def run(*arguments: str, lines: str = "") -> tuple[Result, list[dict[str, Any]]]:
    result = CliRunner().invoke(app, list(arguments), input=lines)
    return result, [json.loads(line) for line in result.stdout.splitlines()]


def test_mask_answers_text_and_turns() -> None:
    lines = [
        {"id": 7, "text": "手机13912345678"},
        {"id": "t", "turns": [{"speaker": "agent", "text": "卡号？"}, {"speaker": "customer",
        "text": "六二二二零"}]},
    ]  # fmt: skip
    result, (first, second) = run("mask", lines="\n".join(map(json.dumps, lines)))
    assert result.exit_code == 0
    assert (first["id"], first["masked"]) == (7, "手机139****5678")
    assert first["spans"][0] | {"rule": ""} == {"start": 2, "end": 13, "kind": "mobile", "rule": ""}
    assert first["reasons"] == ["mobile:number_plan"]
    assert [turn["masked"] for turn in second["turns"]] == ["卡号？", "*****"]


def test_phone_answers_kind_key_and_reasons() -> None:
    lines = '{"id":"a","raw":"62345678","area_code":"010"}\n\n{"id":"b","raw":"anonymous"}\n'
    _, (first, second) = run("phone", lines=lines)
    assert (first["id"], first["kind"], first["e164"]) == ("a", "landline", "+861062345678")
    assert (second["id"], second["kind"], second["e164"]) == ("b", "hidden", None)
    assert first["reasons"]
    assert second["reasons"]


def test_classify_answers_with_the_built_in_table_and_with_a_file(tmp_path: Path) -> None:
    own = tmp_path / "types.yaml"
    own.write_text("- {type: 漏水, department: 工程, keywords: [漏水]}\n", "utf-8")
    line = '{"id":1,"text":"漏水了，我要退款","tier":"gold"}\n'
    _, (built_in,) = run("classify", lines=line)
    _, (mine,) = run("classify", "--types", str(own), lines=line)
    assert (built_in["type"], built_in["department"], built_in["priority"]) == (
        "退款",
        "售后",
        "high",
    )
    assert mine["type"] == "漏水"
    assert mine["evidence"] == [{"text": "漏水了，我要退款", "turn": 0, "rule": "漏水:漏水"}]


def test_a_bad_line_is_named_and_the_others_are_answered() -> None:
    lines = (
        '{"id":1,"raw":"110"}\n{"id":2}\nnonsense\n[1]\n{"id":5,"raw":3}\n{"id":6,"raw":"110"}\n'
    )
    result, replies = run("phone", lines=lines)
    assert result.exit_code == 1
    assert [reply["id"] for reply in replies] == [1, 2, None, None, 5, 6]
    assert replies[1]["error"] == {"code": "invalid", "field": "raw", "why": "is missing"}
    assert "line 2: raw: is missing" in result.stderr
    assert "line 3: line: is no JSON" in result.stderr


def test_wrong_turns_name_their_place() -> None:
    lines = (
        '{"id":1,"turns":[{"speaker":"boss","text":"x"}]}\n{"id":2,"turns":[{"speaker":"agent"}]}'
    )
    _, replies = run("classify", lines=lines)
    assert [reply["error"]["field"] for reply in replies] == ["turns[0].speaker", "turns[0].text"]


def test_a_bad_table_stops_before_the_first_answer(tmp_path: Path) -> None:
    own = tmp_path / "types.yaml"
    own.write_text("- {type: 漏水, department: 工程, keywords: [漏水], priority: asap}\n", "utf-8")
    result, replies = run("classify", "--types", str(own), lines='{"id":1,"text":"漏水"}\n')
    assert (result.exit_code, replies) == (2, [])
    assert "types.yaml[0].priority" in result.stderr
    own.write_text("- {", "utf-8")
    assert "is no YAML" in run("classify", "--types", str(own))[0].stderr
    assert "cannot be read" in run("classify", "--types", str(tmp_path / "none.yaml"))[0].stderr
