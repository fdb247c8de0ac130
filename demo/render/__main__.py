"""`python -m demo.render prompts [FILE …] | voices | calls [NAME …] | check [NAME …]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml
from demo.render.studio import Part

CAST = Path(__file__).parent / "cast.yaml"


def main(arguments: list[str]) -> None:
    """Render what is named; without names, all."""
    cast = yaml.safe_load(CAST.read_text("utf-8"))
    verbs = {"prompts": _prompts, "voices": _voices, "calls": _calls, "check": _check}
    if not arguments or arguments[0] not in verbs:
        raise SystemExit(__doc__)
    verbs[arguments[0]](cast, arguments[1:])


def _prompts(cast: dict[str, Any], files: list[str]) -> None:
    from demo.render.prompts import render_prompts

    print(f"prompts: {render_prompts(_parts(cast['prompts']), files):.1f} s")


def _voices(cast: dict[str, Any], _: list[str]) -> None:
    from demo.render.voices import render_voices

    print(f"voices: {render_voices(_parts(cast['prompts'])):.1f} s")


def _calls(cast: dict[str, Any], names: list[str]) -> None:
    from demo.render.calls import render_call

    for name in names or list(cast["calls"]):
        print(f"{name}: {render_call(name, _parts(cast['calls'][name])):.1f} s", flush=True)


def _check(cast: dict[str, Any], names: list[str]) -> None:
    from demo.render.check import check_call

    for name in names or list(cast["calls"]):
        check_call(name)


def _parts(cast: dict[str, dict[str, Any]]) -> dict[str, Part]:
    return {role: Part(**part) for role, part in cast.items()}


if __name__ == "__main__":
    main(sys.argv[1:])
