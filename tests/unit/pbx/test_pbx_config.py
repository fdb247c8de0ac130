"""Generated configuration: closed to the outside, nothing secret readable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from callwright.integrations.pbx.config import PbxPaths, write_config
from callwright.integrations.pbx.config.secrets import load_secrets
from callwright.integrations.pbx.config.write import config_files
from callwright.integrations.pbx.install import Asterisk
from callwright.kit.errors import CallwrightError
from callwright.kit.settings import PbxSettings, Ports, Settings

ASTERISK = Asterisk(("/opt/asterisk",), Path("/opt/modules"), Path("/opt/data"), "22.10.1")


def settings_of(home: Path, **pbx: str) -> Settings:
    changes = {"home": home, "ports": Ports(base=9100), "pbx": PbxSettings.model_validate(pbx)}
    return Settings().model_copy(update=changes)


def files_of(home: Path, **pbx: str) -> dict[str, str]:
    secrets = load_secrets(PbxPaths(home).secrets)
    return config_files(settings_of(home, **pbx), ASTERISK, secrets)


def section(text: str, name: str, kind: str = "") -> dict[str, str]:
    """The settings of one section (of that type) of an Asterisk file."""
    for found in re.finditer(r"^\[(.+?)\]\n((?:(?!\[).*\n)*)", text, re.MULTILINE):
        lines = [line.partition("=") for line in found[2].splitlines()]
        fields = {key.strip(): value.strip("> ") for key, _, value in lines}
        if found[1] == name and fields.get("type", "") == kind:
            return fields
    raise AssertionError(f"no section {name} of type {kind}")


def test_http_and_ami_are_on_loopback_whatever_sip_is_bound_to(tmp_path: Path) -> None:
    files = files_of(tmp_path, bind="192.0.2.1")
    assert section(files["http.conf"], "general")["bindaddr"] == "127.0.0.1"
    assert section(files["http.conf"], "general")["bindport"] == "9101"
    assert section(files["manager.conf"], "general")["bindaddr"] == "127.0.0.1"
    assert section(files["manager.conf"], "general")["port"] == "9102"
    assert section(files["manager.conf"], "general")["webenabled"] == "no"
    assert section(files["pjsip.conf"], "udp", "transport")["bind"] == "192.0.2.1:9103"


def test_local_trunk_exists_on_loopback_only(tmp_path: Path) -> None:
    text = files_of(tmp_path)["pjsip.conf"]
    assert section(text, "local", "identify")["match"] == "127.0.0.1/32,::1/128"
    assert section(text, "local", "endpoint")["context"] == "from-trunk"
    assert "[local]" not in files_of(tmp_path, bind="192.0.2.1")["pjsip.conf"]


def test_names_are_asked_before_addresses_and_nobody_is_anonymous(tmp_path: Path) -> None:
    files = files_of(tmp_path)
    order = section(files["pjsip.conf"], "global", "global")["endpoint_identifier_order"]
    assert order.split(",") == ["username", "ip"]
    assert "anonymous" not in files["modules.conf"]


def test_only_named_modules_are_loaded(tmp_path: Path) -> None:
    text = files_of(tmp_path)["modules.conf"]
    assert "autoload=no" in text
    for dangerous in ("app_system", "func_shell", "res_agi", "pbx_spool", "chan_iax2", "app_exec"):
        assert dangerous not in text


def test_callers_text_reaches_no_application(tmp_path: Path) -> None:
    text = files_of(tmp_path)["extensions.conf"]
    ours = {"FILTER", "STASISSTATUS", "STAT", "TRIES"}
    theirs = {"CALLERID", "CHANNEL", "CUT", "EXTEN"}
    assert set(re.findall(r"\$\{(\w+)", text)) == ours | theirs
    outside = [line for line in text.splitlines() if any(f"${{{name}" in line for name in theirs)]
    # what callers send is filtered before it is used, or put away in REMOTE, which nobody expands
    assert all("${FILTER(" in line or ",Set(REMOTE=${" in line for line in outside)
    assert "${REMOTE" not in text


def test_outside_address_is_told_to_the_transports(tmp_path: Path) -> None:
    text = files_of(tmp_path, bind="192.0.2.1", external_address="192.0.2.7")["pjsip.conf"]
    for transport in ("udp", "tcp"):
        fields = section(text, transport, "transport")
        assert fields["external_media_address"] == "192.0.2.7"
        assert fields["external_signaling_address"] == "192.0.2.7"


def test_media_ports_are_the_installations_own(tmp_path: Path) -> None:
    first, last = Ports(base=9100).rtp
    fields = section(files_of(tmp_path)["rtp.conf"], "general")
    assert (fields["rtpstart"], fields["rtpend"]) == (str(first), str(last))


def test_nothing_secret_is_readable_by_others(tmp_path: Path) -> None:
    secrets = write_config(settings_of(tmp_path), ASTERISK)
    paths = PbxPaths(tmp_path)
    assert paths.secrets.stat().st_mode & 0o777 == 0o600
    assert paths.secrets.parent.stat().st_mode & 0o777 == 0o700
    holders = [
        file
        for file in tmp_path.rglob("*")
        if file.is_file() and secrets.ari_password in file.read_text("utf-8", "replace")
    ]
    assert {file.name for file in holders} == {"ari.conf", "pbx.json"}
    assert all(file.stat().st_mode & 0o077 == 0 for file in holders)
    assert secrets.ari_password not in repr(secrets)


def test_passwords_are_random_and_stay(tmp_path: Path) -> None:
    first = write_config(settings_of(tmp_path / "one"), ASTERISK)
    again = write_config(settings_of(tmp_path / "one"), ASTERISK)
    other = write_config(settings_of(tmp_path / "two"), ASTERISK)
    assert first == again
    passwords = {s.ari_password for s in (first, other)} | {s.ami_password for s in (first, other)}
    assert len(passwords) == 4
    assert all(len(password) >= 32 for password in passwords)


def test_damaged_password_file_is_named(tmp_path: Path) -> None:
    write_config(settings_of(tmp_path), ASTERISK)
    PbxPaths(tmp_path).secrets.write_text("{}")
    with pytest.raises(CallwrightError, match=r"pbx\.json"):
        write_config(settings_of(tmp_path), ASTERISK)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("home", {"home": Path("/nowhere/a;b")}),
        ("home", {"home": Path("/nowhere/a,b")}),
        ("home", {"home": Path("/nowhere/${EXTEN}")}),
        ("site", {"site": "a\n[general]"}),
        ("pbx.bind", {"pbx": PbxSettings(bind="somewhere")}),
        ("pbx.external_address", {"pbx": PbxSettings(external_address="1.2.3.4\nx = y")}),
    ],
)
def test_values_that_asterisks_files_cannot_carry_are_refused(
    tmp_path: Path, field: str, changes: dict[str, object]
) -> None:
    settings = settings_of(tmp_path).model_copy(update=changes)
    with pytest.raises(CallwrightError) as caught:
        write_config(settings, ASTERISK)
    assert caught.value.params["field"] == field
    assert not PbxPaths(tmp_path).etc.exists()


def test_more_than_500_legs_need_more_media_ports() -> None:
    assert Ports(media=(30_000, 39_999)).rtp == (30_000, 39_999)
    for wrong in ((30_001, 39_999), (30_000, 30_000), (80, 500), (30_000, 70_000)):
        with pytest.raises(ValidationError, match="media"):
            Ports(media=wrong)
