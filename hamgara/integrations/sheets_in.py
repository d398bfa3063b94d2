"""Spreadsheets from outside (XLSX, CSV), known by their content and read row by row as text, within hard limits."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

MEGABYTE = 1024 * 1024
# What a sheet may unpack to. Real ones of 200,000 rows stay far below; what goes beyond is made to fill a disk.
UNPACKED = 400 * MEGABYTE
SUSPECT = 100 * MEGABYTE  # from here on the ratio counts too
RATIO = 120
PARTS = 2_000
HEAD = 64 * 1024  # bytes that tell what a file is
SEPARATORS = ",;\t|،"
BLANKS = 1_000  # rows without a word after which a sheet is over: formatting often goes on to its last possible row


class SheetRefused(Exception):
    """This file is not taken in. `message` says why and what to do, in the reader's language."""

    message = _("This file cannot be read as a spreadsheet. Send an XLSX or a CSV file.")

    def __init__(self, message: Any = None) -> None:
        self.message = self.message if message is None else message
        super().__init__(str(self.message))


class Empty(SheetRefused):
    message = _("This file is empty: it needs a row of column titles and at least one row beneath it.")


class Broken(SheetRefused):
    message = _("This file is damaged or was cut off on its way. Save it anew and send it again.")


class Locked(SheetRefused):
    message = _("This spreadsheet is locked with a password. Save it without one and send it again.")


class HasMacros(SheetRefused):
    message = _("This spreadsheet carries macros, which are programs. Save it as a plain XLSX or CSV file.")


class OldKind(SheetRefused):
    message = _("This is a spreadsheet of another kind. Open it and save it as XLSX or CSV.")


class Bomb(SheetRefused):
    message = _("This file unpacks to far more than it holds. Copy the rows that you need into a new spreadsheet.")


class TooLarge(SheetRefused):
    message = _("This file is too large. Send it in several parts.")


@dataclass(frozen=True)
class Limits:
    """How much is taken in; the charter says."""

    size: int  # bytes
    rows: int
    columns: int
    cell: int  # characters


@dataclass(frozen=True)
class Sheet:
    """A spreadsheet whose head has been read: its kind, its column titles, and the way to its rows."""

    path: Path
    kind: Literal["xlsx", "csv"]
    encoding: str
    separator: str
    titles: tuple[str, ...]
    limits: Limits
    first: int  # the number of the row that holds the titles: the first one with a word

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(number in the file, cells) of every row beneath the titles that has a word in it. Raises `SheetRefused`.

        A row has as many cells as there are titles; any other number says that the row is wrong. Of those that a
        workbook leaves out at the end, and of blank ones beyond the titles, there is no doubt.
        """
        taken, width = 0, len(self.titles)
        for number, cells in _all_rows(self.path, self.kind, self.encoding, self.separator, self.limits):
            if number == self.first or not any(cells):
                continue
            taken += 1
            if taken > self.limits.rows:
                raise TooLarge
            while len(cells) > width and not cells[-1]:
                cells.pop()
            if self.kind == "xlsx":
                cells += [""] * (width - len(cells))
            yield number, cells


def open_sheet(path: Path, limits: Limits) -> Sheet:
    """Know the file by its content and read its column titles. Raises `SheetRefused`; reads no row beneath them."""
    size = path.stat().st_size
    if size > limits.size:
        raise TooLarge
    if size == 0:
        raise Empty
    with path.open("rb") as file:
        head = file.read(HEAD)
    kind: Literal["xlsx", "csv"] = "csv"
    encoding = separator = ""
    if head.startswith(b"PK"):
        _look_into(path)
        kind = "xlsx"
    elif head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Locked if "EncryptedPackage".encode("utf-16-le") in path.read_bytes() else OldKind
    else:
        encoding = _encoding(path, head)
        separator = _separator(path, encoding, limits)
    for number, cells in _all_rows(path, kind, encoding, separator, limits):
        if any(cells):
            return Sheet(path, kind, encoding, separator, tuple(_titles(cells, limits)), limits, number)
    raise Empty


def _titles(cells: list[str], limits: Limits) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    titles = [" ".join(cell.split()) for cell in cells]
    if len(titles) > limits.columns:
        raise TooLarge(_("This sheet has too many columns. Keep those that matter, and send it again."))
    twice = sorted({title for title in titles if title and titles.count(title) > 1})
    if twice:
        raise SheetRefused(
            _("Two columns have the same title: «%(titles)s». Give each its own, and send the file again.")
            % {"titles": "»، «".join(twice)}
        )
    return titles


def _all_rows(path: Path, kind: str, encoding: str, separator: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    rows = _of_workbook(path, limits) if kind == "xlsx" else _of_text(path, encoding, separator, limits)
    yield from rows


# --- XLSX ------------------------------------------------------------------------------------------------------------


def _look_into(path: Path) -> None:
    """Refuse an archive that is no workbook, is locked, carries programs, or would unpack to too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > PARTS:
                raise Bomb
            if any(part.flag_bits & 1 for part in parts):
                raise Locked
            unpacked = sum(part.file_size for part in parts)
            packed = max(1, sum(part.compress_size for part in parts))
            if unpacked > UNPACKED or (unpacked > SUSPECT and unpacked / packed > RATIO):
                raise Bomb
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise HasMacros
            if "xl/workbook.xml" not in names:
                raise OldKind if "mimetype" in names or "xl/workbook.bin" in names else SheetRefused
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as file:
                        begin = file.read(HEAD)
                    # Office writes none; entities of entities are how a short text becomes a very long one.
                    if b"<!DOCTYPE" in begin or b"<!ENTITY" in begin:
                        raise Bomb
                    if part.filename == "[Content_Types].xml" and b"macroEnabled" in begin:
                        raise HasMacros
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, zlib.error):
        raise Broken from None


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:
    # Loaded where it is used: no page and no other job pays for it.
    from openpyxl import load_workbook

    with path.open("rb") as file:  # by its name alone openpyxl would ask for an ending
        workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            yield workbook
        finally:
            workbook.close()


def _of_workbook(path: Path, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    try:
        with _workbook(path) as workbook:
            if not workbook.worksheets:
                raise Empty
            sheet = workbook.worksheets[0]
            # Some programs write a wrong size of the sheet, and openpyxl would believe it.
            sheet.reset_dimensions()
            blank = 0
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                cells = [_as_text(value) for value in row[: limits.columns + 1]]
                _fitting(number, cells, limits)
                blank = 0 if any(cells) else blank + 1
                if blank > BLANKS:
                    return
                yield number, cells
    except SheetRefused:
        raise
    except Exception:  # a damaged part leads openpyxl, its XML reader or zlib to any error there is
        raise Broken from None


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


def _plain(text: str) -> str:
    text = text.strip()
    # Our own files put this mark before what a spreadsheet would run as a formula; coming back it goes again.
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def _fitting(number: int, cells: list[str], limits: Limits) -> None:
    if any(len(cell) > limits.cell for cell in cells):
        raise _too_long(number)


def _too_long(number: int) -> SheetRefused:
    return SheetRefused(
        _("Row %(number)s has a cell that is far too long. Perhaps a quotation mark in it was never closed.")
        % {"number": number}
    )


# --- CSV -------------------------------------------------------------------------------------------------------------


def _encoding(path: Path, head: bytes) -> str:
    """UTF-8 or UTF-16 by their marks, else UTF-8 where it holds, else Windows-1256."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _holding(path, "utf-16")
    if b"\x00" in head:
        raise SheetRefused
    if head.startswith(codecs.BOM_UTF8):
        return _holding(path, "utf-8-sig")
    decoder = codecs.getincrementaldecoder("utf-8")()
    wide = 0  # letters beyond ASCII that were good UTF-8
    with path.open("rb") as file:
        while chunk := file.read(MEGABYTE):
            if b"\x00" in chunk:
                raise SheetRefused
            try:
                wide += sum(letter > "\x7f" for letter in decoder.decode(chunk)) if not chunk.isascii() else 0
            except UnicodeDecodeError as error:
                wide += sum(byte > 0xC1 for byte in chunk[: error.start]) // 2
                if wide > 20:  # no text of Windows-1256 is good UTF-8 for so long
                    raise Broken from None
                return _arabic_page(path)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        if wide > 20:
            raise Broken from None
        return _arabic_page(path)
    return "utf-8"


def _holding(path: Path, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(MEGABYTE):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        raise Broken from None
    return encoding


def _arabic_page(path: Path) -> str:
    """Any bytes are letters of Windows-1256; a picture or a program has controls among them that no text has."""
    with path.open("rb") as file:
        begin = file.read(HEAD)
    if any(byte < 0x20 and byte not in b"\t\n\r\x0b\x0c" for byte in begin):
        raise SheetRefused
    return "cp1256"


def _separator(path: Path, encoding: str, limits: Limits) -> str:
    """The sign that parts the first rows into the most columns, the same number in most of them."""
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(HEAD)

    def fit(sign: str) -> tuple[int, int]:
        try:
            # Not strict: the sample may end within a quotation.
            rows = _reader(io.StringIO(sample, newline=""), sign, limits, strict=False)
            counts = [len(row) for row in rows if row][:20]
        except csv.Error:
            return (0, 0)
        return max(((counts.count(width), width) for width in counts if width > 1), default=(0, 0))

    return max(SEPARATORS, key=fit)


def _reader(file: Any, separator: str, limits: Limits, *, strict: bool = True) -> Any:
    csv.field_size_limit(max(limits.cell * 4, HEAD))
    return csv.reader(file, delimiter=separator, strict=strict)


def _of_text(path: Path, encoding: str, separator: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding=encoding, newline="") as file:
        rows = _reader(file, separator, limits)
        line = 1  # on which the row began: quoted words may go over several
        try:
            for number, row in enumerate(rows, start=1):
                cells = [_plain(cell) for cell in row[: limits.columns + 1]]
                _fitting(number, cells, limits)
                line = rows.line_num + 1
                yield number, cells
        except csv.Error as error:
            if "field limit" in str(error):
                raise _too_long(line) from None
            raise SheetRefused(
                _(
                    "A quotation mark is wrong in the row that begins on line %(line)s: it is never closed, or "
                    "something follows it. Write quotation marks within a cell twice, and send the file again."
                )
                % {"line": line}
            ) from None
        except UnicodeError:
            raise Broken from None
