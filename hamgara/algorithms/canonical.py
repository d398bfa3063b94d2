"""One and only one sequence of bytes for a JSON value: RFC 8785 (JSON Canonicalization Scheme).

Written by the library `rfc8785`; why that one: docs/decisions/canonical-json.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, TypeAlias, cast

import rfc8785

Value: TypeAlias = bool | int | float | str | Sequence["Value"] | Mapping[str, "Value"] | None

# Beyond this a double cannot tell two neighbouring whole numbers apart (RFC 8785, section 3.2.2.3).
LARGEST_INTEGER = 2**53 - 1


class NotCanonical(ValueError):
    """A value that has no canonical form, or bytes that are not the canonical form of anything."""


def encode(value: Any) -> bytes:
    """The canonical UTF-8 bytes of `value`, built of dict, list, tuple, str, int, finite float, bool and None.

    Raises NotCanonical for anything else: NaN, keys that are not strings, lone surrogates, whole numbers beyond
    ±(2^53−1), other types (dates, decimals, lazy texts: the caller says what they are), nesting without end.
    """
    try:
        return _plainly(value).encode() if _is_plain(value) else rfc8785.dumps(value)
    except (ValueError, RecursionError) as error:
        raise NotCanonical(str(error)) from error


# For values without fractions, with keys in ASCII, Python's own writer gives the same bytes ten times as fast.
_plainly = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


_ALWAYS_PLAIN = frozenset({str, bool, type(None)})


def _is_plain(value: Any) -> bool:
    kind = type(value)
    if kind in _ALWAYS_PLAIN:
        return True
    if kind is int:
        return bool(-LARGEST_INTEGER <= value <= LARGEST_INTEGER)
    if kind is dict:
        for key in value:
            if type(key) is not str or not key.isascii():
                return False
        parts = value.values()
    elif kind is list or kind is tuple:
        parts = value
    else:
        return isinstance(value, str)  # a choice is a text too
    # Asked in place, and no call for each text: every act of the ledger passes here.
    return all(type(part) in _ALWAYS_PLAIN or _is_plain(part) for part in parts)


def decode_strict(data: bytes) -> Value:
    """The value whose canonical form is exactly `data`; raises NotCanonical if `data` would print otherwise.

    So duplicate keys, spaces, another key order, another spelling of a number or a letter are all refused.
    """
    try:
        value = json.loads(data.decode("utf-8"), parse_int=_whole_number, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotCanonical(str(error)) from error
    if encode(value) != data:
        raise NotCanonical("these bytes are JSON, but not in canonical form")
    return cast(Value, value)


def _whole_number(digits: str) -> int | float:
    # Doubles from 2^53 to 10^21 print without a fraction; only as doubles do they print back to themselves.
    if len(digits) <= 17 and abs(int(digits)) <= LARGEST_INTEGER:
        return int(digits)
    return float(digits)


def _refuse(constant: str) -> NoReturn:
    raise NotCanonical(f"{constant} is not JSON")
