"""Jalali dates at the edges of the program; inside it, dates are Gregorian.

The arithmetic is persiantools' (docs/decisions/persiantools.md); it is checked here against the 33-year rule for every
day of the years 1300 to 1500, beyond which no library and no astronomer's table is compared, so no date is accepted.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal, NamedTuple

from persiantools.jdatetime import JalaliDate

from hamgara.algorithms.persian import digits

FIRST_YEAR, LAST_YEAR = 1300, 1500

MONTHS = ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند")
MONTHS_EN = (
    *("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar"),
    *("Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"),
)
# The week begins on Saturday.
WEEKDAYS = ("شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه")
WEEKDAYS_EN = ("Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday")

Style = Literal["full", "long", "short", "numeric"]
Language = Literal["fa", "en"]


class ImpossibleDate(ValueError):
    """A date that the calendar does not have. Its subclasses say which part is wrong."""


class UnreadableDate(ImpossibleDate):
    """The text is not year, month and day."""


class ImpossibleYear(ImpossibleDate):
    """The year is outside FIRST_YEAR to LAST_YEAR; often a Gregorian or a two-digit year."""


class ImpossibleMonth(ImpossibleDate):
    """The month is not 1 to 12."""


class ImpossibleDay(ImpossibleDate):
    """The month does not have this day; `last` is its last one."""

    def __init__(self, message: str, last: int) -> None:
        super().__init__(message)
        self.last = last


class Parts(NamedTuple):
    """A Jalali day."""

    year: int
    month: int
    day: int


def days_in_month(year: int, month: int) -> int:
    """How many days the month has: 31, 30 or 29. Raises ImpossibleYear or ImpossibleMonth."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ImpossibleYear(f"the year {year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    if not 1 <= month <= 12:
        raise ImpossibleMonth(f"{month} is not a month; months are 1 to 12")
    return int(JalaliDate.days_in_month(month, year))


def from_parts(year: int, month: int, day: int) -> date:
    """The Gregorian date of a Jalali day. Raises ImpossibleYear, ImpossibleMonth or ImpossibleDay."""
    last = days_in_month(year, month)
    if not 1 <= day <= last:
        raise ImpossibleDay(f"month {month} of {year} has days 1 to {last}, not {day}", last)
    jalali = JalaliDate(year, month, day)  # type: ignore[no-untyped-call]
    return date.fromordinal(jalali.to_gregorian().toordinal())


def parts(day: date) -> Parts:
    """The Jalali year, month and day of a Gregorian date.

    Raises TypeError for a datetime, which has no day before somebody says in which time zone.
    """
    if isinstance(day, datetime):
        raise TypeError("a datetime has no calendar day; take its local date first")
    jalali = JalaliDate(day)  # type: ignore[no-untyped-call]
    return Parts(jalali.year, jalali.month, jalali.day)


def month_name(month: int, language: Language = "fa") -> str:
    """The name of month 1 to 12."""
    return (MONTHS if language == "fa" else MONTHS_EN)[month - 1]


def weekday_name(day: date, language: Language = "fa") -> str:
    """The name of the weekday."""
    return (WEEKDAYS if language == "fa" else WEEKDAYS_EN)[(day.weekday() + 2) % 7]


def format_date(day: date, style: Style = "long", language: Language = "fa") -> str:
    """A Gregorian date as a Jalali one.

    full «دوشنبه ۲ آذر ۱۴۰۵», long «۲ آذر ۱۴۰۵», short «۲ آذر», numeric «۱۴۰۵/۰۹/۰۲».
    English keeps the Jalali calendar: "2 Azar 1405". Raises TypeError for a datetime.
    """
    jalali = parts(day)
    named = f"{jalali.day} {month_name(jalali.month, language)}"
    text = {
        "full": f"{weekday_name(day, language)} {named} {jalali.year}",
        "long": f"{named} {jalali.year}",
        "short": named,
        "numeric": f"{jalali.year:04}/{jalali.month:02}/{jalali.day:02}",
    }[style]
    return digits.to_persian(text) if language == "fa" else text


def parse(text: str) -> date:
    """The Gregorian date of «۱۴۰۵/۰۹/۰۲»: year, month, day in any digits, between / or - or . Raises ImpossibleDate."""
    found = re.fullmatch(r"\s*([0-9]{1,4})\s*[/.\-]\s*([0-9]{1,2})\s*[/.\-]\s*([0-9]{1,2})\s*", digits.to_ascii(text))
    if found is None:
        raise UnreadableDate(f"{text!r} is not a date like 1405/09/02")
    year, month, day = map(int, found.groups())
    return from_parts(year, month, day)


def parse_either(text: str) -> date:
    """The Gregorian date of a day in either calendar, told by its year: «۱۴۰۲/۵/۳», «2023-07-25», «3/5/1402».

    Raises ImpossibleDate; also for a year of two digits, which no calendar claims.
    """
    found = re.fullmatch(r"\s*([0-9]{1,4})\s*[/.\-]\s*([0-9]{1,2})\s*[/.\-]\s*([0-9]{1,4})\s*", digits.to_ascii(text))
    if found is None:
        raise UnreadableDate(f"{text!r} is not a date like 1405/09/02")
    year, month, day = map(int, found.groups())
    if year < 100 <= day:
        year, day = day, year
    if 1900 <= year <= 2100:
        if not 1 <= month <= 12:
            raise ImpossibleMonth(f"{month} is not a month; months are 1 to 12")
        try:
            return date(year, month, day)
        except ValueError:
            last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
            raise ImpossibleDay(f"month {month} of {year} has days 1 to {last}, not {day}", last) from None
    return from_parts(year, month, day)
