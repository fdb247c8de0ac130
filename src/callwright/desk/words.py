"""The sentences that the desk proposes, by language: openings for the caller, summaries for us."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

LANGUAGES = ("zh-Hans", "zh-Hant", "en")


def openings(language: str, company: str) -> Mapping[str, str]:
    """In the caller's language; Chinese as the company writes it."""
    return _read("openings")[tag(language, company)]


def summaries(company: str) -> Mapping[str, str]:
    """In the company's language."""
    return _read("summaries")[tag(company, company)]


def tag(language: str, company: str) -> str:
    """One of our three: `zh` is the company's Chinese, another tag its own language or English."""
    if language in LANGUAGES:
        return language
    base = language.partition("-")[0]
    if base == "zh":
        return company if company in LANGUAGES[:2] else LANGUAGES[0]
    return "en"


@lru_cache(maxsize=2)
def _read(name: str) -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name(f"{name}.yaml").read_text("utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(text)
    return found
