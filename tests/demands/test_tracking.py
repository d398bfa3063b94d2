"""Tracking codes catch the slips that people make, and distances are those of the map."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamgara.algorithms import tracking
from hamgara.algorithms.distance import kilometres
from hamgara.algorithms.persian import digits

codes = st.integers(min_value=0, max_value=9_999_999).map(tracking.with_check_digit)


@given(codes)
def test_a_code_is_read_as_it_is_shown_in_any_digits(code: str) -> None:
    shown = tracking.show(code)
    arabic = code.translate(str.maketrans(digits.ASCII, digits.ARABIC))
    for typed in (code, shown, digits.to_persian(shown), arabic, f"\u200f {shown}\u200e\n"):
        assert tracking.read(typed) == code


@given(codes, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(code: str, at: int, off: int) -> None:
    wrong = code[:at] + str((int(code[at]) + off) % 10) + code[at + 1 :]
    assert tracking.read(wrong) is None


@given(codes, st.integers(0, 6))
def test_two_neighbours_swapped_are_noticed(code: str, at: int) -> None:
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert swapped == code or tracking.read(swapped) is None


def test_the_check_digit_is_damms() -> None:
    assert tracking.with_check_digit(572) == "00005724"  # the example of Damm's thesis: 572 → 4


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_code_or_none(typed: str) -> None:
    found = tracking.read(typed)
    assert found is None or (len(found) == 8 and found.isascii() and found.isdecimal())


@pytest.mark.parametrize("payload", [-1, 10_000_000])
def test_a_payload_that_does_not_fit_is_an_error(payload: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        tracking.with_check_digit(payload)


def test_distances_are_those_of_the_map() -> None:
    assert kilometres(33.98237, 51.42769, 33.98237, 51.42769) == 0
    assert kilometres(33.98237, 51.42769, 35.6892, 51.3890) == pytest.approx(189.8, abs=0.5)  # Kashan to Tehran
    assert kilometres(0, 179.9, 0, -179.9) == pytest.approx(22.2, abs=0.1)
