"""How much of a spreadsheet is taken in."""

from __future__ import annotations

from hamgara import charter
from hamgara.integrations import sheets_in

LONGEST_CELL = 32_767  # characters; no spreadsheet program holds more


def limits() -> sheets_in.Limits:
    """How large a spreadsheet may be."""
    return sheets_in.Limits(
        size=charter.number("imports.file_size") * sheets_in.MEGABYTE,
        rows=charter.number("imports.most_rows"),
        columns=charter.number("imports.most_columns"),
        cell=LONGEST_CELL,
    )
