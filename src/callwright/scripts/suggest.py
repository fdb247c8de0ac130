"""Which replies fit what was just said. Pure.

A word counts more the rarer it is among the scripts, the later it was said, and when the customer
said it; a script's own keywords and title count more than its text.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from callwright.scripts.chinese import plain
from callwright.scripts.model import Script

BEST = 3
SPEAKERS = {"customer": 1.0, "agent": 0.4}  # whose words count how much
FADING = 0.7  # each sentence counts so much of the one after it
KEYWORD, TITLE, TEXT = 3.0, 1.5, 0.5
ENOUGH = 3.0  # less is chance
_LATIN = re.compile(r"[a-z0-9]+")
_HANZI = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
# Pairs that stand in every sentence, and words that tell nothing of what it is about
_EMPTY_PAIRS = (
    "我们你们您的我的你的这个那个一下什么怎么可以就是现在已经还没没有还是请您这边您好你好"
)
_EMPTY_WORDS = """the a an is are i you to my it of and for in on please can have do me we our
    your with this"""
_EMPTY = frozenset(re.findall("..", _EMPTY_PAIRS)) | frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class Heard:
    """One sentence of the talk."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A script that fits; `why` = what was said of its keywords and title, the weightiest first."""

    script: Script
    score: float
    why: tuple[str, ...]


@lru_cache(maxsize=50_000)
def terms(text: str) -> frozenset[str]:
    """What a text is compared by: pairs of Chinese characters, words of letters."""
    words = plain(text)
    pairs = {run[i : i + 2] for run in _HANZI.findall(words) for i in range(len(run) - 1)}
    return frozenset((pairs | set(_LATIN.findall(words))) - _EMPTY)


@lru_cache(maxsize=50_000)
def _weights(title: str, keywords: tuple[str, ...], text: str) -> dict[str, float]:
    """Each term of a script with the weight of the best place where it stands."""
    found = dict.fromkeys(terms(text), TEXT)
    found.update(dict.fromkeys(terms(title), TITLE))
    for keyword in keywords:
        found.update(dict.fromkeys(terms(keyword), KEYWORD))
    return found


Wording = tuple[str, tuple[str, ...], str]  # title, keywords, text
Index = dict[str, dict[int, float]]  # term -> place of the script -> weight


def suggest(
    scripts: Iterable[Script], heard: Sequence[Heard], limit: int = BEST
) -> list[Suggestion]:
    """The best few for the last sentences (oldest first); none when nothing fits."""
    offered = list(scripts)
    index = _index(tuple((s.body.title, tuple(s.body.keywords), s.body.text) for s in offered))
    scores: dict[int, dict[str, float]] = defaultdict(dict)
    for term, weight in _said(heard).items():
        where = index.get(term, {})
        rare = math.log(1 + len(offered) / len(where)) if where else 0.0
        for place, value in where.items():
            scores[place][term] = weight * rare * value
    texts = [plain(sentence.text) for sentence in reversed(heard)]
    found = [_suggestion(offered[place], terms, texts) for place, terms in scores.items()]
    good = [suggestion for suggestion in found if suggestion.score >= ENOUGH]
    return sorted(good, key=lambda one: (-one.score, one.script.head.number))[:limit]


@lru_cache(maxsize=32)
def _index(wordings: tuple[Wording, ...]) -> Index:
    """Made once for each set of scripts, not for each sentence."""
    index: Index = defaultdict(dict)
    for place, wording in enumerate(wordings):
        for term, weight in _weights(*wording).items():
            index[term][place] = weight
    return index


def _said(heard: Sequence[Heard]) -> dict[str, float]:
    """Every term that was said with its weight: when it was said last, and by whom."""
    found: dict[str, float] = {}
    for age, sentence in enumerate(reversed(heard)):
        weight = SPEAKERS.get(sentence.speaker, 0.0) * FADING**age
        for term in terms(sentence.text) if weight else ():
            found[term] = max(found.get(term, 0.0), weight)
    return found


def _suggestion(script: Script, scores: dict[str, float], said: Sequence[str]) -> Suggestion:
    body = script.body
    sources = [plain(text) for text in (*body.keywords, body.title)]
    words = sorted(scores, key=lambda term: (-scores[term], term))
    told = list(dict.fromkeys(_whole(term, sources, said) for term in words))
    why = tuple(one for one in told if one and not any(one in more for more in told if more != one))
    return Suggestion(script, round(sum(scores.values()), 3), why or tuple(words[:1]))


def _whole(term: str, sources: Sequence[str], said: Sequence[str]) -> str:
    """The longest piece around a term that a keyword or the title shares with what was said."""
    shared = (
        _common(term, source, sentence)
        for source in sources
        if term in source
        for sentence in said
        if term in sentence
    )
    return max(shared, key=len, default="")


def _common(term: str, one: str, other: str) -> str:
    left, right = one.index(term), one.index(term) + len(term)
    at, to = other.index(term), other.index(term) + len(term)
    while left and at and one[left - 1] == other[at - 1]:
        left, at = left - 1, at - 1
    while right < len(one) and to < len(other) and one[right] == other[to]:
        right, to = right + 1, to + 1
    return one[left:right].strip()
