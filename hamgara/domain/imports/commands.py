"""What is done with an import: handed in, started, moved on row by row, stopped, ended, its files forgotten."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from hamgara import clock
from hamgara.algorithms.persian.text import clean
from hamgara.domain.imports import events, policies, queries
from hamgara.domain.imports.models import BadRow, ChosenColumns, Import
from hamgara.domain.ledger.commands import Invalid, command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.people.models import Person
from hamgara.domain.people.policies import may_forget_person
from hamgara.integrations import queue, sheets_in

A_PIECE = 1024 * 1024
NAME_LENGTH = 200


def _locked(run: Import) -> Import:
    """The row as it is now, held until the command ends."""
    return Import.objects.select_for_update(of=("self",)).select_related("by").get(pk=run.pk)


def _go(run: Import, verb: str) -> None:
    """Move the import by a verb of its lifecycle."""
    run.state = Import.LIFE.after(Import.State(run.state), verb)
    run.state_since = clock.now()


@command
def receive(*, by: Actor, kind: str, name: str, upload: BinaryIO) -> Import:
    """Take a file in, look whether it is a spreadsheet, and read its column titles. No row is taken over yet."""
    refuse_replay(by)
    require(policies.may_import(by))
    if kind not in queries.TARGETS:
        raise Invalid({"kind": _("Choose what the rows of the file are.")})
    run = Import(kind=kind, file_name=" ".join(clean(Path(name).name).split())[:NAME_LENGTH])
    try:
        run.sha256 = _stored(run, upload)
        sheet = sheets_in.open_sheet(run.upload, queries.limits())
        run.titles = list(sheet.titles)
        if isinstance(by, ActingPerson):
            run.by, run.mandate_key = by.person, by.mandate.key if by.mandate else None
        run.save()
        record(events.Received(run=str(run.key), about=run.kind, sha256=run.sha256), by=by)
    except BaseException as error:
        shutil.rmtree(run.folder, ignore_errors=True)
        if isinstance(error, sheets_in.SheetRefused):
            raise Invalid({"file": str(error.message)}) from None
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Invalid(
                {"file": _("There is no room left on the disk. Nothing was kept; tell those who run this system.")}
            ) from None
        raise
    return run


def _stored(run: Import, upload: BinaryIO) -> str:
    """Keep the file where only the house reads it; its SHA-256."""
    root = Path(settings.IMPORTS_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    run.folder.mkdir(mode=0o700)
    most, size, digest = queries.limits().size, 0, hashlib.sha256()
    with run.upload.open("xb") as file:
        run.upload.chmod(0o600)
        while piece := upload.read(A_PIECE):
            size += len(piece)
            if size > most:
                raise sheets_in.TooLarge
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


@command
def start(*, by: Actor, run: Import, columns: Mapping[str, str]) -> Import:
    """Say which column holds what, and have the rows taken over."""
    run = _locked(run)
    require(policies.may_change(by, run, "start"))
    if run.forgotten_at is not None:
        raise Invalid({"run": _("The time of this file is over, and it was deleted. Send it again.")})
    columns = {name: title for name, title in columns.items() if title}
    if problems := queries.problems_with(run, columns):
        raise Invalid(problems)
    _go(run, "start")
    run.columns = columns
    if isinstance(by, ActingPerson):
        run.by, run.mandate_key = by.person, by.mandate.key if by.mandate else None
    run.save()
    ChosenColumns.objects.update_or_create(
        kind=run.kind,
        titles_key=queries.titles_key(run.titles),
        defaults={"columns": columns, "chosen_at": clock.now()},
    )
    record(events.Started(run=str(run.key), about=run.kind, columns=sorted(columns)), by=by)
    transaction.on_commit(queue.wake_importer)
    return run


@command
def check(*, by: Actor, run: Import) -> Import:
    """Read the whole file once, before any row of it is taken over, and keep its rows plainly in its place."""
    run = _locked(run)
    require(policies.may_work(by, run))
    count = 0
    with run.plain_rows.open("w", encoding="utf-8") as plain:
        run.plain_rows.chmod(0o600)
        for number, row in sheets_in.open_sheet(run.upload, queries.limits()).rows():
            plain.write(json.dumps([number, row], ensure_ascii=False) + "\n")
            count += 1
    if not count:
        raise sheets_in.Empty
    run.rows = count
    run.save()
    record(events.Checked(run=str(run.key), rows=count), by=by)
    transaction.on_commit(lambda: run.upload.unlink(missing_ok=True))
    return run


@dataclass(frozen=True)
class Returned:
    """A row that is not taken over, and why."""

    number: int
    cells: list[str]
    reason: str


@command
def advance(*, by: Actor, run: Import, place: int, landed: int, known: int, returned: Sequence[Returned]) -> Import:
    """Note that the rows up to `place` were dealt with. Called in the transaction in which they were taken over."""
    run = _locked(run)
    require(policies.may_work(by, run))
    BadRow.objects.bulk_create(
        BadRow(run=run, number=each.number, cells=each.cells, reason=each.reason) for each in returned
    )
    run.place = place
    run.landed += landed
    run.known += known
    run.bad += len(returned)
    run.save()
    record(
        events.Advanced(run=str(run.key), up_to=run.done, landed=landed, known=known, bad=len(returned)),
        by=by,
    )
    return run


@command
def finish(*, by: Actor, run: Import) -> Import:
    """Every row was dealt with; what came back stands in the house for its time, and the file is needed no more."""
    run = _locked(run)
    require(policies.may_end(by, run))
    _go(run, "finish")
    run.ended_at = run.state_since
    run.save()
    transaction.on_commit(lambda: shutil.rmtree(run.folder, ignore_errors=True))
    record(events.Finished(run=str(run.key), landed=run.landed, known=run.known, bad=run.bad), by=by)
    return run


@command
def break_off(*, by: Actor, run: Import, reason: str) -> Import:
    """It cannot go on; what has been taken over stays, and it may be carried on later."""
    run = _locked(run)
    require(policies.may_end(by, run))
    _go(run, "break_off")
    run.trouble = reason
    run.save()
    record(events.BrokenOff(run=str(run.key), done=run.done, reason=reason), by=by)
    return run


@command
def stop(*, by: Actor, run: Import) -> Import:
    """Stop it; what has been taken over stays, and it may be carried on later."""
    run = _locked(run)
    require(policies.may_change(by, run, "stop"))
    _go(run, "stop")
    run.save()
    record(events.Stopped(run=str(run.key), done=run.done), by=by)
    return run


@command
def carry_on(*, by: Actor, run: Import) -> Import:
    """Go on from the row at which it had ended."""
    run = _locked(run)
    require(policies.may_change(by, run, "carry_on"))
    if run.forgotten_at is not None:
        raise Invalid({"run": _("The time of this file is over, and it was deleted. Send it again.")})
    _go(run, "carry_on")
    run.trouble = ""
    if isinstance(by, ActingPerson):
        run.by, run.mandate_key = by.person, by.mandate.key if by.mandate else None
    run.save()
    record(events.CarriedOn(run=str(run.key), done=run.done), by=by)
    transaction.on_commit(queue.wake_importer)
    return run


def _without_files(run: Import) -> None:
    run.bad_rows.all().delete()
    run.file_name, run.forgotten_at = "", clock.now()
    run.save()
    transaction.on_commit(lambda: shutil.rmtree(run.folder, ignore_errors=True))


@command
def discard(*, by: Actor, run: Import) -> Import:
    """Throw the file away. What has been taken over stays."""
    run = _locked(run)
    require(policies.may_change(by, run, "discard"))
    _go(run, "discard")
    _without_files(run)
    record(events.Discarded(run=str(run.key), done=run.done), by=by)
    return run


@command
def forget_files(*, by: Actor) -> int:
    """Delete the files whose time is over, and the rows that came back; return of how many imports."""
    require(policies.may_forget(by))
    runs = list(queries.forgettable().select_for_update())
    if not runs:
        raise Invalid({"files": _("There is nothing to forget.")})
    for run in runs:
        _without_files(run)
    record(events.FilesForgotten(count=len(runs)), by=by)
    return len(runs)


@command
def forget_person(*, by: Actor, person: Person, erasure: str) -> None:
    """Let go of somebody who is being erased: as whoever started an import, in rows that came back, and in files.

    A file that names them goes whole, at once: none can be changed inside. What was taken over of it stays, and the
    rest can be sent again without them.
    """
    require(may_forget_person(by))
    runs = Import.objects.filter(by=person).update(by=None, mandate_key=None)
    rows = [row.pk for row in BadRow.objects.iterator() if queries.speaks_of([*row.cells, row.reason], person)]
    with translation.override("fa"):
        reason = _("Somebody whom this row named was erased; its words went with them.")
        trouble = _(
            "This file named somebody who was erased, so it was deleted. What was taken over stays; send it again "
            "without them."
        )
    BadRow.objects.filter(pk__in=rows).update(cells=[], reason=reason)
    files = [run for run in queries.kept_in_files().select_for_update(of=("self",)) if queries.names(run, person)]
    for run in files:
        _go(run, "break_off" if run.state == Import.State.UNDER_WAY else "discard")
        run.trouble = trouble
        _without_files(run)
    record(events.PersonForgotten(erasure=erasure, runs=runs, rows=len(rows), files=len(files)), by=by)
