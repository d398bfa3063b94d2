"""Digits and numbers, against persiantools and against Python's own reading of Unicode digits."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools import digits as peer

from hamgara.algorithms.persian import digits


def test_the_three_sets():
    assert digits.to_ascii("۰۱۲۳۴۵۶۷۸۹ ٠١٢٣٤٥٦٧٨٩ 0123456789") == "0123456789 0123456789 0123456789"
    assert digits.to_persian("0123456789 ٠١٢٣٤٥٦٧٨٩") == "۰۱۲۳۴۵۶۷۸۹ ۰۱۲۳۴۵۶۷۸۹"


@given(st.text("0123456789۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩ آبxy", max_size=30))
def test_digits_agree_with_the_peer(text):
    assert digits.to_ascii(text) == peer.fa_to_en(peer.ar_to_fa(text))
    assert digits.to_persian(text) == peer.ar_to_fa(peer.en_to_fa(text))


@given(st.text("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩0123456789", min_size=1, max_size=30))
def test_a_run_of_digits_keeps_its_value(run):
    assert int(digits.to_ascii(run)) == int(run) == int(digits.to_persian(run))


@given(st.text())
def test_nothing_but_digits_changes(text):
    assert len(digits.to_ascii(text)) == len(text)
    assert all(
        a == b or (a.isdecimal() and b in digits.ASCII) for a, b in zip(text, digits.to_ascii(text), strict=True)
    )


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("۱۲٬۵۰۰٫۷۵", "12500.75"),
        ("12,500.75", "12500.75"),
        (" ۱۲ ۵۰۰ ", "12500"),
        ("\u200f−۵", "-5"),
        ("٣٫١٤", "3.14"),
    ],
)
def test_a_typed_number_becomes_readable(typed, read):
    assert digits.fold(typed) == read


@given(st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_what_is_shown_can_be_read_back(value):
    assert Decimal(digits.fold(digits.number(value))) == Decimal(digits.fold(digits.number(value, "en"))) == value


def test_shown_numbers():
    assert digits.number(1234567.5) == "۱٬۲۳۴٬۵۶۷٫۵"
    assert digits.number(-12000, "en") == "-12,000"
    assert (digits.percent(0.424), digits.percent(1, "en")) == ("۴۲٪", "100%")
