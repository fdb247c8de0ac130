"""The words around a number that say whose it is: a phone, a card, or only an order."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from callwright.kit.patterns import all_or_nothing
from callwright.masking.model import Kind

Meaning = Kind | Literal["public", "secret"]

# Chinese words, English words (whole words only). Where two fit at one place, the earlier row wins.
_WORDS: dict[Meaning, tuple[str, str]] = {
    "public": (
        r"(?:订|定|工|运|快递|物流|提|保|货|账|罚|机)?单(?:编)?号码?|订单|定单|运单|工单|流水号?码?|编号|编码|工号|货号|型号"
        r"|序列号|批次号?|批号|条形?码|受理号|案件号|登记号|发票号?码?|合同号?|邮编|邮政编码|房间?号|车次|航班号?|商品号|产品号"
        r"|版本号?|金额|余额|价格|总价|物流号|快递号|取件码|税号|信用代码",
        r"(?:order|tracking|invoice|parcel)(?:[ -]?(?:number|no\b\.?|id\b|#))?|ref|sku"
        r"|zip(?: code)?|imei|iccid|sn"
        r"|(?:ticket|case|model|serial|reference|confirmation|item|part|batch|employee|agent)"
        r"[ -]?(?:number|no\b\.?|id\b|#)",
    ),
    "id_card": (
        r"身份证件?(?:号码?)?|身分证(?:号码?)?|证件号码?",
        r"id ?card(?: number)?|id number|identity card(?: number)?",
    ),
    "bank_card": (
        r"(?:银行|信用|储蓄|借记|工资|银联)?卡号码?|(?:银行|信用|储蓄|借记|工资)卡|开户账号|银行账[号户]",
        r"(?:(?:credit|debit|bank) )?card(?: number| no\.?)?|bank account(?: number)?",
    ),
    "passport": (r"护照号?码?|通行证号?码?", r"passport(?: number| no\.?)?"),
    "secret": (
        r"验证码|校验码|动态码|密码|安全码",
        r"cvv2?|cvc|pin code|password|passcode|verification code",
    ),
    "account": (
        r"微信号?|扣扣号?|企鹅号|会员卡?号|账户名?|账号|帐号|帐户|用户名|支付宝(?:账号)?|抖音号|淘宝号|旺旺|登录名",
        r"qq|wechat(?: id)?|we chat(?: id)?|vx|wx|account(?: number| no\.?| name| id)?"
        r"|user ?name|user id",
    ),
    "mobile": (
        r"手机号?码?|电话号?码?|联系方式|座机号?码?|固话号?码?|总机|传真|来电|致电|拨打|回电|号码",
        r"(?:(?:tele|cell|mobile ?)?phone|mobile|cell|contact)(?: number| no\.?)?|number|tel"
        r"|(?:call|reach) me(?: back)? (?:at|on)",
    ),
}
_BY_NAME: dict[str, Meaning] = {meaning: meaning for meaning in _WORDS}
_TRIGGER = re.compile(
    "|".join(
        rf"(?P<{meaning}>{chinese}|(?<![A-Za-z])(?:{english})(?![A-Za-z]))"
        for meaning, (chinese, english) in _WORDS.items()
    ),
    re.IGNORECASE,
)
# What may stand between the word and its number, also over the change of speaker.
_CONNECTOR = re.compile(
    all_or_nothing(
        r"(?:[\s:,.?!\-#=/()\[\]\"'+~、。…“”‘’\u200b-\u200f\u2060\ufeff]"
        r"|是的|是|为|多少|几号|几|什么|吗|呢|吧|嘛|啊|呀|哦|噢|嗯|呃|额|唉|哎|诶|请问|请|麻烦|您|你|我|他|她|的|报|说|讲|念"
        r"|提供|告诉|告知|核对|核实|确认|验证|一下|下|给|把|好|行|那个|那|这个|这|就|记|对|稍等|等|号|码|后|前|全|完整|注册|预留"
        r"|登记|绑定|留|填|写|联系|方便|可以|能|不能|先生|女士|小姐|说错了|错了|不对|不是|改成|应该|或者|还有|和|跟|听|看|找|现在|再|遍|次"
        r"|(?<![A-Za-z])(?:is|it'?s|it|was|my|the|are|please|what'?s?|your|can|could|may|i|you|give|have|tell|me"
        r"|uh|um|yes|sure|ok|okay|so|and|that'?s|at|on|file|hello|hi|of|course|well|sorry|no|mean|not|for|a|to|know"
        r"|need|with|get|ending|starting|new|under|one moment)(?![A-Za-z]))*",
        "words",
    )
)
_LONGEST_QUESTION = 120
_MOST_WORDS, _MOST_TURNS = 6, 5
_EXACT = re.compile(r"[号码]$|number|no\.?$|id$|#$", re.IGNORECASE)
_DIRECTLY = re.compile(r"[ \t:#=\-\"'“”是为号码]*| *is *")
_QUESTION = re.compile(
    r"多少|几|报|提供|说|告诉|给|留|什么|吗|呢|\?|输入|念|核对|核实|请|麻烦|需要"
    r"|what|give|tell|may|can|could|please|need|your",
    re.IGNORECASE,
)
_CODE_LETTERS = re.compile(r"[A-Za-z]{1,10}[\-_]?$")
_LONGEST_GAP = 48
_AFTERWARDS = re.compile(
    r"[\s,，]*(?:这个|那个|这|那)?(?:就)?(?:是|为)(?:我|您|你|他|她)?们?的?(?:那个|这个)?"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A telling word. `is_exact`: it names the number (订单号), not only the thing (订单)."""

    start: int
    end: int
    meaning: Meaning
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Words:
    """All telling words of a text, in order."""

    all: tuple[Word, ...]
    ends: tuple[int, ...]

    def before(self, plain: str, at: int) -> Meaning | None:
        """The meaning that the words before position `at` give to a number standing there."""
        index = bisect_right(self.ends, at) - 1
        if index < 0 or at - self.ends[index] > _LONGEST_QUESTION:
            return None
        word = self.all[index]
        if _leads_to(word, plain, at):
            return word.meaning
        return self._asked(plain, at, index)

    def _asked(self, plain: str, at: int, index: int) -> Meaning | None:
        """What an earlier turn asked for, when this turn begins with the number."""
        turn = plain.rfind("\n", 0, at) + 1
        if turn == 0 or not is_connected(plain, turn, at):
            return None
        for word in reversed(self.all[max(0, index - _MOST_WORDS) : index + 1]):
            start = plain.rfind("\n", 0, word.start) + 1
            end = plain.find("\n", word.end)
            if word.end > turn or plain.count("\n", end, at) > _MOST_TURNS:
                return None
            if word.meaning != "public":
                asks = _QUESTION.search(plain, start, end) or is_connected(plain, word.end, end)
                return word.meaning if asks else None
            if plain.find("\n", start, word.start) >= 0:
                return None
        return None

    def after(self, plain: str, at: int) -> Meaning | None:
        """The same for words behind it: 13800138000这个是我的订单号."""
        tie = _AFTERWARDS.match(plain, at)
        if tie is None:
            return None
        index = bisect_right(self.ends, tie.end())
        if index < len(self.all) and self.all[index].start <= tie.end():
            return self.all[index].meaning
        return None

    def any_in(self, start: int, end: int) -> bool:
        """Whether a telling word ends in this range."""
        return bisect_right(self.ends, end) > bisect_right(self.ends, start)


def _leads_to(word: Word, plain: str, at: int) -> bool:
    """Whether the word speaks of the number right behind it."""
    if word.meaning != "public":
        return is_connected(plain, word.end, at)
    code = _CODE_LETTERS.search(plain, word.end, at)  # its code may begin with letters: SF1390...
    at = code.start() if code else at
    if word.is_exact:
        return is_connected(plain, word.end, at)
    return _DIRECTLY.fullmatch(plain, word.end, at) is not None


def is_connected(plain: str, start: int, end: int) -> bool:
    """Whether only words without content stand between two places."""
    return end - start <= _LONGEST_GAP and _CONNECTOR.fullmatch(plain, start, end) is not None


def find_words(plain: str) -> Words:
    """All telling words. Linear in the text."""
    found = tuple(
        Word(m.start(), m.end(), _BY_NAME[m.lastgroup or ""], _EXACT.search(m.group()) is not None)
        for m in _TRIGGER.finditer(plain)
    )
    return Words(found, tuple(word.end for word in found))
