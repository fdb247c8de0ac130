"""The demo's orders, last contacts and open tickets, all in days before the day of loading."""

from __future__ import annotations

import random

Row = dict[str, str]

ITEMS = {
    "电饭锅": 329,
    "洗衣机": 2199,
    "空调": 3299,
    "扫地机器人": 2499,
    "咖啡机": 1299,
    "空气炸锅": 499,
    "空气净化器": 1599,
    "热水壶": 129,
    "吸尘器": 899,
    "加湿器": 199,
    "电风扇": 259,
    "台灯": 159,
    "羽绒被": 699,
    "保温杯": 89,
    "微波炉": 599,
    "烤箱": 459,
}
STATES = ("paid", "shipped", "delivered", "refunding", "refunded", "cancelled")
STATE_WEIGHTS = (8, 14, 62, 5, 7, 4)
FIRST_ORDER = 46_801

# What the callers of demo/calls talk about: customer → item, state, placed and updated days ago.
CALLERS_ORDERS: dict[str, tuple[str, str, int, int]] = {
    "C0001": ("热水壶", "delivered", 8, 6),
    "C0002": ("洗衣机", "delivered", 290, 286),
    "C0003": ("空调", "delivered", 12, 9),
    "C0004": ("扫地机器人", "delivered", 95, 93),
    "C0005": ("咖啡机", "shipped", 6, 1),
    "C0006": ("台灯", "shipped", 2, 1),
    "C0007": ("台灯", "delivered", 7, 4),
    "C0008": ("吸尘器", "refunding", 9, 1),
    "C0009": ("咖啡机", "refunded", 20, 3),
}
# What else is on its way to two of them: place among the orders → customer and facts.
ON_THE_WAY = {
    41: ("C0004", "空气净化器", "shipped", 11, 4),
    81: ("C0004", "烤箱", "paid", 1, 1),
    121: ("C0001", "加湿器", "shipped", 12, 5),
}
ENGLISH_ORDER = 47_195
SUBJECTS = (
    ("维修", "售后", "保修期内上门检查"),
    ("退款", "售后", "退款已申请，等待到账"),
    ("物流", "物流", "包裹超过承诺时间未到"),
    ("投诉", "投诉处理", "安装师傅迟到"),
    ("产品咨询", "销售", "询问新品到货时间"),
)
SUMMARIES = (
    "询问订单什么时候发货，已告知",
    "申请退货，已寄出上门取件",
    "询问发票抬头怎么改，已发短信",
    "预约维修，师傅次日上门",
    "询问会员积分，已说明",
    "反映包装破损，补发一件",
    "催促物流，已联系快递公司",
    "询问产品使用方法，已讲解",
)


def orders(chance: random.Random, people: list[Row], count: int) -> list[Row]:
    """`count` orders, numbered on from FIRST_ORDER; the callers' own ones among them."""
    rows = [_order(chance, FIRST_ORDER + place, people) for place in range(count)]
    for place, (customer, facts) in enumerate(CALLERS_ORDERS.items()):
        rows[40 * (place + 1)] |= _facts(customer, *facts)
    for place, order in ON_THE_WAY.items():
        rows[place] |= _facts(*order)
    rows[ENGLISH_ORDER - FIRST_ORDER] |= _facts("C0011", "咖啡机", "shipped", 7, 1)
    return rows


def history(chance: random.Random, people: list[Row], agents: list[Row], count: int) -> list[Row]:
    """Earlier contacts, newest first."""
    rows = [_contact(chance, people, agents) for _ in range(count)]
    return sorted(rows, key=lambda row: (int(row["days_ago"]), row["time"], row["customer"]))


def tickets(chance: random.Random, people: list[Row], count: int) -> list[Row]:
    """Open tickets, one for each of `count` customers."""
    rows = []
    for place, person in enumerate(chance.sample(people, count), start=1):
        kind, department, subject = chance.choice(SUBJECTS)
        rows.append(
            {
                "no": f"T{place:04}",
                "customer": person["no"],
                "type": kind,
                "priority": "high" if kind == "投诉" or person["tier"] == "diamond" else "normal",
                "department": department,
                "subject": subject,
                "opened_days_ago": str(chance.randrange(6)),
                "state": chance.choice(("open", "open", "waiting")),
            }
        )
    return rows


def _order(chance: random.Random, number: int, people: list[Row]) -> Row:
    item = chance.choice(list(ITEMS))
    placed = chance.randrange(1, 400)
    state = chance.choices(STATES, STATE_WEIGHTS)[0] if placed < 30 else "delivered"
    customer = chance.choice(people)["no"]
    return {"no": str(number)} | _facts(customer, item, state, placed, max(placed - 4, 0))


def _facts(customer: str, item: str, state: str, placed: int, updated: int) -> Row:
    return {
        "customer": customer,
        "item": item,
        "amount": f"{ITEMS[item]}.00",
        "state": state,
        "placed_days_ago": str(placed),
        "updated_days_ago": str(updated),
    }


def _contact(chance: random.Random, people: list[Row], agents: list[Row]) -> Row:
    return {
        "customer": chance.choice(people)["no"],
        "days_ago": str(chance.randrange(1, 120)),
        "time": f"{chance.randrange(9, 21):02}:{chance.randrange(60):02}",
        "channel": chance.choice(("call", "call", "call", "message")),
        "agent": chance.choice(agents)["login"],
        "summary": chance.choice(SUMMARIES),
    }
