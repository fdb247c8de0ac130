"""Whether a keyword is meant: denied, already settled, only threatened, or wished for."""

from __future__ import annotations

import re
from typing import Literal

Settlement = Literal["open", "settled", "disputed"]

_REACH = 16
_REACH_ENGLISH = 44
_BOUNDARY = re.compile(
    r"[,，、:：]|了(?=给我|帮我|你|我|把)|但是|可是|不过|而是|但(?!愿)|(?<!不)(?<!没有)(?<!并非)(?:我?就是想|我是想|是想要?|我是要|我说的?是?|只是想|只是要|只想)"
    r"|(?<!不)(?<!没)我(?:想|要|得|就要|还要)(?!不)|\bbut\b|\bi (?:want|need|just)\b|\bi'd like\b"
)
_A_NOT_A = re.compile(r"(.)[不没]\1|有没有|可不可以|能不能够|是否")
_NO_NEGATION = re.compile(
    r"不好意思|对不起|不得不|不可能不|可能不|不能不|不可不|不光是?|不仅仅?是?|不但是?|不只是?|不止|不单|不管|不论|无论|不错|不满意?|不行|不懂"
    r"|不知道|不清楚|不明白|不太懂|差不多|了不起|不停|不断|不然|不如|再不|要不(?!要)|若不|不应该|不该|难道不|没办法|没法"
    r"|别的|别人|特别|分别|区别|级别|识别|not only|not just|why not|don't know|do not know|not sure"
    r"|(?:not|n't)(?: yet)? (?:received|receive|got|gotten|get|arrived|been|work|working)"
)
_DENIAL = re.compile(
    r"并?不是|并非|并不|不想|不要|不用|不需要?|不打算|不准备|不考虑|不必|不会|不愿意?|不申请|不办|不找|不再|先不|暂不|不为|不提|不谈"
    r"|没有?(?:想|要|打算|说|必要|准备|提|申请|来|不|觉得)|没(?=不)|没有?让|没人(?:要|想|会|说)|谁(?:要|想)|唔(?:系|是|想|要|使)|冇话?|无需|无须|用不着|犯不着|谈不上|算不上|不至于|不存在|不属于|别"
    r"|撤销|撤回|取消|放弃"
    r"|(?:do not|don't|didn't|did not|not) (?:really )?(?:want|need"
    r"|wish|mean|plan"
    r"|intend|ask|asking|looking|here|going|trying|calling|complain|like|that"
    r"|because|a|about|for|making|filing)|no need|no longer|nobody|no one|never mind"
    r"|never (?:asked|wanted)|cancel(?:led|ing)?"
)
_FIRM = re.compile(
    r"你们|他们|商家|卖家|店家|平台|厂家|公司|客服|人家|凭什么|为什么|为啥|怎么|一直|就是|死活|拒绝|迟迟"
)
_FIRM_MAY_BE_TOLD = re.compile(r"不用|不要|别|无需|不必")
_OUR_SERVICE = re.compile(r"[退换修发送到赔寄装补货票]|refund|deliver|ship")
_REFUSED_AFTERWARDS = re.compile(
    r"(?:的?(?:事情?|话|这事)?)?(?:我|就|倒|也|那|先|都|是|的)*"
    r"(?:算了|不用了?(?!户)|不必了?|不需要了?|免了|不至于|谈不上|不要了|不办了|取消了|先不|就不了)"
)
_NOT_HAVING = re.compile(r"没有?+(?!想|要|打算|说|必要|准备|提|申请|来|不|觉得)[^,]{0,8}$")
_NO_WAY_WITHOUT = re.compile(r"(?:是|都)?(?:不行|不可|绝对不行)")
_NO_INTENT = re.compile(r"(?:你们?|它|他)?的?(?:意思|打算|想法|意图|需求|需要|必要)")

_DONE = re.compile(
    r"收到|到账|到帐|解决|处理好|处理完|完成|办好|办完|搞定|修好|退回来|退给我了|成功|结束|没问题了"
    r"|\b(?:arrived|received|completed|done|resolved|processed|came through|went through)\b"
)
_OPEN = re.compile(r"[没未不还何么哪吗?？多久]|如果|等|\bnot\b|n't|\bwhen\b|\bif\b|\bbe\b|hasn")
_DONE_BEFORE = re.compile(
    r"(?:谢谢|感谢|多谢|谢)(?:你们?|您)?(?:帮我|给我|的|上次|那个|这么快|及时|快速|办的|处理){0,3}$"
    r"|(?<!没)(?<!没有)(?<!未)(?:收到|拿到)(?:了|你们?的?|的|那个|那笔|这个){0,2}$"
    r"|(?<!not )(?<!n't )(?<!never )(?<!yet )\b(?:got|received|thanks? (?:you )?(?:so much )?for)"
    r"(?: the| my| your| that| quick| last| fast)*\s$"
)
_ALREADY = re.compile(r"(?:已经|都|刚刚?|早就|早)(?:帮我|给我|把)?$")
_ALREADY_AFTER = re.compile(r"(?:完|好|过|成功|给我)?了")
_STILL_WRONG = re.compile(
    r"(?:但|可是|不过|却|怎么|结果|说是|然而|又|but).{0,14}?(?:没|未|坏|少|错|不对|not|n't|never|again)|又(?:坏|出)"
)
_PAST = re.compile(
    r"(?:上次|之前|以前|上回|曾经|去年|上个?月|上周|前几天)[^我,，]{0,4}$"
    r"|\blast (?:time|month|week)\W*$"
)
# What is announced stands behind the consequence word; the unmet wish stands before it.
_CONSEQUENCE = re.compile(
    r"(?:就|只好|只能|小心我|信不信|等着|不然|否则|逼我).{0,8}$"
    r"|(?:otherwise|or else|or i).{0,30}$|(?:if|unless) .{3,30}\bi(?:'ll| will|'m going to).{0,20}$"
)
_CONDITION = re.compile(
    r"再不|再这样|再没|再拖|如果|要是|不然|否则|的话|不行|逼我|小心我|信不信|等着"
    r"|otherwise|or else|if |unless|\bor i"
)
_WISH = re.compile(
    r"(?:我要|我想|想要?|要求|要|申请|帮我|给我|帮忙|能不能|能否|可不可以|可以|需要|麻烦|希望|请|办理?|怎么|如何|尽快|赶紧|必须|应该|请问"
    r"|咨询|问一?下|了解)[^,，]{0,9}$"
    r"|(?:i want|i need|i'd like|would like|want to|can i|can you|could you|could i|please|how do i"
    r"|how can i|help me|need to|looking to|asking for|request)[^,.]{0,28}$"
)
_WISH_AFTER = re.compile(
    r"[^,，]{0,4}(?:可以吗|行吗|行不行|怎么弄|怎么办|怎么申请|好吗|能办|办一下|一下)"
)


def is_denied(simple: str, start: int, end: int) -> bool:
    """Whether the words around say that the keyword is not wanted or not the matter."""
    before = _clause_before(simple, start)
    after = simple[end : end + 14]
    if _REFUSED_AFTERWARDS.match(after) or _denies_again(simple[start:end], after):
        return True
    cleaned = _NO_NEGATION.sub("＿", _A_NOT_A.sub("＿", before))
    count = _count_denials(cleaned) + _bare_denial(cleaned, simple[start:end], after)
    return count % 2 == 1


def settlement(simple: str, start: int, end: int, rest: str) -> Settlement:
    """Whether the matter is told as finished (退款已经收到了), and nothing went wrong since."""
    if not _is_done(simple, start, end):
        return "open"
    since = simple[end : end + 30] + "，" + rest[:20]
    return "disputed" if _STILL_WRONG.search(since) else "settled"


def _is_done(simple: str, start: int, end: int) -> bool:
    after = simple[end : end + 16]
    before = simple[max(0, start - 24) : start]
    if _DONE_BEFORE.search(before) and not re.match(r".{0,6}(?:吗|没)", after):
        return True
    if _ALREADY.search(before) and _ALREADY_AFTER.match(after):
        return True
    done = _DONE.search(after)
    if done is None:
        return False
    around = after[: done.end() + 2].replace("没问题了", "")
    return _OPEN.search(around) is None


def is_threat(simple: str, start: int) -> bool:
    """Whether it is announced for the case that nothing happens (再不行我就投诉)."""
    before = simple[max(0, start - _REACH_ENGLISH) : start]
    return _CONSEQUENCE.search(before) is not None and _CONDITION.search(before) is not None


def is_past(simple: str, start: int) -> bool:
    """Whether it is told of an earlier time (上次退款的时候)."""
    return _PAST.search(simple[max(0, start - 16) : start]) is not None


def is_wished(simple: str, start: int, end: int) -> bool:
    """Whether the customer asks for it (我要退款, 退款怎么办)."""
    before = simple[max(0, start - _REACH_ENGLISH) : start]
    return _WISH.search(before) is not None or _WISH_AFTER.match(simple[end : end + 10]) is not None


def _clause_before(simple: str, start: int) -> str:
    is_english = simple[start : start + 1].isascii()
    before = simple[max(0, start - (_REACH_ENGLISH if is_english else _REACH)) : start]
    for boundary in _BOUNDARY.finditer(before):
        last = boundary
        if not _BOUNDARY.search(before, last.end()):
            return before[last.end() :]
    return before


def _count_denials(before: str) -> int:
    firm = _FIRM.search(before)
    count = 0
    for denial in _DENIAL.finditer(before):
        told = (
            firm is None
            or "我" in before[firm.start() : denial.start()]
            or denial.start() < firm.start()
        )
        if told or _FIRM_MAY_BE_TOLD.fullmatch(denial.group()):
            count += 1
    return count


def _bare_denial(before: str, keyword: str, after: str) -> int:
    """不退款了 by the customer is a denial; 你们不退款 and 没退款 are the very complaint."""
    if _NO_WAY_WITHOUT.match(after):
        return 0
    if _NOT_HAVING.search(before) and _NO_INTENT.match(after):
        return 1
    if before.endswith("不"):
        by_firm = _FIRM.search(before) is not None or re.search(r"给|肯|让", before) is not None
        return int(not by_firm and ("我" in before or after.startswith("了") or before == "不"))
    if re.search(r"没有?过?$", before):
        return int(_OUR_SERVICE.search(keyword) is None)
    return 0


def _denies_again(keyword: str, after: str) -> bool:
    """投诉我就不投诉了."""
    return re.match(rf"(?:我|就|也|是|倒)*不(?:想|要)?{re.escape(keyword)}", after) is not None
