"""`kill -9` while the log is published, and two publishers at once: no gap, no second root, the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.notes import Note
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.jobs import sequence
from hamgara.domain.publication import jobs
from hamgara.domain.publication.models import Head
from hamgara.integrations.log_folder import LogFolder
from hamgara.integrations.published_log import PublishedLog
from tests.ledger.acts import hear, in_threads, kill_when_it_says_now

pytestmark = pytest.mark.django_db(transaction=True)

# Says «now», and is killed, when it is about to do its nth write of a file or of the database.
PUBLISH = """
import itertools
from pathlib import Path
from django.conf import settings
from django.db.models import QuerySet
from hamgara.domain.publication import jobs
settings.LOG_ROOT, settings.LOG_KEY = Path({root!r}), Path({key!r})
count = itertools.count()
def before(what):
    def does(*args, **kwargs):
        if next(count) == {number}:
            print("now", flush=True)
            time.sleep(60)
        return what(*args, **kwargs)
    return does
Path.replace, QuerySet.update, QuerySet.create = before(Path.replace), before(QuerySet.update), before(QuerySet.create)
publisher = jobs.publisher()
while publisher.step():
    pass
print("done", flush=True)
"""


def acts(number: int) -> None:
    for count in range(number):
        hear(by=RULES, thing=f"loaf{count}")
    sequence()


def whole(root: Path) -> PublishedLog:
    found = PublishedLog.read(LogFolder(root).fetch)
    assert len(list(found.reader.entries())) == found.head.size
    for head in Head.objects.filter(size__lte=found.head.size):
        assert found.reader.root_at(head.size) == bytes(head.root), "every head is one of the same log"
    return found


def test_killed_at_any_write_the_log_goes_on_as_if_nothing_had_been(log_root: Path, settings: object) -> None:
    acts(3)
    jobs.publisher().step()
    key = str(settings.LOG_KEY)  # type: ignore[attr-defined]
    # Before the bundle is in its place, before the checkpoint is, and before it is noted that it is.
    for round_, number in enumerate((1, 4, 5)):
        before = (log_root / "checkpoint").read_bytes()
        acts(2)
        kill_when_it_says_now(PUBLISH.format(root=str(log_root), key=key, number=number))
        shown = Checkpoint.parse(Note.parse((log_root / "checkpoint").read_bytes()).text)
        assert (log_root / "checkpoint").read_bytes() == before or shown.size == whole(log_root).head.size
        jobs.publisher().step()
        jobs.publisher().step()
        assert whole(log_root).head.size == 5 + 2 * round_
        assert not Head.objects.filter(published_at=None).exists()


def test_two_publishers_at_once_make_one_log(log_root: Path) -> None:
    acts(40)
    one, other = jobs.publisher(), jobs.publisher()
    in_threads(one.step, other.step, jobs.publisher().step)
    one.step()
    assert whole(log_root).head.size == 40
    assert Head.objects.count() == 1
