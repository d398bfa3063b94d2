"""The ledger as a log in files: what stands in it, that nothing is signed twice, and what it does with a bad disk."""

from __future__ import annotations

import errno
import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from hamgara.algorithms.tlog import tree
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.cosignatures import signed_by
from hamgara.algorithms.tlog.notes import Note
from hamgara.algorithms.tlog.policies import Policy
from hamgara.algorithms.tlog.tiles import Reader
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.jobs import sequence
from hamgara.domain.ledger.models import Entry
from hamgara.domain.publication import jobs
from hamgara.domain.publication.jobs import publishing
from hamgara.domain.publication.models import Head
from hamgara.integrations.log_folder import LogFolder
from tests.ledger.acts import Somebody, hear, tell

pytestmark = pytest.mark.django_db


def acts(number: int) -> None:
    for count in range(number):
        hear(by=RULES, thing=f"loaf{count}")
    sequence()


def published(root: Path) -> Reader:
    """The log as a stranger reads it: by its policy's key alone."""
    policy = Policy.parse((root / "policy.txt").read_bytes())
    note = Note.parse((root / "checkpoint").read_bytes())
    signed_by(note, [each.key for each in policy.logs])
    head = Checkpoint.parse(note.text)
    return Reader(head.size, head.root, LogFolder(root).fetch)


def test_what_was_recorded_is_in_the_log_to_the_byte(log_root: Path) -> None:
    acts(3)
    jobs.publisher().step()
    recorded = [bytes(each) for each in Entry.objects.order_by("id").values_list("canonical", flat=True)]
    reader = published(log_root)
    assert list(reader.entries()) == recorded
    assert reader.root_at(3) == tree.root(tree.leaf_hash(each) for each in recorded)
    assert not jobs.publisher().step(), "nothing new, no new head"
    assert Head.objects.count() == 1


def test_what_is_about_a_person_alone_is_sealed(log_root: Path) -> None:
    tell(by=Somebody(), person="key-of-ali", words="come")
    sequence()
    jobs.publisher().step()
    [leaf] = published(log_root).entries()
    assert json.loads(leaf) == {"sealed": sha256(bytes(Entry.objects.get().canonical)).hexdigest()}


def test_a_log_that_grew_in_steps_is_the_one_written_at_once(
    log_root: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(publishing, "AT_ONCE", 256)
    publisher = jobs.publisher()
    for number in (5, 300):
        acts(number)
        while publisher.step():
            pass
    first, whole = published(log_root), Head.objects.last()
    assert first.size == 305
    settings.LOG_ROOT = tmp_path / "again"  # the files are lost, the database stands
    publisher = jobs.publisher()
    while publisher.step():
        pass
    second = published(tmp_path / "again")
    assert list(second.entries()) == list(first.entries())
    assert whole is not None
    assert second.root_at(305) == bytes(whole.root)
    assert Head.objects.count() == 3, "at 5, 256 and 305"


def test_no_size_gets_two_roots() -> None:
    acts(2)
    jobs.publisher().step()
    for wrong in (
        "UPDATE publication_head SET root = '\\x00'",
        "UPDATE publication_head SET published_at = NULL",
        "DELETE FROM publication_head",
        "INSERT INTO publication_head (size, root, note, fixed_at) VALUES (1, '\\x00', '', now())",
    ):
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(wrong)


def test_a_database_behind_its_own_published_head_signs_nothing(log_root: Path) -> None:
    acts(2)
    jobs.publisher().step()
    with transaction.atomic():
        acts(3)
        jobs.publisher().step()
        transaction.set_rollback(True)  # as from yesterday's backup
    shown = (log_root / "checkpoint").read_bytes()
    acts(4)  # and it even went on
    with pytest.raises(jobs.Behind, match="put back from a backup"):
        jobs.publisher().step()
    assert (log_root / "checkpoint").read_bytes() == shown
    assert Head.objects.count() == 1


def test_a_full_disk_shows_nothing_half_and_the_next_step_goes_on(
    log_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts(2)
    publisher = jobs.publisher()
    publisher.step()
    shown = (log_root / "checkpoint").read_bytes()
    acts(2)
    room = os.fsync

    for after in range(4):  # a bundle, a tile, their folders
        left = iter(range(after))

        def full(file: int, left: Any = left) -> None:
            if next(left, None) is None:
                raise OSError(errno.ENOSPC, "no space left")
            room(file)

        with monkeypatch.context() as disk:
            disk.setattr(os, "fsync", full)
            with pytest.raises(OSError, match="no space"):
                publisher.step()
        assert (log_root / "checkpoint").read_bytes() == shown
        assert published(log_root).size == 2
        assert not list(log_root.rglob("*.part"))
    publisher.step()
    assert published(log_root).size == 4
    assert Head.objects.count() == 2


def test_files_that_rotted_are_written_anew(log_root: Path) -> None:
    acts(2)
    jobs.publisher().step()
    (log_root / "tile/0/000.p/2").write_bytes(b"x" * 64)
    jobs.publisher().step()
    assert published(log_root).size == 2


def test_the_log_key_is_its_owners_alone_and_is_never_made_twice(settings: Any) -> None:
    acts(1)
    jobs.publisher().step()
    assert settings.LOG_KEY.stat().st_mode & 0o777 == 0o600
    settings.LOG_KEY.unlink()
    with pytest.raises(jobs.Behind, match="put it back"):
        jobs.publisher()


def test_the_files_are_served_without_asking_the_database(
    client: Client, log_root: Path, django_assert_num_queries: Any
) -> None:
    acts(1)
    jobs.publisher().step()
    with django_assert_num_queries(0):
        answers = {path: client.get(f"/ledger/log/{path}") for path in ("checkpoint", "tile/0/000.p/1", "policy.txt")}
        assert client.get("/ledger/log/tile/0/000").status_code == 404
        packed = client.get("/ledger/log/tile/entries/000.p/1", headers={"accept-encoding": "gzip"})
    assert {path: answer.content for path, answer in answers.items()} == {
        path: (log_root / path).read_bytes() for path in answers
    }
    assert answers["checkpoint"]["Content-Type"] == "text/plain; charset=utf-8"
    assert answers["checkpoint"]["Cache-Control"] == "public, max-age=5"
    assert answers["tile/0/000.p/1"]["Content-Type"] == "application/octet-stream"
    assert packed["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("path", ["../log-key", "tile/../../log-key", ".lock", "tile/0/000.p/0", "%2e%2e/log-key"])
def test_nothing_else_is_served(client: Client, path: str) -> None:
    acts(1)
    jobs.publisher().step()
    assert client.get(f"/ledger/log/{path}").status_code == 404
