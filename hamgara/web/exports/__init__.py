"""Lists as files: CSV, XLSX and JSON lines, sent while they are made (docs/decisions/exports.md)."""

from hamgara.web.exports.sending import (
    AtHand,
    Unfit,
    answer,
    disposition,
    exporting,
    one_of,
    plain_table,
    root,
    understood,
)
from hamgara.web.exports.sheet import Choice, Column, Day, Moment, Named, Number, Sheet, Text, Truth

__all__ = [
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
    "disposition",
    "exporting",
    "one_of",
    "plain_table",
    "root",
    "understood",
]
