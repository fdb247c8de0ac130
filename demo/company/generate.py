"""`python demo/company/generate.py` writes the CSV files again, always the same ones."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

from business import history, orders, tickets
from people import customers

FOLDER = Path(__file__).parent
SEED = 20261122


def tables() -> dict[str, list[dict[str, str]]]:
    """File name → rows, made from the seed and agents.csv alone."""
    chance = random.Random(SEED)
    agents = list(csv.DictReader((FOLDER / "agents.csv").open(encoding="utf-8", newline="")))
    people = customers(chance, 300)
    return {
        "customers.csv": people,
        "orders.csv": orders(chance, people, 500),
        "history.csv": history(chance, people, agents, 180),
        "tickets.csv": tickets(chance, people[11:], 24),
    }


def as_csv(rows: list[dict[str, str]]) -> str:
    """Header and rows, newline-terminated."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


if __name__ == "__main__":
    for name, rows in tables().items():
        (FOLDER / name).write_text(as_csv(rows), "utf-8")
