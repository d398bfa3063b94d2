"""Imports: which there are, which is worked on next, and in whose name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db.models import QuerySet

from hamgara import clock
from hamgara.algorithms.persian import digits
from hamgara.algorithms.persian.text import key
from hamgara.domain.imports.models import Import
from hamgara.domain.imports.queries.limits import limits
from hamgara.domain.ledger.events import FOUNDERS, House
from hamgara.domain.organisations.models import ActingPerson, Mandate
from hamgara.domain.people.models import Person
from hamgara.integrations import sheets_in

LOCAL_DIGITS = 10  # of a mobile number, without the country's
FILES_KEPT = timedelta(days=30)  # charter/retention.yaml says why


def listed() -> QuerySet[Import]:
    """All imports, newest first."""
    return Import.objects.order_by("-received_at", "-pk")


def by_key(key: str) -> Import | None:
    """The import with this key."""
    return Import.objects.filter(key=key).first()


def next_to_work() -> Import | None:
    """The import whose turn it is: one at a time, the first that was started."""
    return Import.objects.filter(state=Import.State.UNDER_WAY).order_by("state_since", "pk").first()


def unfinished(kind: str, sha256: str) -> Import | None:
    """An import of this very file that was started and has not come to its end."""
    states = (Import.State.UNDER_WAY, Import.State.STOPPED, Import.State.BROKEN_OFF)
    return Import.objects.filter(kind=kind, sha256=sha256, state__in=states).first()


def starter(run: Import) -> ActingPerson | House | None:
    """In whose name the rows are taken over: whoever started it, under the mandate they had.

    None where the person or the mandate is gone.
    """
    if run.mandate_key is None:
        return FOUNDERS
    mandate = Mandate.objects.select_related("person", "organisation").filter(key=run.mandate_key).first()
    if mandate is None or run.by is None:
        return None
    return ActingPerson(person=run.by, mandate=mandate)


def plain_rows(run: Import, most: int) -> tuple[list[tuple[int, list[str]]], int]:
    """The next rows, each with its number in the file, and the place at which those after them begin."""

    def lines() -> Iterator[tuple[int, list[str]]]:
        with run.plain_rows.open("rb") as file:
            file.seek(run.place)
            for line in file:
                number, cells = json.loads(line)
                ends.append(ends[-1] + len(line))
                yield number, cells

    ends = [run.place]
    rows = []
    for row in lines():
        rows.append(row)
        if len(rows) == most:
            break
    return rows, ends[len(rows)]


REASON = "دلیل بازگشت"  # the title of the column that says why a row came back; it is always in Persian


def returned_rows(run: Import) -> Iterator[list[str]]:
    """The rows that came back, each as it stood behind the reason, under their own titles, ready for a file.

    The reason stands first, so that a row with too few or too many cells remains such a one.
    """
    old = run.titles.index(REASON) if REASON in run.titles else None
    yield [REASON, *(safe(title) for title in run.titles if title != REASON)]
    for each in run.bad_rows.order_by("number").iterator():
        yield [each.reason, *(safe(cell) for place, cell in enumerate(each.cells) if place != old)]


def safe(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula; coming back, it is read without the mark."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def forgettable() -> QuerySet[Import]:
    """Imports whose files and returned rows have been kept for their time."""
    return Import.objects.filter(forgotten_at=None, state_since__lt=clock.now() - FILES_KEPT).exclude(
        state=Import.State.UNDER_WAY
    )


def kept_in_files() -> QuerySet[Import]:
    """Imports of which something lies in a file: those whose rows were not all dealt with."""
    over = (Import.State.DONE, Import.State.DISCARDED)
    return Import.objects.filter(forgotten_at=None).exclude(state__in=over).order_by("pk")


def names(run: Import, person: Person) -> bool:
    """The file of this import names the person, or cannot be read so far as to say that it does not."""
    try:
        if run.rows is not None:
            with run.plain_rows.open(encoding="utf-8") as lines:
                return any(speaks_of(json.loads(line)[1], person) for line in lines)
        sheet = sheets_in.open_sheet(run.upload, limits())
        return speaks_of(sheet.titles, person) or any(speaks_of(cells, person) for _number, cells in sheet.rows())
    except (sheets_in.SheetRefused, OSError, ValueError):
        return True


def speaks_of(cells: Iterable[str], person: Person) -> bool:
    """Somewhere in these stands the person's number, address or name, however it was typed."""
    number, name = (person.phone or "")[-LOCAL_DIGITS:], key(person.name)
    for cell in cells:
        typed = str(cell)
        if number and number in "".join(each for each in digits.to_ascii(typed) if each.isdecimal()):
            return True
        if person.email and person.email in typed.lower():
            return True
        if name and f" {name} " in f" {key(typed)} ":
            return True
    return False
