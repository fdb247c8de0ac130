"""The command line: one small file per command."""

from callwright.cli.main import main

__all__ = ["main"]
