"""Spreadsheets for tests, and a city into which they fit."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, BinaryIO

from openpyxl import Workbook

from hamgara.domain.imports import commands, jobs, queries
from hamgara.domain.imports.models import Import
from hamgara.domain.ledger.events import FOUNDERS, Actor
from tests import factories as make

TITLES = ["شماره", "تاریخ", "عنوان", "شرح", "حوزه", "محله", "وضعیت", "پاسخ", "نام", "موبایل"]


def city() -> None:
    """A city with one field, one neighbourhood and its office."""
    make.office()
    make.field("خیابان و روشنایی", code="streets")
    make.place("محلهٔ فین", code="fin")


def demand_row(n: int, **changed: str) -> list[str]:
    """A row of the call centre that can be taken over."""
    row = {
        "شماره": f"137-{n}",
        "تاریخ": "۱۴۰۲/۰۵/۰۳",
        "عنوان": f"چراغ خیابان شمارهٔ {n} خاموش است",
        "شرح": "سه شب است که خیابان تاریک است.",
        "حوزه": "خيابان و روشنايي",  # with the Arabic letters of an old program
        "محله": "محلهٔ فین",
        "وضعیت": "انجام شده",
        "پاسخ": "لامپ عوض شد.",
        "نام": "",
        "موبایل": "",
    }
    return list((row | changed).values())


def csv_file(rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig", separator: str = ",") -> BinaryIO:
    """Rows, the titles first, as a program would save them."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def xlsx_file(rows: Sequence[Sequence[Any]]) -> BinaryIO:
    """The same as a workbook."""
    workbook = Workbook()
    for row in rows:
        workbook.active.append(list(row))  # type: ignore[union-attr]
    out = io.BytesIO()
    workbook.save(out)
    out.seek(0)
    return out


def received(file: BinaryIO, kind: str = "demands", by: Actor = FOUNDERS) -> Import:
    return commands.receive(by=by, kind=kind, name="گذشته.csv", upload=file)


def started(file: BinaryIO, kind: str = "demands", by: Actor = FOUNDERS) -> Import:
    run = received(file, kind, by)
    return commands.start(by=by, run=run, columns=queries.guessed(run.kind, run.titles))


def taken_over(file: BinaryIO, kind: str = "demands", by: Actor = FOUNDERS) -> Import:
    """The import of a file, worked on until it ends."""
    return jobs.work_on(started(file, kind, by), seconds=600)


def reasons(run: Import) -> dict[int, str]:
    """Why which row came back."""
    return dict(run.bad_rows.values_list("number", "reason"))
