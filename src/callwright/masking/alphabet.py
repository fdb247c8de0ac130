"""One character in, one character out: every way to write a digit becomes 0-9, offsets stay."""

from __future__ import annotations

import sys
import unicodedata

MASK = "*"

SPOKEN_DIGITS: dict[str, str] = {
    **dict.fromkeys("零〇○洞", "0"),
    **dict.fromkeys("一壹弌幺", "1"),
    **dict.fromkeys("二贰貳两兩俩", "2"),
    **dict.fromkeys("三叁參叄", "3"),
    **dict.fromkeys("四肆", "4"),
    **dict.fromkeys("五伍", "5"),
    **dict.fromkeys("六陆陸", "6"),
    **dict.fromkeys("七柒拐", "7"),
    **dict.fromkeys("八捌", "8"),
    **dict.fromkeys("九玖勾", "9"),
}

# What speech recognition writes for a digit it misheard. Taken for a digit only between digits.
MISHEARD_DIGITS: dict[str, str] = {
    **dict.fromkeys("林铃灵令凌动冻", "0"),
    **dict.fromkeys("以依衣伊已腰妖邀夭吆要耀", "1"),
    **dict.fromkeys("尔而耳儿", "2"),
    **dict.fromkeys("山散伞", "3"),
    **dict.fromkeys("是似寺死", "4"),
    **dict.fromkeys("舞无午武吴", "5"),
    **dict.fromkeys("留流溜刘", "6"),
    **dict.fromkeys("期齐奇起怪", "7"),
    **dict.fromkeys("吧爸巴把", "8"),
    **dict.fromkeys("酒久就狗够沟钩", "9"),
}

_TRADITIONAL = str.maketrans(
    "機電話號碼證護訂單運編賬帳銀儲聯繫還對後個麼請問給說嗎樣總貨遞發錯應該錢萬億時點寫實資訊車間們來"
    "這記覆復預綁輸滬遼魯蘇贛晉陝閩粵貴雲瓊寧",
    "机电话号码证护订单运编账账银储联系还对后个么请问给说吗样总货递发错应该钱万亿时点写实资讯车间们来"
    "这记复复预绑输沪辽鲁苏赣晋陕闽粤贵云琼宁",
)


def _build() -> dict[int, str]:
    table: dict[int, str] = {source: chr(target) for source, target in _TRADITIONAL.items()}
    for code in range(0xFF01, 0xFF5F):  # full-width forms mirror ASCII
        table[code] = chr(code - 0xFEE0)
    table[0x3000] = " "
    for code in range(128, sys.maxunicode + 1):
        digit = unicodedata.decimal(chr(code), None)
        if digit is not None:
            table[code] = str(digit)
    table.update({ord(char): digit for char, digit in SPOKEN_DIGITS.items()})
    return table


_TABLE = _build()


def plain(text: str) -> str:
    """The text with digits as 0-9, full-width as ASCII, key words simplified. Same length."""
    return text.translate(_TABLE)


def is_spoken(char: str) -> bool:
    """Whether this digit is written as one says it (幺, 三, 洞) and not as a figure."""
    return char in SPOKEN_DIGITS
