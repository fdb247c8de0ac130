"""Imports every room's tables, so that `metadata` is complete."""

from __future__ import annotations

from importlib import import_module

from callwright.kit.db import metadata

TABLE_MODULES = (
    "kit.journal", "kit.timers", "kit.versions", "accounts.store", "agents.store",
    "customers.store", "queues.store", "calls.store", "calls.missed_store", "calls.guard_store",
    "calls.callback_store", "voicemails.store", "routing.store", "recordings.store",
    "transcripts.store", "tickets.store", "scripts.store", "messages.store", "desk.store",
    "ivr.store", "routing.whatif.store",
)  # fmt: skip

for _name in TABLE_MODULES:
    import_module(f"callwright.{_name}")

__all__ = ["metadata"]
