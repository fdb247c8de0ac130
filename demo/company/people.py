"""The demo's customers: names, tiers and telephone numbers as untidy as real address books."""

from __future__ import annotations

import random
from collections.abc import Callable

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = """志强 晓燕 丽华 建国 秀英 伟明 雨桐 子涵 浩然 思远 佳怡 梦瑶 俊杰 欣怡 海涛 春梅 国栋 慧敏
一鸣 文博 雪晴 明辉 晓东 婷婷 永康 玉兰 嘉豪 诗雨 宇航 静怡 立新 美玲 德福 素芬 振华 若曦"""
ENGLISH = ("Oliver Grant", "Hannah Cole", "Daniel Brooks", "Emma Fischer", "Lucas Martin")
TIERS = ("normal", "silver", "gold", "diamond")
TIER_WEIGHTS = (62, 22, 12, 4)
MOBILE_STARTS = ("134", "135", "136", "137", "138", "139", "150", "152", "158", "159", "186", "189")
AREA_CODES = ("021", "010", "0571", "0512", "025", "020")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
HOUSEHOLD = "021-62753148"  # the complainant's family: one line, two customers
Row = dict[str, str]

# The callers of demo/calls. Each call shows another form of the number than the one stored here.
CALLERS: tuple[tuple[str, str, str, str], ...] = (
    ("黄志强", "normal", "zh", "138-1652-7394"),
    ("刘晓燕", "normal", "zh", "１３９ １８３７ ２６０５"),
    ("郭明辉", "silver", "zh", "(021) 6275 3148"),
    ("林雪晴", "diamond", "zh", "13701928465 / 021-54837216"),
    ("何文博", "normal", "zh", "0086 137 6140 8259"),
    ("沈俊杰", "normal", "zh", "+86 (0)186 2139 5047"),
    ("徐丽华", "silver", "zh", "021-6418 3925转806"),
    ("吴浩然", "silver", "zh", "58620193，139-5678-1234"),
    ("郑佳怡", "silver", "zh", "135 0168 4729"),
    ("Emma Fischer", "normal", "en", "+86-150-2163-9748"),
    ("Daniel Brooks", "silver", "en", "+44 20 7946 0158"),
)


def customers(chance: random.Random, count: int) -> list[Row]:
    """Callers first, then invented people; `count` in all, numbers C0001 on."""
    people = [*CALLERS, *(_person(chance) for _ in range(count - len(CALLERS)))]
    people[-1] = (*people[-1][:3], HOUSEHOLD)
    return [
        {"no": f"C{place:04}", "name": name, "tier": tier, "language": language, "phones": phones}
        for place, (name, tier, language, phones) in enumerate(people, start=1)
    ]


def _person(chance: random.Random) -> tuple[str, str, str, str]:
    tier = chance.choices(TIERS, TIER_WEIGHTS)[0]
    write = chance.choice(FORMS)
    if chance.random() < 0.03:
        return chance.choice(ENGLISH), tier, "en", write(chance)
    return chance.choice(SURNAMES) + chance.choice(GIVEN.split()), tier, "zh", write(chance)


def _mobile(chance: random.Random) -> str:
    return chance.choice(MOBILE_STARTS) + f"{chance.randrange(10**8):08}"


def _landline(chance: random.Random) -> tuple[str, str]:
    area = chance.choice(AREA_CODES)
    return area, f"{chance.randrange(5, 9)}{chance.randrange(10**7):07}"


def _grouped(number: str, mark: str) -> str:
    return mark.join((number[:3], number[3:7], number[7:]))


def _two_mobiles(chance: random.Random) -> str:
    mark = chance.choice((" / ", "，", ";", "、", " 或 "))
    return _mobile(chance) + mark + _grouped(_mobile(chance), "-")


def _mobile_and_landline(chance: random.Random) -> str:
    area, number = _landline(chance)
    return f"{_mobile(chance)} / {area}-{number}"


def _with_extension(chance: random.Random) -> str:
    area, number = _landline(chance)
    mark = chance.choice(("转", "-", " ext.", "分机"))
    return f"{area}-{number}{mark}{chance.randrange(100, 9000)}"


def _written_landline(chance: random.Random) -> str:
    area, number = _landline(chance)
    form = chance.choice(("{0}-{1}", "({0}) {1}", "（{0}）{1}", "{0}{1}", "+86 {2} {1}", "{0} {1}"))
    return form.format(area, f"{number[:4]} {number[4:]}", area[1:])


FORMS: tuple[Callable[[random.Random], str], ...] = (
    _mobile,
    _mobile,
    lambda chance: _grouped(_mobile(chance), "-"),
    lambda chance: _grouped(_mobile(chance), " "),
    lambda chance: "+86" + _mobile(chance),
    lambda chance: "+86 " + _grouped(_mobile(chance), " "),
    lambda chance: "+86-" + _mobile(chance),
    lambda chance: "0086" + _mobile(chance),
    lambda chance: "86" + _mobile(chance),
    lambda chance: "0" + _mobile(chance),
    lambda chance: "12593" + _mobile(chance),
    lambda chance: _mobile(chance).translate(FULL_WIDTH),
    lambda chance: " " + _grouped(_mobile(chance), ".") + " ",
    lambda chance: f"手机：{_mobile(chance)}",
    lambda chance: _landline(chance)[1],
    _two_mobiles,
    _mobile_and_landline,
    _with_extension,
    _written_landline,
    _written_landline,
)
