"""Holidays and make-up workdays of a region by year, from the libraries that publish them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from callwright.calendars.model import Region

Status = Literal["official", "computed", "missing"]
Named = dict[date, str]

# The last years that were compared with the government's own list; later ones the library computes
# from the law and from tables of the moon. Raise them together with the library.
COMPARED_UNTIL: dict[Region, int] = {"hk": 2026, "tw": 2026}
_LANGUAGES: dict[Region, str] = {"cn": "zh_CN", "hk": "zh_HK", "tw": "zh_TW"}
_COUNTRIES: dict[Region, str] = {"cn": "CN", "hk": "HK", "tw": "TW"}
_KINDS: dict[Region, tuple[str, ...]] = {
    "cn": ("public",),
    "hk": ("public", "optional"),  # 公眾假期: statutory ones, and those of banks and offices
    "tw": ("public",),
}


@dataclass(frozen=True, slots=True)
class OfficialYear:
    """Days that are off, and weekend days that are worked, each with the holiday's name.

    `status`: official = the government's list; computed = by law, not compared with the list;
    missing = the list is not published or not in the library yet, and only days that the law itself
    names are known: no days off beside them, no make-up workdays.
    """

    status: Status
    off: Mapping[date, str]
    make_up: Mapping[date, str]


@cache
def official_year(region: Region, year: int) -> OfficialYear:
    """What is known of a region's year."""
    if region == "cn":
        return _mainland(year)
    off, make_up = _by_law(region, year, observed=True)
    if not off:
        return OfficialYear("missing", {}, {})
    status: Status = "official" if year <= COMPARED_UNTIL[region] else "computed"
    return OfficialYear(status, off, make_up)


def _mainland(year: int) -> OfficialYear:
    """The State Council publishes each year's list in the autumn before; the library follows."""
    from chinese_calendar.constants import Holiday, holidays, workdays

    if not min(holidays).year <= year <= max(holidays).year:
        return OfficialYear("missing", _by_law("cn", year, observed=False)[0], {})
    chinese = {str(one.value): str(one.chinese) for one in Holiday}
    return OfficialYear(
        "official",
        {day: chinese.get(name, name) for day, name in holidays.items() if day.year == year},
        {day: chinese.get(name, name) for day, name in workdays.items() if day.year == year},
    )


def _by_law(region: Region, year: int, *, observed: bool) -> tuple[Named, Named]:
    """Off days and make-up workdays; `observed` = with the days that replace weekend holidays."""
    import holidays

    found = holidays.country_holidays(
        _COUNTRIES[region], years=year, observed=observed, language=_LANGUAGES[region],
        categories=_KINDS[region],
    )  # fmt: skip
    worked: set[date] = getattr(found, "weekend_workdays", set())
    return (
        {day: name for day, name in sorted(found.items()) if day.year == year},
        {day: "補班" for day in sorted(worked) if day.year == year},
    )
