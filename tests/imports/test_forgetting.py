"""What an import keeps: files as long as rows wait in them, rows that came back for a month, nobody who is erased."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from hamgara import charter
from hamgara.domain.imports import commands, jobs, queries
from hamgara.domain.imports.models import BadRow, Import
from hamgara.domain.ledger.commands import Invalid
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry
from hamgara.domain.people import commands as people
from hamgara.domain.people import jobs as people_jobs
from hamgara.domain.people.models import Person
from tests import factories as make
from tests.imports.files import TITLES, city, csv_file, demand_row, received, started, taken_over, xlsx_file

pytestmark = pytest.mark.django_db

NAME, PHONE, MAIL = "پروانه گلابچی", "+989131234567", "parvaneh@example.org"
# As files write them: Arabic letters, a joint of no width, other digits, capitals.
WRITTEN = ("پروانه گلابچي", "۰۹۱۳ ۱۲۳ ۴۵۶۷", "Parvaneh@Example.org")


@pytest.fixture(autouse=True)
def _city() -> None:
    city()


@pytest.fixture
def person() -> Person:
    person = make.person(NAME, phone=PHONE)
    person.email = MAIL
    person.save()
    return person


def erased(person: Person) -> None:
    people.ask_erasure(by=make.acting(person), person=person)
    with make.days_later(charter.number("people.erasure_waits") + 0.01):
        for _round in range(2):
            people_jobs.erase_whose_time_has_come()
            catch_up()


def texts(root: Path) -> str:
    """All that lies there in any file, unpacked."""
    found = []
    for path in root.rglob("*"):
        if path.is_file() and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                found += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        elif path.is_file():
            found.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(found)


def naming(what: str) -> list[list[str]]:
    return [TITLES, demand_row(1), demand_row(2, شرح=f"به {what} هم گفتیم"), demand_row(3)]


def half_done(run: Import, monkeypatch: pytest.MonkeyPatch) -> Import:
    monkeypatch.setattr(jobs, "CHUNK", 1)
    run = commands.check(by=jobs.RULES, run=run)
    return jobs._chunk(run, queries.reader(run))


def test_a_file_is_private_and_goes_when_its_rows_are_taken_over(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    run = started(csv_file([TITLES, demand_row(1), demand_row(2, حوزه="ماهواره")]))
    assert run.folder.stat().st_mode & 0o077 == run.upload.stat().st_mode & 0o077 == 0
    with django_capture_on_commit_callbacks(execute=True):
        run = commands.check(by=jobs.RULES, run=run)
    assert [path.name for path in run.folder.iterdir()] == ["rows.jsonl"]
    assert run.plain_rows.stat().st_mode & 0o077 == 0
    with django_capture_on_commit_callbacks(execute=True):
        run = jobs.work_on(run)
    assert (run.state, run.landed, list(Path(settings.IMPORTS_ROOT).iterdir())) == ("done", 1, [])


def test_rows_that_came_back_and_files_that_nobody_started_go_after_a_month() -> None:
    run = taken_over(csv_file([TITLES, demand_row(1), demand_row(2, حوزه="ماهواره")]))
    waiting = received(csv_file([TITLES, demand_row(3)]))
    with make.days_later(29):
        jobs.nightly.func(0)
        assert run.bad_rows.exists()
    with make.days_later(31):
        jobs.nightly.func(0)
    run.refresh_from_db()
    assert (run.bad_rows.exists(), run.file_name) == (False, "")
    waiting.refresh_from_db()
    with pytest.raises(Invalid):
        commands.start(by=FOUNDERS, run=waiting, columns=queries.guessed("demands", waiting.titles))


@pytest.mark.parametrize("file", [csv_file, xlsx_file], ids=["CSV", "XLSX"])
@pytest.mark.parametrize("what", WRITTEN)
@pytest.mark.parametrize("state", ["received", "under_way", "half_done", "stopped"])
def test_no_file_names_somebody_who_was_erased(
    person: Person,
    state: str,
    what: str,
    file: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    others = received(csv_file([TITLES, demand_row(7, شرح="به پروانهٔ همسایه و ۰۹۱۳۱۲۳۴۵۶۸ گفتیم")]))
    upload: BinaryIO = file(naming(what))
    with django_capture_on_commit_callbacks(execute=True):
        run = received(upload) if state == "received" else started(upload)
        if state in ("half_done", "stopped"):
            run = half_done(run, monkeypatch)
        if state == "stopped":
            run = commands.stop(by=FOUNDERS, run=run)
    assert what in texts(Path(settings.IMPORTS_ROOT))
    with django_capture_on_commit_callbacks(execute=True):
        erased(person)
    left = texts(Path(settings.IMPORTS_ROOT))
    assert not any(written in left for written in WRITTEN)
    run.refresh_from_db()
    assert run.state in ("discarded", "broken_off")
    assert run.trouble
    if state == "half_done":
        with pytest.raises(Invalid):
            commands.carry_on(by=FOUNDERS, run=run)
    others.refresh_from_db()
    assert (others.state, others.upload.exists()) == ("received", True)
    assert Entry.objects.get(kind="imports.person_forgotten").data["files"] == 1


def test_a_row_that_came_back_keeps_no_word_of_theirs_not_in_its_reason_either(person: Person) -> None:
    run = taken_over(csv_file([TITLES, demand_row(1, محله=NAME), demand_row(2, محله="ناکجا")]))
    assert NAME in run.bad_rows.get(number=2).reason
    erased(person)
    kept = {row.number: (row.cells, row.reason) for row in BadRow.objects.filter(run=run)}
    assert kept[2][0] == []
    assert NAME not in kept[2][1]
    assert "ناکجا" in kept[3][1]


def test_what_a_dead_process_left_behind_goes_and_what_is_needed_stays(settings: Any) -> None:
    waiting = received(csv_file([TITLES, demand_row(3)]))
    root = Path(settings.IMPORTS_ROOT)
    for name in ("old", "just begun"):
        (root / name).mkdir()
        (root / name / "upload").write_text(NAME)
    past = time.time() - 2 * jobs.LEFT_BEHIND
    os.utime(root / "old", (past, past))
    os.utime(waiting.folder, (past, past))
    jobs.nightly.func(0)
    assert {path.name for path in root.iterdir()} == {"just begun", str(waiting.key)}
