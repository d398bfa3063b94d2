"""Spreadsheets are known by their content; what is wrong with a file is said, and no row of it is read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamgara.integrations import sheets_in
from hamgara.integrations.sheets_in import Limits, SheetRefused, open_sheet
from tests.imports.files import csv_file, xlsx_file

LIMITS = Limits(size=5_000_000, rows=50, columns=20, cell=32_767)
ROWS = [["نام", "شماره"], ["رضا", "۱۲"], ["", ""], ["مریم", "13"]]


def kept(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return path


def read(path: Path, limits: Limits = LIMITS) -> list[tuple[int, list[str]]]:
    return list(open_sheet(path, limits).rows())


def workbook_with(parts: dict[str, bytes], *, without: str = "") -> bytes:
    """A good workbook, with parts put into it or taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(xlsx_file(ROWS)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts and name != without:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_its_encoding_and_with_its_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    sheet = open_sheet(kept(tmp_path, csv_file(ROWS, encoding, separator).read()), LIMITS)
    assert sheet.titles == ("نام", "شماره")
    assert list(sheet.rows()) == [(2, ["رضا", "۱۲"]), (4, ["مریم", "13"])]


def test_windows_1256_is_known_where_the_bytes_are_no_utf_8(tmp_path: Path) -> None:
    rows = [["نام", "شماره"], ["پرويز چراغي ژاله گلي", "12"]]
    sheet = open_sheet(kept(tmp_path, csv_file(rows, "cp1256").read()), LIMITS)
    assert (sheet.encoding, [row for _number, row in sheet.rows()]) == ("cp1256", rows[1:])


def test_a_workbook_gives_the_same_rows_with_whole_numbers_and_days_as_text(tmp_path: Path) -> None:
    from datetime import date, datetime

    rows = [["عدد", "روز", "لحظه", "درست"], [12.0, date(2023, 7, 25), datetime(2023, 7, 25, 14, 20), True]]
    assert read(kept(tmp_path, xlsx_file(rows).read())) == [(2, ["12", "2023-07-25", "2023-07-25 14:20", "1"])]


def test_a_quotation_mark_of_ours_before_a_formula_goes_again(tmp_path: Path) -> None:
    assert read(kept(tmp_path, csv_file([["تلفن"], ["'+989131234567"]]).read())) == [(2, ["+989131234567"])]


SECRET = "EncryptedPackage".encode("utf-16-le")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", sheets_in.Empty),
        (b"\n\n  \n", sheets_in.Empty),
        (xlsx_file([]).read(), sheets_in.Empty),
        (xlsx_file(ROWS).read()[:2000], sheets_in.Broken),
        (workbook_with({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row><c"}), sheets_in.Broken),
        (OLE + b"\x00" * 600 + SECRET + b"\x00" * 600, sheets_in.Locked),
        (OLE + b"\x00" * 2000, sheets_in.OldKind),
        (workbook_with({"xl/vbaProject.bin": b"program"}), sheets_in.HasMacros),
        (workbook_with({"xl/media/image1.bin": b"\x00" * (110 * 1024 * 1024)}), sheets_in.Bomb),
        (workbook_with({"xl/sharedStrings.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><sst/>'}), sheets_in.Bomb),
        (workbook_with({}, without="xl/workbook.xml"), SheetRefused),
        (workbook_with({"mimetype": b"application/ods"}, without="xl/workbook.xml"), sheets_in.OldKind),
        (b"%PDF-1.7\n\x00\x01\x02", SheetRefused),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), SheetRefused),
        ("نام,شماره\nسلام سلام سلام سلام سلام".encode()[:-1], sheets_in.Broken),
        (b"\xef\xbb\xbf" + "نام".encode()[:-1], sheets_in.Broken),
        (b"a,b\n" + b'"never closed ' + b"x" * 200_000, SheetRefused),
        ("نام,نام\nالف,ب".encode(), SheetRefused),
        (b"x" * 6_000_000, sheets_in.TooLarge),
        (",".join(f"t{n}" for n in range(40)).encode(), sheets_in.TooLarge),
        (b"a\n" + b"1\n" * 60, sheets_in.TooLarge),
    ],
    ids=[
        "nothing",
        "blank lines",
        "a workbook of nothing",
        "a workbook cut off",
        "a sheet cut off",
        "locked with a password",
        "an old .xls",
        "macros",
        "a bomb",
        "entities",
        "no workbook",
        "an .ods",
        "a PDF",
        "a picture",
        "UTF-8 cut off",
        "marked UTF-8 cut off",
        "an open quotation",
        "a title twice",
        "too large",
        "too many columns",
        "too many rows",
    ],
)
def test_what_cannot_be_taken_in_is_refused_with_its_reason(
    tmp_path: Path, content: bytes, kind: type[SheetRefused]
) -> None:
    with pytest.raises(SheetRefused) as refused:
        read(kept(tmp_path, content))
    assert type(refused.value) is kind
    assert str(refused.value.message)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('نام,شماره\nرضا,1\n"مر"یم,2\nسارا,3\n', 3),
        ('نام,شماره\n"رضا\nکریمی",1\nسارا,"3\nمینا,4\n', 4),
        ('نام,شماره\nرضا,1\nسارا,"3', 3),
    ],
    ids=["something follows", "never closed, after words on two lines", "never closed at the end"],
)
def test_a_wrong_quotation_mark_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(SheetRefused) as refused, translation.override("en"):
        read(kept(tmp_path, text.encode()))
    assert f"line {line}:" in str(refused.value.message)


LETTERS = st.text(st.sampled_from('آب1۲ ,;"\n'), max_size=6)


@given(st.lists(st.lists(LETTERS, min_size=1, max_size=5), max_size=6), st.sampled_from(",;\t"))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_has_just_the_cells_that_were_written(tmp_path: Path, rows: list[list[str]], sign: str) -> None:
    titles = ["نام", "شماره", "روز"]
    # First rows of plain cells, so that there is no doubt of the separator.
    told = [titles, *[["x", "y", "z"]] * 20, *rows]
    found = read(kept(tmp_path, csv_file(told, "utf-8", sign).read()))

    def expected(row: list[str]) -> list[str]:
        bare = [cell.strip() for cell in row]
        while len(bare) > len(titles) and not bare[-1]:
            bare.pop()
        return bare

    wanted = [(number, expected(row)) for number, row in enumerate(told[1:], start=2) if any(c.strip() for c in row)]
    assert found == wanted
