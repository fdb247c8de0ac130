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
    found = [_suggestion(offered[place], terms) for place, terms in scores.items()]
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


def _suggestion(script: Script, scores: dict[str, float]) -> Suggestion:
    body = script.body
    worth = _weights(body.title, tuple(body.keywords), body.text)
    telling = [term for term in scores if worth[term] > TEXT] or list(scores)
    words = sorted(telling, key=lambda term: (-scores[term], term))
    return Suggestion(script, round(sum(scores.values()), 3), tuple(_joined(words)))


def _joined(words: Sequence[str]) -> list[str]:
    """Neighbouring pairs as one word: 退货 and 货款 are 退货款."""
    found: list[str] = []
    for word in words:
        for place, known in enumerate(found):
            if known[-1] == word[0] and not known.isascii():
                found[place] = known + word[1:]
                break
            if word[-1] == known[0] and not known.isascii():
                found[place] = word[:-1] + known
                break
        else:
            found.append(word)
    return found
