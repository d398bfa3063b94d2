"""A file whose act was killed before its commit: no row names it; a day later it goes, and nothing else does."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from hamgara.cli import doctor
from hamgara.domain.demands.commands import made_safe
from hamgara.domain.demands.models import Attachment
from hamgara.domain.ledger import jobs
from hamgara.integrations import kept_files
from tests import factories as make
from tests.ledger import acts

DAY = 24 * 3600
KILLED_BEFORE_THE_COMMIT = """
from django.conf import settings
settings.MEDIA_ROOT = {media!r}
from hamgara.domain.demands.commands import made_safe
from hamgara.domain.demands.models import Attachment
from tests import factories as make
keep = Attachment.save
def kept_and_halted(*args, **kwargs):
    keep(*args, **kwargs)
    print("now", flush=True)
    time.sleep(60)
Attachment.save = kept_and_halted
make.demand(make.acting(), files=made_safe([make.photo()]))
"""


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def made_old(path: Path, days: float) -> None:
    then = time.time() - days * DAY
    os.utime(path, (then, then))


def told() -> tuple[str, str]:
    [line] = [each for each in doctor.examine() if each.what == "files left behind"]
    return line.state, line.text


@pytest.mark.django_db(transaction=True)
def test_a_file_of_an_act_that_was_killed_goes_after_a_day_and_those_of_others_stay(
    settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = media = tmp_path / "media"
    assert Path(default_storage.path("")) == media
    acts.kill_when_it_says_now(KILLED_BEFORE_THE_COMMIT.format(media=str(media)))
    [stray] = files(media)
    assert not Attachment.objects.exists()
    kept = Path(make.demand(files=made_safe([make.photo(colour="red")])).attachments.get().file.path)

    jobs.sweep_kept_files(0)
    assert set(files(media)) == {stray, kept}  # its act might still be under way
    assert told()[0] == "ok"

    made_old(stray, 1.5)
    made_old(kept, 400)
    assert kept_files.left_behind() == [stray]
    state, text = told()
    assert (state, text.split()[0]) == ("note", "1")

    made_old(stray, 2.5)
    assert told()[0] == "wrong"

    jobs.sweep_kept_files(0)
    assert files(media) == [kept]
    assert told()[0] == "ok"


@pytest.mark.django_db
def test_a_folder_that_is_not_there_yet_has_nothing_left_behind(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "nowhere"
    assert kept_files.sweep() == 0
