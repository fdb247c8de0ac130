"""Asterisk's own settings: folders, HTTP, ARI, AMI, logs, sound."""

from __future__ import annotations

import resource
from pathlib import Path

from callwright.integrations.pbx.config.paths import PbxPaths
from callwright.integrations.pbx.config.secrets import PbxSecrets

LOOPBACK = "127.0.0.1"
_MOST_FILES = 65536  # a call takes about ten

# dial, ring, busy and congestion tones of the regions we know: (Hz/ms, …) as Asterisk writes them
_TONES = {
    "cn": ("450", "450/1000,0/4000", "450/350,0/350", "450/700,0/700"),
    "hk": (
        "350+440",
        "440+480/400,0/200,440+480/400,0/3000",
        "480+620/500,0/500",
        "480+620/250,0/250",
    ),
    "tw": ("350+440", "440+480/1000,0/2000", "480+620/500,0/500", "480+620/250,0/250"),
    "us": ("350+440", "440+480/2000,0/4000", "480+620/500,0/500", "480+620/250,0/250"),
}
# these must exist, else a module declines to load or complains; pjsip_notify.conf must be empty
EMPTY_FILES = ("codecs.conf", "pjsip_notify.conf", "websocket_client.conf")
GENERAL_FILES = (
    "ccss.conf",
    "cdr.conf",
    "cel.conf",
    "cli_aliases.conf",
    "dnsmgr.conf",
    "features.conf",
    "queuerules.conf",
    "queues.conf",
    "udptl.conf",
)


def asterisk_conf(paths: PbxPaths, modules: Path, site: str) -> str:
    """asterisk.conf: every folder lies in the installation's home; as many files as allowed."""
    files = min(_MOST_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    return f"""[directories]
astetcdir => {paths.etc}
astmoddir => {modules}
astvarlibdir => {paths.run}/lib
astdbdir => {paths.database}
astkeydir => {paths.run}/lib
astdatadir => {paths.data}
astagidir => {paths.run}/lib
astspooldir => {paths.run}/spool
astrundir => {paths.run}
astlogdir => {paths.log}
[options]
verbose = 0
transmit_silence = yes
documentation_language = en_US
systemname = {site}
maxfiles = {files}
"""


def http_conf(port: int) -> str:
    """http.conf: loopback only, because ARI and an unauthenticated media socket share the port."""
    return f"""[general]
enabled = yes
bindaddr = {LOOPBACK}
bindport = {port}
sessionlimit = 1000
enable_static = no
enable_status = no
"""


def ari_conf(secrets: PbxSecrets) -> str:
    """ari.conf: the platform is the only user."""
    return f"""[general]
enabled = yes
websocket_write_timeout = 500
[{secrets.ari_user}]
type = user
read_only = no
password = {secrets.ari_password}
"""


def manager_conf(secrets: PbxSecrets, port: int) -> str:
    """manager.conf: for recordings (system, call) and for warnings of guessing (security)."""
    return f"""[general]
enabled = yes
webenabled = no
bindaddr = {LOOPBACK}
port = {port}
[{secrets.ami_user}]
secret = {secrets.ami_password}
deny = 0.0.0.0/0.0.0.0
permit = {LOOPBACK}/255.255.255.255
read = system,call,security,reporting
write = system,call,reporting
writetimeout = 1000
"""


def rtp_conf(first: int, last: int) -> str:
    """rtp.conf: the media ports; only the far end that sends is listened to."""
    return f"""[general]
rtpstart = {first}
rtpend = {last}
strictrtp = yes
icesupport = yes
"""


def logger_conf() -> str:
    """logger.conf: faults, and in a file of its own whoever tries to get in."""
    return """[general]
dateformat = %F %T.%3q
rotatestrategy = rotate
[logfiles]
messages.log => notice,warning,error
security.log => security
"""


def music_conf(paths: PbxPaths) -> str:
    """musiconhold.conf: our own quiet music."""
    return f"""[default]
mode = files
directory = {paths.music}
sort = alpha
"""


def indications_conf(region: str) -> str:
    """indications.conf: tones as the region's callers know them."""
    country = region.lower() if region.lower() in _TONES else "us"
    parts = [f"[general]\ncountry = {country}\n"]
    for name, (dial, ring, busy, congestion) in _TONES.items():
        parts.append(
            f"[{name}]\ndescription = {name}\nringcadence = 1000,4000\ndial = {dial}\n"
            f"ring = {ring}\nbusy = {busy}\ncongestion = {congestion}\n"
        )
    return "".join(parts)


def small_files() -> dict[str, str]:
    """Short files by name, most of them there only because a module insists."""
    files = dict.fromkeys(EMPTY_FILES, "")
    files.update(dict.fromkeys(GENERAL_FILES, "[general]\n"))
    files["cdr.conf"] = "[general]\nenable = no\n"  # the platform keeps the only records
    files["chan_websocket.conf"] = "[global]\ncontrol_message_format = json\n"
    files["pjproject.conf"] = "[startup]\ntype = startup\nlog_level = 2\n"
    return files
