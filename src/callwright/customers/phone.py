"""One key for a phone number, from whatever a caller id or an old customer file holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import unquote

import phonenumbers

from callwright.kit.errors import invalid

PhoneKind = Literal["mobile", "landline", "service", "extension", "hidden", "foreign", "invalid"]
_LONGEST_FIELD = 200
_HIDDEN = re.compile(
    r"anonymous|unknown|restricted|unavailable|private|withheld|blocked|no ?caller ?id|no ?number"
    r"|out of area|payphone|隐藏|匿名|未知|无号码|不显示|无来电|保密|私人号码|隱藏|無號碼|未顯示",
    re.IGNORECASE,
)
_URI = re.compile(r"(?:sips?|tel|callto):([^@;>\s?]*)(@?)", re.IGNORECASE)
_EXTENSION = re.compile(
    r"(?:转分机|分机|转|轉|ext(?:ension)?\.?|#|\*|x|,)\s*[:：]?\s*(\d{1,6})\s*$", re.IGNORECASE
)
_DASH_EXTENSION = re.compile(r"^(.*\d{7,8})\s?[-－]\s?(\d{1,5})$")
_NUMBER_CHARS = re.compile(r"[+\d][\d\s\-–—‐‑‒―.·•/()\[\]_]*\d|\d")
_FILLER = re.compile(r"[\s\-–—‐‑‒―.·•/()\[\]_]+")
_SEPARATORS = re.compile(r"[/;、,|\\\n\t]|\bor\b|或者?|和|以及|&", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_NORTH_AMERICAN = re.compile(r"1[-. ]?\(?([2-9]\d{2})\)?[-. ](\d{3})[-. ]?(\d{4})")
_SHORT_SERVICE = re.compile(
    r"11\d|12[0-2]|100\d{2,3}|1010\d{4}|11[0268]\d{2,3}|12\d{3}|95\d{3}(?:\d{1,3})?|96\d{3,4}"
)
_HOTLINE = re.compile(r"(?:400|800)\d{7}|106\d{9,17}")
_MOBILE = re.compile(r"1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9\d)\d{8}")
_IP_DIAL = re.compile(r"(?:17[09]\d{2}|12593|1258[123]|12520|10193|11808)(?=[01]\d{9}|86)")
_AREA_CODE = re.compile(r"(?:\+?86)?0?(10|2\d|[3-9]\d{2})")
_NEVER = float("-inf")
TIER_POINTS = {"vip": 1.5, "diamond": 1.5, "钻石": 1.5, "gold": 1.0, "金卡": 1.0, "silver": 0.5}
_NEIGHBOURS = {"852": (8,), "853": (8,), "886": (9, 10)}


@dataclass(frozen=True, slots=True)
class PhoneIdentity:
    """What a number is. `e164` is the key that customers are matched by.

    Only numbers of people and firms have one (mobile, landline, foreign): hotlines, short codes,
    extensions and hidden numbers have None, so nobody is ever found by them. `national` is the
    number as dialled at home, `extension` what was behind it, `reasons` the steps taken.
    """

    kind: PhoneKind
    e164: str | None = None
    national: str = ""
    extension: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone who has the number. `last_contact_at` is ISO 8601 or a datetime, None = never."""

    id: str
    tier: str = "normal"
    last_contact_at: datetime | str | None = None
    open_tickets: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate's place: `points` and the `reasons` for them."""

    id: str
    points: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class House:
    """Where the number was received: default area code, country, digits dialled for a line."""

    area_code: str | None
    region: str
    prefixes: tuple[str, ...]


def identify(
    raw: str,
    *,
    area_code: str | None = None,
    region: str = "CN",
    own_prefixes: Sequence[str] = ("9", "0"),
) -> PhoneIdentity:
    """The number in a field; of several, the first. Never raises on any `raw`.

    `area_code` completes short landline numbers ("010", "21"); `region` is ISO 3166 ("CN");
    `own_prefixes` are the digits that the house's PBX puts before an outside number.
    """
    return identify_all(raw, area_code=area_code, region=region, own_prefixes=own_prefixes)[0]


def identify_all(
    raw: str,
    *,
    area_code: str | None = None,
    region: str = "CN",
    own_prefixes: Sequence[str] = ("9", "0"),
) -> list[PhoneIdentity]:
    """Every number of a field ("13800138000/021-62345678"), at least one answer."""
    house = House(_check_area_code(area_code), _check_region(region), tuple(own_prefixes))
    if len(raw) > _LONGEST_FIELD:
        return [_refused(f"{len(raw)} characters is no phone number")]
    text = _readable(raw)
    whole = _one(text, house)
    if whole.kind not in ("invalid", "extension"):
        return [whole]
    separators = _SEPARATORS if _SEPARATORS.search(text) else _BLANKS
    parts = [_one(part.strip(), house) for part in separators.split(text) if part.strip()]
    found = [part for part in parts if part.kind not in ("invalid", "extension", "hidden")]
    if not found:
        return [whole]
    return [_because(part, "one of several in the field") for part in found] if parts[1:] else found


def match_rank(candidates: Iterable[Candidate]) -> list[Ranked]:
    """Best first, and always the same order for the same facts.

    An open ticket counts 3, the most recent contact 2, the tier up to 1.5; equal points go to the
    later contact, then to the smaller id.
    """
    people = list(candidates)
    seen = {person.id: _moment(person.last_contact_at) for person in people}
    latest = max(seen.values(), default=_NEVER)
    ranked = [_rank(person, seen[person.id] == latest != _NEVER) for person in people]
    return sorted(ranked, key=lambda match: (-match.points, -seen[match.id], match.id))


def _rank(person: Candidate, is_latest: bool) -> Ranked:
    gains = (
        (3.0 if person.open_tickets else 0.0, f"open tickets: {person.open_tickets}"),
        (2.0 if is_latest else 0.0, f"most recent contact: {person.last_contact_at}"),
        (TIER_POINTS.get(person.tier.lower(), 0.0), f"tier: {person.tier}"),
    )
    reasons = tuple(reason for points, reason in gains if points)
    return Ranked(person.id, sum(points for points, _ in gains), reasons or ("has the number",))


def _moment(at: datetime | str | None) -> float:
    """Seconds since 1970, UTC where no zone is told."""
    if at is None or at == "":
        return _NEVER
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def _check_area_code(area_code: str | None) -> str | None:
    if not area_code:
        return None
    match = _AREA_CODE.fullmatch(area_code.strip())
    if match is None:
        raise invalid("area_code", f"{area_code!r} is no Chinese area code such as 010 or 0571")
    return match.group(1)


def _check_region(region: str) -> str:
    if region.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise invalid("region", f"{region!r} is no country code of two letters such as CN")
    return region.upper()


def _readable(raw: str) -> str:
    """Full-width to ASCII, invisible characters away, the user part of a SIP or tel URI."""
    text = unicodedata.normalize("NFKC", raw)
    text = "".join(map(_figure, text)).strip()
    uri = _URI.search(text)
    if uri is None:
        return text.strip("\"'` ")
    user = unquote(uri.group(1))
    return user if user or uri.group(2) else text


def _figure(char: str) -> str:
    """Digits of every script as 0-9; invisible format characters as nothing."""
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    return "" if unicodedata.category(char) == "Cf" else char


def _one(text: str, house: House) -> PhoneIdentity:
    if not text:
        return PhoneIdentity("hidden", reasons=("empty: the caller sent no number",))
    if _HIDDEN.search(text) and not re.search(r"\d{5}", text):
        return PhoneIdentity("hidden", reasons=("the network says the number is hidden",))
    body, extension = _without_extension(text)
    body = re.sub(r"(?<=\d)\+", "", body)  # 12593+86138...
    runs = [run.group().strip() for run in _NUMBER_CHARS.finditer(body)]
    runs = [run for run in runs if sum(map(str.isdigit, run)) >= 3] or runs
    if len(runs) != 1:
        return _refused("no number in it" if not runs else "several numbers in one")
    if not _is_tolerable(body, runs[0]):
        return _refused("more text than number")
    identity = _classify(runs[0], house)
    if extension and identity.kind != "invalid":
        identity = replace(identity, extension=extension)
        return _because(identity, f"extension {extension} set apart")
    return identity


def _is_tolerable(body: str, run: str) -> bool:
    """A display name around a number is fine; markup, code and long prose are not."""
    rest = body.replace(run, "", 1)
    return len(rest) <= 40 and not re.search(r"['\";=<>{}]", rest.strip("\"'<> "))


def _without_extension(text: str) -> tuple[str, str]:
    match = _EXTENSION.search(text)
    if match and sum(map(str.isdigit, text[: match.start()])) >= 7:
        return text[: match.start()], match.group(1)
    match = _DASH_EXTENSION.match(text)
    if match and _looks_complete("".join(filter(str.isdigit, match.group(1)))):
        return match.group(1), match.group(2)
    return text, ""


def _looks_complete(digits: str) -> bool:
    """Whether a landline number needs nothing more, so that what follows is an extension."""
    return (
        re.fullmatch(r"(?:(?:0086|86)?0?(?:10|2\d))?[2-8]\d{7}|0[3-9]\d{2}\d{7,8}", digits)
        is not None
    )


def _classify(run: str, house: House) -> PhoneIdentity:
    digits = _FILLER.sub("", run).replace("+", "")
    if house.region != "CN":
        return _by_library(run, digits, house)
    if run.startswith("+") or digits.startswith("00"):
        return _international(
            digits.removeprefix("00") if digits.startswith("00") else digits, house
        )
    return (
        _service(digits)
        or _short(digits)
        or _abroad_by_shape(run)
        or _mainland(digits, house, ())
        or _without_prefix(digits, house)
        or _neighbour(digits)
        or _refused(f"{len(digits)} digits fit no number plan")
    )


def _international(digits: str, house: House) -> PhoneIdentity:
    if not digits.startswith("86"):
        number = _parsed(f"+{digits}")
        return number or _refused("no valid international number")
    national = digits
    while national.startswith("86") and len(national) > 11:
        national = national[2:].removeprefix("+")
    national = national.removeprefix("0086")
    reasons = ("country code 86 taken off",)
    return (
        _service(national)
        or _mainland(national, house, reasons)
        or _mainland("0" + national, house, reasons)
        or _refused("no valid number behind country code 86")
    )


def _service(digits: str) -> PhoneIdentity | None:
    bare = digits.removeprefix("86").removeprefix("0") if len(digits) > 10 else digits
    if _SHORT_SERVICE.fullmatch(digits):
        return PhoneIdentity("service", None, digits, reasons=("short public number",))
    for form in (digits, bare):
        if _HOTLINE.fullmatch(form):
            return PhoneIdentity("service", None, form, reasons=("hotline of a firm or sender",))
    return None


def _short(digits: str) -> PhoneIdentity | None:
    if 2 <= len(digits) <= 5:
        return PhoneIdentity(
            "extension", None, digits, reasons=("too short for an outside number",)
        )
    return None


def _mainland(digits: str, house: House, reasons: tuple[str, ...]) -> PhoneIdentity | None:
    """A mobile or landline number of mainland China, with 86, 0 or IP-dial prefix."""
    stripped = _IP_DIAL.sub("", digits, count=1) if _IP_DIAL.match(digits) else digits
    if stripped != digits:
        reasons = (*reasons, f"IP-dial prefix {digits[: len(digits) - len(stripped)]} taken off")
    if stripped.startswith("86") and len(stripped) >= 12:
        stripped = stripped[2:]
        reasons = (*reasons, "country code 86 taken off")
    mobile = stripped.removeprefix("0") if len(stripped) == 12 else stripped
    if _MOBILE.fullmatch(mobile):
        return PhoneIdentity("mobile", f"+86{mobile}", mobile, reasons=(*reasons, "mobile number"))
    return _landline(stripped, house, reasons)


def _landline(digits: str, house: House, reasons: tuple[str, ...]) -> PhoneIdentity | None:
    if re.fullmatch(r"[2-9]\d{6,7}", digits):
        return _local(digits, house, reasons)
    national = digits.removeprefix("0")
    if len(national) < 9:
        return None
    if not digits.startswith("0") and not reasons:
        reasons = ("leading 0 of the area code added",)
    number = _parsed(f"+86{national}")
    if number is None or number.kind != "landline":
        return None
    return replace(number, national="0" + national, reasons=(*reasons, *number.reasons))


def _local(digits: str, house: House, reasons: tuple[str, ...]) -> PhoneIdentity | None:
    if house.area_code is None:
        reason = "landline without area code, and none is set here"
        return PhoneIdentity("landline", None, digits, reasons=(*reasons, reason))
    number = _parsed(f"+86{house.area_code}{digits}")
    if number is None or number.kind != "landline":
        return None
    added = f"area code 0{house.area_code} added"
    return replace(number, national=f"0{house.area_code}{digits}", reasons=(*reasons, added))


def _without_prefix(digits: str, house: House) -> PhoneIdentity | None:
    """The same number behind the digit that the house's PBX puts before outside numbers."""
    for prefix in house.prefixes:
        rest = digits.removeprefix(prefix)
        if not prefix or rest == digits or len(rest) < 5:
            continue
        reasons = (f"outside-line prefix {prefix} taken off",)
        found = _service(rest) or _mainland(rest, house, reasons)
        if found is None and rest.startswith("00"):
            found = _international(rest[2:], house)
        if found is not None:
            return found if reasons[0] in found.reasons else _because(found, reasons[0])
    return None


def _abroad_by_shape(run: str) -> PhoneIdentity | None:
    match = _NORTH_AMERICAN.fullmatch(run)
    return _parsed("+1" + "".join(match.groups())) if match else None


def _neighbour(digits: str) -> PhoneIdentity | None:
    lengths = _NEIGHBOURS.get(digits[:3], ())
    return _parsed(f"+{digits}") if len(digits) - 3 in lengths else None


def _by_library(run: str, digits: str, house: House) -> PhoneIdentity:
    """Outside mainland China the library's number plans decide alone."""
    if 2 <= len(digits) <= 4:
        return PhoneIdentity(
            "extension", None, digits, reasons=("too short for an outside number",)
        )
    international = run if run.startswith("+") else None
    text = international or (f"+{digits[2:]}" if digits.startswith("00") else digits)
    return _parsed(text, house.region) or _refused("no valid number in this country")


def _parsed(text: str, region: str = "CN") -> PhoneIdentity | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.national_significant_number(number)
    if phonenumbers.region_code_for_number(number) != region:
        country = phonenumbers.region_code_for_number(number) or "abroad"
        return PhoneIdentity("foreign", e164, national, reasons=(f"number of {country}",))
    return _at_home(number, e164, national)


def _at_home(number: phonenumbers.PhoneNumber, e164: str, national: str) -> PhoneIdentity:
    kinds = phonenumbers.PhoneNumberType
    match phonenumbers.number_type(number):
        case kinds.MOBILE:
            return PhoneIdentity("mobile", e164, national, reasons=("mobile number",))
        case kinds.FIXED_LINE | kinds.FIXED_LINE_OR_MOBILE | kinds.VOIP | kinds.PERSONAL_NUMBER:
            return PhoneIdentity("landline", e164, national, reasons=("landline number",))
        case _:
            return PhoneIdentity("service", None, national, reasons=("public number",))


def _refused(reason: str) -> PhoneIdentity:
    return PhoneIdentity("invalid", reasons=(reason,))


def _because(identity: PhoneIdentity, reason: str) -> PhoneIdentity:
    return replace(identity, reasons=(*identity.reasons, reason))
