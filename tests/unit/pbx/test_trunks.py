"""Trunks from YAML: read whole, or refused with the field's name."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import AsyncMock

import pytest

from callwright.integrations.pbx.trunks import provision_trunks, read_trunks
from callwright.kit.errors import CallwrightError
from callwright.ports.telephony import Trunk

GOOD = """
- name: carrier
  host: sip.carrier.example
  username: "4008001234"
  password: secret
  register: true
  match: [192.0.2.0/24, 198.51.100.7]
- {name: gateway, host: 10.0.0.5, port: 5080, transport: tcp}
"""


def _file(folder: Path, text: str) -> Path:
    file = folder / "trunks.yaml"
    file.write_text(text, "utf-8")
    return file


def test_trunks_are_read(tmp_path: Path) -> None:
    assert read_trunks(_file(tmp_path, GOOD)) == [
        Trunk(
            name="carrier",
            host="sip.carrier.example",
            username="4008001234",
            password="secret",
            register=True,
            match=("192.0.2.0/24", "198.51.100.7"),
        ),
        Trunk(name="gateway", host="10.0.0.5", port=5080, transport="tcp"),
    ]


def test_no_file_and_an_empty_one_mean_no_trunk(tmp_path: Path) -> None:
    assert read_trunks(tmp_path / "missing.yaml") == []
    assert read_trunks(_file(tmp_path, "")) == []


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("- {name: a}", "trunks.yaml[0].host"),
        ("- {name: a, host: h, prot: 1}", "trunks.yaml[0].prot"),
        ("- {name: a, host: h}\n- {name: b, host: h, port: many}", "trunks.yaml[1].port"),
        ("- {name: a, host: h, match: [300.1.1.1]}", "trunks.yaml[0].match"),
        ("- {name: a, host: 'h; exec'}", "trunks.yaml[0].host"),
        ("- {name: a, host: h, register: true}", "trunks.yaml[0].username"),
        ("name: a", "trunks.yaml"),
        ("- [", "trunks.yaml"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, text: str, field: str) -> None:
    with pytest.raises(CallwrightError) as refusal:
        read_trunks(_file(tmp_path, text))
    assert refusal.value.params["field"] == field


async def test_a_trunk_that_left_the_file_may_no_longer_call_in(tmp_path: Path) -> None:
    file, telephony = _file(tmp_path, GOOD), AsyncMock()
    await provision_trunks(telephony, tmp_path)
    given = [call.args[0].name for call in telephony.provision_trunk.await_args_list]
    assert given == ["carrier", "gateway"]
    file.write_text("- {name: gateway, host: 10.0.0.5}")
    await provision_trunks(telephony, tmp_path)
    telephony.remove_trunk.assert_awaited_once_with("carrier")


async def test_a_trunk_that_could_not_be_removed_is_tried_again(tmp_path: Path) -> None:
    file, telephony = _file(tmp_path, GOOD), AsyncMock()
    await provision_trunks(telephony, tmp_path)
    file.unlink()
    telephony.remove_trunk.side_effect = CallwrightError("pbx_unreachable")
    with pytest.raises(CallwrightError):
        await provision_trunks(telephony, tmp_path)
    telephony.remove_trunk.side_effect = None
    await provision_trunks(telephony, tmp_path)
    assert [call.args[0] for call in telephony.remove_trunk.await_args_list][1:] == [
        "carrier",
        "gateway",
    ]
