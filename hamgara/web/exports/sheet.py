"""What a list has as a file: its columns, each declared once for all formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hamgara.algorithms.persian import calendar, digits

Text = str | Promise
Cell = str | int | float | date | datetime | None
Get = Callable[[Any], Any]


# What two columns of many files tell, and what neither tells.
CLAIM = gettext_lazy("What the city or whoever promised says of itself. Nobody independent has looked at it.")
FOUND = gettext_lazy("What reviewers drawn by lot found; empty where no review has settled. No claim stands in for it.")


@lru_cache(maxsize=4096)
def jalali(day: date) -> str:
    """«1405/09/02», in ASCII digits: files are sorted and read by machines too."""
    return digits.to_ascii(calendar.format_date(day, "numeric"))


class Column:
    """A column of text. `key` is its name in JSON lines and never changes; `head` is read by people.

    `get` takes the value out of a row: a function, or the path of an attribute (the key itself, if none is given).
    `means` says what it tells, and what it does not, where the head alone may be taken for more.
    """

    width = 30  # of its cells in a spreadsheet, in letters

    def __init__(self, key: str, head: Text, get: Get | str | None = None, *, means: Text = "") -> None:
        self.key, self.head, self.means = key, head, means
        self.get: Get = get if callable(get) else attrgetter(get or key)

    def heads(self) -> tuple[str, ...]:
        """What stands over it in a table."""
        return (str(self.head),)

    def cells(self, row: Any) -> tuple[Cell, ...]:
        """What stands in a table, one cell for each head."""
        value = self.get(row)
        return ("" if value is None else str(value),)

    def members(self, row: Any) -> Iterable[tuple[str, object]]:
        """What stands in JSON: names that never change, with values for machines."""
        value = self.get(row)
        return ((self.key, None if value in (None, "") else str(value)),)


class Number(Column):
    """A whole number, or one with a fraction."""

    width = 12

    def _number(self, row: Any) -> int | float | None:
        value = self.get(row)
        if value is None or isinstance(value, int | float):
            return value
        return int(value) if value == value.to_integral_value() else float(value)

    def cells(self, row: Any) -> tuple[Cell, ...]:
        return (self._number(row),)

    def members(self, row: Any) -> Iterable[tuple[str, object]]:
        return ((self.key, self._number(row)),)


class Truth(Column):
    """Yes or no."""

    width = 12

    def cells(self, row: Any) -> tuple[Cell, ...]:
        return (_("yes") if self.get(row) else _("no"),)

    def members(self, row: Any) -> Iterable[tuple[str, object]]:
        return ((self.key, bool(self.get(row))),)


class Choice(Column):
    """One value of a closed list: its words in a table, its code in JSON."""

    def __init__(
        self, key: str, head: Text, words: Mapping[str, Text], get: Get | str | None = None, *, means: Text = ""
    ) -> None:
        super().__init__(key, head, get, means=means)
        self.words = words

    def cells(self, row: Any) -> tuple[Cell, ...]:
        code = self.get(row)
        return (str(self.words.get(code, code)) if code else "",)

    def members(self, row: Any) -> Iterable[tuple[str, object]]:
        return ((self.key, self.get(row) or None),)


class Named(Column):
    """Something with a code and a label, such as a place or a unit."""

    def cells(self, row: Any) -> tuple[Cell, ...]:
        thing = self.get(row)
        return ("" if thing is None else thing.label,)

    def members(self, row: Any) -> Iterable[tuple[str, object]]:
        thing = self.get(row)
        if thing is None:
            return ((self.key, None), (f"{self.key}_code", None))
        return ((self.key, thing.label), (f"{self.key}_code", thing.code))


class Day(Column):
    """A day in both calendars, a column each."""

    width = 17

    def heads(self) -> tuple[str, ...]:
        return (
            _("%(what)s, Jalali") % {"what": self.head},
            _("%(what)s, Gregorian") % {"what": self.head},
        )

    def _day(self, row: Any) -> date | None:
        value = self.get(row)
        return timezone.localdate(value) if isinstance(value, datetime) else value

    def cells(self, row: Any) -> tuple[Cell, ...]:
        day = self._day(row)
        return ("", None) if day is None else (jalali(day), day)

    def members(self, row: Any) -> Iterable[tuple[str, object]]:
        day = self._day(row)
        if day is None:
            return ((self.key, None), (f"{self.key}_jalali", None))
        return ((self.key, day.isoformat()), (f"{self.key}_jalali", jalali(day)))


class Moment(Day):
    """A day and the time of the day, as the city's clocks show it, in both calendars."""

    def cells(self, row: Any) -> tuple[Cell, ...]:
        value = self.get(row)
        if value is None:
            return ("", None)
        local = timezone.localtime(value).replace(second=0, microsecond=0, tzinfo=None)
        return (f"{jalali(local.date())} {local:%H:%M}", local)

    def members(self, row: Any) -> Iterable[tuple[str, object]]:
        value = self.get(row)
        if value is None:
            return ((self.key, None), (f"{self.key}_jalali", None))
        local = timezone.localtime(value)
        return (
            (self.key, local.isoformat(timespec="seconds")),
            (f"{self.key}_jalali", f"{jalali(local.date())} {local:%H:%M}"),
        )


@dataclass(frozen=True)
class Sheet:
    """A list as a file: `name` in ASCII, `title` in the reader's language."""

    name: str
    title: Text
    columns: tuple[Column, ...]

    def heads(self) -> list[str]:
        return [head for column in self.columns for head in column.heads()]

    def widths(self) -> list[int]:
        """How wide each of them is in a spreadsheet, so that what stands in it can be read without pulling."""
        return [max(column.width, min(40, len(head) + 3)) for column in self.columns for head in column.heads()]

    def cells(self, row: Any) -> list[Cell]:
        return [cell for column in self.columns for cell in column.cells(row)]

    def meanings(self) -> list[tuple[str, str]]:
        """The heads that need a word of explanation, with it."""
        return [(column.heads()[0], str(column.means)) for column in self.columns if column.means]

    def members(self, row: Any) -> dict[str, object]:
        return dict(member for column in self.columns for member in column.members(row))


@dataclass(frozen=True)
class Taken:
    """How a list was taken as a file: on which day, and what of it by which filters, in words."""

    day: date
    filters: tuple[tuple[str, str], ...] = ()

    def told(self, sheet: Sheet, count: int) -> list[tuple[Cell, Cell]]:
        """What the file says of itself, once it is known how many rows it has."""
        filters = [(_("filter: %(name)s") % {"name": name}, value) for name, value in self.filters]
        filters = filters or [(_("filters"), _("none: the whole list"))]
        return [
            (_("list"), str(sheet.title)),
            (_("taken on, Jalali"), jalali(self.day)),
            (_("taken on, Gregorian"), self.day),
            (_("rows"), count),
            *filters,
            *sheet.meanings(),
        ]
