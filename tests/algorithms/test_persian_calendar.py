"""The Jalali calendar against its 33-year rule, day by day from 1300 to 1500, and against known days."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from hamgara.algorithms.persian import calendar

# In every 33 years these are leap years. The rule and the equinox agree for all of 1300 to 1500.
LEAP_PLACES = {1, 5, 9, 13, 17, 22, 26, 30}


def every_day_by_the_rule():
    """(Gregorian, (year, month, day)) from 1300/01/01 on, counted by fingers; 1 Farvardin 1300 was 21 March 1921."""
    day = date(1921, 3, 21)
    for year in range(calendar.FIRST_YEAR, calendar.LAST_YEAR + 1):
        for month in range(1, 13):
            length = 31 if month <= 6 else 30 if month <= 11 or year % 33 in LEAP_PLACES else 29
            for number in range(1, length + 1):
                yield day, (year, month, number)
                day += timedelta(days=1)


def test_every_day_of_two_centuries():
    count = 0
    for day, (year, month, number) in every_day_by_the_rule():
        assert calendar.parts(day) == (year, month, number)
        assert calendar.from_parts(year, month, number) == day
        count += 1
    assert count == 201 * 365 + 49


def test_the_length_of_every_month():
    days = [parts for _, parts in every_day_by_the_rule()]
    lasts = [before for before, after in pairwise([*days, (1501, 1, 1)]) if after[2] == 1]
    assert lasts == [(y, m, calendar.days_in_month(y, m)) for y in range(1300, 1501) for m in range(1, 13)]


@pytest.mark.parametrize(
    ("jalali", "gregorian"),
    [
        ((1357, 11, 22), date(1979, 2, 11)),
        ((1399, 1, 1), date(2020, 3, 20)),
        ((1399, 12, 30), date(2021, 3, 20)),
        ((1400, 1, 1), date(2021, 3, 21)),
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1404, 1, 1), date(2025, 3, 21)),
        ((1405, 9, 2), date(2026, 11, 23)),
    ],
)
def test_known_days(jalali, gregorian):
    assert calendar.from_parts(*jalali) == gregorian
    assert calendar.parts(gregorian) == jalali


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ((1404, 12, 30), calendar.ImpossibleDay),
        ((1405, 7, 31), calendar.ImpossibleDay),
        ((1405, 1, 0), calendar.ImpossibleDay),
        ((1405, 13, 1), calendar.ImpossibleMonth),
        ((1405, 0, 1), calendar.ImpossibleMonth),
        ((2026, 11, 23), calendar.ImpossibleYear),
        ((5, 9, 2), calendar.ImpossibleYear),
    ],
)
def test_days_that_the_calendar_does_not_have(given, error):
    with pytest.raises(error):
        calendar.from_parts(*given)
    assert issubclass(error, ValueError)


def test_an_impossible_day_says_which_is_the_last():
    with pytest.raises(calendar.ImpossibleDay) as refused:
        calendar.from_parts(1404, 12, 30)
    assert refused.value.last == 29


@pytest.mark.parametrize("text", ["۱۴۰۵/۰۹/۰۲", "1405-9-2", " ١٤٠٥ . ٩ . ٢ ", "1405/9/2"])
def test_a_written_date_is_read(text):
    assert calendar.parse(text) == date(2026, 11, 23)


@pytest.mark.parametrize("text", ["", "امروز", "۱۴۰۵/۰۹", "۱۴۰۵/۰۹/۰۲/۰۱", "۱۴۰۵۰۹۰۲", "1405/09/002", "²/۱/۱"])
def test_what_is_not_a_date_is_refused(text):
    with pytest.raises(calendar.UnreadableDate):
        calendar.parse(text)


def test_how_dates_are_shown():
    day = date(2026, 11, 23)
    assert [calendar.format_date(day, style) for style in ("full", "long", "short", "numeric")] == [
        "دوشنبه ۲ آذر ۱۴۰۵",
        "۲ آذر ۱۴۰۵",
        "۲ آذر",
        "۱۴۰۵/۰۹/۰۲",
    ]
    assert calendar.format_date(day, "full", "en") == "Monday 2 Azar 1405"
    assert calendar.format_date(day, "numeric", "en") == "1405/09/02"


def test_the_numeric_form_reads_back():
    for day in (date(2020, 3, 20) + timedelta(days=97 * n) for n in range(200)):
        assert calendar.parse(calendar.format_date(day, "numeric")) == day


def test_the_names_of_a_week_and_of_the_months():
    saturday = date(2026, 11, 21)
    week = [saturday + timedelta(days=n) for n in range(7)]
    assert [calendar.weekday_name(day) for day in week] == list(calendar.WEEKDAYS)
    assert [calendar.weekday_name(day, "en") for day in week] == [f"{day:%A}" for day in week]
    assert [calendar.month_name(n) for n in (1, 12)] == ["فروردین", "اسفند"]
    assert [calendar.month_name(n, "en") for n in (1, 12)] == ["Farvardin", "Esfand"]


def test_a_moment_has_no_day_until_somebody_says_where():
    with pytest.raises(TypeError):
        calendar.parts(datetime(2026, 11, 23, 22, 0))
