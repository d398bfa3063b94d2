"""How the texts of a log are read: UTF-8 without control characters, one way to write a number or bytes."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode

from hamgara.algorithms.tlog import Malformed

LONGEST = 1 << 20  # characters of any text that is read: 64 signatures of ML-DSA-44 are a fifth of it
LARGEST_NUMBER = 2**63 - 1


def readable(data: str | bytes) -> str:
    """The text of `data`. Raises Malformed when it is too long, not UTF-8, or has other controls than newline."""
    if len(data) > LONGEST:
        raise Malformed(f"longer than {LONGEST} characters")
    try:
        text = data.decode() if isinstance(data, bytes) else data
        text.encode()
    except UnicodeError:
        raise Malformed("not text in UTF-8") from None
    if any(each < " " and each != "\n" for each in text):
        raise Malformed("it has a control character")
    return text


def from_base64(text: str, length: int | None = None) -> bytes:
    """The bytes of standard base64, RFC 4648, section 4, in its one form. Raises Malformed, also for another length."""
    try:
        data = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("not base64") from None
    if b64encode(data).decode() != text:
        raise Malformed("base64 that could be written otherwise")
    if length is not None and len(data) != length:
        raise Malformed(f"{len(data)} bytes, not {length}")
    return data


def from_hex(text: str, length: int) -> bytes:
    """The bytes of lowercase hexadecimal digits. Raises Malformed."""
    try:
        data = bytes.fromhex(text)
    except ValueError:
        raise Malformed("not hexadecimal") from None
    if data.hex() != text or len(data) != length:
        raise Malformed(f"not {2 * length} lowercase hexadecimal digits")
    return data


def from_decimal(text: str) -> int:
    """A number in ASCII digits without leading zeros, at most 2^63 - 1. Raises Malformed."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_NUMBER))):
        raise Malformed("not a number")
    number = int(text)
    if str(number) != text or number > LARGEST_NUMBER:
        raise Malformed("not a number in its one form")
    return number
