"""Scripts as files: every fault with its row and field, and written files read the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.unit.demo.demo_material import COMPANY
from tests.unit.scripts.material import demo_scripts, script

from callwright.kit.errors import CallwrightError
from callwright.scripts.files import Format, Refusal, format_of, plan, read, write

ZONE = "Asia/Shanghai"
HEAD = "number,group,language,title,keywords,departments,valid_from,valid_until,text\n"
GOOD = (
    'S-001,物流,zh,物流停滞,停了;不动,"售后;物流",2026-11-01,2026-11-30,'
    '"包裹耽误了，""马上""加急。"\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_table_in_any_encoding(encoding: str, delimiter: str) -> None:
    table = (HEAD + GOOD).replace(",", delimiter)
    found = read(table.encode(encoding), "csv", ZONE)
    [row] = found.rows
    assert found.refused == ()
    assert (row.place, row.number, row.body.language) == (2, 1, "zh-Hans")
    assert row.body.keywords == ["停了", "不动"]
    assert row.body.departments == ["售后", "物流"]
    assert row.body.text == '包裹耽误了，"马上"加急。'
    assert row.body.valid_from == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert row.body.valid_until == datetime(2026, 11, 30, 16, tzinfo=UTC), "its whole day"


@pytest.mark.parametrize(
    ("line", "field", "why"),
    [
        ("S-1,物流,zh,,,,,,文字", "title", "required"),
        ("S-1,物流,fr,标题,,,,,文字", "language", "Input should be"),
        ("x,物流,zh,标题,,,,,文字", "number", "S-041"),
        ("0,物流,zh,标题,,,,,文字", "number", "S-041"),
        ("1,物流,zh,标题,,,明天,,文字", "valid_from", "2026-11-30"),
        ("1,物流,zh,标题,,,2026-12-02,2026-12-01,文字", "valid_until", "after"),
        ("1,物流,zh,标题,,,,,{谁}您好", "text", "unknown variables: 谁"),
        ("1,物流,zh,标题,,,,,文字,多了,两格", "row", "11 cells under 9 columns"),
        ("1,物流,zh,标题,,,,,文字\n1,物流,zh,另一个,,,,,文字", "number", "row 2"),
        (",物流,zh,标题,,,,,文字\n,物流,zh,标题,,,,,别的", "number", "row 2"),
    ],
)
def test_a_wrong_row_is_named(line: str, field: str, why: str) -> None:
    [refusal] = read(f"{HEAD}{line}\n".encode(), "csv", ZONE).refused
    assert (refusal.row, refusal.field) == (2 + line.count("\n"), field)
    assert why in refusal.why


@pytest.mark.parametrize(
    ("content", "form", "why"),
    [
        ("标题,内容\n".encode(), "csv", "not known: ['标题', '内容']"),
        (b"", "csv", "empty"), (b" \n", "yaml", "empty"), (HEAD[3:].encode(), "csv", "missing"),
        (b"[" * 100_000, "yaml", "nested too deep"), (b"{a: " * 9, "yaml", "nested too deep"),
        (b"- &a {group: g}\n- *a\n", "yaml", "line 2: references"),
        ((HEAD + '1,"open').encode(), "csv", "not a CSV table"),
        (b"\xff\xff\xff", "csv", "neither UTF-8 nor GB 18030"),
        ("number,text".encode("utf-16"), "csv", "neither UTF-8 nor GB 18030"),
        (b"x" * (2 * 1024 * 1024 + 1), "csv", "larger than 2 MB"),
        ((HEAD + "1,g,zh,t,,,,,x\n" * 5001).encode(), "csv", "more than 5000 rows"),
        (b"- {title: [}", "yaml", "line 1"),
        (b"title: x", "yaml", "must be a list"),
        (b"!!python/object:os.system x", "yaml", "could not determine a constructor"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused(content: bytes, form: Format, why: str) -> None:
    with pytest.raises(CallwrightError, match="invalid") as caught:
        read(content, form, ZONE)
    assert caught.value.params["field"] == "file"
    assert why in str(caught.value.params["why"])


def test_yaml_rows_are_refused_with_their_place() -> None:
    text = "- {group: g, title: t, text: x, keywords: [12315]}\n- 7\n- {group: g, text: x, ring: 1}"
    found = read(text.encode(), "yaml", ZONE)
    assert found.rows[0].body.keywords == ["12315"]
    assert [(r.row, r.field) for r in found.refused] == [(2, "row"), (3, "title"), (3, "ring")]


@pytest.mark.parametrize("form", ["csv", "yaml"])
def test_what_is_written_reads_the_same(form: Format) -> None:
    dated = script(
        900, title="=1+1", text="+86", valid_from=datetime(2026, 11, 1, tzinfo=UTC),
        departments=["售后"], keywords=["a,b", "-x"],
    )  # fmt: skip
    known = [*demo_scripts(), dated]
    content = write(known, form)
    assert b"\r\n=1+1" not in content
    found = read(content, form, ZONE)
    assert found.refused == ()
    assert {step.kind for step in plan(found.rows, known)} == {"unchanged"}
    assert len(found.rows) == 201


def test_the_demo_file_is_one() -> None:
    found = read((COMPANY / "scripts.yaml").read_bytes(), "yaml", ZONE)
    assert (len(found.rows), found.refused) == (200, ())
    kinds = [step.kind for step in plan(found.rows, demo_scripts()[:150])]
    assert (kinds.count("unchanged"), kinds.count("created")) == (150, 50)


def test_a_row_without_a_number_is_known_by_group_and_title() -> None:
    [row] = read("group,title,text\ng,标题,新的".encode(), "csv", ZONE).rows
    [step] = plan([row], [script(7, group="g", title="标题"), script(8, group="g")])
    assert (step.kind, step.script and step.script.head.number) == ("updated", 7)


@pytest.mark.parametrize("name", ["scripts.xlsx", "scripts", "", "a.csv.exe"])
def test_other_files_are_not_taken(name: str) -> None:
    with pytest.raises(CallwrightError, match="invalid"):
        format_of(name)


@given(st.text(max_size=200))
@example("- {group: g, title: t, text: x, valid_from: 2026-99-99}")
@example("[" * 2000)
def test_no_text_breaks_the_reader(text: str) -> None:
    for form, content in (("csv", text), ("csv", HEAD + text), ("yaml", text)):
        known: Format = "csv" if form == "csv" else "yaml"
        faults: list[object] = []
        try:
            faults += read(content.encode("utf-8", "replace"), known, ZONE).refused
        except CallwrightError as error:
            faults.append(error.params["field"])
        assert all(isinstance(fault, Refusal) or fault == "file" for fault in faults)
