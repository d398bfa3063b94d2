"""Lists as files: CSV, XLSX and JSON lines, sent while they are made (docs/decisions/exports.md)."""

from hamgara.web.exports.sending import (
    AtHand,
    Unfit,
    answer,
    asked,
    disposition,
    exporting,
    one_of,
    plain_table,
    root,
    states,
    understood,
)
from hamgara.web.exports.sheet import CLAIM, FOUND, Choice, Column, Day, Moment, Named, Number, Sheet, Text, Truth

__all__ = [
    "CLAIM",
    "FOUND",
    "AtHand",
    "Choice",
    "Column",
    "Day",
    "Moment",
    "Named",
    "Number",
    "Sheet",
    "Text",
    "Truth",
    "Unfit",
    "answer",
    "asked",
    "disposition",
    "exporting",
    "one_of",
    "plain_table",
    "root",
    "states",
    "understood",
]
