"""The formats of a file: each writes the rows of a sheet piece by piece, so that no file stands whole in memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from hamgara.web.exports.sheet import Cell, Sheet, Taken
from hamgara.web.exports.workbook import MOST_ROWS, workbook

PIECE = 64 * 1024  # bytes that are sent at once
# A cell that begins so would be run as a formula, the wide forms by spreadsheets of East Asia.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know UTF-8


def harmless(cell: Cell) -> Cell:
    """Text that a spreadsheet would run stands behind an apostrophe, in whatever format it is opened or saved next."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _written(cell: Cell) -> object:
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, date) else harmless(cell)


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """CSV as spreadsheets open it: UTF-8 with its mark, lines that end in CRLF."""
    waiting = io.StringIO()
    write = csv.writer(waiting).writerow
    waiting.write(BYTE_ORDER_MARK)
    write([_written(head) for head in heads])
    for row in rows:
        write([_written(cell) for cell in row])
        if waiting.tell() >= PIECE:
            yield waiting.getvalue().encode()
            waiting.seek(0)
            waiting.truncate()
    yield waiting.getvalue().encode()


def _csv(sheet: Sheet, rows: Iterable[Any], taken: Taken) -> Iterator[bytes]:
    return table(sheet.heads(), map(sheet.cells, rows))


def _jsonl(sheet: Sheet, rows: Iterable[Any], taken: Taken) -> Iterator[bytes]:
    waiting, size = [], 0
    for row in rows:
        line = json.dumps(sheet.members(row), ensure_ascii=False).encode()
        waiting.append(line)
        size += len(line)
        if size >= PIECE:
            yield b"\n".join(waiting) + b"\n"
            waiting, size = [], 0
    yield b"".join(line + b"\n" for line in waiting)


def _xlsx(sheet: Sheet, rows: Iterable[Any], taken: Taken) -> Iterator[bytes]:
    plain = ([harmless(cell) for cell in sheet.cells(row)] for row in rows)

    def about(count: int) -> list[list[Cell]]:
        return [[harmless(cell) for cell in line] for line in taken.told(sheet, count)]

    beside = (_("about this file"), about)
    return workbook(str(sheet.title), sheet.heads(), sheet.widths(), plain, beside=beside, piece=PIECE)


@dataclass(frozen=True)
class Format:
    """One way to write a sheet. `most` rows fit into it; None if it has no limit."""

    content_type: str
    write: Callable[[Sheet, Iterable[Any], Taken], Iterator[bytes]]
    most: int | None = None


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", _csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx, MOST_ROWS),
    "jsonl": Format("application/jsonl; charset=utf-8", _jsonl),
}
