"""The publisher killed thirty times among three who record, and a disk that fails at each of its calls."""

from __future__ import annotations

import errno
import itertools
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.cosignatures import signed_by
from hamgara.algorithms.tlog.notes import Note
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.jobs import sequence
from hamgara.domain.ledger.models import Position
from hamgara.domain.publication import jobs, queries
from hamgara.domain.publication.models import Head
from hamgara.integrations import log_folder
from hamgara.integrations.log_folder import LogFolder
from hamgara.integrations.published_log import PublishedLog
from tests.ledger.acts import ROOT, address, hear, in_threads

KILLS, WRITERS = 30, 3
# One process that has everything loaded and no connection forks the publisher anew after each kill. A publisher kills
# itself, with the signal that nobody can catch, when it has come to the call that chance has chosen: of a file, of the
# folder, or of the database.
MORTAL = """
import itertools, os, pathlib, random, signal, sys, time
import django
django.setup()
from django.conf import settings
from django.db.backends.utils import CursorWrapper
settings.LOG_ROOT, settings.LOG_KEY = pathlib.Path({root!r}), pathlib.Path({key!r})
settings.LOG_ORIGIN = "city.example/log/1"
from hamgara.domain.ledger.jobs import sequence
from hamgara.domain.publication import jobs
chance, kills = random.Random(20261124), 0
def live(end):
    calls, alone = itertools.count(), []
    def mortal(what):
        def does(*args, **kwargs):
            if alone and next(calls) == end:
                os.kill(os.getpid(), signal.SIGKILL)
            return what(*args, **kwargs)
        return does
    resume = jobs.Publisher._resume
    jobs.Publisher._resume = lambda self: (alone.append(True), resume(self))[1]
    os.fsync, os.open = mortal(os.fsync), mortal(os.open)
    pathlib.Path.replace, pathlib.Path.mkdir = mortal(pathlib.Path.replace), mortal(pathlib.Path.mkdir)
    CursorWrapper.execute = mortal(CursorWrapper.execute)
    publisher = None
    while True:
        sequence()
        publisher = publisher or jobs.publisher()
        publisher.step()
        time.sleep(0 if alone else 0.01)  # until the server has seen that the one before is dead
while kills < {kills}:
    child = os.fork()
    if not child:
        live(chance.randrange(300))
    died = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if died != -signal.SIGKILL:
        sys.exit(f"a publisher ended by itself: {{died}}")
    kills += 1
    print(kills, flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_killed_thirty_times_among_three_writers_the_log_has_no_gap_no_double_and_one_root_a_size(
    log_root: Path, settings: Any
) -> None:
    jobs.publisher()  # its key is made once
    killing = subprocess.Popen(
        [sys.executable, "-c", MORTAL.format(root=str(log_root), key=str(settings.LOG_KEY), kills=KILLS)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": address()},
        stdout=subprocess.PIPE,
        text=True,
    )
    over, written, seen = threading.Event(), Counter[str](), set[str]()

    def write(name: str) -> None:
        for number in itertools.count():
            if over.wait(0.01):
                return
            hear(by=RULES, thing=f"{name}{number}")
            written[f"{name}{number}"] += 1

    def look() -> None:
        with killing:
            assert killing.stdout is not None
            try:
                for _killed in killing.stdout:
                    if (log_root / "checkpoint").exists():
                        seen.add((log_root / "checkpoint").read_text())
            finally:
                over.set()

    in_threads(look, *(lambda name=name: write(name) for name in "abc"))
    assert killing.returncode == 0
    sequence()
    publisher = jobs.publisher()
    while (newest := queries.published()) is None or newest.size < Position.objects.count():
        publisher.step()  # not before the server has seen that whoever held the lock is dead
    log = PublishedLog.read(LogFolder(log_root).fetch)

    told = Counter(json.loads(entry)["data"]["thing"] for entry in log.reader.entries())
    assert told == written, "every act of the three is there, once"
    assert min(told.values()) == max(told.values()) == 1
    numbers = list(Position.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(log.head.size))
    shown = {(each.size, each.root) for each in map(head_of, seen)}
    assert len(shown) > 15, "it published between the kills"
    fixed = {(head.size, bytes(head.root)) for head in Head.objects.all()}
    assert shown <= fixed
    assert len({size for size, _root in fixed}) == len(fixed)
    assert all(log.reader.root_at(size) == root for size, root in fixed), "every head is one of the same log"


def head_of(checkpoint: str) -> Checkpoint:
    note = Note.parse(checkpoint)
    signed_by(note, queries.signing_keys())
    return Checkpoint.parse(note.text)


class Disk:
    """The calls of the log's folder, of which the nth of one kind fails."""

    def __init__(self, kind: str, number: int, trouble: int) -> None:
        self.kind, self.left, self.trouble, self.failed = kind, number, trouble, False

    def may_fail(self, kind: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def does(*args: Any, **kwargs: Any) -> Any:
            if kind == self.kind:
                self.left -= 1
                if self.left < 0 and not self.failed:
                    self.failed = True
                    raise OSError(self.trouble, os.strerror(self.trouble))
            return call(*args, **kwargs)

        return does

    def put_in(self, patch: pytest.MonkeyPatch) -> None:
        opened = Path.open

        def writes(path: Path, mode: str = "r", *more: Any, **kwargs: Any) -> Any:
            file = self.may_fail("open", opened)(path, mode, *more, **kwargs)
            return Written(file, self) if "w" in mode else file

        patch.setattr(Path, "open", writes)
        for name in ("replace", "mkdir", "read_bytes"):
            patch.setattr(Path, name, self.may_fail(name, getattr(Path, name)))
        for name in ("fsync", "open"):
            patch.setattr(log_folder.os, name, self.may_fail(f"os.{name}", getattr(os, name)))


class Written:
    """A file whose writing may fail half-way."""

    def __init__(self, file: Any, disk: Disk) -> None:
        self.file, self.write, self.flush = file, disk.may_fail("write", file.write), disk.may_fail("flush", file.flush)

    def __enter__(self) -> Written:
        return self

    def __exit__(self, *_gone: object) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def failure_of(step: Callable[[], object]) -> int | None:
    try:
        step()
    except OSError as error:
        return error.errno
    return None


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", [errno.EIO, errno.ENOSPC], ids=errno.errorcode.get)
@pytest.mark.parametrize("kind", ["open", "write", "flush", "os.fsync", "replace", "os.open", "mkdir", "read_bytes"])
def test_whichever_call_of_the_disk_fails_nothing_is_signed_twice_and_the_next_step_goes_on(
    log_root: Path, kind: str, trouble: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher, failures = jobs.publisher(), 0
    for recorded in itertools.count(1):
        hear(by=RULES, thing=f"loaf{recorded}")
        sequence()
        before = LogFolder(log_root).fetch("checkpoint")
        disk = Disk(kind, recorded - 1, trouble)
        with monkeypatch.context() as patch:
            disk.put_in(patch)
            failed = failure_of(publisher.step)
        assert failed in (None, trouble), "it says what the disk said"
        failures += failed is not None
        assert not list(log_root.rglob("*.part"))
        shown = LogFolder(log_root).fetch("checkpoint")
        if shown != before:  # the last call of all: the new head is out, and stands
            assert head_of((shown or b"").decode()).size == recorded
        publisher.step()
        log = PublishedLog.read(LogFolder(log_root).fetch)
        assert log.head.size == recorded
        assert len(list(log.reader.entries())) == recorded
        assert Head.objects.count() == recorded, "one head for each size"
        assert not Head.objects.filter(published_at=None).exists()
        if not disk.failed:
            break
    assert failures >= (1 if kind == "mkdir" else 2)
