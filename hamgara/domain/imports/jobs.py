"""The work of imports, in short stretches so that followers and messages have their turn between them."""

from __future__ import annotations

import errno
import logging
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from hamgara.domain.demands import commands as demands
from hamgara.domain.imports import commands, queries
from hamgara.domain.imports.commands import Returned
from hamgara.domain.imports.models import Import
from hamgara.domain.imports.queries import BadCell, Reader, Row
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.ledger.commands import Refused
from hamgara.domain.ledger.events import CLOCK, RULES
from hamgara.domain.ledger.jobs import follower
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.people import commands as people
from hamgara.domain.people import events as person_events
from hamgara.domain.people import queries as persons
from hamgara.domain.people.models import Person
from hamgara.integrations import queue
from hamgara.integrations.sheets_in import SheetRefused

log = logging.getLogger(__name__)

CHUNK = 500  # rows a transaction
STRETCH = 10.0  # seconds after which the worker does something else first
LEFT_BEHIND = 3600.0  # seconds after which nobody writes into a folder that no import needs
# Any number that nothing else in this database locks: «import» on a telephone's keys.
IMPORT_LOCK = 467678
CANNOT_BE_WRITTEN = (DataError, IntegrityError)


@contextmanager
def alone() -> Iterator[bool]:
    """Whether nobody else works on imports now; as long as it lasts, nobody does. A process that dies lets go."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [IMPORT_LOCK])
        [got] = cursor.fetchone()
    try:
        yield got
    finally:
        if got:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [IMPORT_LOCK])


def work_on(run: Import, seconds: float = STRETCH) -> Import:
    """Go on with an import for some seconds, or until it ends; call it `alone`. The rows' reasons are in Persian."""
    end = time.monotonic() + seconds
    with translation.override("fa"):
        try:
            if run.rows is None:
                run = commands.check(by=RULES, run=run)
            reader = queries.reader(run)
            while run.done < (run.rows or 0) and time.monotonic() < end:
                run = _chunk(run, reader)
            if run.done == run.rows:
                run = commands.finish(by=RULES, run=run)
        except SheetRefused as refused:
            run = commands.break_off(by=RULES, run=run, reason=str(refused.message))
        except Refused as refused:
            run.refresh_from_db()
            if run.state == Import.State.UNDER_WAY:
                run = commands.break_off(by=RULES, run=run, reason=refused.reason)
        except OSError as error:
            run = commands.break_off(by=RULES, run=run, reason=_reason(error))
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != "53100":  # disk full
                raise
            run = commands.break_off(by=RULES, run=run, reason=_reason(OSError(errno.ENOSPC, "")))
    return run


def _reason(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("There is no room left on the disk. Make room, then carry this import on; nothing was lost.")
    return _("The file of this import cannot be read any more. Send it again; what was taken over stays.")


def _chunk(run: Import, reader: Reader) -> Import:
    """The next rows: read, taken over and noted in one transaction, so that a death loses and doubles none."""
    lines, place = queries.plain_rows(run, CHUNK)
    if not lines:
        raise OSError(errno.EIO, "rows are missing")
    rows, returned = [], []
    for number, cells in lines:
        try:
            rows.append(reader.row(number, cells))
        except BadCell as bad:
            returned.append(Returned(number, cells, bad.reason))
    new, known = _new(rows)
    by_number = dict(lines)
    with transaction.atomic():
        try:
            with transaction.atomic():
                landed, unwritable = _land(run, new), []
        except CANNOT_BE_WRITTEN:
            landed, unwritable = _one_by_one(run, new)
            returned += [Returned(row.number, by_number[row.number], unwritable_reason()) for row in unwritable]
        known += len(new) - landed - len(unwritable)
        return commands.advance(by=RULES, run=run, place=place, landed=landed, known=known, returned=returned)


def unwritable_reason() -> str:
    """Why a row that reads well came back all the same."""
    return _("This row cannot be written as it stands. Look for odd signs in it, or write it anew.")


def _new(rows: Sequence[Row]) -> tuple[list[Row], int]:
    """The rows that were never taken over, and how many of the others there are."""
    there = ledger.done_before(row.once for row in rows)
    new: dict[UUID, Row] = {}
    for row in rows:
        if row.once not in there:
            new.setdefault(row.once, row)
    return list(new.values()), len(rows) - len(new)


def _one_by_one(run: Import, rows: Sequence[Row]) -> tuple[int, list[Row]]:
    landed, unwritable = 0, []
    for row in rows:
        try:
            with transaction.atomic():
                landed += _land(run, [row])
        except CANNOT_BE_WRITTEN:
            unwritable.append(row)
    return landed, unwritable


# --- each kind -------------------------------------------------------------------------------------------------------


def _land(run: Import, rows: Sequence[Row]) -> int:
    """Take rows over; of how many there was nothing before."""
    if not rows:
        return 0
    if run.kind == Import.Kind.PEOPLE:
        # Whoever came by themselves, or with other records, is known already.
        return len(_take_over_people(run, rows)[1])
    if run.kind == Import.Kind.ORGANISATIONS:
        by = queries.starter(run)
        assert by is not None  # the policy of `advance` asks
        past = [organisations.PastOrganisation(once=row.once, **row.values) for row in rows]
        organisations.take_over(by=by, past=past, source=str(run.key))
    else:
        _take_over_demands(run, rows)
    return len(rows)


def _take_over_people(run: Import, rows: Sequence[Row]) -> tuple[dict[str, Person], list[Person]]:
    """Those of the rows whom nobody knows become known. Everybody of the rows by number and address, and the new."""
    known = _known_people(rows)
    asked = [row for row in rows if (row.phone or row.email) and not _person(row, known)]
    new: dict[UUID, people.PastPerson] = {}
    for row in asked:
        once = queries.person_once(row.phone, row.email)
        new.setdefault(once, people.PastPerson(once, uuid4(), row.name, row.phone, row.email))
    # Somebody who was taken over before and is not there any more was erased, and stays so.
    gone = ledger.done_before(new)
    past = _one_address_each([each for once, each in new.items() if once not in gone])
    added = people.take_over(by=RULES, past=past, source=str(run.key)) if past else []
    known |= {address: person for person in added for address in (person.phone, person.email) if address}
    return known, added


def _known_people(rows: Sequence[Row]) -> dict[str, Person]:
    phones = {row.phone for row in rows if row.phone}
    emails = {row.email for row in rows if row.email}
    found = Person.objects.filter(Q(phone__in=phones) | Q(email__in=emails)) if phones or emails else []
    return {address: person for person in found for address in (person.phone, person.email) if address}


def _person(row: Row, known: dict[str, Person]) -> Person | None:
    return known.get(row.phone or "") or known.get(row.email or "")


def _one_address_each(past: Sequence[people.PastPerson]) -> list[people.PastPerson]:
    """Two people with one mail address: it is the first one's; the other keeps the number."""
    taken: set[str] = set()
    kept = []
    for each in past:
        if each.email in taken:
            if not each.phone:
                continue
            each = replace(each, email=None)
        taken |= {each.email} if each.email else set()
        kept.append(each)
    return kept


def _take_over_demands(run: Import, rows: Sequence[Row]) -> None:
    by = queries.starter(run)
    assert by is not None  # the policy of `advance` asks
    known, _added = _take_over_people(run, rows)
    nameless = None
    past = []
    for row in rows:
        author = _person(row, known)
        if author is None:
            author = nameless = nameless or _nameless(run)
        past.append(demands.PastDemand(once=row.once, author=author, **row.values))
    demands.take_over(by=by, past=past, source=str(run.key))


def _nameless(run: Import) -> Person:
    """Whoever asked and left no number and no address: one person without a name for all of an import."""
    found = Person.objects.filter(key=run.key).first()
    if found is not None:
        return found
    past = people.PastPerson(once=queries.nameless_once(run), key=run.key)
    [person] = people.take_over(by=RULES, past=[past], source=str(run.key))
    return person


# --- the worker ------------------------------------------------------------------------------------------------------


@app.task(name=queue.IMPORTER, lock=queue.IMPORTER, queueing_lock=queue.IMPORTER)
def work() -> None:
    """Woken when an import starts: one stretch of work, and another one soon if there is more."""
    with alone() as nobody_else:
        run = queries.next_to_work() if nobody_else else None
        if run is not None:
            work_on(run)
    if run is not None and queries.next_to_work() is not None:
        queue.wake_importer()


@app.periodic(cron="* * * * *")
@app.task(name="imports.work_anyway", lock=queue.IMPORTER, queueing_lock="imports.work_anyway")
def work_anyway(timestamp: int) -> None:
    """The net under a lost wake: what a dead worker left is taken up within a minute."""
    if queries.next_to_work() is not None:
        work.func()


@app.periodic(cron="40 3 * * *")
@app.task(name="imports.let_time_pass", queueing_lock="imports.let_time_pass")
def nightly(timestamp: int) -> None:
    """Files go when their time is over."""
    if queries.forgettable().exists():
        commands.forget_files(by=CLOCK)
    sweep()


def sweep() -> None:
    """Folders that no import needs: what a process left that died while it took a file in, or let go of one."""
    root = Path(settings.IMPORTS_ROOT)
    needed = {str(key) for key in queries.kept_in_files().values_list("key", flat=True)}
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.name not in needed and time.time() - folder.stat().st_mtime > LEFT_BEHIND:
            shutil.rmtree(folder, ignore_errors=True)


@follower("imports.forget_person", person_events.ErasureBegun)
def forget_person(entry: Entry) -> None:
    """Somebody is being erased: they start no import any more, and stand in no file and no row that came back."""
    erasure = persons.erasure(entry.data["erasure"])
    commands.forget_person(by=RULES, person=erasure.person, erasure=str(erasure.key))
    sweep()
