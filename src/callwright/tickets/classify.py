"""Type, priority and department of a conversation, each with the sentence that caused it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from callwright.kit.patterns import all_or_nothing
from callwright.tickets.meaning import is_denied, is_past, is_threat, is_wished, settlement
from callwright.tickets.model import (
    Classification,
    Evidence,
    Priority,
    Said,
    Table,
    TypeRule,
    highest,
)
from callwright.tickets.pressing import Pressure, find_pressure, is_preferred
from callwright.tickets.sentences import Sentence, cut, simplify
from callwright.tickets.words import Found, WordFinder

# A wish outweighs any number of mentions: "it is broken, does not start, I want my money back".
# A word only heard by its sound needs a wish or company: alone it makes no type.
WISH, MENTION, WEAK, FAINT = 3.0, 1.0, 0.5, 0.25
_MOST_MENTIONS = 2.0
_ASKS = re.compile(
    r"[吗么吧嘛]$|[吗么吧嘛]\W*$|是不是|对不对|对吧|是要|是想|您要|do you|would you|are you"
)
_HUM = r"(?:[嗯呃啊哦]|那个|\W)*"
_YES = re.compile(
    rf"\W*嗯+\W*$|{all_or_nothing(_HUM, 'hum')}(?:对|是的|是啊|是呀|是$|是,|没错|好的?|可以"
    r"|行|要的|yes|yeah|yep|right|correct|sure|exactly|please)"
)
_NO = re.compile(rf"{all_or_nothing(_HUM, 'hum')}(?:对不起|不|没有|没|no\b|not)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A keyword that counts for a type, and how much."""

    rule: TypeRule
    found: Found
    sentence: Sentence
    weight: float
    why: str


@dataclass(frozen=True, slots=True)
class Tally:
    """The marks of one type, summed: wishes, plus mentions up to a limit."""

    type: str
    score: float
    marks: tuple[Mark, ...]

    @property
    def rank(self) -> tuple[float, int, int, int]:
        """Higher score first, then the earlier wish, then the longer keyword."""
        first = max(
            self.marks, key=lambda mark: (mark.weight, -mark.sentence.turn, -mark.found.start)
        )
        return (-self.score, first.sentence.turn, first.found.start, -len(first.found.keyword))


def classify(turns: Sequence[Said], table: Table, *, tier: str | None = None) -> Classification:
    """Decide from what the customer meant; `type` None when no row fits.

    `tier` is the customer's level; preferred ones get high priority. Pure: same words, same answer.
    """
    sentences = list(cut(turns))
    reasons: list[str] = []
    scored = _tally(_marks(sentences, table, reasons))
    tallies = sorted((one for one in scored if one.score >= WEAK), key=lambda one: one.rank)
    pressures = list(find_pressure(sentences))
    reasons += [f"{tally.type}: {tally.score:g}" for tally in tallies]
    reasons += [f"priority {one.priority}: {one.rule}" for one in pressures]
    if is_preferred(tier):
        reasons.append(f"priority high: tier {tier}")
    best = tallies[0] if tallies else None
    if best is None:
        reasons.append("no keyword fits: no type")
    strongest = max(best.marks, key=lambda mark: mark.weight) if best else None
    return Classification(
        type=best.type if best else None,
        priority=_priority(best, pressures, tier),
        department=strongest.rule.department if strongest else None,
        evidence=tuple(_evidence(best, pressures)),
        reasons=tuple(dict.fromkeys(reasons)),
    )


def _priority(best: Tally | None, pressures: Sequence[Pressure], tier: str | None) -> Priority:
    of_rules = [mark.rule.priority for mark in best.marks] if best else []
    base = highest(*of_rules) if any(of_rules) else "normal"
    preferred: Priority | None = "high" if is_preferred(tier) else None
    return highest(base, preferred, *(one.priority for one in pressures))


def _evidence(best: Tally | None, pressures: Sequence[Pressure]) -> Iterator[Evidence]:
    found = (
        [(mark.sentence, f"{mark.rule.type}:{mark.found.keyword}") for mark in best.marks]
        if best
        else []
    )
    found += [(one.sentence, one.rule) for one in pressures]
    for sentence, rule in dict.fromkeys(sorted(found, key=lambda one: one[0].turn)):
        yield Evidence(sentence.text.strip(), sentence.turn, rule)


def _tally(marks: Iterable[Mark]) -> Iterator[Tally]:
    by_type: dict[str, dict[str, Mark]] = {}
    for mark in marks:
        best = by_type.setdefault(mark.rule.type, {})
        known = best.get(mark.found.keyword)
        if known is None or mark.weight > known.weight:
            best[mark.found.keyword] = mark
    for name, best in by_type.items():
        yield Tally(name, _score([mark.weight for mark in best.values()]), tuple(best.values()))


def _score(weights: Sequence[float]) -> float:
    """One wish, some mentions, and of all weak signs together only one."""
    wish = WISH if WISH in weights else 0.0
    mentions = MENTION * (weights.count(MENTION) + max(0, weights.count(WISH) - 1))
    weak = WEAK if WEAK in weights else 0.0
    faint = FAINT * min(2, weights.count(FAINT))
    return wish + min(_MOST_MENTIONS, mentions) + weak + faint


def _marks(sentences: Sequence[Sentence], table: Table, reasons: list[str]) -> Iterator[Mark]:
    rows = _rows_by_keyword(table)
    finder = _finder(tuple(rows))
    for index, sentence in enumerate(sentences):
        for found in finder.find(sentence.simple):
            for rule in rows[found.keyword]:
                weight, why = _weigh(rule, found, index, sentences)
                reasons.append(f"{rule.type}:{found.keyword} {why}")
                if weight:
                    yield Mark(rule, found, sentence, weight, why)


def _weigh(
    rule: TypeRule, found: Found, index: int, sentences: Sequence[Sentence]
) -> tuple[float, str]:
    """What one keyword counts, and why."""
    sentence = sentences[index]
    excluded = next((word for word in rule.unless if simplify(word) in sentence.simple), None)
    if excluded is not None:
        return 0.0, f"does not count beside {excluded}"
    if rule.speaker not in ("any", sentence.speaker):
        return _weigh_others_words(rule, index, sentences)
    if is_denied(sentence.simple, found.start, found.end):
        return 0.0, "is denied"
    return _weigh_own_words(sentence, found)


def _weigh_own_words(sentence: Sentence, found: Found) -> tuple[float, str]:
    simple, start, end = sentence.simple, found.start, found.end
    match settlement(simple, start, end, sentence.rest):
        case "settled":
            return 0.0, "is told as finished"
        case "disputed":
            return WEAK, "is told as finished, but something is wrong"
        case _:
            pass
    if is_threat(simple, start):
        return WEAK, "is threatened"
    if is_past(simple, start):
        return WEAK, "is told of the past"
    if is_wished(simple, start, end):
        return (MENTION, "sounds like a wish") if found.by_sound else (WISH, "is wished")
    return (FAINT, "sounds mentioned") if found.by_sound else (MENTION, "is mentioned")


def _weigh_others_words(
    rule: TypeRule, index: int, sentences: Sequence[Sentence]
) -> tuple[float, str]:
    """The agent's words count only as a question that the customer says yes to."""
    sentence = sentences[index]
    if (
        rule.speaker == "customer"
        and sentence.speaker == "agent"
        and _is_confirmed(index, sentences)
    ):
        return WEAK, "was asked and confirmed"
    return 0.0, f"was said by the {sentence.speaker}"


def _is_confirmed(index: int, sentences: Sequence[Sentence]) -> bool:
    asked = sentences[index]
    if not (asked.is_question or _ASKS.search(asked.simple)):
        return False
    for sentence in sentences[index + 1 :]:
        if sentence.turn == asked.turn:
            continue
        answers = sentence.speaker == "customer" and not _NO.match(sentence.simple)
        return answers and _YES.match(sentence.simple) is not None
    return False


def _rows_by_keyword(table: Table) -> dict[str, list[TypeRule]]:
    rows: dict[str, list[TypeRule]] = {}
    spelled: dict[str, str] = {}
    for rule in table:
        for keyword in dict.fromkeys(rule.keywords):
            same = spelled.setdefault(simplify(keyword), keyword)
            rows.setdefault(same, []).append(rule)
    return rows


@lru_cache(maxsize=8)
def _finder(keywords: tuple[str, ...]) -> WordFinder:
    return WordFinder(keywords)
