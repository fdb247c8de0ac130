"""Figures and tables that all benchmarks share."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path

import numpy as np

RESULTS = Path(__file__).parent / "results"


def percentile(values: Sequence[float], percent: float) -> float:
    """A percentile; nan for nothing."""
    return float(np.percentile(values, percent)) if values else float("nan")


def write_table(name: str, title: str, rows: Sequence[dict[str, object]]) -> None:
    """Print a table and keep it as Markdown and JSON in bench/results/."""
    columns = list(rows[0])
    lines = [
        f"# {title}",
        "",
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "",
        "| " + " | ".join(columns) + " |",
        "|" + "---|" * len(columns),
        *("| " + " | ".join(str(row[column]) for column in columns) + " |" for row in rows),
        "",
    ]
    text = "\n".join(lines)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, "utf-8")
    (RESULTS / f"{name}.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    print(text)
