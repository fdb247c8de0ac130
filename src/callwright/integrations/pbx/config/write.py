"""Writes one installation's whole configuration; nothing in it is ever edited by hand."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from callwright.integrations.pbx.config import dialplan, server, sip
from callwright.integrations.pbx.config.modules import modules_conf
from callwright.integrations.pbx.config.paths import PbxPaths
from callwright.integrations.pbx.config.secrets import PbxSecrets, load_secrets
from callwright.integrations.pbx.install.locate import Asterisk
from callwright.kit.errors import invalid
from callwright.kit.settings import Settings

_PLAIN_PATH = re.compile(r"[^;,$\[\]{}()|&<>\"'\\\x00-\x1f]+")
_PLAIN_NAME = re.compile(r"[\w.-]{1,40}")


def write_config(settings: Settings, asterisk: Asterisk) -> PbxSecrets:
    """Make the run folder ready for a start; returns the passwords that stand in it.

    Raises CallwrightError("invalid", field, why) for a home, site, address or port that Asterisk's
    files cannot carry.
    """
    paths = PbxPaths(settings.home.absolute())
    _check(settings, paths)
    secrets = load_secrets(paths.secrets)
    files = config_files(settings, asterisk, secrets)
    _make_folders(paths)
    _link_data(paths.data, asterisk.data)
    fresh = paths.etc.with_name("etc.tmp")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    for name, text in files.items():
        (fresh / name).write_text(text, "utf-8")
        (fresh / name).chmod(0o600)
    shutil.rmtree(paths.etc, ignore_errors=True)
    fresh.rename(paths.etc)
    if not (tune := paths.music / "callwright.wav").exists():
        _write_music(tune)
    return secrets


def config_files(settings: Settings, asterisk: Asterisk, secrets: PbxSecrets) -> dict[str, str]:
    """Every configuration file by name."""
    paths = PbxPaths(settings.home.absolute())
    ports, pbx = settings.ports, settings.pbx
    return {
        **server.small_files(),
        "asterisk.conf": server.asterisk_conf(paths, asterisk.modules, settings.site),
        "modules.conf": modules_conf(),
        "http.conf": server.http_conf(ports.pbx_http),
        "ari.conf": server.ari_conf(secrets),
        "manager.conf": server.manager_conf(secrets, ports.ami),
        "rtp.conf": server.rtp_conf(*ports.rtp),
        "logger.conf": server.logger_conf(),
        "musiconhold.conf": server.music_conf(paths),
        "indications.conf": server.indications_conf(settings.company.region),
        "pjsip.conf": sip.pjsip_conf(pbx.bind, ports.sip, pbx.external_address),
        "acl.conf": sip.acl_conf(),
        "sorcery.conf": sip.sorcery_conf(),
        "extensions.conf": dialplan.extensions_conf(paths),
    }


def _check(settings: Settings, paths: PbxPaths) -> None:
    if not _PLAIN_PATH.fullmatch(str(paths.home)):
        raise invalid("home", "must not hold any of ; , $ [ ] { } ( ) | & < > quotes or backslash")
    if not _PLAIN_NAME.fullmatch(settings.site):
        raise invalid("site", "letters, digits, dot, dash and underscore only, at most 40")


def _make_folders(paths: PbxPaths) -> None:
    run = paths.run
    for folder in (run, run / "lib" / "keys", run / "spool", paths.log, paths.data, paths.music):
        folder.mkdir(parents=True, exist_ok=True)
    for folder in (paths.database, paths.prompts, paths.spool):
        folder.mkdir(parents=True, exist_ok=True)
    for folder in (run, paths.database, paths.spool):  # passwords, people's voices
        folder.chmod(0o700)


def _write_music(tune: Path) -> None:
    from callwright.integrations.pbx.config import music  # numpy: slow to import, needed once

    fresh = tune.with_suffix(".tmp")
    fresh.write_bytes(music.wav_file(music.compose()))
    fresh.replace(tune)


def _link_data(data: Path, source: Path) -> None:
    """Asterisk reads its own documentation at start; sounds are not taken from there."""
    for name in ("documentation", "rest-api"):
        link = data / name
        link.unlink(missing_ok=True)
        link.symlink_to(source / name)
