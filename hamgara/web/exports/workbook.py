"""An Excel workbook of a list and of a sheet that says what it is, written while it is sent.

Libraries write the zip file into a folder first and hand it over when it is whole; this one needs no disk and no more
memory than a row. The format is ECMA-376, with strings in their cells; tests read it back with openpyxl.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

from hamgara.web.exports.sheet import Cell
from hamgara.web.reading import direction

MOST_ROWS = 1_048_575  # and the heads
LONGEST_CELL = 32_767
FIRST_DAY = date(1899, 12, 30)  # day 0 of spreadsheets
HEAD, DAY, MOMENT = 1, 2, 3  # places in the table of styles
# What XML cannot hold, and «_x0041_», which spreadsheets would read as a letter.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LOOKS_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\']")

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)
_ROOT = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_PARTS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF2"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class _Pipe:
    """Takes what the zip file writes and gives it on; it cannot be wound back, and the zip file knows that."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, given: bytes) -> int:
        self.waiting += given
        return len(given)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        given = bytes(self.waiting)
        self.waiting.clear()
        return given


def _letters(place: int) -> str:
    """A, B, … Z, AA: what spreadsheets call the column at a place, from 0."""
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(65 + last)


def _text(text: str) -> str:
    clean = UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST_CELL]
    return escape(LOOKS_CODED.sub("_x005F_", clean))


def _serial(value: date) -> float:
    """Days since the first day of spreadsheets, with the time of the day as their fraction."""
    if isinstance(value, datetime):
        return (value.date() - FIRST_DAY).days + timedelta(hours=value.hour, minutes=value.minute) / timedelta(days=1)
    return (value - FIRST_DAY).days


def _row(number: int, letters: Sequence[str], row: Sequence[Cell], styles: Sequence[int] | None = None) -> str:
    cells = []
    for letter, cell, style in zip(letters, row, styles or [0] * len(letters), strict=True):
        place = f'<c r="{letter}{number}"'
        if cell is None or cell == "":
            continue
        if isinstance(cell, str):
            worn = f' s="{style}"' if style else ""
            cells.append(f'{place}{worn} t="inlineStr"><is><t xml:space="preserve">{_text(cell)}</t></is></c>')
        elif isinstance(cell, date):
            worn = f' s="{MOMENT if isinstance(cell, datetime) else DAY}"'
            cells.append(f"{place}{worn}><v>{_serial(cell)}</v></c>")
        else:
            cells.append(f"{place}><v>{cell!r}</v></c>")
    return f'<row r="{number}">{"".join(cells)}</row>'


def _beginning(heads: Sequence[str], widths: Sequence[int], letters: Sequence[str]) -> str:
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>' for place, width in enumerate(widths, 1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView{_leaning()} workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{_row(1, letters, heads, [HEAD] * len(heads))}"
    )


def _leaning() -> str:
    return ' rightToLeft="1"' if direction() == "rtl" else ""


def _beside(lines: Iterable[Sequence[Cell]]) -> str:
    """A sheet of two columns: what is said of, and what is said."""
    rows = "".join(_row(number, "AB", line, styles=(HEAD, 0)) for number, line in enumerate(lines, 1))
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView{_leaning()} workbookViewId="0"/></sheetViews>'
        '<cols><col min="1" max="1" width="34" customWidth="1"/>'
        '<col min="2" max="2" width="90" customWidth="1"/></cols>'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


def _name(title: str) -> str:
    return quoteattr(NOT_IN_A_TITLE.sub(" ", title)[:31])


Beside = tuple[str, Callable[[int], Iterable[Sequence[Cell]]]]


def workbook(
    title: str,
    heads: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[Cell]],
    *,
    beside: Beside,
    piece: int,
) -> Iterator[bytes]:
    """The workbook in pieces of about `piece` bytes: heads that stay in sight and filter, days as days.

    `beside` is the title of the second sheet, and what stands in it once it is known how many rows the first has.
    """
    pipe, letters = _Pipe(), [_letters(place) for place in range(len(heads))]
    book = (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name={_name(title)} sheetId="1" r:id="rId1"/>'
        f'<sheet name={_name(beside[0])} sheetId="2" r:id="rId2"/></sheets></workbook>'
    )
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:  # type: ignore[call-overload]
        for path, part in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _ROOT),
            ("xl/workbook.xml", book),
            ("xl/_rels/workbook.xml.rels", _PARTS),
            ("xl/styles.xml", _STYLES),
        ):
            archive.writestr(path, part)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(_beginning(heads, widths, letters).encode())
            number = 1
            for number, row in enumerate(rows, 2):
                sheet.write(_row(number, letters, row).encode())
                if len(pipe.waiting) >= piece:
                    yield pipe.taken()
            sheet.write(f'</sheetData><autoFilter ref="A1:{letters[-1]}{number}"/></worksheet>'.encode())
        archive.writestr("xl/worksheets/sheet2.xml", _beside(beside[1](number - 1)))
    yield pipe.taken()
