"""One key from every format that caller ids and old customer files hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.customers.phone import identify, identify_all
from callwright.kit.errors import CallwrightError

MOBILE = "+8613812345678"
FORMS_OF_ONE_MOBILE = [
    "13812345678", "+8613812345678", "008613812345678", "8613812345678", "013812345678",
    "138-1234-5678", "138 1234 5678", "138/1234/5678", "(138)12345678", "138.1234.5678",
    "+86 138 1234 5678", "+86-0138-1234-5678", "+86+8613812345678", "１３８１２３４５６７８",
    "13812345678  ", "\t13812345678\n", "\u202a13812345678\u202c", "12593 13812345678",
    "1795113812345678", "17951013812345678", "913812345678", "9013812345678", "张三 13812345678",
    "😀13812345678", "sip:+8613812345678@pbx.example.com;user=phone", "tel:+86-138-1234-5678",
    '"张三" <sip:13812345678@192.0.2.1:5060>', "sip:%2B8613812345678@host", "'13812345678",
    "12593+8613812345678", "१38१2345678",
]  # fmt: skip
OTHERS = [
    ("62345678", "landline", "+861062345678"),
    ("962345678", "landline", "+861062345678"),
    ("010-62345678", "landline", "+861062345678"),
    ("+86 010 6234 5678", "landline", "+861062345678"),
    ("86-021-62345678", "landline", "+862162345678"),
    ("(021)62345678", "landline", "+862162345678"),
    ("9010-62345678", "landline", "+861062345678"),
    ("0571-87654321", "landline", "+8657187654321"),
    ("2162345678", "landline", "+862162345678"),
    ("021-62345678-801", "landline", "+862162345678"),
    ("021-62345678转801", "landline", "+862162345678"),
    ("400-820-8820", "service", None),
    ("800 820 8820", "service", None),
    ("95588", "service", None),
    ("10086", "service", None),
    ("12315", "service", None),
    ("110", "service", None),
    ("tel:95588", "service", None),
    ("1001", "extension", None),
    ("sip:8001@local", "extension", None),
    ("anonymous", "hidden", None),
    ("Unknown", "hidden", None),
    ("restricted", "hidden", None),
    ("unavailable", "hidden", None),
    ("隐藏号码", "hidden", None),
    ("sip:anonymous@anonymous.invalid", "hidden", None),
    ("+852 9123 4567", "foreign", "+85291234567"),
    ("0085291234567", "foreign", "+85291234567"),
    ("+886 912 345 678", "foreign", "+886912345678"),
    ("+1 (415) 555-2671", "foreign", "+14155552671"),
    ("1-415-555-2671", "foreign", "+14155552671"),
    ("12345678901", "invalid", None),
    ("1380013800", "invalid", None),
    ("'\"; DROP TABLE customer; --", "invalid", None),
    ("1" * 500, "invalid", None),
    ("😀", "invalid", None),
    ("无", "invalid", None),
]


@pytest.mark.parametrize("raw", FORMS_OF_ONE_MOBILE)
def test_every_form_of_a_mobile_number_gives_one_key(raw: str) -> None:
    identity = identify(raw, area_code="010")
    assert (identity.kind, identity.e164, identity.national) == ("mobile", MOBILE, "13812345678")


@pytest.mark.parametrize(("raw", "kind", "e164"), OTHERS)
def test_other_numbers(raw: str, kind: str, e164: str | None) -> None:
    identity = identify(raw, area_code="010")
    assert (identity.kind, identity.e164) == (kind, e164)
    assert identity.reasons


def test_extensions_are_set_apart() -> None:
    assert identify("021-62345678转801").extension == "801"
    assert identify("62345678 ext 12", area_code="021").e164 == "+862162345678"


def test_a_landline_without_any_area_code_matches_nobody() -> None:
    identity = identify("62345678")
    assert (identity.kind, identity.e164, identity.national) == ("landline", None, "62345678")


@pytest.mark.parametrize(
    "raw", ["13812345678/021-62345678", "13812345678，021-62345678", "13812345678 02162345678"]
)
def test_two_numbers_in_one_field(raw: str) -> None:
    assert [one.e164 for one in identify_all(raw)] == [MOBILE, "+862162345678"]
    assert identify(raw).e164 == MOBILE


def test_the_country_decides_what_is_foreign() -> None:
    assert identify("91234567", region="HK").kind == "mobile"
    assert identify("+8613812345678", region="HK").kind == "foreign"


@pytest.mark.parametrize(("area_code", "region"), [("abc", "CN"), ("010", "China")])
def test_wrong_settings_are_named(area_code: str, region: str) -> None:
    with pytest.raises(CallwrightError, match=r"area_code|region"):
        identify("13812345678", area_code=area_code, region=region)


@given(st.one_of(st.text(), st.text("0123456789+-/() 转xsip:tel@;,，", max_size=40)))
def test_no_field_raises_and_only_people_have_a_key(raw: str) -> None:
    for identity in identify_all(raw, area_code="021"):
        assert identity.reasons
        if identity.kind not in ("mobile", "landline", "foreign"):
            assert identity.e164 is None


@given(st.integers(min_value=13000000000, max_value=13999999999), st.sampled_from("/- .("))
def test_separators_never_change_the_key(number: int, separator: str) -> None:
    text = str(number)
    raw = separator.join([text[:3], text[3:7], text[7:]])
    assert identify(raw).e164 == f"+86{number}"
