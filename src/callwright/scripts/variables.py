"""What `{…}` in a script may name, and how it is written and spoken. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from callwright.kit.errors import invalid
from callwright.scripts import speaking
from callwright.scripts.speaking import is_english

Kind = Literal["text", "digits", "telephone", "money", "date"]
Value = str | Decimal | date

_PLACE = re.compile(
    r"(?P<sign>[¥￥]\s*)?\{\s*(?P<name>[^{}\s]{1,30})\s*\}(?P<unit>\s*(?:元|圆|圓|块钱|塊錢|块|塊|yuan\b))?"
)


@dataclass(frozen=True, slots=True)
class Variable:
    """One name. `also` = other names for it; `source` = where the value comes from."""

    name: str
    kind: Kind
    source: Literal["customer", "call", "order", "ticket", "clock", "agent", "company", "typed"]
    also: tuple[str, ...] = ()


VARIABLES: dict[str, Variable] = {
    known.name: known
    for known in (
        Variable("customer_name", "text", "customer", ("客户姓名", "客戶姓名", "name")),
        Variable("salutation", "text", "customer", ("称呼", "稱呼")),
        Variable("phone", "telephone", "call", ("电话", "電話")),
        Variable("phone_tail", "digits", "call", ("手机尾号", "手機末四碼", "尾号")),
        Variable("order_no", "digits", "order", ("订单号", "訂單編號")),
        Variable("item", "text", "order", ("商品", "商品名称", "商品名稱")),
        Variable("order_status", "text", "order", ("订单状态", "訂單狀態")),
        Variable("order_date", "date", "order", ("下单日期", "下單日期")),
        Variable("amount", "money", "order", ("金额", "金額")),
        Variable("ticket_no", "digits", "ticket", ("工单号", "工單編號")),
        Variable("today", "date", "clock", ("今天",)),
        Variable("agent_name", "text", "agent", ("客服姓名", "坐席姓名")),
        Variable("company", "text", "company", ("公司", "公司名称", "公司名稱")),
        # When something will happen is on no card: the agent says it.
        Variable("date", "date", "typed", ("日期", "时间", "時間")),
    )
}
_BY_NAME = {name: known for known in VARIABLES.values() for name in (known.name, *known.also)}


@dataclass(frozen=True, slots=True)
class Filled:
    """A script with its values: as written, as spoken, and the names that have no value."""

    text: str
    spoken: str
    missing: tuple[str, ...]


def variable(name: str) -> Variable | None:
    """The variable of any of its names."""
    return _BY_NAME.get(name)


def names_in(text: str) -> list[str]:
    """The variables of a text in order, each once; unknown names as they stand."""
    found = (place["name"] for place in _PLACE.finditer(text))
    return list(dict.fromkeys(k.name if (k := _BY_NAME.get(n)) else n for n in found))


def without_variables(text: str) -> str:
    """The words of a text alone: nobody looks for the name of a variable."""
    return _PLACE.sub(" ", text)


def unknown_names(text: str) -> list[str]:
    """Names in a text that are no variable."""
    return [name for name in names_in(text) if name not in VARIABLES]


def typed_value(name: str, text: str) -> Value:
    """A value as a person types it; `invalid` names a variable that is none, or does not fit."""
    known = _BY_NAME.get(name)
    if known is None:
        raise invalid(f"values.{name}", "no variable of scripts")
    try:
        if known.kind == "money":
            return Decimal(text)
        return date.fromisoformat(text) if known.kind == "date" and text[:4].isdecimal() else text
    except (ValueError, InvalidOperation) as error:
        raise invalid(f"values.{name}", f"not a {known.kind}") from error


def fill(text: str, values: Mapping[str, Value], language: str, today: date) -> Filled:
    """Put values in their places. Without a value the place stays as it is and is named."""
    missing: list[str] = []

    def written(place: re.Match[str]) -> str:
        known = _BY_NAME.get(place["name"])
        value = values.get(known.name) if known else None
        if known is None or value in (None, ""):
            missing.append(known.name if known else place["name"])
            return place[0]
        return _written(known.kind, value, place, language, today)

    def said(place: re.Match[str]) -> str:
        known = _BY_NAME.get(place["name"])
        value = values.get(known.name) if known else None
        if known is None or value in (None, ""):
            return place[0]
        return _said(known.kind, value, place, language, today)

    shown = _PLACE.sub(written, text)
    return Filled(shown, _PLACE.sub(said, text), tuple(dict.fromkeys(missing)))


def _written(kind: Kind, value: Value, place: re.Match[str], language: str, today: date) -> str:
    sign, unit = place["sign"] or "", place["unit"] or ""
    if kind == "money" and isinstance(value, Decimal):
        own = "" if sign or unit else (" yuan" if is_english(language) else "元")
        return f"{sign}{_plain_money(value)}{own}{unit}"
    if isinstance(value, date):
        return f"{sign}{_plain_date(value, language, value.year != today.year)}{unit}"
    return f"{sign}{value}{unit}"


def _said(kind: Kind, value: Value, place: re.Match[str], language: str, today: date) -> str:
    """Like `_written`; money takes its sign and unit with it."""
    if isinstance(value, Decimal):
        return speaking.money(value, language)
    sign, unit = place["sign"] or "", place["unit"] or ""
    if isinstance(value, date):
        spoken = speaking.day(value, language, with_year=value.year != today.year)
    elif kind == "digits":
        spoken = speaking.digits(value, language)
    elif kind == "telephone":
        spoken = speaking.telephone(value, language)
    else:
        spoken = value
    return f"{sign}{spoken}{unit}"


def _plain_money(amount: Decimal) -> str:
    cents = amount.quantize(speaking.CENT)
    return f"{cents:.0f}" if cents == cents.to_integral_value() else f"{cents:.2f}"


def _plain_date(when: date, language: str, with_year: bool) -> str:
    if is_english(language):
        return f"{when.day} {speaking.MONTHS[when.month - 1]}" + (f" {when.year}" * with_year)
    return (f"{when.year}年" * with_year) + f"{when.month}月{when.day}日"
