"""A full disk, a database without room, and what is larger than is taken: a clear page, and nothing half kept."""

from __future__ import annotations

import errno
import io
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from psycopg.errors import DiskFull, OutOfMemory

from hamgara import charter
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.commands.files import limits
from hamgara.domain.demands.models import Attachment, Demand
from hamgara.domain.imports.models import Import
from hamgara.domain.ledger.models import Entry
from hamgara.integrations.storage import safe_file
from hamgara.web.me import views as me
from hamgara.web.sessions import SessionStore
from tests import factories as make
from tests.imports.files import TITLES, csv_file, demand_row
from tests.imports.files import city as made_city
from tests.web.readers import reader

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024


class Body(io.RawIOBase):
    """What is sent; it knows whether somebody read of it."""

    was_read = False

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: Any) -> int:
        self.was_read = True
        return 0


def announced(browser: Client, address: str, size: int) -> tuple[Any, bool]:
    """The answer to a sending of this size, and whether any of it was read."""
    body = Body()
    told = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(size)}
    extra: dict[str, Any] = {**told, "wsgi.input": io.BufferedReader(body)}
    answer = browser.generic("POST", address, b"", **extra)
    return answer, body.was_read


def office() -> Client:
    return reader(make.office_officer().person, second_factor=True)


@pytest.fixture
def photo() -> io.BytesIO:
    return make.photo()


@pytest.mark.parametrize(("language", "words"), [("en", "too large"), ("fa", "بیش از اندازه بزرگ")])
def test_too_much_is_refused_by_its_announced_size_before_it_is_read(language: str, words: str) -> None:
    most = charter.number("attachments.most_files") * charter.number("attachments.file_size") * MEGABYTE
    for who, size in ((make.person(), most + 3 * MEGABYTE), (None, 3 * MEGABYTE)):
        answer, was_read = announced(reader(who, language=language), reverse("demands:new"), size)
        assert (answer.status_code, words in answer.content.decode(), was_read) == (413, True, False)
    _answer, was_read = announced(reader(make.person()), reverse("demands:new"), most)
    assert was_read


def test_files_of_the_citys_past_have_their_own_larger_measure() -> None:
    made_city()
    browser, most = office(), charter.number("imports.file_size") * MEGABYTE
    answer, was_read = announced(browser, reverse("imports:list"), most + 3 * MEGABYTE)
    assert (answer.status_code, was_read) == (413, False)
    answer, was_read = announced(browser, reverse("imports:list"), most)
    assert (answer.status_code, was_read) == (422, True)


FULL = OSError(errno.ENOSPC, "No space left on device")


def _operational(cause: Exception) -> OperationalError:
    error = OperationalError("no")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (FULL, 507),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), 507),
        (_operational(DiskFull("no")), 507),
        (_operational(OutOfMemory("no")), 503),
        (OSError(errno.EIO, "Input/output error"), 500),
    ],
    ids=["disk", "quota", "disk of the database", "memory of the database", "something else"],
)
@pytest.mark.parametrize(("language", "words"), [("en", "There is no room"), ("fa", "جا نیست")])
def test_no_room_is_said_in_the_readers_language_wherever_it_is_met(
    error: Exception, status: int, language: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_given: Any) -> NoReturn:
        raise error

    browser = reader(make.person(), language=language)
    browser.raise_request_exception = False
    # Also where the head of the page would have to ask who is signed in.
    for where in (me, SessionStore):
        with monkeypatch.context() as patch:
            patch.setattr(where, "render" if where is me else "load", broken)
            answer = browser.get(reverse("me:home"))
        assert (answer.status_code, words in answer.content.decode()) == (status, status != 500)


def test_a_database_without_room_says_so_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's own error, raised by the server, comes through all layers as what it is."""

    def refused(**_given: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'disk_full'; END $$")

    make.office()
    monkeypatch.setattr(demands, "support", refused)
    demand = make.admitted()
    browser = reader(make.person())
    browser.raise_request_exception = False
    before = Entry.objects.count()
    answer = browser.post(reverse("demands:support", args=[demand.code]))
    assert answer.status_code == 507
    assert Entry.objects.count() == before


def submit(photo: io.BytesIO) -> Demand:
    safe = safe_file(photo, limits())
    return make.demand(files=[safe, safe])


def kept(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize("written", [0, 1], ids=["the first photo", "the second photo"])
def test_an_act_that_comes_to_nothing_leaves_no_photo(
    written: int, photo: io.BytesIO, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.office()
    submit(photo)
    photo.seek(0)
    there = kept(settings)
    assert len(there) == 2
    save, times = FileSystemStorage._save, []  # type: ignore[attr-defined]

    def full(self: FileSystemStorage, name: str, content: Any) -> Any:
        times.append(name)
        if len(times) <= written:
            return save(self, name, content)
        Path(self.path(name)).write_bytes(content.read()[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    submitted = Entry.objects.filter(kind="demands.submitted")
    before = Demand.objects.count(), Attachment.objects.count(), submitted.count()
    with pytest.raises(OSError, match="No space"):
        submit(photo)
    assert len(times) == written + 1
    assert kept(settings) == there
    assert (Demand.objects.count(), Attachment.objects.count(), submitted.count()) == before


def test_a_disk_that_fills_while_a_file_is_on_its_way_leaves_nothing_of_it(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_city()
    browser = office()
    browser.raise_request_exception = False
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "on the way"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    settings.IMPORTS_ROOT = tmp_path / "imports"
    begun: list[str] = []

    class Full(TemporaryUploadedFile):
        def write(self, _bytes: bytes) -> NoReturn:
            begun.append(self.temporary_file_path())
            assert Path(begun[0]).exists()
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", Full)
    file = csv_file([TITLES, demand_row(1)])
    file.name = "past.csv"  # type: ignore[misc]
    answer = browser.post(reverse("imports:list"), {"kind": "demands", "file": file})
    assert (answer.status_code, len(begun)) == (507, 1)
    assert not list(settings.FILE_UPLOAD_TEMP_DIR.iterdir())
    assert not Import.objects.exists()
