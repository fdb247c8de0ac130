"""How pressing a call is: safety, threats to go public or to court, and who is calling."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from callwright.tickets.meaning import is_denied, settlement
from callwright.tickets.model import Priority
from callwright.tickets.sentences import Sentence
from callwright.tickets.words import WordFinder

PREFERRED_TIERS = frozenset(
    "vip svip gold diamond platinum 金卡 金牌 钻石 钻石卡 白金 白金卡 贵宾 黑金 黑卡".split()  # noqa: SIM905
)

_DANGER = (
    *"起火 着火 失火 冒烟 冒火 漏电 触电 爆炸 炸了 烧伤 烫伤 受伤 割伤 划伤 中毒".split(),  # noqa: SIM905
    *"漏气 煤气泄漏 燃气泄漏 自燃 电到人 电到我 电了一下 短路起 鼓包 送医 住院 进医院".split(),  # noqa: SIM905
    *("caught fire", "on fire", "smoking", "electric shock", "exploded", "explosion"),
    *("got hurt", "injured", "burned my", "gas leak"),
)
_PUBLIC = (
    *"投诉 举报 12315 12300 12345 12321 315 律师 起诉 法院 打官司 法律途径 走法律 仲裁".split(),  # noqa: SIM905
    *"媒体 曝光 记者 电视台 发到网上 发微博 上热搜 工商 消协 消费者协会 消委会".split(),  # noqa: SIM905
    *"市场监管 监管部门 质监 报警 公安 派出所".split(),  # noqa: SIM905
    *("lawyer", "attorney", "sue", "court", "legal action", "media", "consumer association"),
    *("complaint", "complain", "police", "report you"),
)
# Longer words that hide one of the above: neither threat nor danger.
_HARMLESS = (
    *"工商银行 多媒体 流媒体 自媒体 媒体播放 做媒体 媒体行业 律师楼 法院路".split(),  # noqa: SIM905
    *"打不着火 点不着火 打着火 点着火".split(),  # noqa: SIM905
)
_ANGER = (
    *"骗子 欺骗 诈骗 太过分 忍无可忍 态度恶劣 态度太差 态度很差 态度特别差".split(),  # noqa: SIM905
    *"不负责任 垃圾公司 黑心 霸王条款 推卸责任 踢皮球 气死".split(),  # noqa: SIM905
    *("scam", "fraud", "ridiculous", "unacceptable", "terrible service"),
)
_ONLY_FEARED = re.compile(
    r"(?:会不会|会|怕|担心|万一|防止?|避免|以免|容易|容不容易|有没有|灭|预防|可能|如果|没有?|未)[^,，]{0,4}$"
    r"|(?:will it|would it|could it|might|afraid|in case|avoid"
    r"|prevent|not|no|never)\W+(?:\w+ ){0,3}$"
)
_LEVELS: tuple[tuple[tuple[str, ...], Priority, str], ...] = (
    (_DANGER, "urgent", "danger"),
    (_PUBLIC, "high", "escalation"),
    (_ANGER, "high", "anger"),
    (_HARMLESS, "low", "harmless"),
)


@dataclass(frozen=True, slots=True)
class Pressure:
    """One thing that raises the priority: the sentence and the word in it."""

    priority: Priority
    sentence: Sentence
    rule: str


def find_pressure(sentences: Sequence[Sentence]) -> Iterator[Pressure]:
    """Everything the customer said that raises the priority, in order."""
    for sentence in sentences:
        if sentence.speaker != "customer":
            continue
        for found in _finder().find(sentence.simple):
            priority, name = _level_of()[found.keyword]
            if name == "harmless" or found.by_sound:
                continue
            if not _is_meant(sentence, found.start, found.end, name):
                continue
            yield Pressure(priority, sentence, f"{name}:{found.keyword}")


def is_preferred(tier: str | None) -> bool:
    """Whether this tier of customers is served with high priority."""
    return tier is not None and tier.strip().lower() in PREFERRED_TIERS


def _is_meant(sentence: Sentence, start: int, end: int, name: str) -> bool:
    simple = sentence.simple
    if is_denied(simple, start, end):
        return False
    if name == "danger":
        return _ONLY_FEARED.search(simple[max(0, start - 24) : start]) is None
    return settlement(simple, start, end, sentence.rest) != "settled"


@lru_cache(maxsize=1)
def _level_of() -> dict[str, tuple[Priority, str]]:
    return {word: (priority, name) for words, priority, name in _LEVELS for word in words}


@lru_cache(maxsize=1)
def _finder() -> WordFinder:
    return WordFinder(_level_of())
