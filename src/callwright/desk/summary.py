"""The summary of a call as its template gives it: only what data and words prove. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from callwright.desk.model import spaced
from callwright.tickets.model import Said
from callwright.tickets.sentences import cut, simplify

PROMISES_AT_MOST = 3
WHY_AT_MOST = 2
# An agent promises by what we will do and by when or for whom; a question promises nothing.
_WILL = re.compile(
    r"[我咱](?:们)?(?:这边)?(?:马上|立刻|立即|现在|会|来|就|给您|给你|帮您|帮你|为您|安排|尽快)|会(?:尽快|马上|给您|帮您|为您|安排|有|在)"
    r"|(?:\bi|\bwe)(?:'ll| will| am going to|'re going to)\b"
)
_WHAT = re.compile(
    r"回电|回复|答复|联系|退款|退回|退还|补发|重发|换货|换新|寄|发货|送|上门|安排|处理|登记|反馈|转交|核实|查|跟进|催|短信|赔|优惠"
    r"|call you|get back|contact|refund|send|ship|replace|arrange|look into|check"
    r"|follow up|email|text you"
)


@dataclass(frozen=True, slots=True)
class Talk:
    """What a summary is made of. `why` = masked sentences that decided the ticket's type."""

    name: str
    tier: str
    waited_s: float
    talked_s: float
    why: Sequence[str]
    turns: Sequence[Said]
    ticket: Mapping[str, Any] | None


def summary(talk: Talk, words: Mapping[str, str]) -> str:
    """One line each: who, why, what was promised, what came of it; lines without data are left out.

    `words` = the templates of the reader's language.
    """
    promises = promised(talk.turns)
    why = list(dict.fromkeys(talk.why))[:WHY_AT_MOST]  # one sentence may prove it twice
    ticket = talk.ticket or {}
    lines = [
        words["who" if talk.name else "who_unknown"].format(
            name=spaced(talk.name, words["who"]),
            tier=words.get(f"tier_{talk.tier}", ""),
            waited=clock(talk.waited_s),
            talked=clock(talk.talked_s),
        ),
        words["why"].format(sentences=_quoted(why, words)) if why else "",
        words["promised"].format(sentences=_quoted(promises, words)) if promises else "",
        words["ticket"].format(
            no=ticket["no"],
            type=ticket["type"] or words["no_type"],
            priority=words[f"priority_{ticket['priority']}"],
        )
        if ticket
        else "",
    ]
    return "\n".join(line for line in lines if line)


def promised(turns: Sequence[Said]) -> list[str]:
    """The agent's sentences that promise something, as said, the last ones."""
    found = [
        sentence.text.strip()
        for sentence in cut(turns)
        if sentence.speaker == "agent"
        and not sentence.is_question
        and _WILL.search(sentence.simple)
        and _WHAT.search(sentence.simple)
        and not simplify(sentence.text.strip()).endswith(("吗", "么", "呢"))
    ]
    return found[-PROMISES_AT_MOST:]


def clock(seconds: float) -> str:
    """Minutes and seconds: 2:07."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _quoted(sentences: Sequence[str], words: Mapping[str, str]) -> str:
    return words["between"].join(f"{words['open']}{text}{words['close']}" for text in sentences)
