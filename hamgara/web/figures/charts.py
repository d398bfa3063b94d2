"""The geometry of the pictures: bars and columns as numbers that a template draws, from the reader's own side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hamgara.algorithms.persian import calendar
from hamgara.domain.indicators.queries import Month
from hamgara.web.figures.cards import PARTS, Part
from hamgara.web.reading import direction, language, number, to_reader

# In units of the picture, which is 360 wide: a phone's own pixels.
WIDE, HIGH = 360, 216
TOP, FLOOR, AXIS = 18, 186, 30
LINES = 4


@dataclass(frozen=True)
class Box:
    """A rectangle of one part."""

    x: float
    y: float
    width: float
    height: float
    part: Part
    count: int


@dataclass(frozen=True)
class ColumnOfParts:
    """One month: its boxes from below, what they make together, and how it is called."""

    middle: float
    top: float
    boxes: Sequence[Box]
    whole: int
    name: str
    year: str
    said: str
    labelled: bool


@dataclass(frozen=True)
class Columns:
    """A picture of months side by side; time runs as the reader reads."""

    columns: Sequence[ColumnOfParts]
    lines: Sequence[tuple[float, str]]
    axis: float
    anchor: str
    width: int = WIDE
    height: int = HIGH
    begin: float = 0
    end: float = WIDE
    floor: float = FLOOR


def bar(counts: Sequence[tuple[Part, int]], width: float = 100) -> list[Box]:
    """The parts of a whole beside each other, from the side at which the reader begins."""
    whole = sum(n for _part, n in counts)
    boxes, at = [], 0.0
    for part, n in counts:
        if n:
            wide = width * n / whole
            x = width - at - wide if direction() == "rtl" else at
            boxes.append(Box(round(x, 3), 0, round(wide, 3), 1, part, n))
            at += wide
    return boxes


def step(most: int) -> int:
    """How far the lines of an axis lie apart: a round number, of which few reach `most`."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size * LINES >= most:
                return factor * size
        size *= 10


def month_label(each: Month) -> str:
    """«آذر ۱۴۰۵»."""
    return f"{calendar.month_name(each.month, language())} {to_reader(each.year)}"


def columns(months: Sequence[Month], sentences: Sequence[str]) -> Columns:
    """What was asked in each month, by what became of it."""
    rtl = direction() == "rtl"
    wholes = [each.score.own for each in months]
    apart = step(max(wholes, default=0))
    most = max(apart, apart * -(-max(wholes, default=0) // apart))
    scale = (FLOOR - TOP) / most
    begin, end = (4, WIDE - AXIS) if rtl else (AXIS, WIDE - 4)
    room = (end - begin) / max(1, len(months))
    drawn = []
    for n, (each, said) in enumerate(zip(months, sentences, strict=True)):
        left = end - (n + 1) * room if rtl else begin + n * room
        y, boxes = float(FLOOR), []
        for part in PARTS:
            count = part.of(each.score)
            if count:
                y -= count * scale
                boxes.append(
                    Box(
                        round(left + room * 0.14, 2),
                        round(y, 2),
                        round(room * 0.72, 2),
                        round(count * scale, 2),
                        part,
                        count,
                    )
                )
        drawn.append(
            ColumnOfParts(
                middle=round(left + room / 2, 2),
                top=round(y, 2),
                boxes=boxes,
                whole=wholes[n],
                name=calendar.month_name(each.month, language()),
                year=to_reader(each.year) if n == 0 or each.month == 1 else "",
                said=said,
                labelled=n % 2 == 0,
            )
        )
    lines = [(round(FLOOR - value * scale, 2), number(value)) for value in range(0, most + 1, apart)]
    axis = WIDE - AXIS + 4 if rtl else AXIS - 4
    return Columns(drawn, lines, axis, "start" if rtl else "end", begin=begin, end=end)
