"""Working days of Iran: without the weekend, solar holidays by rule, and lunar ones by published date or estimate.

Days are Gregorian dates, counts are working days. The days themselves are the city's, in charter/holidays.yaml. The
estimate is the tabular Islamic calendar of Reingold and Dershowitz, «Calendrical Calculations»: civil epoch, leap years
2, 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29 of thirty. Iran announces months by sighting, so it may err by a day or two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from hamgara.algorithms.persian import calendar

# 1 Muharram of the year 1 in the civil reckoning: 16 July 622 of the Julian calendar, 19 July of the Gregorian one.
EPOCH = date(622, 7, 19).toordinal()
LAST = 0  # «the last day of the month», where a holiday is on it however long the month is


class NoWorkingDay(ValueError):
    """The calendar leaves no day of the week for work."""


@dataclass(frozen=True)
class Lunar:
    """A day of the lunar year: month 1 to 12, day 1 to 30 or LAST."""

    month: int
    day: int


@dataclass(frozen=True)
class WorkCalendar:
    """When the offices are closed."""

    weekend: frozenset[int]  # as date.weekday(): Monday is 0
    fixed: frozenset[tuple[int, int]]  # month and day of the Jalali year
    lunar: frozenset[Lunar]
    # Jalali year → all its lunar holidays as they were published; a year that is absent is estimated.
    published: dict[int, frozenset[date]] = field(default_factory=dict, hash=False)


def lunar_month_length(year: int, month: int) -> int:
    """29 or 30 days, by the tabular rule."""
    return 30 if month % 2 or (month == 12 and (11 * year + 14) % 30 < 11) else 29


def lunar_estimate(year: int, month: int, day: int) -> date:
    """The Gregorian date of a day of the tabular lunar year; an estimate of what will be announced."""
    day = day or lunar_month_length(year, month)
    before = (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2
    return date.fromordinal(EPOCH + before + day - 1)


def estimated(jalali_year: int, days: frozenset[Lunar]) -> dict[Lunar, tuple[date, ...]]:
    """When these days of the lunar year, some eleven days shorter, fall in a Jalali year: once, twice or never."""
    first = calendar.from_parts(jalali_year, 1, 1)
    last = first + timedelta(days=sum(calendar.days_in_month(jalali_year, month) for month in range(1, 13)) - 1)
    about = (first.toordinal() - EPOCH) * 30 // 10631
    return {
        each: tuple(
            day
            for year in range(about, about + 4)
            if first <= (day := lunar_estimate(year, each.month, each.day)) <= last
        )
        for each in days
    }


@lru_cache(maxsize=256)
def _closed(jalali_year: int, fixed: frozenset[tuple[int, int]], lunar: frozenset[Lunar]) -> frozenset[date]:
    solar = {
        calendar.from_parts(jalali_year, month, day)
        for month, day in fixed
        if day <= calendar.days_in_month(jalali_year, month)
    }
    return frozenset(solar.union(*estimated(jalali_year, lunar).values()))


def is_working(day: date, when: WorkCalendar) -> bool:
    """The offices are open on this day."""
    if day.weekday() in when.weekend:
        return False
    year = calendar.parts(day).year
    published = when.published.get(year)
    if published is None:
        return day not in _closed(year, when.fixed, when.lunar)
    return day not in published and day not in _closed(year, when.fixed, frozenset())


@lru_cache(maxsize=16384)
def shift(day: date, working_days: int, when: WorkCalendar) -> date:
    """The day that is so many working days after `day`, or before it if the number is negative.

    The day itself is not counted, whether it is a working day or not, as the law counts from a receipt. Raises
    NoWorkingDay for a calendar whose week has none.
    """
    if len(when.weekend) == 7:
        raise NoWorkingDay("the weekend takes the whole week")
    step = timedelta(days=1 if working_days > 0 else -1)
    left = abs(working_days)
    while left:
        day += step
        left -= is_working(day, when)
    return day
