"""`kill -9`, a full disk, two at once: nothing half-written, nothing lost, nothing doubled."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connections

from hamgara.domain.demands.models import Demand
from hamgara.domain.imports import commands, jobs
from hamgara.domain.imports.models import Import
from hamgara.domain.ledger.commands import Invalid
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.models import Entry
from tests.imports.files import TITLES, city, csv_file, demand_row, reasons, received, started, taken_over
from tests.ledger.acts import in_threads, kill_when_it_says_now

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [TITLES, *(demand_row(n, موبایل=f"0913123000{n % 10}") for n in range(12))]

# The third stretch of five rows is written and not yet noted when the process dies.
IN_THE_MIDDLE = """
from django.conf import settings
settings.IMPORTS_ROOT = {root!r}
from hamgara.domain.imports import commands, jobs, queries
jobs.CHUNK = 5
advance, times = commands.advance, []
def dying(**given):
    times.append(1)
    if len(times) == {when}:
        print("now", flush=True)
        time.sleep(60)
    return advance(**given)
commands.advance = dying
with jobs.alone() as alone:
    assert alone
    jobs.work_on(queries.next_to_work(), seconds=60)
"""


@pytest.fixture(autouse=True)
def _city() -> None:
    city()


def there() -> tuple[int, int, int]:
    """Demands, their numbers told apart, and events of rows."""
    taken = Entry.objects.filter(kind="demands.taken_over")
    return Demand.objects.count(), Demand.objects.values("title").distinct().count(), taken.count()


def test_killed_in_the_middle_it_goes_on_with_the_next_row(settings: Any) -> None:
    run = started(csv_file(ROWS))
    for when, left in ((2, 5), (2, 10)):
        kill_when_it_says_now(IN_THE_MIDDLE.format(root=str(settings.IMPORTS_ROOT), when=when))
        assert there() == (left, left, left)
    jobs.work_anyway.func(0)
    run.refresh_from_db()
    assert (run.state, run.landed, run.known, run.bad) == ("done", 12, 0, 0)
    assert there() == (12, 12, 12)


def test_killed_while_the_file_is_read_nothing_is_written(settings: Any) -> None:
    started(csv_file(ROWS))
    reading = """
from django.conf import settings
settings.IMPORTS_ROOT = {root!r}
from hamgara.domain.imports import commands, jobs, queries
dumps = commands.json.dumps
commands.json.dumps = lambda *a, **k: (print("now", flush=True), time.sleep(60))
jobs.work_on(queries.next_to_work())
"""
    kill_when_it_says_now(reading.format(root=str(settings.IMPORTS_ROOT)))
    assert there() == (0, 0, 0)
    jobs.work_anyway.func(0)
    assert there() == (12, 12, 12)


def test_while_somebody_works_on_imports_nobody_else_does() -> None:
    started(csv_file(ROWS))
    with jobs.alone() as first:
        assert first

        def other() -> None:
            jobs.work.func()
            connections.close_all()

        in_threads(other)
        assert there() == (0, 0, 0)
    jobs.work.func()
    assert there() == (12, 12, 12)


def test_two_files_with_the_same_rows_double_none() -> None:
    runs = [started(csv_file(ROWS)), started(csv_file(ROWS[:1] + ROWS[:0:-1]))]
    jobs.work.func()
    jobs.work.func()
    for run in runs:
        run.refresh_from_db()
    assert [(run.landed, run.known) for run in runs] == [(12, 0), (0, 12)]
    assert there() == (12, 12, 12)


def test_on_a_full_disk_a_file_is_refused_and_nothing_of_it_stays(settings: Any) -> None:
    class Full:
        sent = 0

        def read(self, size: int) -> bytes:
            self.sent += 1
            if self.sent > 1:
                raise OSError(errno.ENOSPC, "No space left on device")
            return b"a,b\n"

    with pytest.raises(Invalid) as refused:
        commands.receive(by=FOUNDERS, kind="demands", name="a.csv", upload=Full())  # type: ignore[arg-type]
    assert set(refused.value.problems) == {"file"}
    assert not Import.objects.exists()
    assert not list(Path(settings.IMPORTS_ROOT).iterdir())


def test_when_the_database_has_no_room_the_import_breaks_off_and_is_carried_on(monkeypatch: pytest.MonkeyPatch) -> None:
    class DiskFull(Exception):
        sqlstate = "53100"

    def full(run: Import, rows: object) -> None:
        raise OperationalError("could not extend file") from DiskFull()

    run = started(csv_file(ROWS))
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "_land", full)
        run = jobs.work_on(run)
    assert (run.state, there()) == ("broken_off", (0, 0, 0))
    assert "دیسک" in run.trouble
    run = jobs.work_on(commands.carry_on(by=FOUNDERS, run=run))
    assert (run.state, there()) == ("done", (12, 12, 12))


def test_one_row_that_cannot_be_written_keeps_no_other_back(monkeypatch: pytest.MonkeyPatch) -> None:
    land = jobs._land

    def odd(run: Import, rows: Any) -> int:
        if any(row.number == 4 for row in rows):
            raise IntegrityError("odd")
        return land(run, rows)

    monkeypatch.setattr(jobs, "_land", odd)
    run = taken_over(csv_file(ROWS))
    assert (run.landed, run.bad, list(reasons(run))) == (11, 1, [4])
    assert there() == (11, 11, 11)


def test_a_file_that_is_gone_breaks_the_import_off_with_words() -> None:
    run = started(csv_file(ROWS))
    run.upload.unlink()
    run = jobs.work_on(run)
    assert (run.state, there()) == ("broken_off", (0, 0, 0))
    assert run.trouble


def test_a_file_thrown_away_is_gone() -> None:
    run = received(csv_file(ROWS))
    run = commands.discard(by=FOUNDERS, run=run)
    assert not run.folder.exists()
