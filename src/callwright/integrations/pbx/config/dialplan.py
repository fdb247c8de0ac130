"""The dialplan: hand every call to the platform, and look after callers while it is away."""

from __future__ import annotations

from callwright.integrations.pbx.config.paths import PbxPaths

APPLICATION = "callwright"  # the Stasis application; arguments: in|agent, the number dialled
AWAY_PROMPT, GOODBYE_PROMPT = "away", "goodbye"  # files in `prompts`, without .wav
AWAY_TRIES, AWAY_WAIT_S = 12, 5

# numbers, +numbers, star codes, and names of two letters and more (single letters such as h are
# Asterisk's own). What follows the first signs does not matter: the platform judges it.
_NUMBERS = ("_X!", "_+X!", "_[*#]!", "_[a-zA-Z][a-zA-Z0-9]!")
_ALLOWED = "0-9a-zA-Z+*#._"


def extensions_conf(paths: PbxPaths) -> str:
    """extensions.conf.

    The only outside string that an application ever gets is the dialled number, reduced to
    harmless signs; caller names and numbers reach the platform in ARI's JSON alone.
    """
    parts = ["[general]\nstatic = yes\nwriteprotect = yes\nclearglobalvars = no\n[from-trunk]\n"]
    parts += [_steps(pattern, _arrive()) for pattern in _NUMBERS]
    parts += ["[from-agent]\n", _steps("600", ["Answer()", "Echo()", "Hangup()"])]
    parts += [_steps(pattern, _agent()) for pattern in _NUMBERS]
    parts += ["[away]\n", _steps("s", _away(paths))]
    return "".join(parts)


def _steps(extension: str, steps: list[str]) -> str:
    """One extension's steps; `label: step` can be jumped to."""
    first, *rest = steps
    lines = [f"exten => {extension},1,{first}\n"]
    for step in rest:
        label, _, action = step.partition(": ")
        place = f"n({label}),{action}" if label.isidentifier() else f"n,{step}"
        lines.append(f" same => {place}\n")
    return "".join(lines)


def _stasis(kind: str) -> str:
    return f"Stasis({APPLICATION},{kind},${{FILTER({_ALLOWED},${{EXTEN}})}})"


def _arrive() -> list[str]:
    """Into the platform; while it is away, one round of `away`, then again. In the platform's
    hands a caller stays where he is when it dies.

    Asterisk keeps a trunk that was set up at run time with the caller id `unknown`, and gives it to
    everybody whom the carrier does not assert: those are who they say in the INVITE.
    """
    return [
        'GotoIf($["${FILTER(a-z0-9+,${CALLERID(num)})}" = "unknown"]?:known)',
        "Set(REMOTE=${CHANNEL(pjsip,remote_uri)})",
        "Set(REMOTE=${CUT(REMOTE,:,2)})",
        f"Set(CALLERID(num)=${{FILTER({_ALLOWED},${{CUT(REMOTE,@,1)}})}})",
        "known: Set(TRIES=0)",
        f"enter: {_stasis('in')}",
        'GotoIf($["${STASISSTATUS}" = "FAILED"]?wait)',
        "Hangup()",
        "wait: Set(TRIES=$[${TRIES} + 1])",
        "Gosub(away,s,1)",
        "Goto(enter)",
    ]


def _agent() -> list[str]:
    return [
        _stasis("agent"),
        'GotoIf($["${STASISSTATUS}" = "FAILED"]?away)',
        "Hangup()",
        "away: Congestion(5)",
        "Hangup()",
    ]


def _away(paths: PbxPaths) -> list[str]:
    """One round of waiting: announcement, music; after the last one a goodbye."""
    say, bye = paths.prompts / AWAY_PROMPT, paths.prompts / GOODBYE_PROMPT
    return [
        "Answer()",
        f"GotoIf($[${{TRIES}} > {AWAY_TRIES}]?bye)",
        f"GotoIf(${{STAT(e,{say}.wav)}}?say)",
        "Playtones(dial)",
        "Wait(1)",
        "StopPlaytones()",
        "Goto(music)",
        f"say: Playback({say})",
        f"music: MusicOnHold(default,{AWAY_WAIT_S})",
        "Return()",
        f"bye: GotoIf(${{STAT(e,{bye}.wav)}}?farewell)",
        "Playtones(congestion)",
        "Wait(3)",
        "Hangup()",
        f"farewell: Playback({bye})",
        "Hangup()",
    ]
