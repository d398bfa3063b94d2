"""Slips of a finger between words, against the definition tried letter by letter."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamgara.algorithms.edits import slips

words = st.text("ابتث", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        ("", "", 0),
        ("", "آب", 2),
        ("اسفالت", "اسفالت", 0),
        ("اسفلت", "اسفالت", 1),
        ("کتابخاهن", "کتابخانه", 1),
        ("کتبخاهن", "کتابخانه", 2),
        ("خیابنا", "خیابان", 1),
        ("زبله", "زباله", 1),
        ("موضاییک", "موزاییک", 1),
    ],
)
def test_slips(one, other, number):
    assert slips(one, other) == number


@cache
def defined(one: str, other: str) -> int:
    if not one or not other:
        return len(one) + len(other)
    ways = [
        defined(one[:-1], other) + 1,
        defined(one, other[:-1]) + 1,
        defined(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    ]
    if one[-2:] == other[-2:][::-1] and len(one) > 1 and len(other) > 1:
        ways.append(defined(one[:-2], other[:-2]) + 1)
    return min(ways)


@given(words, words)
def test_the_definition_agrees(one, other):
    assert slips(one, other) == slips(other, one) == defined(one, other)
