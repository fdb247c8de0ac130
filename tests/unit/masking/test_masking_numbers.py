"""What one sentence must hide, exactly, and what it must leave alone."""

from __future__ import annotations

import pytest

from callwright.masking import mask

UNIONPAY = "6217001234567890122"  # 19 figures, Luhn holds
CREDIT = "6225881234567898"  # 16 figures, Luhn holds
IDENTITY = "44030819990108001X"  # birthday and check letter hold

HIDDEN = [
    ("我的电话是139 1234 5678，麻烦回电", "139 1234 5678", "mobile"),
    ("13912345678这个号码打不通", "13912345678", "mobile"),
    ("139-1234-5678", "139-1234-5678", "mobile"),
    ("139.1234.5678", "139.1234.5678", "mobile"),
    ("1 3 9 1 2 3 4 5 6 7 8", "1 3 9 1 2 3 4 5 6 7 8", "mobile"),
    ("１３９１２３４５６７８", "１３９１２３４５６７８", "mobile"),
    ("+86 13912345678", "+86 13912345678", "mobile"),
    ("0086-139-1234-5678", "0086-139-1234-5678", "mobile"),
    ("我电话幺三九幺二三四五六七八", "幺三九幺二三四五六七八", "mobile"),
    ("幺三九，幺二三四，五六七八", "幺三九，幺二三四，五六七八", "mobile"),
    ("一三九 嗯 一二三四 那个 五六七八", "一三九 嗯 一二三四 那个 五六七八", "mobile"),
    ("壹叁玖壹贰叁肆伍陆柒捌", "壹叁玖壹贰叁肆伍陆柒捌", "mobile"),
    ("手机是一百三十九一二三四五六七八", "一百三十九一二三四五六七八", "mobile"),
    ("一三九一二三四五六七八一共三台", "一三九一二三四五六七八", "mobile"),
    ("洞洞八六幺三九幺二三四五六拐八", "洞洞八六幺三九幺二三四五六拐八", "mobile"),
    ("我的手機號碼是13912345678", "13912345678", "mobile"),
    ("微信是13912345678", "13912345678", "mobile"),
    ("帮我查一下订单，13912345678", "13912345678", "mobile"),
    ("手机号是139123456", "139123456", "mobile"),
    ("手机号是以3800以3800", "以3800以3800", "mobile"),
    ("my phone number is 415-555-2671", "415-555-2671", "mobile"),
    ("my number is one three nine double one two three four five six seven",
     "one three nine double one two three four five six seven", "mobile"),
    ("香港电话 +852 9123 4567", "+852 9123 4567", "mobile"),
    ("座机是零二一六二三四五六七八", "零二一六二三四五六七八", "landline"),
    ("座机62345678", "62345678", "landline"),
    ("0755-26001234转8001", "0755-26001234转8001", "landline"),
    (f"卡号是{UNIONPAY}", UNIONPAY, "bank_card"),
    ("卡6217 0012 3456 7890 122被扣了", "6217 0012 3456 7890 122", "bank_card"),
    (f"招行卡{CREDIT}扣款", CREDIT, "bank_card"),
    ("卡号六二二五 八八一二 三四五六 七八九八", "六二二五 八八一二 三四五六 七八九八", "bank_card"),
    ("卡号是622-020-000-1234-562", "622-020-000-1234-562", "bank_card"),
    (f"身份证号是{IDENTITY}对吧", IDENTITY, "id_card"),
    ("身份证 4403 0819 9901 0800 1x", "4403 0819 9901 0800 1x", "id_card"),
    ("四四零三零八一九九九零幺零八零零幺叉", "四四零三零八一九九九零幺零八零零幺叉", "id_card"),
    ("身份证1110-105-1990-0307-1239", "1110-105-1990-0307-1239", "id_card"),
    ("身分證字號 44030819990108001X", IDENTITY, "id_card"),
    ("刷的是4111 1111 1111 1111", "4111 1111 1111 1111", "bank_card"),
    ("my email is zhang dot san at gmail dot com", "zhang dot san at gmail dot com", "email"),
    ("护照号码E12345678", "E12345678", "passport"),
    ("车牌号是粤B·D12345，停在楼下", "粤B·D12345", "plate"),
    ("邮箱是 li.si+test@163.com.cn", "li.si+test@163.com.cn", "email"),
    ("邮箱 lisi艾特qq点com", "lisi艾特qq点com", "email"),
    ("我的微信号是zhang_san88", "zhang_san88", "account"),
    ("加我扣扣四幺八零五五二六七", "四幺八零五五二六七", "account"),
    ("验证码是382910", "382910", "account"),
]  # fmt: skip

KEPT = [
    f"订单号是{CREDIT}", "订单号是13912345678", "訂單編號13912345678", "物流單號是13912345678",
    "单号是幺三九幺二三四五六七八", "运单号SF1391234567890", "快递单号13912345678901",
    "流水号是202311180001234567", "保单号13912345678", "my order number is 123456789012",
    "tracking number 1Z999AA10123456784", "13912345678这个是我的订单号",
    "请拨打我们的热线400-800-1234", "四零零八二零八八二零", "我打了95588和10086都没用",
    "拨打110报警",
    "我要打12315", "身份证后四位是1234", "预留的手机尾号是5678", "卡号后四位5678",
    "总共花了12800元，2023年11月18日买的", "13912345678元", "￥13912345678",
    "一共是一千三百九十一块二",
    "型号是XQB80-13912345678", "IP是192.168.100.10", "2023-11-18 13:20:30", "满一百减三十八",
    "工号10023为您服务", "电话费用128元", "打了3个电话，等了20分钟", "我住在三楼五零二室",
    "一二三四五六七八九十", "IMEI：490154203237518", "12345678901",
    "税号91110108MA01234567", "我是一三九的号段",
]  # fmt: skip


@pytest.mark.parametrize(("text", "secret", "kind"), HIDDEN)
def test_hides_exactly_the_number(text: str, secret: str, kind: str) -> None:
    (span,) = mask(text).spans
    assert (text[span.start : span.end], span.kind) == (secret, kind)


@pytest.mark.parametrize("text", KEPT)
def test_leaves_public_numbers_alone(text: str) -> None:
    assert mask(text).text == text


def test_several_numbers_in_one_sentence_are_told_apart() -> None:
    text = "订单号20231118139，手机13912345678、13812345678，不是400-800-1234"
    found = [text[span.start : span.end] for span in mask(text).spans]
    assert found == ["13912345678", "13812345678"]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("手机13912345678", "手机139****5678"),
        ("手机139-1234-5678", "手机139-****-5678"),
        ("幺三九，幺二三四，五六七八", "***，****，****"),
        (f"卡号{UNIONPAY}", "卡号***************0122"),
        (f"身份证{IDENTITY}", "身份证" + "*" * 18),
        ("车牌京A12345", "车牌京A*****"),
        ("邮箱li@163.com", "邮箱**@*******"),
        ("座机010-62345678", "座机***-********"),
    ],
)
def test_what_stays_readable(text: str, masked: str) -> None:
    assert mask(text).text == masked


def test_every_span_says_why() -> None:
    assert mask(f"卡号{UNIONPAY}").spans[0].rule == "bank_card:luhn"
    assert mask("卡号6217001234567890").spans[0].rule == "bank_card:after_word"


def test_words_before_lend_their_meaning() -> None:
    assert mask("六二二二零二", before="请说一下您的银行卡号").spans[0].kind == "bank_card"
    assert mask("六二二二零二").spans == ()
