"""Working days: the weekend and holidays are left out, lunar days agree with known conversions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamgara import charter
from hamgara.algorithms.persian import calendar, workdays
from hamgara.algorithms.persian.workdays import LAST, Lunar, NoWorkingDay, WorkCalendar

FRIDAY = WorkCalendar(frozenset({4}), frozenset(), frozenset())
BOTH = WorkCalendar(frozenset({3, 4}), frozenset({(1, 1), (12, 30)}), frozenset())

# What ICU 78.2 answers for its calendar «islamic-civil».
KNOWN = [
    (date(1560, 3, 5), (967, 5, 27)),
    (date(1943, 4, 19), (1362, 4, 13)),
    (date(1978, 7, 3), (1398, 7, 27)),
    (date(1992, 3, 17), (1412, 9, 13)),
    (date(1996, 2, 25), (1416, 10, 5)),
    (date(2000, 1, 1), (1420, 9, 24)),
    (date(2016, 10, 11), (1438, 1, 9)),
    (date(2024, 7, 16), (1446, 1, 9)),
    (date(2026, 11, 23), (1448, 6, 12)),
    (date(2038, 11, 10), (1460, 10, 12)),
    (date(2060, 5, 6), (1482, 12, 5)),
    (date(2094, 7, 18), (1518, 3, 5)),
]


@pytest.mark.parametrize(("day", "lunar"), KNOWN)
def test_the_estimate_agrees_with_another_implementation(day: date, lunar: tuple[int, int, int]) -> None:
    assert workdays.lunar_estimate(*lunar) == day


def counted(year: int, month: int, day: int) -> date:
    """The slow way: month after month from the first one, with the thirty-year list of leap years written out."""
    leap = {2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29}
    days = sum(355 if (each % 30) in leap else 354 for each in range(1, year))
    return date(622, 7, 19) + timedelta(days=days + sum((30, 29)[m % 2 == 0] for m in range(1, month)) + day - 1)


@given(st.integers(1300, 1600), st.integers(1, 12), st.integers(1, 29))
def test_the_estimate_agrees_with_counting_month_by_month(year: int, month: int, day: int) -> None:
    assert workdays.lunar_estimate(year, month, day) == counted(year, month, day)


@given(st.integers(1300, 1600), st.integers(1, 12))
def test_the_last_day_of_a_month_is_the_day_before_the_next(year: int, month: int) -> None:
    following = (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)
    assert workdays.lunar_estimate(year, month, LAST) == counted(*following) - timedelta(days=1)


@given(st.integers(1310, 1490))
def test_every_lunar_day_falls_where_the_whole_year_is_searched(year: int) -> None:
    first, following = calendar.from_parts(year, 1, 1), calendar.from_parts(year + 1, 1, 1)
    searched = [day for lunar in range(1340, 1560) if first <= (day := counted(lunar, 1, 10)) < following]
    assert list(workdays.estimated(year, frozenset({Lunar(1, 10)}))[Lunar(1, 10)]) == searched


def test_a_weekend_and_a_holiday_are_left_out() -> None:
    wednesday = date(2026, 3, 18)  # the 27th of Esfand 1404; the 1st of Farvardin is the Saturday after
    assert workdays.shift(wednesday, 1, BOTH) == date(2026, 3, 22)
    assert workdays.shift(date(2026, 3, 22), -1, BOTH) == wednesday


def test_published_days_replace_the_estimate_of_their_year_alone() -> None:
    ashura = Lunar(1, 10)
    [computed] = workdays.estimated(1405, frozenset({ashura}))[ashura]
    announced = computed + timedelta(days=1)
    known = WorkCalendar(frozenset(), frozenset(), frozenset({ashura}), {1405: frozenset({announced})})
    assert workdays.is_working(computed, known)
    assert not workdays.is_working(announced, known)
    [next_year] = workdays.estimated(1406, frozenset({ashura}))[ashura]
    assert not workdays.is_working(next_year, known)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 40))
def test_so_many_working_days_lie_between(day: date, count: int) -> None:
    when = charter.work_calendar()
    there = workdays.shift(day, count, when)
    passed = [day + timedelta(days=n) for n in range(1, (there - day).days + 1)]
    assert sum(workdays.is_working(each, when) for each in passed) == count
    assert workdays.is_working(there, when)


def test_without_a_holiday_ten_working_days_of_a_five_day_week_are_two_weeks() -> None:
    assert workdays.shift(date(2026, 11, 2), 10, BOTH) == date(2026, 11, 16)
    assert workdays.shift(date(2026, 11, 2), 6, FRIDAY) == date(2026, 11, 9)
    assert workdays.shift(date(2026, 11, 2), 0, FRIDAY) == date(2026, 11, 2)


def test_a_week_without_work_is_refused() -> None:
    with pytest.raises(NoWorkingDay):
        workdays.shift(date(2026, 1, 1), 1, WorkCalendar(frozenset(range(7)), frozenset(), frozenset()))
