"""Digits and numbers: what people type in three sets of digits, and what Persian readers are shown.

Code points: Persian ۰–۹ U+06F0–U+06F9, Arabic-Indic ٠–٩ U+0660–U+0669, separators ٬ U+066C and ٫ U+066B, sign ٪ U+066A.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

ASCII = "0123456789"
PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
ARABIC = "٠١٢٣٤٥٦٧٨٩"
THOUSANDS, POINT, PERCENT = "٬", "٫", "٪"

_TO_ASCII = str.maketrans(PERSIAN + ARABIC, ASCII + ASCII)
_TO_PERSIAN = str.maketrans(ASCII + ARABIC, PERSIAN + PERSIAN)
_TO_PERSIAN_SIGNS = str.maketrans(ASCII + ",.%", PERSIAN + THOUSANDS + POINT + PERCENT)
# Spaces and invisible direction marks come along when a number is pasted from a page.
_FOLD = str.maketrans({POINT: ".", THOUSANDS: "", "−": "-"} | dict.fromkeys(",  \u200c\u200e\u200f\u061c\u202f\t", ""))


def to_ascii(text: str) -> str:
    """`text` with Persian and Arabic-Indic digits as 0–9; everything else stays."""
    return text.translate(_TO_ASCII)


def to_persian(text: str) -> str:
    """`text` with 0–9 and Arabic-Indic digits as ۰–۹; everything else stays."""
    return text.translate(_TO_PERSIAN)


def fold(text: str) -> str:
    """A typed number as `int` and `Decimal` read it: «۱۲٬۵۰۰٫۷۵» → "12500.75". Not for prose: it drops spaces."""
    return to_ascii(text).translate(_FOLD)


def number(value: float | Decimal, language: Literal["fa", "en"] = "fa") -> str:
    """`value` with its thousands grouped: «۱۲٬۵۰۰٫۷۵», or "12,500.75"."""
    text = f"{value:,}"
    return text.translate(_TO_PERSIAN_SIGNS) if language == "fa" else text


def percent(share: float, language: Literal["fa", "en"] = "fa") -> str:
    """A share of one as whole per cent: 0.42 → «۴۲٪», or "42%"."""
    text = f"{round(share * 100):,}%"
    return text.translate(_TO_PERSIAN_SIGNS) if language == "fa" else text
